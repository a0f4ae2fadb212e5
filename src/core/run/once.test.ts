import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  add_member,
  create_crate,
  create_thing,
  inCrate,
  list_things,
  remove_member,
  update_thing,
} from '../../../test/fixtures/toy/contract/index.ts'
import { toy } from '../../../test/fixtures/toy/server/index.ts'
import { eachDatabase } from '../../../test/harness/databases.ts'
import { migrateToy } from '../../../test/harness/toy-rig.ts'
import { openDatabase } from '../../db/connect.ts'
import type { Database } from '../data/database.ts'
import { Feed } from '../data/feed.ts'
import type { Caller } from '../data/space.ts'
import { forbidden } from '../declare/errors.ts'
import { operation } from '../declare/operation.ts'
import { Catalogue } from './catalogue.ts'
import { feature, implement, prepared } from './feature.ts'
import { SHOWN_ONCE } from './once.ts'
import { Pipeline } from './pipeline.ts'
import { Settings } from './settings.ts'

const send_postcard = operation({
  name: 'send_postcard',
  title: 'Send a postcard',
  description: 'Send a postcard from a crate.',
  effect: 'create',
  scope: null,
  route: 'POST /crates/:crateId/postcards',
  actsOutside: list_things,
  input: inCrate.extend({ to: z.string() }),
  output: z.object({ sent: z.int() }),
})
const make_label = operation({
  name: 'make_label',
  title: 'Make a label',
  description: 'Make a label with a secret word.',
  effect: 'create',
  scope: null,
  route: 'POST /crates/:crateId/labels',
  shownOnce: ['word'],
  input: inCrate.extend({ lines: z.int().default(1) }),
  output: z.object({
    word: z.string(),
    again: z.object({ word: z.string() }),
    lines: z.array(z.object({ id: z.int(), text: z.string() })),
  }),
})
const contract = { send_postcard, make_label }

/** The post office: what it sent, and how it fares. */
const post = { sent: 0, office: async (): Promise<void> => {} }

const postal = feature({
  name: 'postal',
  contract,
  handlers: implement(contract, {
    send_postcard: prepared(send_postcard, {
      async prepare() {
        await post.office()
        return ++post.sent
      },
      handle: async ({ prepared: sent }) => ({ sent }),
    }),
    make_label: async ({ input: { lines } }) => {
      const word = `xyzzy-${randomUUID()}`
      return {
        word,
        again: { word },
        lines: Array.from({ length: lines }, (_, id) => ({ id, text: 'long '.repeat(20) })),
      }
    },
  }),
})

const caller = (userId: number, grant: string): Caller => ({
  userId,
  name: `user ${userId}`,
  admin: false,
  way: 'mcp',
  client: 'Claude',
  grant,
  scopes: 'all',
  readOnly: null,
})
const ANA = caller(1, 'grant:1')

eachDatabase((database, place) => {
  let clock = new Date('2027-03-01T14:02:00.000Z')

  /** One process more over the database. */
  async function processOver(one: Database) {
    const told: string[] = []
    const feed = new Feed(one, () => {})
    const catalogue = new Catalogue([toy, postal])
    const pipeline = new Pipeline({
      catalogue,
      database: one,
      settings: new Settings(one),
      feed,
      checkOutput: true,
      clock: () => clock,
    })
    feed.tap(({ commit }) => told.push(commit.id))
    return { pipeline, told }
  }

  async function scene() {
    clock = new Date('2027-03-01T14:02:00.000Z')
    post.office = async () => {}
    await migrateToy(database())
    const { pipeline, told } = await processOver(database())
    const { crate } = await pipeline.run(create_crate, { label: 'Attic' }, ANA)
    told.splice(0)
    const crateId = crate.id
    const things = async () => (await pipeline.run(list_things, { crateId }, ANA)).things
    const add = (name: string, key: string | undefined, who = ANA, over = pipeline) =>
      over.call(create_thing, { crateId, name }, who, { key })
    return { pipeline, told, crateId, things, add }
  }

  test('the same key again gives the same answer, and nothing is written or told', async () => {
    const { add, things, told } = await scene()
    const key = randomUUID()
    const first = await add('Lamp', key)
    clock = new Date('2027-03-05T09:00:00.000Z')
    expect(await add('Lamp', key)).toEqual({
      output: first.output,
      replay: { output: first.output, at: '2027-03-01T14:02:00.000Z', said: null },
    })
    expect(first.replay).toBeNull()
    expect(await things()).toHaveLength(1)
    expect(told).toEqual([key])
  })

  test('without a key, or with another one, equal writes are two', async () => {
    const { add, things } = await scene()
    for (const key of [undefined, undefined, 'one', 'two']) expect((await add('Lamp', key)).replay).toBeNull()
    expect(await things()).toHaveLength(4)
  })

  test('a key is for one input of one operation, and for whom it belongs to', async () => {
    const { pipeline, add, things, crateId } = await scene()
    const { output } = await add('Lamp', 'k')
    const other = { code: 'conflict', hint: expect.stringContaining('another key') }
    await expect(add('Rope', 'k')).rejects.toMatchObject(other)
    const patch = { crateId, thingId: output.thing.id, note: 'brass' }
    await expect(pipeline.call(update_thing, patch, ANA, { key: 'k' })).rejects.toMatchObject({
      ...other,
      message: expect.stringContaining('create_thing'),
    })
    expect((await add('Rope', 'k', caller(1, 'grant:2'))).replay).toBeNull()
    expect(await things()).toHaveLength(2)
    // In the app the key is the person's, whichever log-in they use.
    const app = (grant: string): Caller => ({ ...caller(1, grant), way: 'web', client: null })
    const { output: first } = await add('Box', 'k', app('session:1'))
    expect(await add('Box', 'k', app('session:2'))).toMatchObject({ output: first, replay: { said: null } })
  })

  test('what is no key is refused in words', async () => {
    const { add, things } = await scene()
    for (const key of ['', 'x'.repeat(201)]) {
      await expect(add('Lamp', key)).rejects.toMatchObject({
        code: 'invalid',
        hint: expect.stringContaining('1 to 200'),
      })
    }
    expect(await things()).toEqual([])
  })

  test('a call that failed is not remembered', async () => {
    const { pipeline, crateId, add } = await scene()
    const missing = { crateId, thingId: 999_999, note: 'x' }
    for (let time = 0; time < 2; time++) {
      await expect(pipeline.call(update_thing, missing, ANA, { key: 'failed' })).rejects.toMatchObject({
        code: 'not_found',
      })
    }
    expect((await add('Lamp', 'failed')).replay).toBeNull()
  })

  test('who leaves twice is answered twice, and a stranger learns nothing', async () => {
    const { pipeline, crateId } = await scene()
    await pipeline.run(add_member, { crateId, userId: 2, role: 'editor' }, ANA)
    const leave = (who: Caller) => pipeline.call(remove_member, { crateId, userId: 2 }, who, { key: 'leave' })
    const { output } = await leave(caller(2, 'grant:4'))
    expect(await leave(caller(2, 'grant:4'))).toMatchObject({ output, replay: { output } })
    await expect(leave(caller(2, 'grant:5'))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('fifty equal calls at once, in two processes: one row, one event, fifty equal answers, and others are served', async () => {
    const { pipeline, add, things, told } = await scene()
    const second = openDatabase(place().target)
    const other = await processOver(second)
    const key = randomUUID()
    const calls = Array.from({ length: 50 }, (_, at) => add('Lamp', key, ANA, at % 2 ? other.pipeline : pipeline))
    const [read, ...answers] = await Promise.all([things(), ...calls])
    expect(read.length).toBeLessThanOrEqual(1)
    expect(new Set(answers.map(({ output }) => JSON.stringify(output))).size).toBe(1)
    expect(answers.filter(({ replay }) => replay === null)).toHaveLength(1)
    expect(await things()).toHaveLength(1)
    expect([...new Set([...told, ...other.told])]).toEqual([key])
    await second.close()
  })

  test('the id of a commit that is in the log is nobody’s key for another one', async () => {
    const { add, told } = await scene()
    const key = randomUUID()
    await add('Lamp', key)
    expect((await add('Rope', key, caller(1, 'grant:9'))).replay).toBeNull()
    expect(told).toHaveLength(2)
    expect(told[0]).toBe(key)
    expect(told[1]).not.toBe(key)
  })

  test('what is shown once is not kept, and a long answer is kept in part', async () => {
    const { pipeline, crateId } = await scene()
    const make = (lines: number, key: string) => pipeline.call(make_label, { crateId, lines }, ANA, { key })
    const { output } = await make(1, 'short')
    const { replay } = await make(1, 'short')
    expect(replay?.output).toEqual({ ...output, word: SHOWN_ONCE, again: { word: SHOWN_ONCE } })
    await make(2000, 'long')
    const again = await make(2000, 'long')
    expect(again.replay?.said).toContain('of 2000 are here')
    const kept = await database().kysely.selectFrom('calls').select('answer').execute()
    for (const { answer } of kept) {
      expect(answer).not.toContain('xyzzy')
      expect(Buffer.byteLength(answer ?? '')).toBeLessThan(80_000)
    }
  })

  test('what acts outside acts once, also when fifty ask at once', async () => {
    const { pipeline, crateId } = await scene()
    const before = post.sent
    const sent = Array.from({ length: 50 }, () =>
      pipeline.call(send_postcard, { crateId, to: 'Ben' }, ANA, { key: 'p' }),
    )
    expect(new Set((await Promise.all(sent)).map(({ output }) => output.sent))).toEqual(new Set([before + 1]))
    expect(post.sent).toBe(before + 1)
  })

  test('what a process that is gone has begun outside is not begun again, and nobody says that it was done', async () => {
    const { pipeline, crateId } = await scene()
    const send = () => pipeline.call(send_postcard, { crateId, to: 'Ben' }, ANA, { key: 'lost' })
    post.office = async () => {
      throw new Error('The process ends here')
    }
    const before = post.sent
    await expect(send()).rejects.toThrow('ends here')
    post.office = async () => {}
    await expect(send()).rejects.toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) })
    clock = new Date(clock.getTime() + 180_000)
    await expect(send()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('not known'),
      hint: expect.stringContaining('list_things'),
    })
    expect(post.sent).toBe(before)
  })

  test('what the outside refused has not happened, and may be tried again', async () => {
    const { pipeline, crateId } = await scene()
    const send = () => pipeline.call(send_postcard, { crateId, to: 'Ben' }, ANA, { key: 'refused' })
    post.office = async () => {
      throw forbidden('No stamps')
    }
    await expect(send()).rejects.toMatchObject({ code: 'forbidden' })
    post.office = async () => {}
    expect((await send()).replay).toBeNull()
  })

  test('keys are forgotten after their time', async () => {
    const { add, things } = await scene()
    await add('Lamp', 'old')
    await database().calls.removeBefore('2027-03-01T14:02:00.001Z')
    expect((await add('Lamp', 'old')).replay).toBeNull()
    expect(await things()).toHaveLength(2)
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
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
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { testMessage } from '../../../test/harness/error-texts.ts'
import { migrateToy } from '../../../test/harness/rigs/toy-rig.ts'
import { until } from '../../../test/harness/until.ts'
import { openDatabase } from '../../db/connect.ts'
import type { Database } from '../data/database.ts'
import { Feed } from '../data/feed.ts'
import type { Caller } from '../data/space.ts'
import { TrekError } from '../declare/errors.ts'
import { operation } from '../declare/operation.ts'
import { Catalogue } from './catalogue.ts'
import { feature, implement, prepared } from './feature.ts'
import type { Delivery } from './lost.ts'
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

/** The post office: the number of postcards it sent, and its behaviour. */
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

  /** Another process on the database. */
  async function processOver(one: Database) {
    const commitIds: string[] = []
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
    feed.tap(({ commit }) => commitIds.push(commit.id))
    return { pipeline, told: commitIds }
  }

  async function scene() {
    clock = new Date('2027-03-01T14:02:00.000Z')
    post.office = async () => {}
    await migrateToy(database())
    const { pipeline, told: commitIds } = await processOver(database())
    const { crate } = await pipeline.run(create_crate, { label: 'Attic' }, ANA)
    commitIds.splice(0)
    const crateId = crate.id
    const things = async () => (await pipeline.run(list_things, { crateId }, ANA)).things
    const add = (name: string, key: string | undefined, caller = ANA, over = pipeline) =>
      over.call(create_thing, { crateId, name }, caller, { key })
    return { pipeline, told: commitIds, crateId, things, add }
  }

  test('the same key returns the same answer, and nothing is written or published again', async () => {
    const { add, things, told: commitIds } = await scene()
    const key = randomUUID()
    const first = await add('Lamp', key)
    clock = new Date('2027-03-05T09:00:00.000Z')
    expect(await add('Lamp', key)).toEqual({
      output: first.output,
      replay: { output: first.output, at: '2027-03-01T14:02:00.000Z', said: null, lost: false },
      seq: null,
    })
    expect(first.replay).toBeNull()
    expect(await things()).toHaveLength(1)
    expect(commitIds).toEqual([key])
  })

  test('without a key, or with another one, equal writes are two', async () => {
    const { add, things } = await scene()
    for (const key of [undefined, undefined, 'one', 'two']) expect((await add('Lamp', key)).replay).toBeNull()
    expect(await things()).toHaveLength(4)
  })

  test('a key applies to one input of one operation, and to its owner', async () => {
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
    // In the app, the key belongs to the person, whichever log-in they use.
    const app = (grant: string): Caller => ({ ...caller(1, grant), way: 'web', client: null })
    const { output: first } = await add('Box', 'k', app('session:1'))
    expect(await add('Box', 'k', app('session:2'))).toMatchObject({ output: first, replay: { said: null } })
  })

  test('an invalid key is refused with the reason', async () => {
    const { add, things } = await scene()
    for (const key of ['', 'x'.repeat(201)]) {
      await expect(add('Lamp', key)).rejects.toMatchObject({
        code: 'invalid',
        hint: expect.stringContaining('1 to 200'),
      })
    }
    expect(await things()).toEqual([])
  })

  test('a failed call is not remembered', async () => {
    const { pipeline, crateId, add } = await scene()
    const missing = { crateId, thingId: 999_999, note: 'x' }
    for (let time = 0; time < 2; time++) {
      await expect(pipeline.call(update_thing, missing, ANA, { key: 'failed' })).rejects.toMatchObject({
        code: 'not_found',
      })
    }
    expect((await add('Lamp', 'failed')).replay).toBeNull()
  })

  test('a member who leaves twice gets the answer twice, and a stranger learns nothing', async () => {
    const { pipeline, crateId } = await scene()
    await pipeline.run(add_member, { crateId, userId: 2, role: 'editor' }, ANA)
    const leave = (caller: Caller) => pipeline.call(remove_member, { crateId, userId: 2 }, caller, { key: 'leave' })
    const { output } = await leave(caller(2, 'grant:4'))
    expect(await leave(caller(2, 'grant:4'))).toMatchObject({ output, replay: { output } })
    await expect(leave(caller(2, 'grant:5'))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('fifty equal calls at once in two processes make one row, one event and fifty equal answers, and other calls are served', async () => {
    const { pipeline, add, things, told: commitIds } = await scene()
    const second = openDatabase(place().target)
    const other = await processOver(second)
    const key = randomUUID()
    const calls = Array.from({ length: 50 }, (_, at) => add('Lamp', key, ANA, at % 2 ? other.pipeline : pipeline))
    const [read, ...answers] = await Promise.all([things(), ...calls])
    expect(read.length).toBeLessThanOrEqual(1)
    expect(new Set(answers.map(({ output }) => JSON.stringify(output))).size).toBe(1)
    expect(answers.filter(({ replay }) => replay === null)).toHaveLength(1)
    expect(await things()).toHaveLength(1)
    expect([...new Set([...commitIds, ...other.told])]).toEqual([key])
    await second.close()
  })

  test('a key equal to the id of another caller’s commit does not match it', async () => {
    const { add, told: commitIds } = await scene()
    const key = randomUUID()
    await add('Lamp', key)
    expect((await add('Rope', key, caller(1, 'grant:9'))).replay).toBeNull()
    expect(commitIds).toHaveLength(2)
    expect(commitIds[0]).toBe(key)
    expect(commitIds[1]).not.toBe(key)
  })

  test('a secret that is shown once is not kept, and a long answer is kept in part', async () => {
    const { pipeline, crateId } = await scene()
    const make = (lines: number, key: string) => pipeline.call(make_label, { crateId, lines }, ANA, { key })
    const { output } = await make(1, 'short')
    const { replay } = await make(1, 'short')
    expect(replay?.output).toEqual({ ...output, word: SHOWN_ONCE, again: { word: SHOWN_ONCE } })
    await make(2000, 'long')
    const repeated = await make(2000, 'long')
    expect(repeated.replay?.said).toContain('of 2000 are here')
    const calls = await database().kysely.selectFrom('calls').select('answer').execute()
    for (const { answer } of calls) {
      expect(answer).not.toContain('xyzzy')
      expect(Buffer.byteLength(answer ?? '')).toBeLessThan(80_000)
    }
  })

  test('an outside action is done once, even for fifty calls at once', async () => {
    const { pipeline, crateId } = await scene()
    const before = post.sent
    const pendingCalls = Array.from({ length: 50 }, () =>
      pipeline.call(send_postcard, { crateId, to: 'Ben' }, ANA, { key: 'p' }),
    )
    expect(new Set((await Promise.all(pendingCalls)).map(({ output }) => output.sent))).toEqual(new Set([before + 1]))
    expect(post.sent).toBe(before + 1)
  })

  test('an outside action begun by a process that is gone is not repeated, and not reported as done', async () => {
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

  test('an outside action that was refused can be tried again', async () => {
    const { pipeline, crateId } = await scene()
    const send = () => pipeline.call(send_postcard, { crateId, to: 'Ben' }, ANA, { key: 'refused' })
    post.office = async () => {
      throw new TrekError('forbidden', testMessage('No stamps'))
    }
    await expect(send()).rejects.toMatchObject({ code: 'forbidden' })
    post.office = async () => {}
    expect((await send()).replay).toBeNull()
  })

  test('keys expire', async () => {
    const { add, things } = await scene()
    await add('Lamp', 'old')
    await database().calls.removeBefore('2027-03-01T14:02:00.001Z')
    expect((await add('Lamp', 'old')).replay).toBeNull()
    expect(await things()).toHaveLength(2)
  })

  describe('without a key, for a client that did not get its answer', () => {
    /** A call of a client, and the delivery of its answer. */
    function delivery(client: string, order: number | null, more: Partial<Delivery> = {}) {
      let resolveLost: ((certain: boolean) => void) | null = null
      const one: Delivery = {
        client,
        order,
        sessionless: client === 'none',
        batch: null,
        gone: false,
        whenLost: (onLost) => {
          resolveLost = onLost
        },
        ...more,
      }
      return { one, lose: (certain: boolean) => resolveLost?.(certain) }
    }

    async function lossy() {
      const openedScene = await scene()
      const send = (way: ReturnType<typeof delivery>, over = openedScene.pipeline) =>
        over.call(create_thing, { crateId: openedScene.crateId, name: 'Tea' }, ANA, { delivery: way.one })
      return { ...openedScene, send }
    }

    const cases: [string, [string, number | null], [string, number | null], boolean, boolean][] = [
      ['the same session', ['s1', 1], ['s1', 2], false, true],
      ['another session', ['s1', 1], ['s2', 2], true, false],
      ['a sessionless client that continues to count', ['none', 4], ['none', 5], false, true],
      ['one that starts to count again', ['none', 4], ['none', 4], false, false],
      ['one that does not count', ['none', null], ['none', null], false, false],
      ['one that certainly got nothing', ['none', 4], ['none', 1], true, true],
    ]
    test.each(cases)('%s', async (_, first, second, certain, repeats) => {
      const { send, things } = await lossy()
      const lostDelivery = delivery(...first)
      const { output } = await send(lostDelivery)
      lostDelivery.lose(certain)
      const repeated = await send(delivery(...second))
      expect(repeated.replay?.lost ?? false).toBe(repeats)
      if (repeats) expect(repeated.output).toEqual(output)
      expect(await things()).toHaveLength(repeats ? 1 : 2)
    })

    test('an answer that arrived is not repeated, and a lost one is kept for a quarter of an hour', async () => {
      const { send, things } = await lossy()
      await send(delivery('s1', 1))
      const lostDelivery = delivery('s1', 2)
      expect((await send(lostDelivery)).replay).toBeNull()
      lostDelivery.lose(true)
      clock = new Date(clock.getTime() + 16 * 60_000)
      expect((await send(delivery('s1', 3))).replay).toBeNull()
      expect(await things()).toHaveLength(3)
    })

    test('another process repeats it too, and only to one of two calls at once', async () => {
      const { send, things } = await lossy()
      const second = openDatabase(place().target)
      const other = await processOver(second)
      const session = randomUUID()
      const lostDelivery = delivery(session, 1)
      const topics: string[] = []
      second.notifier.subscribe((topic) => topics.push(topic))
      await send(lostDelivery)
      lostDelivery.lose(true)
      const { kysely } = database()
      const keyRows = () => kysely.selectFrom('calls').select('key').where('key', 'like', `lost ${session}%`).execute()
      await until(async () => (await keyRows()).length === 1)
      await until(() => {
        second.notifier.poll()
        return database().dialect.name === 'sqlite' || topics.length > 0
      })
      const answers = await Promise.all([2, 3].map((order) => send(delivery(session, order), other.pipeline)))
      expect(answers.map(({ replay }) => replay !== null).sort()).toEqual([false, true])
      expect(await things()).toHaveLength(2)
      await second.close()
    })

    test('a call repeated while it runs waits for its answer', async () => {
      const { pipeline, crateId } = await lossy()
      const { promise: opened, resolve: open } = Promise.withResolvers<void>()
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
      post.office = async () => {
        arrive()
        await opened
      }
      const sent = post.sent
      const send = (one: Delivery) => pipeline.call(send_postcard, { crateId, to: 'Ben' }, ANA, { delivery: one })
      const first = send(delivery('s1', 1, { gone: true, whenLost: (tell) => tell(true) }).one)
      await arrived
      const repeated = send(delivery('s1', 2).one)
      open()
      expect((await first).replay).toBeNull()
      expect(await repeated).toMatchObject({ output: (await first).output, replay: { lost: true } })
      expect(post.sent).toBe(sent + 1)
    })
  })
})

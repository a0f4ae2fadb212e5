import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import {
  add_member,
  create_crate,
  create_thing,
  delete_thing,
  list_things,
  update_thing,
} from '../../../test/fixtures/toy/contract/index.ts'
import { toy } from '../../../test/fixtures/toy/server/index.ts'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { times } from '../../../test/harness/prove.ts'
import { migrateToy } from '../../../test/harness/rigs/toy-rig.ts'
import { makeUser } from '../../../test/harness/rigs/world.ts'
import { Feed } from '../data/feed.ts'
import type { Caller } from '../data/space.ts'
import { baseOf } from './base.ts'
import { Catalogue } from './catalogue.ts'
import { Pipeline } from './pipeline.ts'
import { Settings } from './settings.ts'

/** The open pages. */
const [PHONE, LAPTOP, BENS] = [randomUUID(), randomUUID(), randomUUID()]

test('a base is the number of a change, alone or with its history', () => {
  expect(baseOf(undefined, 'x')).toBeUndefined()
  expect(baseOf(null, 'x')).toBeUndefined()
  for (const value of ['41', 41, ' 41 ']) expect(baseOf(value, 'x')).toEqual({ seq: 41, epoch: null })
  for (const value of ['41; epoch="a-b"', '41;epoch=a-b']) expect(baseOf(value, 'x')).toEqual({ seq: 41, epoch: 'a-b' })
  for (const wrong of ['', 'x', '-1', '4.1', '1e3', '41; epoch=', {}, [], true, '9'.repeat(16)]) {
    expect(() => baseOf(wrong, 'If-Changes-Since')).toThrow(/If-Changes-Since must be/)
  }
})

eachDatabase((database) => {
  let ANA: Caller
  let BEN: Caller
  let CLAUDE: Caller
  beforeAll(async () => {
    await migrateToy(database())
    ;[ANA, BEN] = [await makeUser(database(), 'Ana', { way: 'web' }), await makeUser(database(), 'Ben', { way: 'web' })]
    CLAUDE = { ...ANA, way: 'mcp', client: 'Claude', grant: 'grant:1' }
  })

  async function scene() {
    const pipeline = new Pipeline({
      catalogue: new Catalogue([toy]),
      database: database(),
      settings: new Settings(database()),
      feed: new Feed(database(), () => {}),
      checkOutput: true,
    })
    const { crate } = await pipeline.run(create_crate, { label: 'Attic' }, ANA)
    const crateId = crate.id
    await pipeline.run(add_member, { crateId, userId: BEN.userId, role: 'editor' }, ANA)
    const start = { crateId, name: 'Lamp', note: 'old', count: 1, price: 10, currency: 'EUR', finder_ids: [1, 2] }
    const { thing } = await pipeline.run(create_thing, start, ANA)
    const head = () => database().head({ space: 'crate', id: crateId })
    const change = (more: object, caller = ANA, base?: number, instance = PHONE) =>
      pipeline
        .call(update_thing, { crateId, thingId: thing.id, ...more }, caller, {
          instance,
          ...(base !== undefined && { base: { seq: base, epoch: null } }),
        })
        .then(({ output }) => output.thing)
    const remove = (caller = ANA, base?: number) =>
      pipeline.call(delete_thing, { crateId, thingId: thing.id }, caller, {
        instance: PHONE,
        ...(base !== undefined && { base: { seq: base, epoch: null } }),
      })
    const currentThing = async () => (await pipeline.run(list_things, { crateId }, ANA)).things[0]
    return { pipeline, crateId, thing, head, change, remove, currentThing }
  }

  test('without a base the last write wins', async () => {
    const { change, currentThing } = await scene()
    await change({ note: 'Ben’s' }, BEN, undefined, BENS)
    await change({ note: 'mine' })
    expect(await currentThing()).toMatchObject({ note: 'mine' })
  })

  test('changes to different fields are both kept, and a field sent unchanged is no change', async () => {
    const { change, head, currentThing } = await scene()
    const base = await head()
    await change({ note: 'Ben’s' }, BEN, base, BENS)
    // A form that sends all its fields.
    expect(await change({ name: 'Floor lamp', note: 'old', count: 1 }, ANA, base)).toMatchObject({
      name: 'Floor lamp',
      note: 'Ben’s',
    })
    expect(await currentThing()).toMatchObject({ name: 'Floor lamp', note: 'Ben’s' })
  })

  test('two values for one field: nothing is written, and both are returned with author and time', async () => {
    const { change, head, currentThing, thing } = await scene()
    const base = await head()
    await change({ note: 'first' }, BEN, base, BENS)
    await change({ note: 'Ben’s' }, BEN, base, BENS)
    const refused = await change({ name: 'Floor lamp', note: 'mine' }, ANA, base).catch((error) => error)
    expect(refused).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(BEN.name),
      details: {
        seq: await head(),
        conflicts: [
          {
            entity: 'thing',
            id: thing.id,
            title: 'Lamp',
            field: 'note',
            inputs: ['note'],
            was: 'old',
            is: 'Ben’s',
            wanted: 'mine',
            by: { user_id: BEN.userId, name: BEN.name },
            client: null,
            at: expect.stringMatching(/^\d{4}-/),
            seq: await head(),
          },
        ],
      },
    })
    expect(await currentThing()).toMatchObject({ name: 'Lamp', note: 'Ben’s' })
    // With the current base, the own value can be written.
    expect(await change({ note: 'mine' }, ANA, refused.details.seq)).toMatchObject({ note: 'mine' })
  })

  test('the same value twice, and a value that was restored, are no conflict', async () => {
    const { change, head } = await scene()
    const base = await head()
    await change({ note: 'same', count: 5 }, BEN, base, BENS)
    await change({ count: 1 }, BEN, base, BENS)
    expect(await change({ note: 'same', count: 7 }, ANA, base)).toMatchObject({ note: 'same', count: 7 })
  })

  test('fields that belong together conflict as a whole', async () => {
    const { change, head, currentThing } = await scene()
    const base = await head()
    await change({ currency: 'USD' }, BEN, base, BENS)
    const refused = await change({ price: 20 }, ANA, base).catch((error) => error)
    expect(refused).toMatchObject({
      code: 'conflict',
      details: { conflicts: [{ field: 'currency', inputs: ['price'], was: 'EUR', is: 'USD', wanted: 'EUR' }] },
    })
    expect(await currentThing()).toMatchObject({ price: 10, currency: 'USD' })
  })

  test('in a set, the additions and removals of both are kept', async () => {
    const { change, head } = await scene()
    const base = await head()
    await change({ finder_ids: [2, 3] }, BEN, base, BENS)
    expect(await change({ finder_ids: [1, 2, 4] }, ANA, base)).toMatchObject({ finder_ids: [2, 3, 4] })
  })

  test('a client does not conflict with its own change; another page of its person is another client', async () => {
    const { change, head } = await scene()
    const base = await head()
    await change({ note: 'one' }, ANA, base, PHONE)
    expect(await change({ note: 'two' }, ANA, base, PHONE)).toMatchObject({ note: 'two' })
    await expect(change({ note: 'three' }, ANA, base, LAPTOP)).rejects.toMatchObject({ code: 'conflict' })
    await expect(change({ note: 'four' }, CLAUDE, base)).rejects.toMatchObject({ code: 'conflict' })
    await change({ note: 'five' }, CLAUDE)
    expect(await change({ note: 'six' }, CLAUDE, await head())).toMatchObject({ note: 'six' })
  })

  test('a conflict with an assistant names the assistant', async () => {
    const { change, head } = await scene()
    const base = await head()
    await change({ note: 'Claude’s' }, CLAUDE)
    await expect(change({ note: 'mine' }, ANA, base)).rejects.toMatchObject({
      message: expect.stringContaining('Claude'),
      details: { conflicts: [{ client: 'Claude', by: { name: ANA.name } }] },
    })
  })

  test('a conflict with a token names its person', async () => {
    const { change, head } = await scene()
    const base = await head()
    await change({ note: 'by script' }, { ...BEN, way: 'rest', client: 'cron', grant: 'token:1' })
    await expect(change({ note: 'mine' }, ANA, base)).rejects.toMatchObject({
      message: expect.stringContaining(BEN.name),
      details: { conflicts: [{ client: null, by: { name: BEN.name } }] },
    })
  })

  test('the first removal of a row that another client changed is refused', async () => {
    const { change, remove, head, currentThing } = await scene()
    const base = await head()
    await change({ note: 'Ben’s' }, BEN, base, BENS)
    await expect(remove(ANA, base)).rejects.toMatchObject({
      code: 'conflict',
      details: { conflicts: [{ field: 'note' }] },
    })
    expect(await currentThing()).toBeDefined()
    await remove(ANA, await head())
    expect(await currentThing()).toBeUndefined()
  })

  test('a change to a row that another client removed reports that; without a base, or for a stranger, the row is not found', async () => {
    const { change, remove, head, thing } = await scene()
    const base = await head()
    await remove(BEN, base)
    await expect(change({ note: 'mine' }, ANA, base, LAPTOP)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('removed'),
      details: { removed: { entity: 'thing', id: thing.id, title: 'Lamp', by: { name: BEN.name } } },
    })
    await expect(change({ note: 'mine' }, ANA)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a conflict reveals nothing of a hidden row', async () => {
    const { change, remove, head } = await scene()
    await change({ secret: true })
    const base = await head()
    await change({ note: 'nobody’s business' }, ANA, base, LAPTOP)
    await remove(ANA, await head())
    await expect(change({ note: 'x' }, BEN, base, BENS)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a base that is too old, of another history or of the future cannot be compared', async () => {
    const { pipeline, crateId, thing, head, change } = await scene()
    const write = (seq: number, epoch: string | null) =>
      pipeline.call(update_thing, { crateId, thingId: thing.id, note: 'x' }, ANA, { base: { seq, epoch } })
    const unknown = { code: 'conflict', message: expect.stringContaining('cannot be compared') }
    await expect(write(await head(), randomUUID())).rejects.toMatchObject(unknown)
    await expect(write((await head()) + 1, null)).rejects.toMatchObject(unknown)
    expect((await write(await head(), await database().epoch())).output.thing.note).toBe('x')
    await change({ note: 'y' })
  })

  test('three clients change one row in any order: accepted values stay, and no client overwrites what it has not seen', {
    timeout: times(20_000, 120_000),
  }, async () => {
    const { pipeline, crateId, thing, head, currentThing } = await scene()
    const FIELDS = ['name', 'note', 'count'] as const
    type Values = Partial<Record<(typeof FIELDS)[number], string | number>>
    const values = fc.record(
      {
        name: fc.constantFrom('a', 'b', 'c'),
        note: fc.constantFrom('x', 'y', 'z'),
        count: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: [] },
    )
    const step = fc.record({ client: fc.nat(2), syncs: fc.boolean(), values })
    const instances = [PHONE, LAPTOP, BENS]
    const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const start = (await currentThing()) as Record<string, unknown>
      // The last state each client saw, and the fields changed by others since.
      const seenByClient = instances.map(() => ({ seq: 0, row: start, theirs: new Set<string>() }))
      for (const one of seenByClient) one.seq = await head()
      let row: Record<string, unknown> = start
      for (const { client, syncs, values } of steps) {
        const ownState = seenByClient[client] as (typeof seenByClient)[number]
        if (syncs) Object.assign(ownState, { seq: await head(), row, theirs: new Set() })
        const patch = values as Values
        const overlaps = FIELDS.filter(
          (field) =>
            patch[field] !== undefined &&
            ownState.theirs.has(field) &&
            patch[field] !== ownState.row[field] &&
            patch[field] !== row[field] &&
            row[field] !== ownState.row[field],
        )
        const answer = await pipeline
          .call(update_thing, { crateId, thingId: thing.id, ...patch }, client === 2 ? BEN : ANA, {
            base: { seq: ownState.seq, epoch: null },
            instance: instances[client],
          })
          .catch((error) => error)
        if (overlaps.length) {
          expect(answer.details.conflicts.map(({ field }: { field: string }) => field).sort()).toEqual(overlaps.sort())
          continue
        }
        const next: Record<string, unknown> = { ...row }
        for (const field of FIELDS) {
          const isAsItWas =
            ownState.theirs.has(field) && patch[field] === ownState.row[field] && row[field] !== ownState.row[field]
          if (patch[field] !== undefined && !isAsItWas) next[field] = patch[field]
        }
        expect(answer.output.thing).toEqual(next)
        const changed = FIELDS.filter((field) => next[field] !== row[field])
        for (const [at, other] of seenByClient.entries())
          if (at !== client) for (const field of changed) other.theirs.add(field)
        // A client knows its own writes.
        for (const field of changed)
          ownState.row = { ...ownState.row, ...(!ownState.theirs.has(field) && { [field]: next[field] }) }
        row = next
      }
      expect(await currentThing()).toEqual(row)
    })
    await fc.assert(property, { numRuns: times(30, 500), seed: 20270305 })
  })
})

import { expect, test } from 'vitest'
import { z } from 'zod'
import { eachDatabase } from '../../../test/harness/databases.ts'
import type { OpenDatabase } from '../../db/connect.ts'
import type { Batch } from '../data/database.ts'
import { Feed } from '../data/feed.ts'
import { sightingOf } from '../data/sight.ts'
import { type Caller, INSTANCE, space } from '../data/space.ts'
import { defaulted, entity, money, optional, type Row, required, stored } from '../declare/entity.ts'
import { addon, operation, permission, type SpaceRole } from '../declare/operation.ts'
import { Amount, Currency, Id, Line } from '../declare/values.ts'
import { Catalogue } from './catalogue.ts'
import { type Feature, feature, implement, prepared, rows } from './feature.ts'
import { Pipeline, STEPS } from './pipeline.ts'
import { Setting, Settings } from './settings.ts'

// A small feature of its own: crates with things in them, some of them secret.
const Crate = entity({
  name: 'crate',
  table: 'crates',
  space: 'crate',
  spaceKey: 'id',
  fields: { id: stored(Id), owner_id: stored(Id), label: required(Line(20)) },
})
const Thing = entity({
  name: 'thing',
  table: 'things',
  space: 'crate',
  spaceKey: 'crate_id',
  fields: {
    id: stored(Id),
    crate_id: stored(Id),
    name: required(Line(50)),
    note: optional(Line(50)),
    count: defaulted(z.int().min(1), 1),
    secret: defaulted(z.boolean(), false),
    finder_ids: defaulted(z.array(Id), []),
    price: money('currency', Amount),
    currency: optional(Currency),
  },
})

const crate_edit = permission({
  name: 'crate_edit',
  title: 'Edit crates',
  default: 'member',
  levels: ['owner', 'member'],
})
const inCrate = z.object({ crateId: Id })
const create_crate = operation({
  name: 'create_crate',
  title: 'Make a crate',
  description: 'Make a crate.',
  effect: 'create',
  scope: 'crates:write',
  route: 'POST /crates',
  input: Crate.create,
  output: z.object({ crate: Crate.row }),
})
const create_thing = operation({
  name: 'create_thing',
  title: 'Add a thing',
  description: 'Add a thing.',
  effect: 'create',
  scope: 'crates:write',
  permission: crate_edit,
  route: 'POST /crates/:crateId/things',
  input: inCrate.extend(Thing.create.shape),
  output: z.object({ thing: Thing.row }),
})
const update_thing = operation({
  name: 'update_thing',
  title: 'Change a thing',
  description: 'Change a thing.',
  effect: 'update',
  scope: 'crates:write',
  permission: crate_edit,
  route: 'PATCH /crates/:crateId/things/:thingId',
  input: inCrate.extend({ thingId: Id, ...Thing.patch.shape }),
  output: z.object({ thing: Thing.row }),
})
const list_things = operation({
  name: 'list_things',
  title: 'List things',
  description: 'List things.',
  effect: 'read',
  scope: 'crates:read',
  route: 'GET /crates/:crateId/things',
  input: inCrate,
  output: z.object({ things: z.array(Thing.row) }),
  pages: 'things',
})
const appraise_thing = operation({
  name: 'appraise_thing',
  title: 'Ask what a thing is worth',
  description: 'Ask what a thing is worth.',
  effect: 'update',
  scope: 'crates:write',
  permission: crate_edit,
  route: 'POST /crates/:crateId/things/:thingId/worth',
  input: inCrate.extend({ thingId: Id }),
  output: z.object({ thing: Thing.row }),
})
/** How often the world outside was asked. */
let asked = 0
const contract = { appraise_thing, create_crate, create_thing, update_thing, list_things, crate_edit }

const crates = feature({
  name: 'crates',
  contract,
  handlers: implement(contract, {
    appraise_thing: prepared(appraise_thing, {
      prepare: async () => ++asked * 100,
      handle: async ({ tx, input: { crateId, thingId }, prepared: worth }) => {
        const before = await tx.find(Thing, { id: thingId, crate_id: crateId })
        return { thing: await tx.patch(Thing, before as Row<typeof Thing>, { price: worth, currency: 'EUR' }) }
      },
    }),
    create_crate: async ({ tx, input, caller }) => ({
      crate: await tx.insert(Crate, { ...input, owner_id: caller.userId }),
    }),
    create_thing: async ({ tx, input: { crateId, ...values } }) => {
      const thing = await tx.insert(Thing, { ...values, crate_id: crateId })
      if (values.name === 'explosive') throw new Error('boom')
      return { thing }
    },
    update_thing: async ({ tx, input: { crateId, thingId, ...patch } }) => {
      const before = await tx.find(Thing, { id: thingId, crate_id: crateId })
      return { thing: await tx.patch(Thing, before as Row<typeof Thing>, patch) }
    },
    list_things: async ({ tx, input }) => ({ things: await tx.list(Thing, { crate_id: input.crateId }) }),
  }),
  entities: [rows(Crate), rows(Thing, (row, viewer) => !row.secret || viewer.role === 'owner')],
  spaces: [
    space({
      name: 'crate',
      key: 'crateId',
      missing: 'There is no such crate',
      hint: 'Look again.',
      admits: [],
      async membership(tx, id, userId) {
        const crate = await tx.find(Crate, { id })
        const role = crate?.owner_id === userId ? 'owner' : EVERYWHERE[userId]
        return crate && role ? { space: 'crate', id, role, row: crate } : null
      },
    }),
  ],
})

/** Who is let into every crate, and as what. */
const EVERYWHERE: Record<number, SpaceRole> = { 8: 'viewer', 9: 'editor' }

const caller = (userId: number, more: Partial<Caller> = {}): Caller => ({
  userId,
  name: `user ${userId}`,
  admin: false,
  way: 'rest',
  client: null,
  grant: null,
  scopes: 'all',
  readOnly: null,
  ...more,
})

const failures: unknown[] = []
async function build(database: OpenDatabase, ...features: Feature[]) {
  const { schema } = database.kysely
  const types = database.dialect
  await types
    .withId(schema.createTable('crates').ifNotExists())
    .addColumn('owner_id', types.integer)
    .addColumn('label', 'text')
    .execute()
  await types
    .withId(schema.createTable('things').ifNotExists())
    .addColumn('crate_id', types.integer)
    .addColumn('name', 'text')
    .addColumn('note', 'text')
    .addColumn('count', types.integer)
    .addColumn('secret', types.boolean)
    .addColumn('finder_ids', 'text')
    .addColumn('price', types.integer)
    .addColumn('currency', 'text')
    .execute()
  const feed = new Feed(database, (error) => failures.push(error))
  const catalogue = new Catalogue(features.length ? features : [crates])
  const settings = new Settings(database)
  return { feed, pipeline: new Pipeline({ catalogue, database, settings, feed, checkOutput: true }) }
}

const names = (steps: readonly { name: string }[]) => steps.map((step) => step.name)

test('the order of the steps is this one', () => {
  expect(names(STEPS.before)).toEqual([
    'addonIsOn',
    'scopeIsHeld',
    'writesAreAllowed',
    'inputIsValid',
    'prepareOutside',
  ])
  expect(names(STEPS.inside)).toEqual([
    'callerIsMember',
    'callerMayWrite',
    'callerIsPermitted',
    'handle',
    'outputIsValid',
    'changesAreLogged',
  ])
  expect(names(STEPS.after)).toEqual(['changesArePublished'])
})

eachDatabase((database) => {
  async function crateWithThing() {
    const built = await build(database())
    const { crate } = await built.pipeline.run(create_crate, { label: 'Attic' }, caller(1))
    const { thing } = await built.pipeline.run(
      create_thing,
      { crateId: crate.id, name: 'Lamp', price: 12.5, currency: 'eur', finder_ids: [1, 2] },
      caller(1),
    )
    return { ...built, crate, thing }
  }

  test('a row comes back in wire form, with its defaults', async () => {
    const { thing, crate } = await crateWithThing()
    expect(thing).toEqual({
      id: thing.id,
      crate_id: crate.id,
      name: 'Lamp',
      note: null,
      count: 1,
      secret: false,
      finder_ids: [1, 2],
      price: 12.5,
      currency: 'EUR',
    })
  })

  test('absent leaves, null clears, and a default is never put back', async () => {
    const { pipeline, crate, thing } = await crateWithThing()
    const patch = (more: object) =>
      pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, ...more }, caller(1))
    await patch({ count: 3, note: 'brass' })
    expect((await patch({ secret: true })).thing).toMatchObject({ count: 3, note: 'brass', secret: true })
    expect((await patch({ note: null })).thing).toMatchObject({ note: null, count: 3 })
    await expect(patch({ name: null })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('an amount keeps its value when its currency changes, and refuses decimals the currency does not have', async () => {
    const { pipeline, crate, thing } = await crateWithThing()
    const patch = (more: object) =>
      pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, ...more }, caller(1))
    await patch({ price: 12 })
    expect((await patch({ currency: 'JPY' })).thing).toMatchObject({ price: 12, currency: 'JPY' })
    await expect(patch({ price: 0.5 })).rejects.toMatchObject({ code: 'invalid' })
    expect((await patch({ price: 0 })).thing.price).toBe(0)
  })

  test('what is thrown in the middle leaves nothing behind', async () => {
    const { pipeline, crate } = await crateWithThing()
    const head = await database().head({ space: 'crate', id: crate.id })
    await expect(pipeline.run(create_thing, { crateId: crate.id, name: 'explosive' }, caller(1))).rejects.toThrow(
      'boom',
    )
    const { things } = await pipeline.run(list_things, { crateId: crate.id }, caller(1))
    expect(things.map((thing) => thing.name)).toEqual(['Lamp'])
    expect(await database().head({ space: 'crate', id: crate.id })).toBe(head)
  })

  test('of writes that arrive together the one that fails leaves nothing, and the others are whole', async () => {
    const { pipeline, crate } = await crateWithThing()
    const names = ['a', 'explosive', 'b', 'explosive', 'c']
    const add = (name: string) => pipeline.run(create_thing, { crateId: crate.id, name }, caller(1))
    const outcomes = await Promise.allSettled(names.map(add))
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    const { things } = await pipeline.run(list_things, { crateId: crate.id }, caller(1))
    expect(things.map(({ name }) => name).sort()).toEqual(['Lamp', 'a', 'b', 'c'])
    const log = (await database().changesSince({ space: 'crate', id: crate.id }, 0)).flatMap((batch) => batch.changes)
    expect(log.length).toBe(await database().head({ space: 'crate', id: crate.id }))
    expect(
      log
        .map(({ after }) => after?.name)
        .filter(Boolean)
        .sort(),
    ).toEqual(['Lamp', 'a', 'b', 'c'])
  })

  test('unknown, not yours and a missing scope are told apart from nothing but themselves', async () => {
    const { pipeline, crate } = await crateWithThing()
    const list = (crateId: number, who: Caller) =>
      pipeline.run(list_things, { crateId }, who).catch((error) => error.toJSON())
    expect(await list(crate.id, caller(2))).toEqual(await list(999_999, caller(2)))
    expect(await list(crate.id, caller(1, { scopes: new Set(['trips:read']) }))).toMatchObject({
      code: 'forbidden',
      details: { scope: 'crates:read' },
    })
    expect(await list(crate.id, caller(1, { scopes: new Set(['crates:write']) }))).toMatchObject({
      things: [{ name: 'Lamp' }],
    })
  })

  test('what comes from outside comes before the transaction, and a stranger causes no call', async () => {
    const { pipeline, crate, thing } = await crateWithThing()
    const appraise = (who: Caller) => pipeline.run(appraise_thing, { crateId: crate.id, thingId: thing.id }, who)
    const before = asked
    await expect(appraise(caller(2))).rejects.toMatchObject({ code: 'not_found' })
    expect(asked).toBe(before)
    expect((await appraise(caller(1))).thing.price).toBe((before + 1) * 100)
  })

  test('read-only callers write nothing', async () => {
    const { pipeline } = await crateWithThing()
    await expect(
      pipeline.run(create_crate, { label: 'x' }, caller(1, { readOnly: 'This is a demo' })),
    ).rejects.toMatchObject({ code: 'forbidden', message: 'This is a demo' })
  })

  test('a permission that is narrowed holds at once', async () => {
    const { pipeline, crate } = await crateWithThing()
    const add = () => pipeline.run(create_thing, { crateId: crate.id, name: 'Rope' }, caller(9))
    await add()
    await database().write(INSTANCE, async (tx) => {
      await tx.insert(Setting, { key: 'permission.crate_edit', value: 'owner' })
    })
    await database().doorbell.ring('instance:0')
    await expect(add()).rejects.toMatchObject({ code: 'forbidden' })
    await database().write(INSTANCE, async (tx) => {
      const row = await tx.find(Setting, { key: 'permission.crate_edit' })
      if (row) await tx.remove(Setting, row)
    })
    await database().doorbell.ring('instance:0')
    await add()
  })

  test('a viewer reads everything and writes nothing, as an administrator neither', async () => {
    const { pipeline, crate } = await crateWithThing()
    for (const admin of [false, true]) {
      const viewer = caller(8, { admin })
      expect((await pipeline.run(list_things, { crateId: crate.id }, viewer)).things).toHaveLength(1)
      await expect(pipeline.run(create_thing, { crateId: crate.id, name: 'Rope' }, viewer)).rejects.toMatchObject({
        code: 'forbidden',
        message: 'You can look at this, and change nothing',
      })
      await expect(pipeline.admit(create_thing, { crateId: crate.id }, viewer)).rejects.toMatchObject({
        code: 'forbidden',
      })
    }
  })

  test('followers hear every change once, in order, and only what they may see', async () => {
    const { pipeline, feed, crate, thing } = await crateWithThing()
    const ref = { space: 'crate', id: crate.id }
    const heard: Batch[] = []
    const epoch = await database().epoch()
    const lost = () => {}
    const stop = await feed.follow(ref, { epoch, seq: 0 }, (batch) => heard.push(batch), lost)
    await Promise.all(['a', 'b', 'c'].map((name) => pipeline.run(create_thing, { crateId: crate.id, name }, caller(1))))
    await pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, secret: true }, caller(1))
    await pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, note: 'hush' }, caller(1))
    await pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, secret: false }, caller(1))
    expect(heard.map((batch) => batch.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const seen = (role: SpaceRole) =>
      heard.flatMap((batch) =>
        batch.changes.flatMap(
          (change) => sightingOf(change, { userId: 9, role }, pipeline.parts.catalogue.sees(change.entity)) ?? [],
        ),
      )
    expect(seen('owner').map(({ action }) => action)).toEqual([
      'insert',
      'insert',
      'insert',
      'insert',
      'insert',
      'patch',
      'patch',
      'patch',
    ])
    expect(seen('editor').map(({ action }) => action)).toEqual([
      'insert',
      'insert',
      'insert',
      'insert',
      'insert',
      'remove',
      'insert',
    ])
    stop?.()
    const again: Batch[] = []
    ;(await feed.follow(ref, { epoch, seq: 5 }, (batch) => again.push(batch), lost))?.()
    expect(again.map((batch) => [batch.seq, batch.by.operation])).toEqual([
      [6, 'update_thing'],
      [7, 'update_thing'],
      [8, 'update_thing'],
    ])
    expect(await feed.follow(ref, { epoch, seq: 99 }, () => {}, lost)).toBeNull()
    expect(await feed.follow(ref, { epoch: 'other', seq: 5 }, () => {}, lost)).toBeNull()
    expect(failures).toEqual([])
  })

  test('a list is given page by page, and each page says what is left', async () => {
    const { pipeline, crate } = await crateWithThing()
    for (const name of ['a', 'b', 'c', 'd']) await pipeline.run(create_thing, { crateId: crate.id, name }, caller(1))
    const first = await pipeline.run(list_things, { crateId: crate.id, limit: 2 }, caller(1))
    expect([first.things.map(({ name }) => name), first.remaining]).toEqual([['Lamp', 'a'], 3])
    const second = await pipeline.run(
      list_things,
      { crateId: crate.id, limit: 3, cursor: first.next_cursor },
      caller(1),
    )
    expect([second.things.map(({ name }) => name), second.remaining, second.next_cursor]).toEqual([
      ['b', 'c', 'd'],
      0,
      null,
    ])
    await expect(pipeline.run(list_things, { crateId: crate.id, cursor: 'nonsense' }, caller(1))).rejects.toMatchObject(
      { code: 'invalid' },
    )
  })

  test('a snapshot has every row, or of an entity with many only the newest, the oldest of them first', async () => {
    const { pipeline, crate } = await crateWithThing()
    for (const name of ['a', 'b', 'c']) await pipeline.run(create_thing, { crateId: crate.id, name }, caller(1))
    const shown = async (entities: Feature['entities']) => {
      const { pipeline } = await build(database(), { ...crates, ...(entities && { entities }) })
      const { rows } = await pipeline.snapshot({ space: 'crate', id: crate.id }, caller(1))
      return (rows.thing as { name: string }[] | undefined)?.map(({ name }) => name)
    }
    expect(await shown(undefined)).toEqual(['Lamp', 'a', 'b', 'c'])
    expect(await shown([rows(Thing, undefined, { latest: 2 })])).toEqual(['b', 'c'])
    expect(await shown([rows(Thing, undefined, { latest: 9 })])).toEqual(['Lamp', 'a', 'b', 'c'])
  })

  test('rows may belong to an add-on that the rest of their feature does not', async () => {
    const { crate } = await crateWithThing()
    const extra = addon({ name: 'extra', title: 'Extra', description: 'Extra', default: false })
    const entities = [rows(Crate), rows(Thing, undefined, { addon: extra })]
    const { pipeline } = await build(database(), { ...crates, entities })
    const { rows: shown } = await pipeline.snapshot({ space: 'crate', id: crate.id }, caller(1))
    expect(Object.keys(shown)).toEqual(['crate'])
  })
})

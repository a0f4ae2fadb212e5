import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  add_member,
  appraise_thing,
  Crate,
  create_crate,
  create_thing,
  inCrate,
  list_things,
  switch_addon,
  Thing,
  update_thing,
} from '../../../test/fixtures/toy/contract/index.ts'
import { appraiser } from '../../../test/fixtures/toy/server/appraiser.ts'
import { toy } from '../../../test/fixtures/toy/server/index.ts'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { testMessage } from '../../../test/harness/error-texts.ts'
import { migrateToy } from '../../../test/harness/rigs/toy-rig.ts'
import type { OpenDatabase } from '../../db/connect.ts'
import type { Batch } from '../data/database.ts'
import { Feed } from '../data/feed.ts'
import { type Caller, INSTANCE } from '../data/space.ts'
import { visibleChangeOf } from '../data/visibility.ts'
import { addon, operation, type SpaceRole } from '../declare/operation.ts'
import { Catalogue } from './catalogue.ts'
import { type Feature, feature, implement, rows } from './feature.ts'
import { Pipeline } from './pipeline.ts'
import { Setting, Settings } from './settings.ts'
import { STEPS } from './steps.ts'

/** Writes a row, and fails in the same transaction. */
const drop_thing = operation({
  name: 'drop_thing',
  title: 'Drop a thing',
  description: 'Put a thing into a crate and fail.',
  effect: 'create',
  scope: null,
  route: 'POST /crates/:crateId/drops',
  input: inCrate,
  output: z.object({}),
})
const dropping = feature({
  name: 'dropping',
  contract: { drop_thing },
  handlers: implement(
    { drop_thing },
    {
      drop_thing: async ({ tx, input }) => {
        await tx.insert(Thing, { ...Thing.create.parse({ name: 'explosive' }), crate_id: input.crateId })
        throw new Error('boom')
      },
    },
  ),
})

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
async function build(database: OpenDatabase, variant = toy) {
  await migrateToy(database)
  const feed = new Feed(database, (error) => failures.push(error))
  const catalogue = new Catalogue([variant, dropping])
  const settings = new Settings(database)
  return { feed, pipeline: new Pipeline({ catalogue, database, settings, feed, checkOutput: true }) }
}

const names = (steps: readonly { name: string }[]) => steps.map((step) => step.name)

test('the steps run in this order', () => {
  expect(names(STEPS.before)).toEqual([
    'addonIsOn',
    'scopeIsHeld',
    'writesAreAllowed',
    'inputIsValid',
    'callIsNew',
    'baseIsOfThisHistory',
    'prepareOutside',
  ])
  expect(names(STEPS.inside)).toEqual([
    'callIsReserved',
    'callerIsMember',
    'callerMayWrite',
    'callerIsPermitted',
    'baseIsHeld',
    'handle',
    'writesArePermitted',
    'outputIsValid',
    'changesAreLogged',
    'answerIsRemembered',
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

  test('an absent field stays, null clears it, and a default is never restored', async () => {
    const { pipeline, crate, thing } = await crateWithThing()
    const patch = (more: object) =>
      pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, ...more }, caller(1))
    await patch({ count: 3, note: 'brass' })
    expect((await patch({ secret: true })).thing).toMatchObject({ count: 3, note: 'brass', secret: true })
    expect((await patch({ note: null })).thing).toMatchObject({ note: null, count: 3 })
    // A name cannot be cleared: some programs send null for omitted fields.
    expect((await patch({ name: null })).thing).toMatchObject({ name: 'Lamp' })
  })

  test('an amount keeps its value when its currency changes, and refuses decimals that the currency does not have', async () => {
    const { pipeline, crate, thing } = await crateWithThing()
    const patch = (more: object) =>
      pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, ...more }, caller(1))
    await patch({ price: 12 })
    expect((await patch({ currency: 'JPY' })).thing).toMatchObject({ price: 12, currency: 'JPY' })
    await expect(patch({ price: 0.5 })).rejects.toMatchObject({ code: 'invalid' })
    expect((await patch({ price: 0 })).thing.price).toBe(0)
  })

  test('an error in a handler leaves nothing behind', async () => {
    const { pipeline, crate } = await crateWithThing()
    const head = await database().head({ space: 'crate', id: crate.id })
    await expect(pipeline.run(drop_thing, { crateId: crate.id }, caller(1))).rejects.toThrow('boom')
    const { things } = await pipeline.run(list_things, { crateId: crate.id }, caller(1))
    expect(things.map((thing) => thing.name)).toEqual(['Lamp'])
    expect(await database().head({ space: 'crate', id: crate.id })).toBe(head)
  })

  test('of writes that arrive together, a failing one leaves nothing, and the others are complete', async () => {
    const { pipeline, crate } = await crateWithThing()
    const add = (name: string) => pipeline.run(create_thing, { crateId: crate.id, name }, caller(1))
    const drop = () => pipeline.run(drop_thing, { crateId: crate.id }, caller(1))
    const outcomes = await Promise.allSettled([add('a'), drop(), add('b'), drop(), add('c')])
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

  test('an unknown row and another person’s get the same answer; a missing scope is named', async () => {
    const { pipeline, crate } = await crateWithThing()
    const list = (crateId: number, caller: Caller) =>
      pipeline.run(list_things, { crateId }, caller).catch((error) => error.toJSON())
    expect(await list(crate.id, caller(2))).toEqual(await list(999_999, caller(2)))
    expect(await list(crate.id, caller(1, { scopes: new Set(['trips:read']) }))).toMatchObject({
      code: 'forbidden',
      details: { scope: 'things:read' },
    })
    expect(await list(crate.id, caller(1, { scopes: new Set(['things:write']) }))).toMatchObject({
      things: [{ name: 'Lamp' }],
    })
  })

  test('outside calls run before the transaction, and a caller without access causes none', async () => {
    const { pipeline, crate, thing } = await crateWithThing()
    const appraise = (caller: Caller) => pipeline.run(appraise_thing, { crateId: crate.id, thingId: thing.id }, caller)
    const before = appraiser.asked
    await expect(appraise(caller(2))).rejects.toMatchObject({ code: 'not_found' })
    expect(appraiser.asked).toBe(before)
    expect((await appraise(caller(1))).thing.price).toBe((before + 1) * 100)
  })

  test('read-only callers write nothing', async () => {
    const { pipeline } = await crateWithThing()
    await expect(
      pipeline.run(create_crate, { label: 'x' }, caller(1, { readOnly: testMessage('This is a demo') })),
    ).rejects.toMatchObject({ code: 'forbidden', message: 'This is a demo' })
  })

  test('a narrowed permission applies at once', async () => {
    const { pipeline, crate } = await crateWithThing()
    await pipeline.run(add_member, { crateId: crate.id, userId: 9, role: 'editor' }, caller(1))
    const add = () => pipeline.run(create_thing, { crateId: crate.id, name: 'Rope' }, caller(9))
    await add()
    await database().write(INSTANCE, async (tx) => {
      await tx.insert(Setting, { key: 'permission.crate_edit', value: 'owner' })
    })
    await database().notifier.publish('instance:0')
    await expect(add()).rejects.toMatchObject({ code: 'forbidden' })
    await database().write(INSTANCE, async (tx) => {
      const row = await tx.find(Setting, { key: 'permission.crate_edit' })
      if (row) await tx.remove(Setting, row)
    })
    await database().notifier.publish('instance:0')
    await add()
  })

  test('the log names a changed setting, and no client is shown it', async () => {
    const { pipeline } = await crateWithThing()
    const { catalogue } = pipeline.parts
    const before = await database().head(INSTANCE)
    const admin = caller(1, { admin: true })
    await pipeline.run(switch_addon, { addon: 'another', on: true }, admin)
    const changes = (await database().changesSince(INSTANCE, before)).flatMap((batch) => batch.changes)
    expect(changes).toMatchObject([
      { entity: 'setting', action: 'insert', after: { key: 'addon.another', value: true } },
    ])
    expect(catalogue.entities.get('setting')?.entity).toBe(Setting)
    const owner = { userId: 1, role: 'owner' } as const
    expect(changes.map((change) => visibleChangeOf(change, owner, catalogue.canSee(change.entity)))).toEqual([null])
    await expect(pipeline.snapshot(INSTANCE, admin)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a commit is never answered as a failure, even if a listener fails', async () => {
    const { pipeline: healthy, crate } = await crateWithThing()
    const throwing = () => {
      throw new Error('deaf')
    }
    const pipeline = new Pipeline({ ...healthy.parts, observe: throwing })
    const stop = pipeline.parts.feed.tap(throwing)
    failures.splice(0)
    const { thing } = await pipeline.run(create_thing, { crateId: crate.id, name: 'Rope' }, caller(1))
    stop()
    const { things } = await healthy.run(list_things, { crateId: crate.id }, caller(1))
    expect(things.map(({ id }) => id)).toContain(thing.id)
    expect(failures.splice(0).map(String)).toEqual(['Error: deaf', 'Error: deaf'])
  })

  test('a viewer reads everything and writes nothing, even as an administrator', async () => {
    const { pipeline, crate } = await crateWithThing()
    await pipeline.run(add_member, { crateId: crate.id, userId: 8, role: 'viewer' }, caller(1))
    for (const admin of [false, true]) {
      const viewer = caller(8, { admin })
      expect((await pipeline.run(list_things, { crateId: crate.id }, viewer)).things).toHaveLength(1)
      await expect(pipeline.run(create_thing, { crateId: crate.id, name: 'Rope' }, viewer)).rejects.toMatchObject({
        code: 'forbidden',
        message: 'You can see this, but you cannot change it',
      })
      await expect(pipeline.admit(create_thing, { crateId: crate.id }, viewer)).rejects.toMatchObject({
        code: 'forbidden',
      })
    }
  })

  test('followers get every change once, in order, and only what they may see', async () => {
    const { pipeline, feed, crate, thing } = await crateWithThing()
    const ref = { space: 'crate', id: crate.id }
    const batches: Batch[] = []
    const epoch = await database().epoch()
    const onLost = () => {}
    const stop = await feed.follow(ref, { epoch, seq: 0 }, (batch) => batches.push(batch), onLost)
    await Promise.all(['a', 'b', 'c'].map((name) => pipeline.run(create_thing, { crateId: crate.id, name }, caller(1))))
    await pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, secret: true }, caller(1))
    await pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, note: 'hush' }, caller(1))
    await pipeline.run(update_thing, { crateId: crate.id, thingId: thing.id, secret: false }, caller(1))
    expect(batches.map((batch) => batch.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const seenBy = (role: SpaceRole) =>
      batches.flatMap((batch) =>
        batch.changes.flatMap(
          (change) =>
            visibleChangeOf(change, { userId: 9, role }, pipeline.parts.catalogue.canSee(change.entity)) ?? [],
        ),
      )
    expect(seenBy('owner').map(({ action }) => action)).toEqual([
      'insert',
      'insert',
      'insert',
      'insert',
      'insert',
      'patch',
      'patch',
      'patch',
    ])
    expect(seenBy('editor').map(({ action }) => action)).toEqual([
      'insert',
      'insert',
      'insert',
      'insert',
      'insert',
      'remove',
      'insert',
    ])
    stop?.()
    const secondBatches: Batch[] = []
    ;(await feed.follow(ref, { epoch, seq: 5 }, (batch) => secondBatches.push(batch), onLost))?.()
    expect(secondBatches.map((batch) => [batch.seq, batch.by.operation])).toEqual([
      [6, 'update_thing'],
      [7, 'update_thing'],
      [8, 'update_thing'],
    ])
    expect(await feed.follow(ref, { epoch, seq: 99 }, () => {}, onLost)).toBeNull()
    expect(await feed.follow(ref, { epoch: 'other', seq: 5 }, () => {}, onLost)).toBeNull()
    expect(failures).toEqual([])
  })

  test('a list is returned page by page, and each page states how many rows remain', async () => {
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

  test('a snapshot has every row, or only the newest of an entity with many, in ascending order', async () => {
    const { pipeline, crate } = await crateWithThing()
    for (const name of ['a', 'b', 'c']) await pipeline.run(create_thing, { crateId: crate.id, name }, caller(1))
    const visibleNames = async (entities: Feature['entities']) => {
      const { pipeline } = await build(database(), { ...toy, ...(entities && { entities }) })
      const { rows } = await pipeline.snapshot({ space: 'crate', id: crate.id }, caller(1))
      return (rows.thing as { name: string }[] | undefined)?.map(({ name }) => name)
    }
    expect(await visibleNames(undefined)).toEqual(['Lamp', 'a', 'b', 'c'])
    expect(await visibleNames([rows(Thing, undefined, { latest: 2 })])).toEqual(['b', 'c'])
    expect(await visibleNames([rows(Thing, undefined, { latest: 9 })])).toEqual(['Lamp', 'a', 'b', 'c'])
  })

  test('rows can belong to an add-on of their own within their feature', async () => {
    const { crate } = await crateWithThing()
    const extra = addon({ name: 'extra', title: 'Extra', description: 'Extra', default: false })
    const entities = [rows(Crate), rows(Thing, undefined, { addon: extra })]
    const { pipeline } = await build(database(), { ...toy, entities })
    const { rows: rowsByEntity } = await pipeline.snapshot({ space: 'crate', id: crate.id }, caller(1))
    expect(Object.keys(rowsByEntity)).toEqual(['crate'])
  })

  test('rows belong to the add-on of their feature', async () => {
    const { crate } = await crateWithThing()
    const visibleEntities = async (on: boolean) => {
      const extra = addon({ name: 'extra', title: 'Extra', description: 'Extra', default: on })
      const { pipeline } = await build(database(), { ...toy, addon: extra, entities: [rows(Crate), rows(Thing)] })
      return Object.keys((await pipeline.snapshot({ space: 'crate', id: crate.id }, caller(1))).rows)
    }
    expect(await visibleEntities(true)).toEqual(['crate', 'thing'])
    expect(await visibleEntities(false)).toEqual([])
  })
})

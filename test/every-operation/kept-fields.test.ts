import { isDeepStrictEqual } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from '../../src/core/data/space.ts'
import type { AnyEntity } from '../../src/core/declare/entity.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import * as packing from '../../src/features/packing/contract/index.ts'
import { set_todo_category_assignees } from '../../src/features/todos/contract/index.ts'
import { copy_trip, create_trip, list_trip_members } from '../../src/features/trips/contract/index.ts'
import { defaultOf, fullValues, givenFields, type RefOf } from '../fixtures/full-rows.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { undoing } from '../harness/database/undoing.ts'
import { everyOperation, named } from '../harness/operations.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'
import { LEFT, NEW_IN_COPY, NO_COPIES } from './left-fields.ts'

/** Every operation that makes a row keeps all fields that a person gives for it, or left-fields.ts has the reason why not. */

type Row = Record<string, unknown> & { id: number }
type Rows = ReadonlyMap<string, readonly Row[]>

/** Features whose rows are never made from other rows. */
const NO_PLANS = ['identity', 'oauth', 'admin', 'backups', 'doctor', 'settings']

/** They reorder days, which the stay in the sample trip forbids. */
const REFUSED = ['move_day', 'reorder_days']

/** They put old rows back, which undo.test.ts compares column by column. */
const UNDOES = ['undo_changes', 'restore_trip']

/** All operations that can insert rows. */
const makers = everyOperation.filter(
  ({ operation: { name, effect }, feature }) =>
    (effect === 'create' || effect === 'update') &&
    !NO_PLANS.includes(feature) &&
    ![...REFUSED, ...UNDOES].includes(name),
)

/** The operations that make rows only from other rows: their input has none of the fields, so each has its own test below. */
const COPIES = ['copy_trip', 'apply_packing_template']

/** The arguments named differently from the field that they set. */
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  create_and_assign_place: { 'place.notes': 'place_notes', 'assignment.notes': 'assignment_notes' },
  create_place_accommodation: { 'place.notes': 'place_notes', 'accommodation.notes': 'accommodation_notes' },
  'create_day with a note': { 'day_note.text': 'notes' },
  'create_reservation of a hotel': { 'accommodation.confirmation': 'confirmation_number' },
  'create_reservation with a price': { 'budget_item.total_price': 'price', 'budget_item.category': 'budget_category' },
}

/** Operations that make more rows with another input than the smallest. */
const VARIANTS: Readonly<Record<string, (samples: Samples) => object>> = {
  'create_day with a note': () => ({ notes: 'Buy a ticket' }),
  'create_reservation of a hotel': ({ place_id, start_day_id, end_day_id }) => ({
    ...{ type: 'hotel', place_id, start_day_id, end_day_id },
  }),
  'create_reservation with a price': () => ({ price: 12.5 }),
}

/** The argument with a list of rows to make. */
const IN_LIST: Readonly<Record<string, string>> = { bulk_import_packing: 'items' }

/** Values for fields of which an operation accepts fewer values. */
const NARROWER: Readonly<Record<string, Record<string, unknown>>> = {
  bulk_import_packing: { 'packing_item.visibility': 'personal' },
}

test('operations whose name suggests a copy are tested as copies', () => {
  const sounding = makers
    .map(({ operation }) => operation.name)
    .filter((name) => /(^|_)(copy|clone|duplicate|import|bulk|paste|templates?)(_|$)/.test(name))
  expect(sounding.filter((name) => !COPIES.includes(name) && !(name in IN_LIST)).sort()).toEqual(
    Object.keys(NO_COPIES).sort(),
  )
})

/** Every call that makes rows, by name. */
const calls = [
  ...named(makers).filter(([name]) => !COPIES.includes(name)),
  ...Object.keys(VARIANTS).map((name): [string, AnyOperation] => {
    const maker = makers.find(({ operation }) => name.startsWith(`${operation.name} `))
    if (!maker) throw new Error(`${name} belongs to no operation`)
    return [name, maker.operation]
  }),
]

test('every reason belongs to an existing operation', () => {
  const names = [...COPIES, ...calls.map(([name]) => name)]
  expect(Object.keys(LEFT).filter((name) => !names.includes(name))).toEqual([])
})

const isLeft = (operation: string, { name }: AnyEntity, field: string): boolean => {
  const leftFields = LEFT[operation] ?? {}
  return name in leftFields || `${name}.${field}` in leftFields
}

/** The names of the arguments that set fields of one row. */
function argumentsOf({ name, input }: AnyOperation): readonly string[] {
  const list = IN_LIST[name]
  return Object.keys(list ? input.shape[list].element.shape : input.shape)
}

eachDatabase((database) => {
  let world: World
  let owner: Caller
  let friend: Caller
  /** A trip with a row of every kind, until a test adds rows to it. */
  let untouched: Samples | null = null
  beforeAll(async () => {
    world = makeWorld(database())
    owner = await makeUser(database(), 'Ana', { admin: true, way: 'web' })
    friend = await makeUser(database(), 'Ben')
  })

  const entities = () => [...world.catalogue.entities.values()].map(({ entity }) => entity)

  /** The rows of every entity, oldest first; of one trip, or of all. */
  const rowsOf = (tripId?: number): Promise<Rows> =>
    database().read(async (tx) => {
      const rows = new Map<string, readonly Row[]>()
      for (const entity of entities()) {
        if (tripId !== undefined && entity.space !== 'trip') continue
        const where = tripId === undefined ? {} : { [entity.spaceKey as string]: tripId }
        const rowsOfEntity = (await tx.list(entity, where)) as Row[]
        rows.set(
          entity.name,
          rowsOfEntity.toSorted((a, b) => a.id - b.id),
        )
      }
      return rows
    })

  const refsIn =
    (rows: Rows): RefOf =>
    (entity, field) => {
      // A payment needs two different people.
      if (entity === 'member' || entity === 'user') return field.startsWith('to_') ? owner.userId : friend.userId
      const row = rows.get(entity)?.at(-1)
      if (!row) throw new Error(`There is no ${entity} to refer to`)
      return row.id
    }

  describe('an operation that makes a row keeps every field that a person gives for it', () => {
    test.each(calls)('%s', async (name, one) => {
      untouched ??= await makeSamples(world, owner, friend)
      const samples = untouched
      const minimal = { ...inputOf(one, samples), ...VARIANTS[name]?.(samples) }
      const written = await undoing(world)(one, minimal, owner)
      const inserted = new Set(written.flatMap(({ action, entity }) => (action === 'insert' ? [entity] : [])))
      const kinds = entities().filter((entity) => inserted.has(entity.name) && givenFields(entity).length)
      const before = await rowsOf()
      const acceptedArguments = argumentsOf(one)
      const givenArguments: Record<string, unknown> = {}
      const expected = kinds.map((entity) => {
        const values = { ...fullValues(entity, refsIn(before)) }
        for (const [field, value] of Object.entries(values)) {
          const narrower = NARROWER[name]?.[`${entity.name}.${field}`] ?? value
          const argument = ARGUMENTS[name]?.[`${entity.name}.${field}`] ?? field
          values[field] = narrower
          if (acceptedArguments.includes(argument) && !isLeft(name, entity, field)) givenArguments[argument] = narrower
        }
        return { entity, values }
      })
      if (!expected.length) {
        expect(LEFT[name]).toBeUndefined()
        return
      }
      untouched = null
      const list = IN_LIST[name]
      await world.run(one, list ? { ...minimal, [list]: [givenArguments] } : { ...minimal, ...givenArguments }, owner)
      const after = await rowsOf()
      const unused = new Set(Object.keys(LEFT[name] ?? {}))
      const lostFields = expected.flatMap(({ entity, values }) => {
        const row = after.get(entity.name)?.at(-1)
        return Object.entries(values).flatMap(([field, value]) => {
          const isKept = isDeepStrictEqual(row?.[field], value)
          if (!isKept) for (const key of [entity.name, `${entity.name}.${field}`]) unused.delete(key)
          return isKept || isLeft(name, entity, field)
            ? []
            : [{ field: `${entity.name}.${field}`, given: value, row: row?.[field] }]
        })
      })
      expect(lostFields).toEqual([])
      expect([...unused], 'these are taken over, so they need no reason').toEqual([])
    })
  })

  /** Sets every field of these rows that still has its default to another value. */
  async function fill(tripId: number, kinds: readonly AnyEntity[]): Promise<Rows> {
    const rows = await rowsOf(tripId)
    const refOf = refsIn(new Map([...(await rowsOf()), ...rows]))
    await database().write({ space: 'trip', id: tripId }, async (tx) => {
      for (const entity of kinds) {
        const values = fullValues(entity, refOf)
        for (const row of rows.get(entity.name) ?? []) {
          const isUnset = ([field]: [string, unknown]) => isDeepStrictEqual(row[field], defaultOf(entity, field))
          await tx.patch(entity, row as never, Object.fromEntries(Object.entries(values).filter(isUnset)) as never)
        }
      }
    })
    const filled = await rowsOf(tripId)
    for (const entity of kinds) {
      const unset = givenFields(entity).filter((field) =>
        (filled.get(entity.name) ?? []).some((row) => isDeepStrictEqual(row[field], defaultOf(entity, field))),
      )
      expect(unset, entity.name).toEqual([])
    }
    return filled
  }

  test('a copy of a trip has all fields of all its rows, except those with a reason', async () => {
    const ownSamples = await makeSamples(world, owner, friend)
    const tripId = ownSamples.tripId as number
    const responsible = { tripId, categoryName: 'General', userIds: [friend.userId] }
    await world.run(packing.set_packing_category_assignees, responsible, owner)
    await world.run(set_todo_category_assignees, responsible, owner)
    const from = await fill(
      tripId,
      entities().filter(({ space }) => space === 'trip'),
    )
    const missing = [...from].flatMap(([name, rows]) => (rows.length ? [] : [name]))
    expect(missing, 'nothing is proved of these: put a row of them into the samples').toEqual([])
    const { trip } = await world.run(copy_trip, { tripId, with_members: true }, owner)
    const to = await rowsOf(trip.id)

    const unused = new Set(Object.keys(LEFT.copy_trip ?? {}))
    /** The copy of each row, by entity and id. */
    const copies = new Map<string, ReadonlyMap<unknown, number>>()
    for (const [name, rows] of from) {
      const copiedRows = to.get(name) ?? []
      if (!copiedRows.length && rows.length) {
        expect(LEFT.copy_trip, `no ${name} is copied`).toHaveProperty(name)
        unused.delete(name)
        continue
      }
      expect(copiedRows, name).toHaveLength(rows.length)
      copies.set(name, new Map(rows.map(({ id }, at) => [id, (copiedRows[at] as Row).id])))
    }
    const peopleOf = async (id: number) => {
      const { owner: ownerMember, members } = await world.run(list_trip_members, { tripId: id }, owner)
      return [ownerMember, ...members]
    }
    const inCopy = await peopleOf(trip.id)
    const people = new Map<unknown, number>()
    for (const { user_id, name } of await peopleOf(tripId)) {
      const same = inCopy.find((one) => one.name === name)
      if (same) people.set(user_id, same.user_id)
    }
    copies.set('member', people).set('user', people)

    const lostFields = entities().flatMap((entity) => {
      const rows = copies.has(entity.name) ? (from.get(entity.name) ?? []) : []
      return rows.flatMap((row, at) => {
        const copy = to.get(entity.name)?.[at]
        return Object.keys(entity.row.shape).flatMap((field) => {
          const name = `${entity.name}.${field}`
          if (field in NEW_IN_COPY || name in NEW_IN_COPY || field === entity.spaceKey) return []
          const ref = entity.refs?.[field]
          const expected = ref ? inCopyOf(row[field], copies.get(ref)) : row[field]
          const isKept = isDeepStrictEqual(copy?.[field], expected)
          if (!isKept) unused.delete(name)
          return isKept || isLeft('copy_trip', entity, field) ? [] : [{ field: name, expected, copy: copy?.[field] }]
        })
      })
    })
    expect(lostFields).toEqual([])
    expect([...unused], 'these are copied, so they need no reason').toEqual([])
  })

  /** A value with its ids replaced by those of the copies; ids of rows that are not copied stay. */
  function inCopyOf(value: unknown, copies: ReadonlyMap<unknown, number> = new Map()): unknown {
    if (typeof value === 'number') return copies.get(value) ?? value
    if (Array.isArray(value)) return value.map((one) => inCopyOf(one, copies))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        copies.get(Number(key)) ?? key,
        /_id$/.test(key) ? inCopyOf(one, copies) : one,
      ]),
    )
  }

  test('an item made from a packing template has all its fields, except those with a reason', async () => {
    const ownSamples = await makeSamples(world, owner, friend)
    const tripId = ownSamples.tripId as number
    const filledRows = await fill(tripId, [packing.PackingItem])
    // A template has only common items.
    const [firstItem] = filledRows.get('packing_item') ?? []
    await world.run(packing.update_packing_item, { tripId, itemId: firstItem?.id, visibility: 'common' }, owner)
    const [item] = (await world.run(packing.list_packing_items, { tripId }, owner)).items
    const templateName = `All of it ${tripId}`
    const { template } = await world.run(packing.save_packing_template, { tripId, templateName }, owner)
    const other = (await world.run(create_trip, { title: 'Fjords' }, owner)).trip.id
    const { items } = await world.run(packing.apply_packing_template, { tripId: other, templateId: template.id }, owner)
    const [copy] = items as Row[]
    const lostFields = givenFields(packing.PackingItem).filter(
      (field) =>
        !isDeepStrictEqual(copy?.[field], (item as Row | undefined)?.[field]) &&
        !isLeft('apply_packing_template', packing.PackingItem, field),
    )
    expect(lostFields).toEqual([])
  })
})

import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Caller } from '../../src/core/data/space.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { jsonSchema } from '../../src/core/run/schema.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, isReference, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation } from '../harness/operations.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

/** What one has not seen is not overwritten: every input of every change, given by two screens that began with the same rows. */

interface Property {
  readonly type?: string | readonly string[]
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Property[]
}

/** Inputs that say where something stands or how a change is made: two of them never contradict each other. */
const NO_FIELD = /^(before|after|position|sortOrder|orderIndex|beforeBookings|entry|shrink|date_shift_mode|orderedIds)$/

const DATES: Record<string, readonly string[]> = {
  start_date: ['2027-04-02', '2027-04-03', '2027-04-04'],
  end_date: ['2027-04-08', '2027-04-09', '2027-04-10'],
}

const changes = everyOperation
  .filter(({ operation, space }) => space?.name === 'trip' && operation.effect === 'update' && !operation.upload)
  .flatMap(({ operation }) => {
    const { properties } = jsonSchema(operation.input, 'input') as { properties: Record<string, Property> }
    const fields = Object.entries(properties)
      .filter(([key]) => !isReference(key) && !NO_FIELD.test(key))
      .map(([key, property]) => ({ key, values: valuesFor(key, property) }))
      .filter(({ values }) => values.length > 1)
    return fields.length ? [[operation.name, { operation, fields }] as const] : []
  })

/** Values that the input takes: so many that two of them are new, where there are more than two. */
function valuesFor(key: string, property: Property): readonly unknown[] {
  const { type, pattern, enum: choices } = property.anyOf?.find((one) => one.type !== 'null') ?? property
  const types = [type].flat()
  if (choices) return choices
  if (types.includes('boolean')) return [true, false, true]
  if (key === 'priority') return [1, 2, 3]
  if (types.includes('integer')) return [11, 12, 13]
  if (types.includes('number')) return [1.5, 2.5, 3.5]
  if (!types.includes('string')) return []
  if (key === 'currency') return ['USD', 'CHF', 'GBP']
  if (key === 'icon') return ['🍜', '🍣', '🍵']
  if (key === 'website' || key === 'url') return [1, 2, 3].map((n) => `https://example.org/${n}`)
  if (pattern?.includes('T(')) return ['05', '06', '07'].map((day) => `2027-04-${day}T10:00`)
  if (pattern?.startsWith('^(\\d{4})')) return DATES[key] ?? ['2027-04-05', '2027-04-06', '2027-04-07']
  if (pattern?.includes('[0-5]\\d')) return ['10:10', '10:20', '10:30']
  if (pattern?.startsWith('^#')) return ['#112233', '#445566', '#778899']
  return pattern ? [] : [1, 2, 3].map((n) => `${key} ${n}`)
}

/** What a call must say: which rows it changes. */
const namesIn = (operation: AnyOperation, samples: Samples) =>
  Object.fromEntries(
    Object.entries(inputOf(operation, samples)).filter(
      ([key]) => !(operation.input.shape[key] as z.ZodType).safeParse(undefined).success,
    ),
  )

/** What is not refused as a conflict, and why. */
const OTHERWISE: Record<string, string> = {
  'set_packing_category_assignees.categoryName': 'the call names the category',
  'set_todo_category_assignees.categoryName': 'the call names the category',
  'move_budget_category.category': 'the call names the category',
  'rename_budget_category.category': 'the call names the category',
  'toggle_budget_member_paid.paid': 'a tick is about one person: two screens tick two people of one cost',
  'rename_budget_category.name': 'the call names the category, which has another name by then',
  'update_packing_item.visibility': 'an item is shared with somebody only where they are named too',
  'update_reservation.budget_category': 'it says something of the price of the booking, which is not given',
  'update_transport.budget_category': 'it says something of the price of the booking, which is not given',
  'update_reservation.check_in': 'only a hotel has it',
  'update_reservation.check_in_end': 'only a hotel has it',
  'update_reservation.check_out': 'only a hotel has it',
}

eachDatabase((database) => {
  let world: World
  let owner: Caller
  let samples: Samples
  beforeAll(async () => {
    world = makeWorld(database())
    owner = await makeUser(database(), 'Ana', { way: 'web' })
  })

  /** The change as one screen sends it, which has not heard of anything after `base`. */
  const change = (operation: AnyOperation, input: object, base?: number) =>
    world.pipeline.call(operation, input, owner, {
      instance: randomUUID(),
      ...(base !== undefined && { base: { seq: base, epoch: null } }),
    })

  const head = () => database().head({ space: 'trip', id: samples.tripId as number })

  /** What comes of a change: refused for a reason, written, or left as it is. */
  async function outcome(...asked: Parameters<typeof change>): Promise<string> {
    const before = await head()
    try {
      await change(...asked)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code) return code
      throw error
    }
    return (await head()) === before ? 'left alone' : 'written'
  }

  test.each(changes)('%s overwrites nothing unseen', async (name, { operation, fields }) => {
    samples = await makeSamples(world, owner)
    for (const { key, values } of fields) {
      const base = await head()
      const input = namesIn(operation, samples)
      const outcomes: string[] = []
      for (const value of values) {
        const isFirst = (await head()) === base
        outcomes.push(await outcome(operation, { ...input, [key]: value }, isFirst ? undefined : base))
      }
      const later = outcomes.slice(outcomes.indexOf('written') + 1)
      const what = `${name}.${key}: ${outcomes.join(', ')}`
      if (`${name}.${key}` in OTHERWISE) expect(later, what).not.toContain('conflict')
      // The value that it had at the base is no change of this screen: what the other one wrote stays.
      else if (typeof values[0] === 'boolean') expect(new Set(later), what).toEqual(new Set(['left alone']))
      else
        expect(new Set(later), what).toEqual(
          new Set(later.includes('left alone') ? ['left alone', 'conflict'] : ['conflict']),
        )
    }
  })
})

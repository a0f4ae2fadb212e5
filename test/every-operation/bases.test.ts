import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Caller } from '../../src/core/data/space.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { jsonSchema } from '../../src/core/run/schema.ts'
import { undo_changes } from '../../src/features/history/contract/index.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, isReference, makeSamples } from '../fixtures/samples.ts'
import { type Property, valuesFor } from '../fixtures/values.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation } from '../harness/operations.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

/** No change overwrites values its author has not seen: two clients send every input of every change from the same base. */

/** Inputs that give a position or the way a change is made: two of them never conflict. */
const NO_FIELD = /^(before|after|position|sortOrder|orderIndex|beforeBookings|entry|shrink|date_shift_mode|orderedIds)$/

const changes = everyOperation
  .filter(({ operation, space }) => space?.name === 'trip' && operation.effect === 'update' && !operation.upload)
  // It compares each row with what came later by rules of its own, which undo.test.ts and history.test.ts prove.
  .filter(({ operation }) => operation !== undo_changes)
  .flatMap(({ operation }) => {
    const { properties } = jsonSchema(operation.input, 'input') as { properties: Record<string, Property> }
    const fields = Object.entries(properties)
      .filter(([key]) => !isReference(key) && !NO_FIELD.test(key))
      .map(([key, property]) => ({ key, values: valuesFor(key, property) }))
      .filter(({ values }) => values.length > 1)
    return fields.length ? [[operation.name, { operation, fields }] as const] : []
  })

/** The inputs that identify the rows to change, which every call needs. */
const namesIn = (operation: AnyOperation, samples: Samples) =>
  Object.fromEntries(
    Object.entries(inputOf(operation, samples)).filter(
      ([key]) => !(operation.input.shape[key] as z.ZodType).safeParse(undefined).success,
    ),
  )

/** Inputs that are not refused as a conflict, each with its reason. */
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

  /** The change as sent by a client that has seen nothing after `base`. */
  const change = (operation: AnyOperation, input: object, base?: number) =>
    world.pipeline.call(operation, input, owner, {
      instance: randomUUID(),
      ...(base !== undefined && { base: { seq: base, epoch: null } }),
    })

  const head = () => database().head({ space: 'trip', id: samples.tripId as number })

  /** The result of a change: an error code, `written`, or `left alone`. */
  async function outcome(...args: Parameters<typeof change>): Promise<string> {
    const before = await head()
    try {
      await change(...args)
    } catch (error) {
      const { code } = error as { code?: string }
      if (code) return code
      throw error
    }
    return (await head()) === before ? 'left alone' : 'written'
  }

  test.each(changes)('%s does not silently overwrite the changes of others', async (name, { operation, fields }) => {
    samples = await makeSamples(world, owner)
    for (const { key, values } of fields) {
      const base = await head()
      const input = namesIn(operation, samples)
      const outcomes: string[] = []
      for (const value of values) {
        const isFirst = (await head()) === base
        outcomes.push(await outcome(operation, { ...input, [key]: value }, isFirst ? undefined : base))
      }
      const laterOutcomes = outcomes.slice(outcomes.indexOf('written') + 1)
      const description = `${name}.${key}: ${outcomes.join(', ')}`
      if (`${name}.${key}` in OTHERWISE) expect(laterOutcomes, description).not.toContain('conflict')
      // Sending the value of the base is not a change of this client: the value that the other client wrote stays.
      else if (typeof values[0] === 'boolean')
        expect(new Set(laterOutcomes), description).toEqual(new Set(['left alone']))
      else
        expect(new Set(laterOutcomes), description).toEqual(
          new Set(laterOutcomes.includes('left alone') ? ['left alone', 'conflict'] : ['conflict']),
        )
    }
  })
})

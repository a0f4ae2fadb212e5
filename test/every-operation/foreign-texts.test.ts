import { describe, expect, test } from 'vitest'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { create_accommodation } from '../../src/features/accommodations/contract/index.ts'
import { assign_place_to_day, create_and_assign_place } from '../../src/features/assignments/contract/index.ts'
import { create_budget_item } from '../../src/features/budget/contract/index.ts'
import {
  create_collab_note,
  create_collab_poll,
  send_collab_message,
} from '../../src/features/collab/contract/index.ts'
import { create_day_note } from '../../src/features/day-notes/contract/index.ts'
import { update_day } from '../../src/features/days/contract/index.ts'
import { update_file } from '../../src/features/files/contract/index.ts'
import { create_packing_bag, create_packing_item } from '../../src/features/packing/contract/index.ts'
import { create_place } from '../../src/features/places/contract/index.ts'
import { create_reservation, create_transport } from '../../src/features/reservations/contract/index.ts'
import { create_todo } from '../../src/features/todos/contract/index.ts'
import { SCOPES } from '../../src/identity/contract/scopes.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, makeKeys, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation, named } from '../harness/operations.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

/**
 * No operation returns texts that the grant may not read: each row of a trip gets a unique text, and each reading operation
 * is called with every scope but one group.
 */
const reads = named(everyOperation.filter(({ operation }) => operation.effect === 'read' && !operation.open))
const EVERY_SCOPE = SCOPES.map(({ scope }) => scope as string)

/** One row of everything that people write, by the group of scopes that reads it. */
const MARKED: Record<string, Record<string, [AnyOperation, (samples: Samples) => object]>> = {
  places: {
    'a place on no day': [create_place, () => ({})],
    'a place on a day': [create_and_assign_place, ({ dayId }) => ({ dayId })],
    'what is noted of a stop': [assign_place_to_day, ({ dayId, placeId }) => ({ dayId, placeId })],
  },
  trips: {
    'what a day is called': [update_day, ({ dayId }) => ({ dayId })],
    'a note on a day': [create_day_note, ({ dayId }) => ({ dayId })],
    'what is noted of a stay': [
      create_accommodation,
      ({ placeId, start_day_id, end_day_id }) => ({ place_id: placeId, start_day_id, end_day_id }),
    ],
    'what is said of a file': [update_file, ({ fileId }) => ({ fileId })],
  },
  reservations: {
    'a table': [create_reservation, ({ dayId }) => ({ type: 'restaurant', day_id: dayId })],
    'a train': [create_transport, ({ dayId }) => ({ type: 'train', start_day_id: dayId })],
  },
  packing: {
    'something to pack': [create_packing_item, () => ({})],
    'a bag': [create_packing_bag, () => ({})],
  },
  todos: { 'something to do': [create_todo, () => ({})] },
  budget: { 'a cost': [create_budget_item, () => ({ total_price: 9 })] },
  collab: {
    'a note of all': [create_collab_note, () => ({})],
    'a poll': [create_collab_poll, () => ({ options: ['Yes', 'No'] })],
    'a message': [send_collab_message, () => ({})],
  },
}

/** As in the published contract: days are read with their stops, and the scope for bookings also reads stays. */
const TOLD_TOO: Record<string, readonly string[]> = {
  list_days: ['places'],
  read_trip_section: ['places'],
  export_trip_ics: ['places'],
  get_trip_summary: ['places', 'trips'],
  list_reservations: ['trips'],
}

const TEXTS = ['title', 'name', 'text', 'question', 'notes', 'description'] as const

/** The unique text of a row. */
const markOf = (kind: string): string => `Mark of ${kind}`

async function mark(world: World, samples: Samples, caller: Parameters<World['run']>[2]): Promise<void> {
  for (const marked of Object.values(MARKED)) {
    for (const [kind, [operation, more]] of Object.entries(marked)) {
      const { shape } = operation.input
      const needed = TEXTS.find((key) => key in shape && !shape[key].safeParse(undefined).success)
      const key = needed ?? (TEXTS.find((one) => one in shape) as string)
      await world.run(operation, { tripId: samples.tripId, ...more(samples), [key]: markOf(kind) }, caller)
    }
  }
}

eachDatabase((database) => {
  let cachedScene: Promise<Awaited<ReturnType<typeof makeScene>>> | undefined
  const scene = () => (cachedScene ??= makeScene())

  async function makeScene() {
    const world = makeWorld(database())
    const [owner, friend] = [await makeUser(database(), 'Owner'), await makeUser(database(), 'Friend')]
    const created = await makeSamples(world, owner, friend)
    const samples = { ...created, ...(await makeKeys(world, owner, 'Key')) }
    // Another member writes, because notifications only tell of the changes of others.
    await mark(world, samples, friend)
    return { ...world, owner, samples }
  }

  const answerOf = async (operation: AnyOperation, groups: readonly string[]) => {
    const { run, owner, samples } = await scene()
    const scopes = new Set(EVERY_SCOPE.filter((scope) => groups.includes(scope.split(':')[0] as string)))
    const input = { ...inputOf(operation, samples), ...('limit' in operation.input.shape && { limit: 50 }) }
    return JSON.stringify(await run(operation, input, { ...owner, scopes }).catch((error) => ({ code: error.code })))
  }
  const groups = [...new Set(EVERY_SCOPE.map((scope) => scope.split(':')[0] as string))]

  test.each(reads)('%s returns nothing that the grant may not read', async (name, operation) => {
    for (const [group, marked] of Object.entries(MARKED)) {
      if (TOLD_TOO[name]?.includes(group)) continue
      const answer = await answerOf(
        operation,
        groups.filter((one) => one !== group),
      )
      for (const kind of Object.keys(marked)) expect(answer, `without ${group}`).not.toContain(markOf(kind))
    }
  })

  describe('with every scope', () => {
    test.each(Object.entries(MARKED))('every row of %s is returned by some operation', async (_, marked) => {
      const answers = await Promise.all(reads.map(([, operation]) => answerOf(operation, groups)))
      for (const kind of Object.keys(marked)) {
        expect(
          answers.some((answer) => answer.includes(markOf(kind))),
          kind,
        ).toBe(true)
      }
    })
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Caller } from '../../src/core/data/space.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import * as assignments from '../../src/features/assignments/contract/index.ts'
import { get_settlement_summary } from '../../src/features/budget/contract/index.ts'
import * as days from '../../src/features/days/contract/index.ts'
import * as packing from '../../src/features/packing/contract/index.ts'
import * as places from '../../src/features/places/contract/index.ts'
import * as trips from '../../src/features/trips/contract/index.ts'
import { defectsOf } from '../chaos/checker.ts'
import { inputOf, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation } from '../harness/operations.ts'
import { times } from '../harness/prove.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

type Rows = Record<string, Record<string, unknown>[]>

/** One random act: an operation, and numbers that choose among the existing rows. */
interface Act {
  kind: keyof typeof ACTS
  a: number
  b: number
  c: number
}

const pick = (rows: Record<string, unknown>[] | undefined, at: number) => rows?.[at % Math.max(1, rows.length)]

/** The call of each act, made from the existing rows; null if there is no row for it. */
const ACTS = {
  addPlace: (_rows: Rows, { a }: Act) => [places.create_place, { name: `Place ${a}` }] as const,
  deletePlace: (rows: Rows, { a }: Act) => [places.delete_place, { placeId: pick(rows.place, a)?.id }] as const,
  assign: (rows: Rows, { a, b }: Act) =>
    [assignments.assign_place_to_day, { dayId: pick(rows.day, a)?.id, placeId: pick(rows.place, b)?.id }] as const,
  unassign: (rows: Rows, { a }: Act) => {
    const stop = pick(rows.assignment, a)
    return [assignments.unassign_place, { dayId: stop?.day_id, assignmentId: stop?.id }] as const
  },
  move: (rows: Rows, { a, b, c }: Act) => {
    const stop = pick(rows.assignment, a)
    const to = pick(rows.day, b)?.id
    return [
      assignments.move_assignment,
      { assignmentId: stop?.id, oldDayId: stop?.day_id, newDayId: to, orderIndex: c % 5 },
    ] as const
  },
  addDay: () => [days.create_day, {}] as const,
  deleteDay: (rows: Rows, { a }: Act) => [days.delete_day, { dayId: pick(rows.day, a)?.id }] as const,
  reverseDays: (rows: Rows) => [days.reorder_days, { dayIds: rows.day?.map((day) => day.id).toReversed() }] as const,
  shift: (_rows: Rows, { a, b, c }: Act) => {
    const start = 1 + (a % 20)
    const shrink = ['refuse', 'keep_undated', 'delete'][c % 3]
    return [trips.update_trip, { start_date: date(start), end_date: date(start + (b % 6)), shrink }] as const
  },
  pack: (_rows: Rows, { a }: Act) =>
    [packing.create_packing_item, { name: `Thing ${a}`, visibility: a % 3 ? 'common' : 'personal' }] as const,
  unpack: (rows: Rows, { a }: Act) =>
    [packing.delete_packing_item, { itemId: pick(rows.packing_item, a)?.id }] as const,
} satisfies Record<string, (rows: Rows, act: Act) => readonly [AnyOperation, object]>

const date = (day: number) => `2027-04-${String(day).padStart(2, '0')}`

const number = fc.nat({ max: 1000 })
const act = fc.record({
  kind: fc.constantFrom(...(Object.keys(ACTS) as (keyof typeof ACTS)[])),
  a: number,
  b: number,
  c: number,
})

/** The entity that each identifier in an input or a row refers to; prefixed with the feature where features share a name. */
const NAMES: Record<string, string> = {
  dayId: 'day',
  newDayId: 'day',
  oldDayId: 'day',
  dayIds: 'day',
  day_id: 'day',
  start_day_id: 'day',
  end_day_id: 'day',
  placeId: 'place',
  placeIds: 'place',
  place_id: 'place',
  assignmentId: 'assignment',
  assignmentIds: 'assignment',
  assignment_id: 'assignment',
  accommodationId: 'accommodation',
  accommodation_id: 'accommodation',
  reservationId: 'reservation',
  reservation_id: 'reservation',
  bagId: 'packing_bag',
  bag_id: 'packing_bag',
  pollId: 'collab_poll',
  messageId: 'collab_message',
  reply_to: 'collab_message',
  settlementId: 'settlement',
  fileId: 'trip_file',
  'packing itemId': 'packing_item',
  'packing orderedIds': 'packing_item',
  'todos itemId': 'todo',
  'todos orderedIds': 'todo',
  'budget itemId': 'budget_item',
  'budget orderedIds': 'budget_item',
  'collab-notes noteId': 'collab_note',
  'days noteId': 'day_note',
  'day-notes noteId': 'day_note',
}

/** All operations that change rows of a trip, except those that end the trip or need a file. */
const PLAYED = everyOperation.filter(
  ({ space, operation }) =>
    space?.name === 'trip' &&
    operation.effect !== 'read' &&
    operation.upload === undefined &&
    !/^(delete_trip|transfer_trip_ownership|empty_trash|delete_file)$/.test(operation.name),
)

const move = fc.record({
  which: fc.nat({ max: PLAYED.length - 1 }),
  seeds: fc.array(number, { minLength: 8, maxLength: 8 }),
})

/** The smallest input of an operation, with existing rows chosen by the seeds. */
function playedInput(operation: AnyOperation, samples: object, rows: Rows, seeds: readonly number[]): object {
  const parts = operation.path.split('/').filter((part) => part && !part.startsWith(':'))
  const input = inputOf(operation, samples as Record<string, unknown>)
  let turn = 0
  for (const key of Object.keys(input)) {
    const name = NAMES[key] ?? parts.map((part) => NAMES[`${part} ${key}`]).find(Boolean)
    if (!name) continue
    const seed = seeds[turn++ % seeds.length] as number
    const ids = (rows[name] ?? []).map((row) => row.id as number)
    // A list names all of them, rotated, or only a few.
    const at = seed % Math.max(1, ids.length)
    const rotated = [...ids.slice(at), ...ids.slice(0, at)]
    if (Array.isArray(input[key])) input[key] = seed % 3 ? rotated : rotated.slice(0, 2)
    else if (ids.length) input[key] = ids[at]
  }
  return input
}

eachDatabase((database) => {
  test('after any acts, every row has its own position, no orphans remain, and the change log has every change', {
    timeout: times(120_000, 1_800_000),
  }, async () => {
    const world = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const property = fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
      const dates = { start_date: date(5), end_date: date(7) }
      const { trip } = await world.run(trips.create_trip, { title: 'Kyoto', ...dates }, ana)
      for (const one of acts) {
        const [operation, input] = ACTS[one.kind](await rowsOf(world, trip.id), one)
        // An act that is invalid at the moment is refused; the checks below prove that it then changes nothing.
        await world.run(operation, { tripId: trip.id, ...input }, ana).catch((error) => {
          if (!error.code) throw error
        })
      }
      expect(await defectsOf(world, { space: 'trip', id: trip.id })).toEqual([])
    })
    await fc.assert(property, { numRuns: times(25, 250) })
  })

  test('a trip stays sound whatever three people do concurrently', {
    timeout: times(240_000, 1_800_000),
  }, async () => {
    const world = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const ben = await makeUser(database(), 'Ben')
    const cleo = await makeUser(database(), 'Cleo')
    let done = 0
    const property = fc.asyncProperty(fc.array(move, { minLength: 20, maxLength: 60 }), async (moves) => {
      const samples = await makeSamples(world, ana, ben)
      const tripId = samples.tripId as number
      await world.run(trips.add_trip_member, { tripId, identifier: await usernameOf(world, cleo) }, ana)
      // Acts that begin together have seen the same rows, some of which are gone or moved when their turn comes.
      for (let at = 0; at < moves.length; at += 3) {
        const rows = await rowsOf(world, tripId)
        const together = moves.slice(at, at + 3).map(async ({ which, seeds }, turn) => {
          const { operation } = PLAYED[which] as (typeof PLAYED)[number]
          const input = playedInput(operation, samples, rows, seeds)
          await world.run(operation, { ...input, tripId }, [ana, ben, cleo][turn] as Caller).then(
            () => done++,
            (error) => {
              if (!error.code) throw new Error(`${operation.name} ${JSON.stringify(input)}`, { cause: error })
            },
          )
        })
        await Promise.all(together)
      }
      expect(await defectsOf(world, { space: 'trip', id: tripId })).toEqual([])
      const { summary } = await world.run(get_settlement_summary, { tripId, base: 'EUR' }, ana)
      expect(summary.balances.reduce((sum, { balance }) => sum + Math.round(balance * 100), 0)).toBe(0)
    })
    await fc.assert(property, { numRuns: times(12, 120) })
    // Refusals alone would prove nothing.
    expect(done).toBeGreaterThan(100)
  })
})

const usernameOf = async ({ database }: World, { userId }: Caller): Promise<string> =>
  (await database.kysely.selectFrom('users').select('username').where('id', '=', userId).executeTakeFirstOrThrow())
    .username

const rowsOf = (world: World, tripId: number): Promise<Rows> =>
  world.database.read(async (tx) => {
    const rows: Rows = {}
    for (const { entity, key } of world.catalogue.entitiesOf('trip')) {
      rows[entity.name] = (await tx.list(entity, { [key as string]: tripId })) as Record<string, unknown>[]
    }
    return rows
  })

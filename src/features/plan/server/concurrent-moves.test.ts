import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { times } from '../../../../test/harness/prove.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import type { AnyEntity } from '../../../core/declare/entity.ts'
import * as assignments from '../../assignments/contract/index.ts'
import * as notes from '../../day-notes/contract/index.ts'
import { create_place } from '../../places/contract/index.ts'
import { create_reservation, Reservation, reorder_reservations } from '../../reservations/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import { add_trip_member, create_trip } from '../../trips/contract/index.ts'
import { move_plan_entry } from '../contract/index.ts'

const ENTITIES: readonly AnyEntity[] = [assignments.Assignment, notes.DayNote, Reservation]

eachDatabase((database) => {
  const nameOf = async (userId: number) =>
    (await database().kysely.selectFrom('users').select('username').where('id', '=', userId).executeTakeFirstOrThrow())
      .username

  test('three people move, add and remove concurrently: every day has one order, nothing is lost, and followers have the stored state', {
    timeout: times(120_000, 1_800_000),
  }, async () => {
    const world = makeWorld(database())
    const people = [
      await makeUser(database(), 'Ana'),
      await makeUser(database(), 'Ben'),
      await makeUser(database(), 'Cem'),
    ]
    const [ana] = people as [(typeof people)[0]]
    const seed = fc.nat({ max: 1000 })
    let accepted = 0
    const act = fc.record({
      kind: fc.constantFrom(
        'move',
        'move',
        'move',
        'stop',
        'stops',
        'note',
        'time',
        'numbers',
        'reorder',
        'take',
        'drop',
      ),
      personIndex: fc.nat({ max: 2 }),
      seeds: fc.array(seed, { minLength: 4, maxLength: 4 }),
    })
    const property = fc.asyncProperty(
      fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 12 }),
      async (rounds) => {
        const dates = { start_date: '2027-04-05', end_date: '2027-04-06' }
        const { trip } = await world.run(create_trip, { title: 'Kyoto', ...dates }, ana)
        const tripId = trip.id
        for (const person of people.slice(1))
          await world.run(add_trip_member, { tripId, identifier: await nameOf(person.userId) }, ana)
        const days = (await world.run(list_days, { tripId }, ana)).days.map(({ id }) => id)
        const { place } = await world.run(create_place, { tripId, name: 'Gion' }, ana)
        for (const reservation_time of ['2027-04-05T12:00', '2027-04-05T19:00', '2027-04-06']) {
          await world.run(create_reservation, { tripId, title: 'Booked', type: 'event', reservation_time }, ana)
        }
        for (const dayId of [...days, days[0]]) {
          await world.run(
            assignments.assign_place_to_day,
            { tripId, dayId, placeId: place.id, place_time: '10:00' },
            ana,
          )
        }
        const rows = () =>
          world.database.read(async (tx) => {
            const lists = await Promise.all(ENTITIES.map((entity) => tx.list(entity, { trip_id: tripId })))
            return lists as unknown as [assignments.AssignmentRow[], notes.DayNoteRow[], Record<string, unknown>[]]
          })
        const followed = new Map<string, unknown>()
        const start = await rows()
        for (const [at, { name }] of ENTITIES.entries()) {
          for (const row of start[at] as { id: number }[]) followed.set(`${name} ${row.id}`, row)
        }
        const watcher = await world.watch({ space: 'trip', id: tripId }, people[2] as (typeof people)[0])
        const expectedRefs = new Set(followed.keys())

        /** One act on the state at the beginning of the round: others may have been faster. */
        async function play(
          { kind, personIndex, seeds }: { kind: string; personIndex: number; seeds: number[] },
          seen: Awaited<ReturnType<typeof rows>>,
        ) {
          const [a, b, c, d] = seeds as [number, number, number, number]
          const [stops, noted, booked] = seen
          const refs = [
            ...stops.map(({ id }) => `stop:${id}`),
            ...noted.map(({ id }) => `note:${id}`),
            ...booked.map(({ id }) => `booking:${id}`),
          ]
          const pick = <T>(list: readonly T[], seed: number) => list[seed % Math.max(1, list.length)]
          const dayId = pick(days, a) as number
          const neighbours = d % 4 ? { before: pick(refs, b), ...(d % 3 && { after: pick(refs, c) }) } : {}
          const run = ((operation, input) =>
            world.run(
              operation,
              { tripId, ...(input as object) },
              people[personIndex] as (typeof people)[0],
            )) as typeof world.run
          const stop = pick(stops, c)
          if (kind === 'move') await run(move_plan_entry, { dayId, entry: pick(refs, c + d), ...neighbours }, ana)
          if (kind === 'stop') {
            const { assignment } = await run(
              assignments.assign_place_to_day,
              { dayId, placeId: place.id, ...neighbours },
              ana,
            )
            expectedRefs.add(`assignment ${assignment.id}`)
          }
          if (kind === 'stops') {
            const placeIds = [place.id, place.id]
            const created = await run(assignments.assign_places_to_day, { dayId, placeIds, ...neighbours }, ana)
            for (const { id } of created.assignments) expectedRefs.add(`assignment ${id}`)
          }
          if (kind === 'note') {
            const time = d % 2 ? '11:30' : undefined
            const { note } = await run(notes.create_day_note, { dayId, text: 'Bus', time, ...neighbours }, ana)
            expectedRefs.add(`day_note ${note.id}`)
          }
          if (kind === 'time' && stop) {
            const place_time = `${String(b % 24).padStart(2, '0')}:00`
            await run(assignments.update_assignment_time, { assignmentId: stop.id, place_time }, ana)
          }
          if (kind === 'numbers') {
            const [note, booking] = [pick(noted, b), pick(booked, b)]
            const to = { newDayId: dayId, oldDayId: stop?.day_id, orderIndex: d % 6 }
            if (d % 3 === 0 && stop) await run(assignments.move_assignment, { assignmentId: stop.id, ...to }, ana)
            if (d % 3 === 1 && note) {
              const target = { dayId, position: c % 6, beforeBookings: c % 2 === 0, sortOrder: a % 5 }
              await run(notes.move_day_note, { noteId: note.id, ...target }, ana)
            }
            const positions = [{ id: booking?.id, day_plan_position: c % 6 }]
            if (d % 3 === 2) await run(reorder_reservations, { positions }, ana)
          }
          if (kind === 'reorder') {
            const assignmentIds = stops.filter(({ day_id }) => day_id === dayId).map(({ id }) => id)
            await run(assignments.reorder_day_assignments, { dayId, assignmentIds: assignmentIds.toReversed() }, ana)
          }
          if (kind === 'take' && stop) {
            await run(assignments.unassign_place, { dayId: stop.day_id, assignmentId: stop.id }, ana)
            expectedRefs.delete(`assignment ${stop.id}`)
          }
          const note = pick(noted, b)
          if (kind === 'drop' && note) {
            await run(notes.delete_day_note, { dayId: note.day_id, noteId: note.id }, ana)
            expectedRefs.delete(`day_note ${note.id}`)
          }
        }

        for (const round of rounds) {
          const seen = await rows()
          const results = await Promise.allSettled(round.map((one) => play(one, seen)))
          for (const one of results) {
            if (one.status === 'fulfilled') accepted++
            // Acts that are no longer valid are refused; any other error is a bug.
            if (one.status === 'rejected' && !one.reason.code) throw one.reason
          }
        }
        const [stops, noted, booked] = await rows()
        for (const dayId of days) {
          const keys = [
            ...[...stops, ...noted].flatMap(({ day_id, order_key }) => (day_id === dayId ? order_key : [])),
            ...booked.flatMap(({ day_keys }) => (day_keys as Record<string, string>)[String(dayId)] ?? []),
          ]
          expect(new Set(keys).size).toBe(keys.length)
        }
        const stored = new Map(
          [stops, noted, booked].flatMap((list, at) =>
            list.map((row): [string, unknown] => [`${ENTITIES[at]?.name} ${row.id}`, row]),
          ),
        )
        expect(new Set(stored.keys())).toEqual(expectedRefs)
        for (const seen of watcher.rows as { action: string; entity: string; id?: number; row?: { id: number } }[]) {
          if (!ENTITIES.some(({ name }) => name === seen.entity)) continue
          if (seen.action === 'remove') followed.delete(`${seen.entity} ${seen.id}`)
          else followed.set(`${seen.entity} ${seen.row?.id}`, seen.row)
        }
        expect(followed).toEqual(stored)
        watcher.stop()
      },
    )
    await fc.assert(property, { numRuns: times(20, 400), seed: 20270405 })
    // Refusals alone would prove nothing.
    expect(accepted).toBeGreaterThan(200)
  })
})

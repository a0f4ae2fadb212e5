import { expect, test } from 'vitest'
import { KANSAI, NARITA, tripWithBookings } from '../../../../test/fixtures/trip-with-bookings.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { assign_place_to_day, move_assignment, unassign_place } from '../../assignments/contract/index.ts'
import { delete_day, reorder_days } from '../../days/contract/index.ts'
import { delete_place } from '../../places/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import { copy_trip, delete_trip } from '../../trips/contract/index.ts'
import * as reservations from '../contract/index.ts'

/** Bookings on the days of a trip: their order there, and what new dates, removed days and copies do to them. */

eachDatabase((database) => {
  const scene = () => tripWithBookings(database())

  test('bookings keep their position among the stops of a day', async () => {
    const { book, ride, run, tripId, ana, day, place, list, change, watcher } = await scene()
    const stops = []
    for (const name of ['a', 'b', 'c']) {
      stops.push(
        (await run(assign_place_to_day, { tripId, dayId: day(1), placeId: await place(name) }, ana)).assignment,
      )
    }
    const dinner = await book({ day_id: day(1) })
    const car = await ride({ type: 'car', start_day_id: day(1), end_day_id: day(2) })
    const order = (positions: object[], dayId?: number) =>
      run(reservations.reorder_reservations, { tripId, positions, dayId }, ana)
    const positions = async () => {
      const rows = await list()
      return [dinner.id, car.id].map((id) => {
        const row = rows.find((booking) => booking.id === id)
        return [row?.day_plan_position, Object.keys(row?.day_keys ?? {}).map(Number)]
      })
    }
    await order([{ id: dinner.id, day_plan_position: 2 }])
    await order([{ id: car.id, day_plan_position: 0 }], day(1))
    await order([{ id: car.id, day_plan_position: 4 }], day(2))
    // A position beyond the last stop means the end, and each day has its own position.
    expect(await positions()).toEqual([
      [2, [day(1)]],
      [0, [day(1), day(2)]],
    ])
    const { lines } = watcher
    lines.length = 0
    await order([{ id: dinner.id, day_plan_position: 2 }])
    expect(lines).toEqual([])
    await run(unassign_place, { tripId, dayId: day(1), assignmentId: stops[0]?.id }, ana)
    expect(await positions()).toEqual([
      [1, [day(1)]],
      [0, [day(1), day(2)]],
    ])
    const move = { assignmentId: stops[2]?.id, oldDayId: day(1), newDayId: day(2), orderIndex: 0 }
    await run(move_assignment, { tripId, ...move }, ana)
    expect(await positions()).toEqual([
      [1, [day(1)]],
      [0, [day(1), day(2)]],
    ])
    // Only the moved entry is written; its neighbours keep their keys.
    expect(lines).toEqual(['remove assignment', 'patch assignment'])
    for (const [id, dayId] of [
      [car.id, day(3)],
      [dinner.id, day(2)],
    ] as const) {
      await expect(order([{ id, day_plan_position: 0 }], dayId)).rejects.toMatchObject({
        code: 'invalid',
        issues: [{ path: 'positions' }],
      })
    }
    await expect(order([{ id: 999_999, day_plan_position: 0 }])).rejects.toMatchObject({ code: 'not_found' })
    await expect(
      order([
        { id: car.id, day_plan_position: 0 },
        { id: car.id, day_plan_position: 1 },
      ]),
    ).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(await change(dinner.id, { day_id: day(3) })).toMatchObject({ day_plan_position: null, day_keys: {} })
  })

  test('a booking loses the keys of days that it is no longer on, and keeps the others', async () => {
    const { ride, reroute, run, redate, tripId, ana, day, days, list } = await scene()
    const car = await ride({ type: 'car', start_day_id: day(1), end_day_id: day(3) })
    for (const dayId of days.slice(0, 3)) {
      await run(
        reservations.reorder_reservations,
        { tripId, positions: [{ id: car.id, day_plan_position: 0 }], dayId },
        ana,
      )
    }
    const keyed = async () => Object.keys((await list())[0]?.day_keys ?? {}).map(Number)
    expect(await keyed()).toEqual([day(1), day(2), day(3)])
    await reroute(car.id, { title: 'Hired car' })
    expect(await keyed()).toEqual([day(1), day(2), day(3)])
    await reroute(car.id, { end_day_id: day(2) })
    expect(await keyed()).toEqual([day(1), day(2)])
    await redate({ start_date: '2027-04-04', end_date: '2027-04-07', shrink: 'keep_undated' })
    const [row] = await list()
    expect(await keyed()).toEqual([day(1), day(2)].filter((id) => id === row?.day_id || id === row?.end_day_id))
    await run(delete_day, { tripId, dayId: day(1) }, ana)
    expect(await keyed()).not.toContain(day(1))
  })

  test('with new trip dates, bookings stay on the day that has their date', async () => {
    const { book, ride, redate, list, day } = await scene()
    await book({ reservation_time: '2027-04-06T19:30' })
    await book({ title: 'Undated', day_id: day(2) })
    await ride({ reservation_time: '2027-04-08T23:00', reservation_end_time: '2027-04-08T23:50' })
    await redate({ start_date: '2027-04-04', end_date: '2027-04-07', shrink: 'keep_undated' })
    expect((await list()).map(({ title, day_id }) => [title, day_id])).toEqual([
      ['Undated', day(2)],
      ['Kikunoi', day(3)],
      ['NH 22', null],
    ])
  })

  test('with new trip dates and shift_all, bookings move with their day', async () => {
    const { book, ride, redate, list, day } = await scene()
    await book({ reservation_time: '2027-04-06T19:30' })
    await ride({
      endpoints: [
        { ...KANSAI, local_date: '2027-04-07', local_time: '23:00' },
        { ...NARITA, local_date: '2027-04-08', local_time: '00:10' },
      ],
    })
    await redate({ start_date: '2027-06-01', end_date: '2027-06-04', date_shift_mode: 'shift_all' })
    expect(await list()).toMatchObject([
      { day_id: day(2), reservation_time: '2027-06-02T19:30' },
      {
        ...{ day_id: day(3), end_day_id: day(4), reservation_time: '2027-06-03T23:00' },
        endpoints: [{ local_date: '2027-06-03' }, { local_date: '2027-06-04' }],
      },
    ])
    await redate({ start_date: null, end_date: null })
    expect(await list()).toMatchObject([{ day_id: day(2), reservation_time: '2027-06-02T19:30' }, { day_id: day(3) }])
  })

  test('reordered days take their bookings along, unless one would end before it starts', async () => {
    const { book, ride, run, tripId, ana, days, day, list } = await scene()
    await book({ reservation_time: '2027-04-06T19:30' })
    const [one, two, three, four] = days as [number, number, number, number]
    await run(reorder_days, { tripId, dayIds: [two, one, three, four] }, ana)
    expect(await list()).toMatchObject([{ day_id: day(2), reservation_time: '2027-04-05T19:30' }])
    await ride({ start_day_id: three, end_day_id: four })
    await expect(run(reorder_days, { tripId, dayIds: [two, one, four, three] }, ana)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('a booking outlives its day and its place, and shortening the trip asks first', async () => {
    const { book, ride, run, tripId, ana, day, place, list, redate } = await scene()
    const place_id = await place()
    await book({ day_id: day(4), place_id })
    await ride({ start_day_id: day(2), end_day_id: day(3) })
    await expect(redate({ end_date: '2027-04-07' })).rejects.toMatchObject({
      code: 'conflict',
      details: { days: [{ day_number: 4, holds: { bookings: 1 } }] },
    })
    await redate({ end_date: '2027-04-07', shrink: 'delete' })
    await run(delete_place, { tripId, placeId: place_id }, ana)
    await run(delete_day, { tripId, dayId: day(3) }, ana)
    expect((await list()).map(({ title, ...row }) => [title, row.day_id, row.end_day_id, row.place_id])).toEqual([
      ['NH 22', day(2), null, null],
      ['Kikunoi', null, null, null],
    ])
  })

  test('a copy of a trip has its bookings completely', async () => {
    const { book, ride, run, tripId, ana, day, place } = await scene()
    const place_id = await place()
    const { assignment } = await run(assign_place_to_day, { tripId, dayId: day(1), placeId: place_id }, ana)
    await book({ place_id, assignment_id: assignment.id, day_id: day(1), url: 'https://kikunoi.example' })
    const car = await ride({
      ...{ type: 'car', metadata: { seat: '12A' }, start_day_id: day(1), end_day_id: day(2) },
      endpoints: [{ ...KANSAI, local_time: '09:30' }, NARITA],
    })
    const move = { positions: [{ id: car.id, day_plan_position: 3 }], dayId: day(2) }
    await run(reservations.reorder_reservations, { tripId, ...move }, ana)
    const read = async (id: number) => (await run(reservations.list_reservations, { tripId: id }, ana)).reservations
    const { trip } = await run(copy_trip, { tripId }, ana)
    const copiedDays = (await run(list_days, { tripId: trip.id }, ana)).days.map(({ id }) => id)
    const fieldsOfCopy = {
      ...{ id: expect.any(Number), trip_id: trip.id, created_at: expect.any(String), day_id: copiedDays[0] },
    }
    expect(await read(trip.id)).toEqual(
      (await read(tripId)).map((row) => ({
        ...row,
        ...fieldsOfCopy,
        end_day_id: row.end_day_id && copiedDays[1],
        place_id: row.place_id && expect.any(Number),
        assignment_id: row.assignment_id && expect.any(Number),
        day_keys: row.id === car.id ? { [copiedDays[1] as number]: row.day_keys[String(day(2))] } : {},
      })),
    )
    expect((await read(trip.id)).some((row) => row.place_id === place_id)).toBe(false)
    await run(delete_trip, { tripId: trip.id }, ana)
  })
})

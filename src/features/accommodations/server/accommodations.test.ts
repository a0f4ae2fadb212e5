import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { delete_day, reorder_days } from '../../days/contract/index.ts'
import { create_place, delete_place, update_place } from '../../places/contract/index.ts'
import { list_reservations, update_reservation } from '../../reservations/contract/index.ts'
import { get_trip_summary, list_days } from '../../summary/contract/index.ts'
import { copy_trip, create_trip, delete_trip, update_trip } from '../../trips/contract/index.ts'
import * as stays from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const dates = { start_date: '2027-04-05', end_date: '2027-04-10' }
    const { trip } = await world.run(create_trip, { title: 'Kyoto', ...dates }, ana)
    const tripId = trip.id
    const days = (await world.run(list_days, { tripId }, ana)).days.map((day) => day.id)
    const day = (number: number) => days[number - 1] as number
    const place = async (name = 'Ryokan') => (await world.run(create_place, { tripId, name }, ana)).place.id
    const inn = await place()
    const addStay = async (from: number, to: number, more: object = {}, caller = ana) =>
      (
        await world.run(
          stays.create_accommodation,
          { tripId, place_id: inn, start_day_id: day(from), end_day_id: day(to), ...more },
          caller,
        )
      ).accommodation
    const list = async () => (await world.run(stays.list_accommodations, { tripId }, ana)).accommodations
    const bookings = async () => (await world.run(list_reservations, { tripId }, ana)).reservations
    const watcher = await world.watch({ space: 'trip', id: tripId }, ana)
    /** The day numbers of each stay. */
    const spans = async () => {
      const daysNow = (await world.run(list_days, { tripId }, ana)).days
      const numberOf = (id: number) => daysNow.find((one) => one.id === id)?.day_number
      return (await list()).map((stay) => [numberOf(stay.start_day_id), numberOf(stay.end_day_id)])
    }
    const change = (more: object) => world.run(update_trip, { tripId, ...more }, ana)
    return { ...world, ana, tripId, day, days, place, inn, addStay, list, bookings, watcher, spans, change }
  }

  test('a stay comes with a booking that shows the data of the stay and stores none of it', async () => {
    const { addStay, bookings, watcher, inn, day } = await scene()
    const stay = await addStay(1, 3, { check_in: '15:00', check_out: '10:00', confirmation: 'AB12', notes: 'Late' })
    expect(stay).toMatchObject({ check_in: '15:00', check_in_end: null, place: { id: inn, name: 'Ryokan' } })
    expect(await bookings()).toMatchObject([
      {
        ...{ type: 'hotel', title: 'Ryokan', status: 'confirmed', accommodation_id: stay.id, place_id: inn },
        ...{ day_id: day(1), end_day_id: day(3), confirmation_number: 'AB12', notes: 'Late' },
        ...{ reservation_time: '2027-04-05T15:00', reservation_end_time: '2027-04-07T10:00', check_in: '15:00' },
      },
    ])
    expect(watcher.lines).toEqual(['insert accommodation', 'insert reservation'])
    expect(watcher.rows[1]).toMatchObject({ row: { day_id: null, place_id: null, notes: null } })
  })

  test('a stay added by an assistant is pending', async () => {
    const { addStay, bookings, ana } = await scene()
    await addStay(1, 2, {}, { ...ana, way: 'mcp' })
    expect(await bookings()).toMatchObject([{ status: 'pending' }])
  })

  test('a stay refers only to rows of its trip, and cannot end before it starts', async () => {
    const { addStay, run, tripId, ana, watcher, day, list } = await scene()
    await expect(addStay(3, 1)).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'end_day_id' }] })
    await expect(addStay(1, 2, { place_id: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(addStay(1, 2, { end_day_id: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(addStay(1, 2, { check_in: '3 pm' })).rejects.toMatchObject({ code: 'invalid' })
    const stay = await addStay(1, 2)
    const change = (more: object) => run(stays.update_accommodation, { tripId, accommodationId: stay.id, ...more }, ana)
    await expect(change({ start_day_id: day(3) })).rejects.toMatchObject({ code: 'invalid' })
    await expect(change({ place_id: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
    // A stay always has a place: programs send null for omitted arguments, so null changes nothing.
    expect((await change({ place_id: null })).accommodation).toMatchObject({ place_id: stay.place_id })
    expect(await list()).toEqual([stay])
    expect(watcher.lines).toHaveLength(2)
  })

  test('a place and a stay there are created in one step, or neither is', async () => {
    const { run, tripId, ana, day, watcher, bookings } = await scene()
    const make = (more: object) =>
      run(
        stays.create_place_accommodation,
        { tripId, name: 'Inn', start_day_id: day(1), end_day_id: day(2), ...more },
        ana,
      )
    const created = await make({ place_notes: 'Garden', accommodation_notes: 'Twin', price: 0, check_in: '16:00' })
    expect(created).toMatchObject({
      place: { name: 'Inn', notes: 'Garden', price: 0, tags: [] },
      accommodation: { notes: 'Twin', check_in: '16:00', place: { name: 'Inn' } },
    })
    expect(await bookings()).toMatchObject([{ title: 'Inn', notes: 'Twin' }])
    expect(watcher.lines).toEqual(['insert place', 'insert accommodation', 'insert reservation'])
    await expect(make({ end_day_id: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
    expect(watcher.lines).toHaveLength(3)
  })

  test('deleting a stay deletes its booking and returns its id', async () => {
    const { addStay, run, tripId, ana, bookings, watcher } = await scene()
    const stay = await addStay(1, 2)
    const [booking] = await bookings()
    expect(await run(stays.delete_accommodation, { tripId, accommodationId: stay.id }, ana)).toEqual({
      success: true,
      linkedReservationId: booking?.id,
    })
    expect(await bookings()).toEqual([])
    expect(watcher.lines.slice(2)).toEqual(['remove reservation', 'remove accommodation'])
  })

  test('a booking is named after the place until somebody renames it', async () => {
    const { addStay, run, tripId, ana, place, bookings } = await scene()
    const stay = await addStay(1, 2)
    const moveToPlace = (place_id: number) =>
      run(stays.update_accommodation, { tripId, accommodationId: stay.id, place_id }, ana)
    await moveToPlace(await place('Palace'))
    expect(await bookings()).toMatchObject([{ title: 'Palace' }])
    const [booking] = await bookings()
    await run(update_reservation, { tripId, reservationId: booking?.id, title: 'Birthday' }, ana)
    await moveToPlace(await place('Castle'))
    expect(await bookings()).toMatchObject([{ title: 'Birthday' }])
  })

  test('a stay outlives its place and one of several days; deleting its only day deletes it and keeps the booking', async () => {
    const { addStay, run, tripId, ana, inn, list, bookings, spans, day, watcher } = await scene()
    await addStay(2, 4, { confirmation: 'AB12' })
    await run(delete_place, { tripId, placeId: inn }, ana)
    expect(await list()).toMatchObject([{ place_id: null, place: null }])
    const drop = (number: number) => run(delete_day, { tripId, dayId: day(number) }, ana)
    await drop(3)
    expect(await spans()).toEqual([[2, 3]])
    await drop(4)
    expect(await spans()).toEqual([[2, 2]])
    const before = watcher.lines.length
    await drop(2)
    expect(await list()).toEqual([])
    expect(await bookings()).toMatchObject([
      { title: 'Ryokan', accommodation_id: null, day_id: null, confirmation_number: 'AB12', check_in: null },
    ])
    expect(watcher.lines.slice(before).filter((line) => !line.endsWith(' day'))).toEqual([
      'patch reservation',
      'remove accommodation',
    ])
  })

  test('when the trip gets new dates, a stay keeps its dates if they still exist, otherwise its days', async () => {
    const { addStay, spans, change } = await scene()
    await addStay(2, 4)
    await change({ start_date: '2027-04-04', end_date: '2027-04-11' })
    expect(await spans()).toEqual([[3, 5]])
    await change({ start_date: '2028-01-01', end_date: '2028-01-08' })
    expect(await spans()).toEqual([[3, 5]])
    await change({ start_date: '2027-12-31', end_date: '2028-01-07', date_shift_mode: 'shift_all' })
    expect(await spans()).toEqual([[3, 5]])
  })

  test('shortening the trip asks before a stay loses a day, but not if the stay only moves', async () => {
    const { addStay, spans, change, list } = await scene()
    await addStay(4, 6)
    // Only the last three of six days remain: the stay moves to the days that now have its dates.
    await change({ start_date: '2027-04-08' })
    expect(await spans()).toEqual([[1, 3]])
    await expect(change({ end_date: '2027-04-09' })).rejects.toMatchObject({
      code: 'conflict',
      details: { days: [{ date: '2027-04-10', holds: { stays: 1 } }] },
    })
    await change({ end_date: '2027-04-09', shrink: 'delete' })
    expect(await spans()).toEqual([[1, 2]])
    expect(await list()).toHaveLength(1)
  })

  test('days cannot be reordered so that a stay ends before it starts', async () => {
    const { addStay, run, tripId, ana, days, spans } = await scene()
    await addStay(1, 2)
    const order = (dayIds: number[]) => run(reorder_days, { tripId, dayIds }, ana)
    await expect(order(days.toReversed())).rejects.toMatchObject({ code: 'conflict' })
    const [one, two, ...rest] = days as [number, number, ...number[]]
    await order([one, ...rest, two])
    expect(await spans()).toEqual([[1, 6]])
  })

  test('the summary has the stays for callers who may read the trip or its bookings', async () => {
    const { addStay, run, tripId, ana } = await scene()
    await addStay(1, 2)
    const read = async (...scopes: string[]) => run(get_trip_summary, { tripId }, { ...ana, scopes: new Set(scopes) })
    for (const scope of ['trips:read', 'reservations:read']) {
      expect(await read(scope)).toMatchObject({ accommodations: [{ place: { name: 'Ryokan' } }] })
    }
    const without = await read('packing:read')
    expect(without).not.toHaveProperty('accommodations')
    expect(without.omitted.map(({ section }) => section)).toEqual(
      expect.arrayContaining(['accommodations', 'reservations']),
    )
  })

  test('a copy of a trip has its stays, each with its own booking', async () => {
    const { addStay, run, tripId, ana, inn } = await scene()
    await run(update_place, { tripId, placeId: inn, address: 'Gion' }, ana)
    await addStay(1, 3, { check_in: '15:00', check_in_end: '20:00' })
    const { trip } = await run(copy_trip, { tripId }, ana)
    const { accommodations } = await run(stays.list_accommodations, { tripId: trip.id }, ana)
    expect(accommodations).toMatchObject([{ check_in_end: '20:00', place: { address: 'Gion' } }])
    expect(accommodations[0]?.place_id).not.toBe(inn)
    const { reservations } = await run(list_reservations, { tripId: trip.id }, ana)
    expect(reservations).toMatchObject([{ accommodation_id: accommodations[0]?.id, status: 'confirmed' }])
    await run(delete_trip, { tripId: trip.id }, ana)
  })
})

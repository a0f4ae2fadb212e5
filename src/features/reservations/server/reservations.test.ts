import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { list_accommodations, update_accommodation } from '../../accommodations/contract/index.ts'
import { assign_place_to_day, move_assignment, unassign_place } from '../../assignments/contract/index.ts'
import { update_budget_item } from '../../budget/contract/index.ts'
import { delete_day, reorder_days } from '../../days/contract/index.ts'
import { create_place, delete_place } from '../../places/contract/index.ts'
import { get_trip_summary, list_days } from '../../summary/contract/index.ts'
import { add_trip_member, copy_trip, create_trip, delete_trip, update_trip } from '../../trips/contract/index.ts'
import * as reservations from '../contract/index.ts'

const KANSAI = { role: 'from', sequence: 0, name: 'Kansai', code: 'KIX' }
const NARITA = { role: 'to', sequence: 1, name: 'Narita', code: 'NRT' }

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const dates = { start_date: '2027-04-05', end_date: '2027-04-08' }
    const { trip } = await world.run(create_trip, { title: 'Kyoto', currency: 'JPY', ...dates }, ana)
    const tripId = trip.id
    const days = (await world.run(list_days, { tripId }, ana)).days.map((day) => day.id)
    const day = (number: number) => days[number - 1] as number
    const place = async (name = 'Ryokan') => (await world.run(create_place, { tripId, name }, ana)).place.id
    const book = async (more: object = {}, who = ana) =>
      (await world.run(reservations.create_reservation, { tripId, title: 'Kikunoi', type: 'restaurant', ...more }, who))
        .reservation
    const ride = async (more: object = {}) =>
      (await world.run(reservations.create_transport, { tripId, title: 'NH 22', type: 'flight', ...more }, ana))
        .reservation
    const change = async (reservationId: number, more: object) =>
      (await world.run(reservations.update_reservation, { tripId, reservationId, ...more }, ana)).reservation
    const reroute = async (reservationId: number, more: object) =>
      (await world.run(reservations.update_transport, { tripId, reservationId, ...more }, ana)).reservation
    const list = async () => (await world.run(reservations.list_reservations, { tripId }, ana)).reservations
    const stays = async () => (await world.run(list_accommodations, { tripId }, ana)).accommodations
    const eyes = await world.watch({ space: 'trip', id: tripId }, ana)
    const redate = (more: object) => world.run(update_trip, { tripId, ...more }, ana)
    return { ...world, ana, tripId, days, day, place, book, ride, change, reroute, list, stays, eyes, redate }
  }

  test('a booking is on the day of its date, and on none if the trip has no such day', async () => {
    const { book, day, eyes } = await scene()
    const dinner = await book({ reservation_time: '2027-04-06T19:30' })
    expect(await book({ reservation_time: '2027-04-06 9:05' })).toMatchObject({ reservation_time: '2027-04-06T09:05' })
    expect(dinner).toMatchObject({
      ...{ status: 'pending', day_id: day(2), end_day_id: null, reservation_time: '2027-04-06T19:30' },
      ...{ url: null, metadata: {}, endpoints: [], needs_review: false, day_plan_position: null, check_in: null },
    })
    expect(await book({ reservation_time: '2027-05-01' })).toMatchObject({ day_id: null })
    expect(await book({ day_id: day(3) })).toMatchObject({ day_id: day(3), reservation_time: null })
    expect(await book({ reservation_time: '2027-04-05 09:00:00', reservation_end_time: '2027-04-07' })).toMatchObject({
      ...{ reservation_time: '2027-04-05T09:00', day_id: day(1), end_day_id: day(3) },
    })
    expect(eyes.lines).toEqual(Array(5).fill('insert reservation'))
  })

  test('contradictory values and references outside the trip are refused, and nothing is written', async () => {
    const { book, ride, day, eyes } = await scene()
    const refused = (more: object, code: string, path?: string) =>
      expect(book(more)).rejects.toMatchObject({ code, ...(path && { issues: [{ path }] }) })
    const refusedWith = (more: object, path: string, message: string) =>
      expect(book(more)).rejects.toMatchObject({ code: 'invalid', issues: [{ path, message }] })
    await refused({ reservation_time: '2027-02-30' }, 'invalid', 'reservation_time')
    await refused({ reservation_time: '2027-04-05T19:30Z' }, 'invalid', 'reservation_time')
    await refused({ day_id: day(1), reservation_time: '2027-04-06' }, 'invalid', 'day_id')
    await refusedWith({ day_id: day(2), end_day_id: day(1) }, 'end_day_id', 'must be day 2 or later, not day 1')
    await refused({ end_day_id: day(1) }, 'invalid', 'end_day_id')
    await refusedWith(
      { reservation_time: '2027-04-06T19:30', reservation_end_time: '2027-04-06T18:00' },
      'reservation_end_time',
      'is before the start: 2027-04-06T18:00 is earlier than 2027-04-06T19:30',
    )
    await refusedWith({ check_in: '15:00' }, 'check_in', 'is allowed only for the stay of a hotel')
    await refusedWith(
      { type: 'hotel', check_in: '15:00' },
      'check_in',
      'cannot be saved without a place, a day of check-in and a later day of check-out',
    )
    await refused({ budget_category: 'food' }, 'invalid', 'budget_category')
    await refused({ type: 'flight' }, 'invalid', 'type')
    for (const field of ['day_id', 'end_day_id', 'place_id', 'assignment_id']) {
      await refused({ day_id: day(1), [field]: 999_999 }, 'not_found')
    }
    const far = { role: 'from', sequence: 0, name: 'Somewhere' }
    await expect(ride({ endpoints: [{ role: 'from' }] })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'endpoints.0.name' }],
    })
    await expect(ride({ endpoints: [{ code: 'Q1Q' }] })).rejects.toMatchObject({
      message: expect.stringContaining('Q1Q is not the IATA code of an airport'),
    })
    await expect(ride({ endpoints: [{ ...far, lat: 1 }] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(ride({ endpoints: [KANSAI, { ...NARITA, role: 'from' }] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(ride({ endpoints: [{ ...KANSAI, timezone: 'Mars/Olympus' }] })).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(eyes.lines).toEqual([])
  })

  test('changing the time moves the booking to that day, and changing the day moves the times', async () => {
    const { book, change, day } = await scene()
    const tour = await book({ reservation_time: '2027-04-05T09:00', reservation_end_time: '2027-04-06T17:00' })
    expect(tour).toMatchObject({ day_id: day(1), end_day_id: day(2) })
    expect(await change(tour.id, { reservation_time: '2027-04-06T09:00' })).toMatchObject({
      ...{ day_id: day(2), end_day_id: null },
    })
    expect(await change(tour.id, { day_id: day(3) })).toMatchObject({
      ...{ day_id: day(3), reservation_time: '2027-04-07T09:00', reservation_end_time: '2027-04-07T17:00' },
    })
    expect(await change(tour.id, { reservation_time: '2027-06-01', reservation_end_time: null })).toMatchObject({
      day_id: null,
    })
    expect(await change(tour.id, { reservation_time: null, day_id: day(1) })).toMatchObject({
      ...{ day_id: day(1), reservation_time: null },
    })
  })

  test('null clears a field, an omitted field stays, and links to a place and a stop can be removed', async () => {
    const { book, change, place, run, tripId, day, ana } = await scene()
    const place_id = await place()
    const { assignment } = await run(assign_place_to_day, { tripId, dayId: day(1), placeId: place_id }, ana)
    const dinner = await book({
      place_id,
      assignment_id: assignment.id,
      location: 'Gion',
      notes: 'Window',
      status: 'confirmed',
    })
    expect(dinner).toMatchObject({ place_id, assignment_id: assignment.id, status: 'confirmed' })
    expect(await change(dinner.id, { place_id: null, notes: null, url: 'https://kikunoi.example' })).toMatchObject({
      ...{ place_id: null, assignment_id: assignment.id, location: 'Gion', notes: null },
    })
    await run(unassign_place, { tripId, dayId: day(1), assignmentId: assignment.id }, ana)
    expect(await change(dinner.id, { status: 'cancelled' })).toMatchObject({ assignment_id: null, status: 'cancelled' })
  })

  test('airports are found by code and places by coordinates, each with its time zone', async () => {
    const { ride, day } = await scene()
    const flight = await ride({
      endpoints: [
        {
          ...NARITA,
          role: 'stop',
          sequence: 5,
          arrival_date: '2027-04-06',
          arrival_time: '11:00',
          local_date: '2027-04-06',
          local_time: '17:00',
        },
        {
          role: 'from',
          sequence: 0,
          code: 'kix',
          local_date: '2027-04-06',
          local_time: '09:30',
          number: 'NH 22',
          seat: '12A',
        },
        { role: 'to', sequence: 1, name: 'Home', lat: 47.37, lng: 8.54, local_date: '2027-04-06', local_time: '22:40' },
      ],
      metadata: { airline: 'ANA' },
    })
    expect(flight).toMatchObject({
      ...{ status: 'pending', day_id: day(2), end_day_id: null, metadata: { airline: 'ANA' } },
      ...{ reservation_time: '2027-04-06T09:30', reservation_end_time: '2027-04-06T22:40' },
      endpoints: [
        {
          role: 'from',
          sequence: 0,
          code: 'KIX',
          timezone: 'Asia/Tokyo',
          lat: expect.closeTo(34.4, 0),
          number: 'NH 22',
        },
        { role: 'stop', sequence: 1, code: 'NRT', timezone: 'Asia/Tokyo', arrival_time: '11:00' },
        { role: 'to', sequence: 2, code: null, timezone: 'Europe/Zurich', seat: null },
      ],
    })
  })

  test('a name is enough for an endpoint, and the order of endpoints determines their role', async () => {
    const { ride, reroute, day } = await scene()
    const train = await ride({
      type: 'train',
      endpoints: [
        { name: 'Lisboa Oriente', local_date: '2027-04-06', local_time: '09:30' },
        { name: 'Coimbra-B' },
        { name: 'Porto Campanhã', code: 'Q1Q', local_date: '2027-04-06', local_time: '12:15' },
      ],
    })
    const unknown = { lat: null, lng: null, timezone: null }
    expect(train).toMatchObject({
      ...{ day_id: day(2), reservation_time: '2027-04-06T09:30', reservation_end_time: '2027-04-06T12:15' },
      endpoints: [
        { role: 'from', sequence: 0, name: 'Lisboa Oriente', ...unknown },
        { role: 'stop', sequence: 1, name: 'Coimbra-B', ...unknown },
        { role: 'to', sequence: 2, name: 'Porto Campanhã', code: 'Q1Q', ...unknown },
      ],
    })
    const rolesOf = async (...given: object[]) =>
      (await reroute(train.id, { endpoints: given })).endpoints.map(({ role, name }) => `${role} ${name}`)
    expect(await rolesOf({ name: 'B', role: 'to' }, { name: 'A' })).toEqual(['from A', 'to B'])
    expect(await rolesOf({ name: 'S', role: 'stop' }, { name: 'B' }, { name: 'A', role: 'from' })).toEqual([
      ...['from A', 'stop S', 'to B'],
    ])
    expect(await rolesOf({ name: 'B', sequence: 2 }, { name: 'A', sequence: 1 })).toEqual(['from A', 'to B'])
    expect(await rolesOf({ name: 'A' })).toEqual(['from A'])
  })

  test('an argument of another tool is refused with the name of that tool', async () => {
    const { book, ride, change, reroute } = await scene()
    const told = (call: Promise<unknown>) => call.catch((error) => error.message)
    expect(await told(book({ type: 'flight' }))).toMatch(/type must be .*: call create_transport for "flight"$/)
    expect(await told(ride({ type: 'hotel' }))).toMatch(/: call create_reservation for "hotel"$/)
    const { id } = await book()
    expect(await told(change(id, { type: 'train' }))).toMatch(/: call update_transport for "train"$/)
    expect(await told(reroute(id, { type: 'tour' }))).toMatch(/: call update_reservation for "tour"$/)
    expect(await told(book({ type: 'spaceship' }))).toMatch(/type must be one of "hotel", .*, "activity", "other"$/)
  })

  test('the times of a transport and of its endpoints are kept equal, whichever is given', async () => {
    const { ride, reroute, day } = await scene()
    const flight = await ride({
      ...{ reservation_time: '2027-04-05T09:30', reservation_end_time: '2027-04-05' },
      endpoints: [KANSAI, { ...NARITA, local_time: '10:45' }],
    })
    expect(flight).toMatchObject({
      reservation_end_time: '2027-04-05T10:45',
      endpoints: [
        { local_date: '2027-04-05', local_time: '09:30' },
        { local_date: '2027-04-05', local_time: '10:45' },
      ],
    })
    const later = await reroute(flight.id, { start_day_id: day(3) })
    expect(later).toMatchObject({
      ...{ day_id: day(3), reservation_time: '2027-04-07T09:30', reservation_end_time: '2027-04-07T10:45' },
      endpoints: [{ local_date: '2027-04-07' }, { local_date: '2027-04-07' }],
    })
    const night = {
      endpoints: [
        { ...KANSAI, local_date: '2027-04-07', local_time: '23:00' },
        { ...NARITA, local_date: '2027-04-08', local_time: '00:15' },
      ],
    }
    expect(await reroute(flight.id, night)).toMatchObject({
      ...{ day_id: day(3), end_day_id: day(4), reservation_time: '2027-04-07T23:00' },
    })
    await expect(reroute(flight.id, { ...night, reservation_time: '2027-04-07T22:00' })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'reservation_time' }],
    })
    expect(await reroute(flight.id, { endpoints: [] })).toMatchObject({ endpoints: [], day_id: day(3) })
  })

  test('a flight may land on the day before its departure, across the date line, but not earlier in absolute time', async () => {
    const { ride, day } = await scene()
    const ends = (time: string) => [
      { role: 'from', sequence: 0, name: 'Auckland', code: 'AKL', local_date: '2027-04-06', local_time: '21:00' },
      { role: 'to', sequence: 1, name: 'Honolulu', code: 'HNL', local_date: '2027-04-06', local_time: time },
    ]
    expect(await ride({ endpoints: ends('07:10') })).toMatchObject({ day_id: day(2), end_day_id: null })
    await expect(
      ride({ endpoints: ends('07:10').map((end) => ({ ...end, timezone: 'Asia/Tokyo' })) }),
    ).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'reservation_end_time' }],
    })
  })

  test('a hotel with a place and days has a stay, and deleting either deletes both', async () => {
    const { book, place, day, stays, list, run, tripId, ana, eyes } = await scene()
    const place_id = await place()
    const hotel = await book({
      ...{ type: 'hotel', title: 'Ryokan', place_id, start_day_id: day(1), end_day_id: day(3), check_in: '15:00' },
      ...{ confirmation_number: 'AB12', notes: 'Late', reservation_end_time: '2027-04-07T10:00' },
    })
    expect(hotel).toMatchObject({
      ...{
        status: 'pending',
        place_id,
        day_id: day(1),
        end_day_id: day(3),
        confirmation_number: 'AB12',
        notes: 'Late',
      },
      ...{ check_in: '15:00', check_out: '10:00', reservation_time: '2027-04-05T15:00' },
    })
    expect(await stays()).toMatchObject([{ id: hotel.accommodation_id, confirmation: 'AB12', notes: 'Late' }])
    await run(reservations.delete_reservation, { tripId, reservationId: hotel.id }, ana)
    expect([await stays(), await list()]).toEqual([[], []])
    expect(eyes.lines).toEqual([
      ...['insert place', 'insert accommodation', 'insert reservation'],
      ...['remove reservation', 'remove accommodation'],
    ])
  })

  test('changing a hotel or its stay changes both', async () => {
    const { book, place, day, stays, list, change, run, tripId, ana } = await scene()
    const ref = { place_id: await place(), start_day_id: day(1), end_day_id: day(2) }
    const hotel = await book({ type: 'hotel', ...ref })
    const other = await place('Palace')
    await change(hotel.id, { place_id: other, day_id: day(2), end_day_id: day(4), check_in: '16:00', notes: 'Quiet' })
    const [stay] = await stays()
    expect(stay).toMatchObject({
      place_id: other,
      start_day_id: day(2),
      end_day_id: day(4),
      check_in: '16:00',
      notes: 'Quiet',
    })
    await run(update_accommodation, { tripId, accommodationId: stay?.id, check_in: '17:00', confirmation: 'X1' }, ana)
    expect(await list()).toMatchObject([
      { check_in: '17:00', confirmation_number: 'X1', day_id: day(2), notes: 'Quiet' },
    ])
    await expect(change(hotel.id, { reservation_time: '2027-04-05T15:00' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(change(hotel.id, { day_id: null })).rejects.toMatchObject({ code: 'invalid' })
    expect(await change(hotel.id, { type: 'other' })).toMatchObject({
      ...{ accommodation_id: null, place_id: other, day_id: day(2), end_day_id: day(4), confirmation_number: 'X1' },
    })
    expect(await stays()).toEqual([])
  })

  test('the answer for a hotel without a stay says what is missing, and start_day_id can be changed too', async () => {
    const { place, day, run, tripId, ana } = await scene()
    const book = (more: object) =>
      run(reservations.create_reservation, { tripId, title: 'Ryokan', type: 'hotel', ...more }, ana)
    const change = (reservationId: number, more: object) =>
      run(reservations.update_reservation, { tripId, reservationId, ...more }, ana)
    const span = { start_day_id: day(1), end_day_id: day(3) }
    const made = await book(span)
    expect(made.note).toMatch(
      /^No stay was made: the booking still needs a place \(place_id\)\. Add this with update_reservation/,
    )
    expect((await book({})).note).toMatch(/a place .*, a day of check-in \(start_day_id\), a later day/)
    const whole = { day_id: day(1), end_day_id: day(3), place_id: await place('Inn') }
    expect((await book(whole)).note).toMatch(/needs a day of check-in \(start_day_id\)\./)
    const { id } = made.reservation
    const stays = await change(id, { place_id: await place() })
    expect(stays).toMatchObject({ reservation: { accommodation_id: expect.any(Number) } })
    expect(stays.note).toBeUndefined()
    const moved = await change(id, { start_day_id: day(2) })
    expect(moved.reservation).toMatchObject({ day_id: day(2), end_day_id: day(3) })
    const twice = change(id, { start_day_id: day(2), day_id: day(1) })
    await expect(twice).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'start_day_id' }] })
    const table = await run(reservations.create_reservation, { tripId, title: 'Kikunoi', type: 'restaurant' }, ana)
    expect(table.note).toBeUndefined()
    expect((await change(table.reservation.id, { start_day_id: day(4) })).reservation).toMatchObject({ day_id: day(4) })
  })

  test('the answer for a booking with a price names its cost and the payer', async () => {
    const { run, tripId, ana } = await scene()
    const made = await run(
      reservations.create_transport,
      { tripId, title: 'Hikari', type: 'train', price: 14_000 },
      ana,
    )
    expect(made).toMatchObject({ budget_item_id: expect.any(Number), payers: [] })
    const reservationId = made.reservation.id
    const paid = { tripId, itemId: made.budget_item_id, payers: [{ user_id: ana.userId, amount: 14_000 }] }
    await run(update_budget_item, paid, ana)
    const dearer = await run(reservations.update_transport, { tripId, reservationId, price: 15_000 }, ana)
    expect(dearer).toMatchObject({
      budget_item_id: made.budget_item_id,
      payers: [{ user_id: ana.userId, amount: 15_000 }],
    })
    const same = await run(reservations.update_transport, { tripId, reservationId, title: 'Nozomi' }, ana)
    expect(same).toEqual({ reservation: same.reservation })
  })

  test('a hotel can get a stay later, other bookings cannot', async () => {
    const { book, place, day, stays, run, tripId, ana } = await scene()
    const hotel = await book({ type: 'hotel', title: 'Ryokan', confirmation_number: 'AB12', day_id: day(3) })
    const ref = { place_id: await place(), start_day_id: day(1), end_day_id: day(2) }
    const link = (reservationId: number, more: object) =>
      run(reservations.link_hotel_accommodation, { tripId, reservationId, ...ref, ...more }, ana)
    const { accommodation_id, reservation } = await link(hotel.id, { check_in: '15:00' })
    expect(reservation).toMatchObject({ accommodation_id, day_id: day(1), confirmation_number: 'AB12' })
    expect(await link(hotel.id, { end_day_id: day(4) })).toMatchObject({
      accommodation_id,
      accommodation: { end_day_id: day(4), check_in: '15:00', confirmation: 'AB12' },
    })
    expect(await stays()).toHaveLength(1)
    await expect(link((await book()).id, {})).rejects.toMatchObject({ code: 'conflict' })
    await expect(link(hotel.id, { end_day_id: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a hotel gets a stay once it has a place and days', async () => {
    const { book, place, day, stays, change } = await scene()
    const hotel = await book({ type: 'hotel', confirmation_number: 'AB12', day_id: day(1) })
    await expect(change(hotel.id, { check_in: '15:00' })).rejects.toThrow(/without a place/)
    expect(await change(hotel.id, { place_id: await place() })).toMatchObject({ accommodation_id: null })
    expect(await change(hotel.id, { end_day_id: day(2), check_in: '15:00' })).toMatchObject({ check_in: '15:00' })
    expect(await stays()).toMatchObject([{ start_day_id: day(1), end_day_id: day(2), confirmation: 'AB12' }])
  })

  test('a price is stored as a cost of the trip, and deleted with the booking', async () => {
    const { book, change, run, tripId, ana } = await scene()
    const costs = async () => (await run(get_trip_summary, { tripId }, ana)).budget?.items
    const dinner = await book({ price: 44000 })
    expect(dinner).not.toHaveProperty('price')
    expect(await costs()).toMatchObject([
      { name: 'Kikunoi', total_price: 44000, currency: 'JPY', category: 'food', reservation_id: dinner.id },
    ])
    await change(dinner.id, { price: 50000, budget_category: 'treats' })
    expect(await costs()).toMatchObject([{ total_price: 50000, category: 'treats' }])
    await run(reservations.delete_reservation, { tripId, reservationId: dinner.id }, ana)
    expect(await costs()).toEqual([])
  })

  test('whatever is wrong with the cost of a booking is reported as a problem of its price', async () => {
    const { book, change, run, tripId, ana } = await scene()
    const refused = { code: 'invalid', issues: [{ path: 'price' }], message: expect.stringMatching(/^price: /) }
    await expect(book({ price: 10.5 })).rejects.toMatchObject(refused)
    const dinner = await book({ price: 300 })
    await expect(change(dinner.id, { price: 10.5 })).rejects.toMatchObject(refused)
    const itemId = (await run(get_trip_summary, { tripId }, ana)).budget?.items[0]?.id
    const shares = [{ user_id: ana.userId, amount: 300 }]
    await run(update_budget_item, { tripId, itemId, shares }, ana)
    await expect(change(dinner.id, { price: 400 })).rejects.toMatchObject(refused)
  })

  test('all members but the author are notified of a new, changed or deleted booking', async () => {
    const { book, change, run, tripId, ana, watch } = await scene()
    const ben = await makeUser(database(), 'Ben')
    const { username } = await database()
      .kysely.selectFrom('users')
      .select('username')
      .where('id', '=', ben.userId)
      .executeTakeFirstOrThrow()
    await run(add_trip_member, { tripId, identifier: username }, ana)
    const hears = async (who: typeof ana) => watch({ space: 'user', id: who.userId }, who)
    const [his, hers] = [await hears(ben), await hears(ana)]
    const dinner = await book()
    await change(dinner.id, { status: 'confirmed' })
    await run(reservations.delete_reservation, { tripId, reservationId: dinner.id }, ana)
    expect(his.lines.length).toBeGreaterThan(0)
    expect(his.rows.at(-1)).toMatchObject({
      entity: 'notification',
      row: { event: 'booking_change', about: 'Kikunoi' },
    })
    expect(hers.lines).toEqual([])
  })

  test('transports and other bookings are changed by their own operations', async () => {
    const { book, ride, change, reroute, run, tripId, ana } = await scene()
    const [dinner, flight] = [await book(), await ride()]
    await expect(change(flight.id, { location: 'x' })).rejects.toMatchObject({
      hint: expect.stringContaining('update_transport'),
    })
    await expect(reroute(dinner.id, { title: 'x' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await reroute(flight.id, { type: 'bus', status: 'confirmed' })).toMatchObject({ type: 'bus' })
    const drop = (reservationId: number) => run(reservations.delete_transport, { tripId, reservationId }, ana)
    await expect(drop(dinner.id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await drop(flight.id)).toEqual({ success: true })
  })

  test('update_reservation can also change the common fields of a transport', async () => {
    const { ride, change, reroute, day, place, list } = await scene()
    const ends = [
      { name: 'Kyoto', local_date: '2027-04-05', local_time: '09:05' },
      { name: 'Nara', local_date: '2027-04-05', local_time: '09:50' },
    ]
    const [one, other] = [
      await ride({ type: 'train', endpoints: ends }),
      await ride({ type: 'train', endpoints: ends }),
    ]
    const same = [
      { status: 'cancelled', title: 'To Nara', notes: 'Left side.', confirmation_number: 'N1', needs_review: true },
      { url: 'https://example.org/', price: 500, budget_category: 'transport' },
      { reservation_time: '2027-04-06T09:15', reservation_end_time: '2027-04-06T10:00' },
      // Programs also send the fields that they do not change.
      { start_day_id: day(3), location: null, place_id: null, assignment_id: null },
      { end_day_id: null, notes: null },
    ]
    for (const more of same) {
      const { location: _, place_id: __, assignment_id: ___, ...shared } = more as Record<string, unknown>
      const [changed, rerouted] = [await change(one.id, more), await reroute(other.id, shared)]
      expect({ ...changed, id: 0, created_at: '' }).toEqual({ ...rerouted, id: 0, created_at: '' })
    }
    expect(await change(one.id, {})).toMatchObject({
      ...{ status: 'cancelled', type: 'train', day_id: day(3), reservation_time: '2027-04-07T09:15' },
      endpoints: [{ local_date: '2027-04-07', local_time: '09:15' }, { local_time: '10:00' }],
    })
    const before = await list()
    const theirs = { place_id: await place(), location: 'Kyoto', type: 'tour', assignment_id: 1, check_in: '15:00' }
    for (const [field, value] of Object.entries(theirs)) {
      await expect(change(one.id, { title: 'x', [field]: value })).rejects.toMatchObject({
        code: 'invalid',
        issues: [
          {
            path: field,
            message: `is not allowed for transports, and booking ${one.id} is a transport of type train`,
          },
        ],
      })
    }
    expect(await list()).toEqual(before)
  })

  test('details are changed by name, and those of an endpoint are changed there', async () => {
    const { ride, reroute, list } = await scene()
    const metadata = { airline: 'ANA', flight_number: 'NH22', seat: null, platform: '' }
    const flight = await ride({ metadata })
    expect(flight.metadata).toEqual({ airline: 'ANA', flight_number: 'NH22' })
    const detail = async (of: { id: number }, metadata: object, more = {}) => {
      const { metadata: after, endpoints } = await reroute(of.id, { metadata, ...more })
      return [after, endpoints.map(({ number, platform, seat }) => [number, platform, seat])]
    }
    expect(await detail(flight, { seat: '14A' })).toEqual([{ airline: 'ANA', flight_number: 'NH22', seat: '14A' }, []])
    expect(await detail(flight, {})).toEqual([{ airline: 'ANA', flight_number: 'NH22', seat: '14A' }, []])
    expect(await detail(flight, { seat: '', terminal: '2', constructor: 'Boeing', gone: null })).toEqual([
      { airline: 'ANA', flight_number: 'NH22', terminal: '2', constructor: 'Boeing' },
      [],
    ])

    const train = await ride({ type: 'train', endpoints: [{ name: 'Kyoto', platform: '8' }, { name: 'Nara' }] })
    const at = (platform: string | null) => [[null, platform, null], Array(3).fill(null)]
    expect(await detail(train, { platform: '10', seat: '3D' })).toEqual([{ seat: '3D' }, at('10')])
    expect(await detail(train, { platform: null })).toEqual([{ seat: '3D' }, at(null)])
    // A value stored in both places stays the same in both.
    const again = [{ name: 'Kyoto', platform: '9' }, { name: 'Nara' }]
    expect(await detail(train, { platform: '9' }, { endpoints: again })).toEqual([
      { seat: '3D', platform: '9' },
      at('9'),
    ])
    expect(await detail(train, { platform: '7' })).toEqual([{ seat: '3D', platform: '7' }, at('7')])
    const [, ...before] = await list()
    await expect(reroute(train.id, { metadata: { platform: 'x'.repeat(31) } })).rejects.toMatchObject({
      issues: [{ path: 'metadata.platform', message: 'must have at most 30 characters, but has 31' }],
    })
    const names = Object.fromEntries(Array.from({ length: 29 }, (_, at) => [`detail ${at}`, 'x']))
    await expect(reroute(train.id, { metadata: names })).rejects.toMatchObject({ issues: [{ path: 'metadata' }] })
    expect((await list()).slice(1)).toEqual(before)

    const far = await ride({
      endpoints: [{ name: 'Kyoto', seat: '1A' }, { name: 'Tokyo', seat: '2B' }, { name: 'Oslo' }],
    })
    await expect(reroute(far.id, { metadata: { seat: '3C' } })).rejects.toMatchObject({
      issues: [{ path: 'metadata.seat' }],
      hint: expect.stringContaining('Give endpoints'),
    })
  })

  test('bookings keep their position among the stops of a day', async () => {
    const { book, ride, run, tripId, ana, day, place, list, change, eyes } = await scene()
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
    const at = async () => {
      const rows = await list()
      return [dinner.id, car.id].map((id) => {
        const row = rows.find((one) => one.id === id)
        return [row?.day_plan_position, Object.keys(row?.day_keys ?? {}).map(Number)]
      })
    }
    await order([{ id: dinner.id, day_plan_position: 2 }])
    await order([{ id: car.id, day_plan_position: 0 }], day(1))
    await order([{ id: car.id, day_plan_position: 4 }], day(2))
    // A position beyond the last stop means the end, and each day has its own position.
    expect(await at()).toEqual([
      [2, [day(1)]],
      [0, [day(1), day(2)]],
    ])
    const { lines } = eyes
    lines.length = 0
    await order([{ id: dinner.id, day_plan_position: 2 }])
    expect(lines).toEqual([])
    await run(unassign_place, { tripId, dayId: day(1), assignmentId: stops[0]?.id }, ana)
    expect(await at()).toEqual([
      [1, [day(1)]],
      [0, [day(1), day(2)]],
    ])
    const move = { assignmentId: stops[2]?.id, oldDayId: day(1), newDayId: day(2), orderIndex: 0 }
    await run(move_assignment, { tripId, ...move }, ana)
    expect(await at()).toEqual([
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
    const after = (await run(list_days, { tripId: trip.id }, ana)).days.map(({ id }) => id)
    const anew = {
      ...{ id: expect.any(Number), trip_id: trip.id, created_at: expect.any(String), day_id: after[0] },
    }
    expect(await read(trip.id)).toEqual(
      (await read(tripId)).map((row) => ({
        ...row,
        ...anew,
        end_day_id: row.end_day_id && after[1],
        place_id: row.place_id && expect.any(Number),
        assignment_id: row.assignment_id && expect.any(Number),
        day_keys: row.id === car.id ? { [after[1] as number]: row.day_keys[String(day(2))] } : {},
      })),
    )
    expect((await read(trip.id)).some((row) => row.place_id === place_id)).toBe(false)
    await run(delete_trip, { tripId: trip.id }, ana)
  })

  test('the summary has the bookings for callers who may read them', async () => {
    const { book, run, tripId, ana } = await scene()
    await book()
    const read = (scope: string) => run(get_trip_summary, { tripId }, { ...ana, scopes: new Set([scope]) })
    expect(await read('reservations:write')).toMatchObject({ reservations: [{ title: 'Kikunoi' }] })
    expect(await read('trips:read')).toMatchObject({
      omitted: expect.arrayContaining([expect.objectContaining({ section: 'reservations' })]),
    })
  })
})

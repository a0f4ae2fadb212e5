import { expect, test } from 'vitest'
import { KANSAI, NARITA, tripWithBookings } from '../../../../test/fixtures/trip-with-bookings.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { assign_place_to_day, unassign_place } from '../../assignments/contract/index.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import { add_trip_member } from '../../trips/contract/index.ts'
import * as reservations from '../contract/index.ts'

/** Bookings by themselves: their values, their endpoints, and who may change them. */

eachDatabase((database) => {
  const scene = () => tripWithBookings(database())

  test('a booking is on the day of its date, and on none if the trip has no such day', async () => {
    const { book, day, watcher } = await scene()
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
    expect(watcher.lines).toEqual(Array(5).fill('insert reservation'))
  })

  test('contradictory values and references outside the trip are refused, and nothing is written', async () => {
    const { book, ride, day, watcher } = await scene()
    const refused = (values: object, code: string, path?: string) =>
      expect(book(values)).rejects.toMatchObject({ code, ...(path && { issues: [{ path }] }) })
    const refusedWith = (values: object, path: string, message: string) =>
      expect(book(values)).rejects.toMatchObject({ code: 'invalid', issues: [{ path, message }] })
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
    const endpoint = { role: 'from', sequence: 0, name: 'Somewhere' }
    await expect(ride({ endpoints: [{ role: 'from' }] })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'endpoints.0.name' }],
    })
    await expect(ride({ endpoints: [{ code: 'Q1Q' }] })).rejects.toMatchObject({
      message: expect.stringContaining('Q1Q is not the IATA code of an airport'),
    })
    await expect(ride({ endpoints: [{ ...endpoint, lat: 1 }] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(ride({ endpoints: [KANSAI, { ...NARITA, role: 'from' }] })).rejects.toMatchObject({ code: 'invalid' })
    await expect(ride({ endpoints: [{ ...KANSAI, timezone: 'Mars/Olympus' }] })).rejects.toMatchObject({
      code: 'invalid',
    })
    expect(watcher.lines).toEqual([])
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
    const rolesOf = async (...endpoints: object[]) =>
      (await reroute(train.id, { endpoints })).endpoints.map(({ role, name }) => `${role} ${name}`)
    expect(await rolesOf({ name: 'B', role: 'to' }, { name: 'A' })).toEqual(['from A', 'to B'])
    expect(await rolesOf({ name: 'S', role: 'stop' }, { name: 'B' }, { name: 'A', role: 'from' })).toEqual([
      ...['from A', 'stop S', 'to B'],
    ])
    expect(await rolesOf({ name: 'B', sequence: 2 }, { name: 'A', sequence: 1 })).toEqual(['from A', 'to B'])
    expect(await rolesOf({ name: 'A' })).toEqual(['from A'])
  })

  test('an argument of another tool is refused with the name of that tool', async () => {
    const { book, ride, change, reroute } = await scene()
    const messageOf = (call: Promise<unknown>) => call.catch((error) => error.message)
    expect(await messageOf(book({ type: 'flight' }))).toMatch(/type must be .*: call create_transport for "flight"$/)
    expect(await messageOf(ride({ type: 'hotel' }))).toMatch(/: call create_reservation for "hotel"$/)
    const { id } = await book()
    expect(await messageOf(change(id, { type: 'train' }))).toMatch(/: call update_transport for "train"$/)
    expect(await messageOf(reroute(id, { type: 'tour' }))).toMatch(/: call update_reservation for "tour"$/)
    expect(await messageOf(book({ type: 'spaceship' }))).toMatch(
      /type must be one of "hotel", .*, "activity", "other"$/,
    )
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
    const rerouted = await reroute(flight.id, { start_day_id: day(3) })
    expect(rerouted).toMatchObject({
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

  test('all members but the author are notified of a new, changed or deleted booking', async () => {
    const { book, change, run, tripId, ana, watch } = await scene()
    const ben = await makeUser(database(), 'Ben')
    const { username } = await database()
      .kysely.selectFrom('users')
      .select('username')
      .where('id', '=', ben.userId)
      .executeTakeFirstOrThrow()
    await run(add_trip_member, { tripId, identifier: username }, ana)
    const watchNotifications = async (person: typeof ana) => watch({ space: 'user', id: person.userId }, person)
    const [bensEvents, anasEvents] = [await watchNotifications(ben), await watchNotifications(ana)]
    const dinner = await book()
    await change(dinner.id, { status: 'confirmed' })
    await run(reservations.delete_reservation, { tripId, reservationId: dinner.id }, ana)
    expect(bensEvents.lines.length).toBeGreaterThan(0)
    expect(bensEvents.rows.at(-1)).toMatchObject({
      entity: 'notification',
      row: { event: 'booking_change', about: 'Kikunoi' },
    })
    expect(anasEvents.lines).toEqual([])
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
    const [changedTrain, reroutedTrain] = [
      await ride({ type: 'train', endpoints: ends }),
      await ride({ type: 'train', endpoints: ends }),
    ]
    const commonChanges = [
      { status: 'cancelled', title: 'To Nara', notes: 'Left side.', confirmation_number: 'N1', needs_review: true },
      { url: 'https://example.org/', price: 500, budget_category: 'transport' },
      { reservation_time: '2027-04-06T09:15', reservation_end_time: '2027-04-06T10:00' },
      // Programs also send the fields that they do not change.
      { start_day_id: day(3), location: null, place_id: null, assignment_id: null },
      { end_day_id: null, notes: null },
    ]
    for (const changes of commonChanges) {
      const { location: _, place_id: __, assignment_id: ___, ...shared } = changes as Record<string, unknown>
      const [changed, rerouted] = [await change(changedTrain.id, changes), await reroute(reroutedTrain.id, shared)]
      expect({ ...changed, id: 0, created_at: '' }).toEqual({ ...rerouted, id: 0, created_at: '' })
    }
    expect(await change(changedTrain.id, {})).toMatchObject({
      ...{ status: 'cancelled', type: 'train', day_id: day(3), reservation_time: '2027-04-07T09:15' },
      endpoints: [{ local_date: '2027-04-07', local_time: '09:15' }, { local_time: '10:00' }],
    })
    const before = await list()
    const fieldsOfOtherBookings = {
      place_id: await place(),
      location: 'Kyoto',
      type: 'tour',
      assignment_id: 1,
      check_in: '15:00',
    }
    for (const [field, value] of Object.entries(fieldsOfOtherBookings)) {
      await expect(change(changedTrain.id, { title: 'x', [field]: value })).rejects.toMatchObject({
        code: 'invalid',
        issues: [
          {
            path: field,
            message: `is not allowed for transports, and booking ${changedTrain.id} is a transport of type train`,
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
    const detailsAfter = async (transport: { id: number }, metadata: object, changes = {}) => {
      const { metadata: after, endpoints } = await reroute(transport.id, { metadata, ...changes })
      return [after, endpoints.map(({ number, platform, seat }) => [number, platform, seat])]
    }
    expect(await detailsAfter(flight, { seat: '14A' })).toEqual([
      { airline: 'ANA', flight_number: 'NH22', seat: '14A' },
      [],
    ])
    expect(await detailsAfter(flight, {})).toEqual([{ airline: 'ANA', flight_number: 'NH22', seat: '14A' }, []])
    expect(await detailsAfter(flight, { seat: '', terminal: '2', constructor: 'Boeing', gone: null })).toEqual([
      { airline: 'ANA', flight_number: 'NH22', terminal: '2', constructor: 'Boeing' },
      [],
    ])

    const train = await ride({ type: 'train', endpoints: [{ name: 'Kyoto', platform: '8' }, { name: 'Nara' }] })
    const endpointsWith = (platform: string | null) => [[null, platform, null], Array(3).fill(null)]
    expect(await detailsAfter(train, { platform: '10', seat: '3D' })).toEqual([{ seat: '3D' }, endpointsWith('10')])
    expect(await detailsAfter(train, { platform: null })).toEqual([{ seat: '3D' }, endpointsWith(null)])
    // A value stored in both places stays the same in both.
    const endpoints = [{ name: 'Kyoto', platform: '9' }, { name: 'Nara' }]
    expect(await detailsAfter(train, { platform: '9' }, { endpoints })).toEqual([
      { seat: '3D', platform: '9' },
      endpointsWith('9'),
    ])
    expect(await detailsAfter(train, { platform: '7' })).toEqual([{ seat: '3D', platform: '7' }, endpointsWith('7')])
    const [, ...before] = await list()
    await expect(reroute(train.id, { metadata: { platform: 'x'.repeat(31) } })).rejects.toMatchObject({
      issues: [{ path: 'metadata.platform', message: 'must have at most 30 characters, but has 31' }],
    })
    const names = Object.fromEntries(Array.from({ length: 29 }, (_, index) => [`detail ${index}`, 'x']))
    await expect(reroute(train.id, { metadata: names })).rejects.toMatchObject({ issues: [{ path: 'metadata' }] })
    expect((await list()).slice(1)).toEqual(before)

    const withThreeEndpoints = await ride({
      endpoints: [{ name: 'Kyoto', seat: '1A' }, { name: 'Tokyo', seat: '2B' }, { name: 'Oslo' }],
    })
    await expect(reroute(withThreeEndpoints.id, { metadata: { seat: '3C' } })).rejects.toMatchObject({
      issues: [{ path: 'metadata.seat' }],
      hint: expect.stringContaining('Give endpoints'),
    })
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

import { expect, test } from 'vitest'
import { type Booking, create_transport, update_reservation } from '../contract/index.ts'
import { coordinatesIn, newValues, requestFor, valuesOf } from './booking-values.ts'

const TRIP = { tripId: 7, placeName: undefined, dated: true, stays: true }

const booking = (values: Partial<Booking>): Booking => ({
  ...{ id: 1, trip_id: 7, type: 'restaurant', title: 'Kikunoi', status: 'pending', day_id: 3, end_day_id: null },
  ...{ place_id: null, assignment_id: null, accommodation_id: null, location: null, confirmation_number: null },
  ...{ reservation_time: null, reservation_end_time: null, notes: null, url: null, metadata: {}, endpoints: [] },
  ...{ needs_review: false, day_keys: {}, created_at: '2027-01-01T00:00:00.000Z' },
  ...{ check_in: null, check_in_end: null, check_out: null },
  ...values,
})

test('a flight from the form is accepted by the server, and named after its route', () => {
  const values = newValues('flight', { id: 3, date: '2027-04-05' }, 4)
  const [from, to] = values.ends
  if (!from || !to) throw new Error('The flight must have two endpoints')
  const ends = [
    { ...from, code: 'KIX', time: '09:30' },
    { ...to, code: 'NRT', date: '2027-04-05', time: '10:45' },
  ]
  const { operation, input } = requestFor({ ...values, ends }, TRIP, null)
  expect(operation).toBe(create_transport)
  expect(operation.input.parse(input)).toMatchObject({
    title: 'KIX → NRT',
    reservation_time: '2027-04-05T09:30',
    endpoints: [
      { role: 'from', sequence: 0, code: 'KIX', name: null },
      { role: 'to', sequence: 1, code: 'NRT', local_time: '10:45' },
    ],
  })
})

test('unchanged form values are sent as they were', () => {
  const before = booking({
    reservation_time: '2027-04-05T19:30',
    reservation_end_time: '2027-04-05T21:00',
    notes: 'Window',
  })
  const { operation, input } = requestFor(valuesOf(before, null), TRIP, before)
  expect(operation).toBe(update_reservation)
  expect(operation.input.parse(input)).toMatchObject({
    ...{ reservationId: 1, reservation_time: '2027-04-05T19:30', reservation_end_time: '2027-04-05T21:00' },
    ...{ notes: 'Window', url: null, place_id: null },
  })
  expect(input).not.toHaveProperty('price')
  expect(input).not.toHaveProperty('day_id')
})

test('an endpoint with only a name has no position in the form either', () => {
  const end = {
    ...{ code: null, lat: null, lng: null, timezone: null, local_date: '2027-04-05', local_time: null },
    ...{ arrival_date: null, arrival_time: null, number: null, platform: null, seat: null },
  }
  const before = booking({
    type: 'train',
    endpoints: [
      { ...end, role: 'from', sequence: 0, name: 'Lisboa Oriente' },
      { ...end, role: 'to', sequence: 1, name: 'Porto' },
    ],
  })
  const values = valuesOf(before, null)
  expect(values.ends.map(({ at }) => at)).toEqual(['', ''])
  const { operation, input } = requestFor(values, TRIP, before)
  const { endpoints } = operation.input.parse(input) as { endpoints: object[] }
  expect(endpoints).toMatchObject([{ name: 'Lisboa Oriente' }, { name: 'Porto' }])
  expect(endpoints[0]).not.toHaveProperty('lat')
})

test('a hotel sends its days, and is named after its place', () => {
  const values = { ...newValues('hotel', { id: 3, date: '2027-04-05' }, 4), placeId: 9, checkIn: '15:00' }
  const { input } = requestFor(values, { ...TRIP, placeName: 'Ryokan' }, null)
  expect(input).toMatchObject({ title: 'Ryokan', place_id: 9, start_day_id: 3, end_day_id: 4, check_in: '15:00' })
})

test('a hotel is booked without a stay if the user may not plan stays', () => {
  const values = {
    ...newValues('hotel', { id: 3, date: '2027-04-05' }, 4),
    title: 'Ryokan',
    placeId: 9,
    checkIn: '15:00',
  }
  for (const before of [null, booking({ type: 'hotel', accommodation_id: 5 })]) {
    const { input } = requestFor(values, { ...TRIP, stays: false }, before)
    expect(input).toMatchObject({ title: 'Ryokan', type: 'hotel' })
    for (const field of ['place_id', 'start_day_id', 'day_id', 'end_day_id', 'check_in'])
      expect(input).not.toHaveProperty(field)
  }
})

test('pasted coordinates are parsed', () => {
  expect(coordinatesIn(' 35.01, -135.76 ')).toEqual({ lat: 35.01, lng: -135.76 })
  expect(coordinatesIn('35.01 135.76')).toEqual({ lat: 35.01, lng: 135.76 })
  expect(coordinatesIn('Kyoto')).toBeNull()
})

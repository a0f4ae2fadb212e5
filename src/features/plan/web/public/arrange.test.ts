import { expect, test } from 'vitest'
import type { PublicTrip } from '../../../sharing/contract/index.ts'
import { furtherPlaces, planOf } from './arrange.ts'

const place = (id: number, name: string) => ({
  id,
  name,
  description: null,
  lat: null,
  lng: null,
  address: null,
  category_id: null,
  place_time: null,
  end_time: null,
  website: null,
})

const stop = (id: number, order_key: string, place_time: string | null, place_id = 1) => ({
  id,
  day_id: 1,
  place_id,
  order_key,
  notes: null,
  place_time,
  end_time: null,
})

const note = (id: number, order_key: string) => ({
  id,
  day_id: 1,
  text: `note ${id}`,
  time: null,
  icon: '📝',
  order_key,
})

const booking = (id: number, reservation_time: string | null, values: object = {}) => ({
  id,
  type: 'restaurant' as const,
  title: `booking ${id}`,
  status: 'confirmed' as const,
  location: null,
  accommodation_id: null,
  day_id: 1,
  end_day_id: null,
  reservation_time,
  reservation_end_time: null,
  endpoints: [],
  day_keys: {},
  ...values,
})

const trip = (values: Partial<PublicTrip>): PublicTrip => ({
  trip: { title: 'Kyoto', description: null, start_date: null, end_date: null, cover_image: null, currency: 'EUR' },
  travellers: [],
  expires_at: '2027-01-01T00:00:00.000Z',
  days: [
    { id: 2, day_number: 2, date: null, title: null },
    { id: 1, day_number: 1, date: null, title: null },
  ],
  stops: null,
  day_notes: null,
  places: [place(1, 'Castle')],
  categories: null,
  bookings: null,
  stays: null,
  packing: null,
  budget: null,
  notes: null,
  ...values,
})

const lines = (sharedTrip: PublicTrip, at = 0) =>
  planOf(sharedTrip)[at]?.items.map((item) =>
    item.kind === 'stop'
      ? `stop ${item.visit.number}`
      : item.kind === 'note'
        ? item.note.text
        : item.onDay.booking.title,
  )

test('days are in order, stops are numbered, notes are at their positions', () => {
  const sharedTrip = trip({
    stops: [stop(11, 'a2', '11:00'), stop(10, 'a0', '09:00')],
    day_notes: [note(2, 'a3'), note(1, 'a1')],
  })
  expect(planOf(sharedTrip).map(({ day }) => day.day_number)).toEqual([1, 2])
  expect(lines(sharedTrip)).toEqual(['stop 1', 'note 1', 'stop 2', 'note 2'])
})

test('bookings are ordered by time, those without one last, and hotels are with the stays', () => {
  const sharedTrip = trip({
    stops: [stop(10, 'a0', '09:00'), stop(11, 'a1', null), stop(12, 'a2', '15:00')],
    bookings: [
      booking(1, '2027-04-05T19:00'),
      booking(2, '2027-04-05T12:30'),
      booking(3, '2027-04-05'),
      booking(4, '2027-04-05T08:00', { accommodation_id: 9 }),
      booking(5, '2027-04-05T09:30', { day_id: 2 }),
    ],
  })
  expect(lines(sharedTrip)).toEqual(['stop 1', 'stop 2', 'booking 2', 'stop 3', 'booking 1', 'booking 3'])
})

test('a booking is at its explicit position, on each of its days, as in the planner', () => {
  const sharedTrip = trip({
    stops: [stop(10, 'a0', '09:00'), stop(11, 'a1', '11:00'), { ...stop(12, 'a0', '12:00'), day_id: 2 }],
    bookings: [
      booking(1, '2027-04-05T19:00', { day_keys: { 1: 'a0V' } }),
      booking(2, '2027-04-05T10:00', {
        ...{ end_day_id: 2, reservation_end_time: '2027-04-06T11:30', day_keys: { 1: 'Zz' } },
      }),
    ],
  })
  expect(lines(sharedTrip)).toEqual(['booking 2', 'stop 1', 'booking 1', 'stop 2'])
  expect(lines(sharedTrip, 1)).toEqual(['booking 2', 'stop 1'])
  expect(planOf(sharedTrip)[1]?.items[0]).toMatchObject({ time: '11:30', onDay: { phase: 'end' } })
})

test('the times of a stop are its own, otherwise the defaults of its place', () => {
  const sharedTrip = trip({
    places: [{ ...place(1, 'Castle'), place_time: '10:00', end_time: '12:00' }],
    stops: [stop(10, 'a0', '09:00'), stop(11, 'a1', null)],
  })
  expect(planOf(sharedTrip)[0]?.visits.map(({ start, end }) => [start, end])).toEqual([
    ['09:00', null],
    ['10:00', '12:00'],
  ])
})

test('places without a stop or a stay are listed as further places, by name', () => {
  const places = [place(1, 'Castle'), place(2, 'Zoo'), place(3, 'Inn'), place(4, 'Bath')]
  const stay = { id: 1, place_id: 3, start_day_id: 1, end_day_id: 2, check_in: null, check_out: null, place: null }
  const sharedTrip = trip({ places, stops: [stop(10, 'a0', null)], stays: [stay] })
  expect(furtherPlaces(sharedTrip).map(({ name }) => name)).toEqual(['Bath', 'Zoo'])
})

test('without a shared plan there are no days, and a stop whose place is not shown is left out', () => {
  expect(planOf(trip({ days: null }))).toEqual([])
  expect(lines(trip({ stops: [stop(10, 'a0', null, 99)] }))).toEqual([])
})

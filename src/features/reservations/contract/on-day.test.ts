import { expect, test } from 'vitest'
import type { Endpoint } from './endpoint.ts'
import type { Booking } from './index.ts'
import { bookingEntry, bookingsOnDay } from './on-day.ts'

const DAYS = [1, 2, 3, 4].map((number) => ({ id: 10 + number, day_number: number, date: `2027-04-0${number}` }))

const booking = (values: Partial<Booking>): Booking =>
  ({ id: 1, accommodation_id: null, day_keys: {}, endpoints: [], ...values }) as Booking

const shownOn = (number: number, ...bookings: Booking[]) =>
  bookingsOnDay(bookings, 10 + number, DAYS).map(({ booking: { id }, phase, time, order_key, legs }) => ({
    ...{ id, phase, time, order_key },
    legs: legs.map(({ from, to }) => `${from.name}-${to.name}`),
  }))

test('a booking of several days has a first day, days in between and a last day', () => {
  const car = booking({
    ...{ day_id: 11, end_day_id: 13, reservation_time: '2027-04-01T09:00', reservation_end_time: '2027-04-03T18:00' },
    day_keys: { 11: 'a2', 13: 'a5' },
  })
  expect([1, 2, 3, 4].flatMap((day) => shownOn(day, car))).toEqual([
    { id: 1, phase: 'start', time: '09:00', order_key: 'a2', legs: [] },
    { id: 1, phase: 'middle', time: null, order_key: null, legs: [] },
    { id: 1, phase: 'end', time: '18:00', order_key: 'a5', legs: [] },
  ])
  expect([11, 12].flatMap((dayId) => bookingsOnDay([car], dayId, DAYS).map(bookingEntry))).toEqual([
    { kind: 'booking', id: 1, order_key: 'a2', time: '09:00', goesOn: false },
    { kind: 'booking', id: 1, order_key: null, time: null, goesOn: true },
  ])
})

test('stays are left out, and bookings with a time come first', () => {
  const dinner = booking({ id: 2, day_id: 11, end_day_id: null, reservation_time: '2027-04-01T19:30' })
  const pass = booking({ id: 3, day_id: 11, end_day_id: null, reservation_time: null })
  const hotel = booking({ id: 4, day_id: 11, end_day_id: 13, accommodation_id: 1 })
  expect(shownOn(1, pass, hotel, dinner).map(({ id }) => id)).toEqual([2, 3])
})

test('a flight with a stop shows on each day only the legs of that day', () => {
  const end = (name: string, role: string, local_date: string, arrival_date: string | null = null) =>
    ({ name, role, local_date, local_time: '10:00', arrival_date, arrival_time: null }) as Endpoint
  const flight = booking({
    ...{ day_id: 11, end_day_id: 12, reservation_time: '2027-04-01T10:00', reservation_end_time: '2027-04-02T10:00' },
    endpoints: [
      end('ZRH', 'from', '2027-04-01'),
      end('FRA', 'stop', '2027-04-01', '2027-04-01'),
      end('KIX', 'to', '2027-04-02'),
    ],
  })
  expect(shownOn(1, flight)[0]?.legs).toEqual(['ZRH-FRA', 'FRA-KIX'])
  expect(shownOn(2, flight)[0]?.legs).toEqual(['FRA-KIX'])
})

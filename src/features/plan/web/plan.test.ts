import { expect, test } from 'vitest'
import type { AssignmentRow } from '../../assignments/contract/index.ts'
import { type DayRow, distanceBetween, type PlaceRow, planOf } from './plan.ts'

const day = (id: number, day_number: number) => ({ id, day_number }) as DayRow
const place = (id: number, values: Partial<PlaceRow> = {}) =>
  ({ id, lat: null, lng: null, place_time: null, end_time: null, ...values }) as PlaceRow
const stop = (id: number, day_id: number, place_id: number, order_key: string, values: Partial<AssignmentRow> = {}) =>
  ({ id, day_id, place_id, order_key, place_time: null, end_time: null, ...values }) as AssignmentRow

test('days and stops are in order, and stops are numbered within their day', () => {
  const plan = planOf(
    [day(2, 2), day(1, 1)],
    [stop(1, 1, 10, 'a0'), stop(2, 1, 11, 'Zz'), stop(3, 2, 10, 'a0')],
    [place(10), place(11)],
  )
  expect(plan.map(({ day, stops }) => [day.id, stops.map(({ stop, number }) => [stop.id, number])])).toEqual([
    [
      1,
      [
        [2, 1],
        [1, 2],
      ],
    ],
    [2, [[3, 1]]],
  ])
})

test('a visit has its own time or the default of its place, and overlaps are detected', () => {
  const [planned] = planOf(
    [day(1, 1)],
    [
      stop(1, 1, 10, 'a0', { place_time: '09:00', end_time: '11:00' }),
      stop(2, 1, 11, 'a1'),
      stop(3, 1, 12, 'a2', { place_time: '12:00' }),
    ],
    [place(10), place(11, { place_time: '10:30', end_time: '11:30' }), place(12, { place_time: '08:00' })],
  )
  expect(planned?.stops.map(({ start, clashes }) => [start, clashes])).toEqual([
    ['09:00', false],
    ['10:30', true],
    ['12:00', false],
  ])
})

test('the distance is the straight line, and 0 is a valid coordinate', () => {
  const nullIsland = place(1, { lat: 0, lng: 0 })
  expect(distanceBetween(nullIsland, place(2, { lat: 0, lng: 1 }))).toBeCloseTo(111.19, 1)
  expect(distanceBetween(nullIsland, place(3))).toBeNull()
})

import { expect, test } from 'vitest'
import type { DayNoteRow } from '../../day-notes/contract/index.ts'
import type { DayBooking } from '../../reservations/web/on-day.ts'
import type { PlannedStop } from './plan.ts'
import {
  type Entry,
  gapFor,
  gapOfStop,
  indexByTime,
  landingAt,
  noteKey,
  shifted,
  staysPut,
  stopKey,
  timelineOf,
} from './timeline.ts'

const stop = (id: number, order_index: number, start: string | null = null) =>
  ({ stop: { id, order_index }, start }) as PlannedStop
const note = (id: number, position: number, more: Partial<DayNoteRow> = {}) =>
  ({ id, position, sort_order: id, before_bookings: false, time: null, ...more }) as DayNoteRow
const booking = (id: number, more: Partial<DayBooking> = {}) =>
  ({ booking: { id }, phase: 'only', time: null, position: null, legs: [], ...more }) as unknown as DayBooking
const keys = (entries: readonly Entry[]) => entries.map((entry) => entry.key.replace(/^(\w)\w+:/, '$1')).join(' ')

const DAY = [stop(1, 0, '09:00'), stop(2, 1), stop(3, 2, '14:00')]

test('what has a time stands before the first stop that starts later, whatever comes in between', () => {
  const timed = (id: number, time: string) => booking(id, { time })
  expect(keys(timelineOf(DAY, [], [timed(1, '07:10')]))).toBe('b1 s1 s2 s3')
  expect(keys(timelineOf(DAY, [], [timed(1, '11:00')]))).toBe('s1 s2 b1 s3')
  expect(keys(timelineOf(DAY, [], [timed(1, '14:00')]))).toBe('s1 s2 s3 b1')
  expect(keys(timelineOf(DAY, [], [timed(1, '19:00'), timed(2, '18:00')]))).toBe('s1 s2 s3 b2 b1')
})

test('a booking without a time comes last, one that goes on all day first, and where it was put counts more than its time', () => {
  expect(keys(timelineOf(DAY, [], [booking(1), booking(2, { phase: 'middle' })]))).toBe('b2 s1 s2 s3 b1')
  expect(keys(timelineOf(DAY, [], [booking(1, { time: '07:00', position: 2 })]))).toBe('s1 s2 b1 s3')
  expect(keys(timelineOf(DAY, [], [booking(1, { position: 9 })]))).toBe('s1 s2 s3 b1')
})

test('notes stand in their slots in their order', () => {
  const notes = [note(3, 3), note(2, 1), note(1, 1), note(4, 0, { sort_order: 0 })]
  expect(keys(timelineOf(DAY, notes, []))).toBe('n4 s1 n1 n2 s2 s3 n3')
  expect(keys(timelineOf([], [note(1, 0), note(2, 5)], []))).toBe('n1 n2')
})

test('in one slot notes follow what is booked, unless they belong before it or their time is earlier', () => {
  const flight = booking(1, { time: '20:00' })
  const train = booking(2, { time: '17:00' })
  expect(keys(timelineOf(DAY, [note(1, 3)], [flight, train]))).toBe('s1 s2 s3 b2 b1 n1')
  expect(keys(timelineOf(DAY, [note(1, 3, { before_bookings: true }), note(2, 3)], [flight]))).toBe('s1 s2 s3 n1 b1 n2')
  expect(keys(timelineOf(DAY, [note(1, 3, { time: '18:30' })], [flight, train]))).toBe('s1 s2 s3 b2 n1 b1')
  expect(keys(timelineOf(DAY, [note(1, 3, { time: 'tonight' })], [flight]))).toBe('s1 s2 s3 b1 n1')
})

test('everything is shown exactly once, and stops never change their order', () => {
  const notes = [0, 1, 1, 2, 3, 7].map((position, index) => note(index + 1, position))
  const booked = ['06:00', '09:00', '12:00', null].map((time, index) => booking(index + 1, { time }))
  const shown = timelineOf(DAY, notes, booked)
  expect(new Set(shown.map((entry) => entry.key)).size).toBe(3 + notes.length + booked.length)
  expect(keys(shown.filter((entry) => entry.kind === 'stop'))).toBe('s1 s2 s3')
})

test('where something lands is counted without itself', () => {
  const flight = booking(1, { time: '20:00' })
  // s1 n1 s2 s3 n2 b1 n3
  const entries = timelineOf(DAY, [note(1, 1), note(2, 3, { before_bookings: true }), note(3, 3)], [flight])
  expect(keys(entries)).toBe('s1 n1 s2 s3 n2 b1 n3')
  expect(landingAt(entries, 1, 'new')).toMatchObject({ slot: 1, rank: 0, beforeBookings: false, above: [] })
  expect(landingAt(entries, 5, noteKey(1))).toMatchObject({ slot: 3, rank: 1, beforeBookings: true })
  expect(landingAt(entries, 6, noteKey(1))).toMatchObject({ slot: 3, rank: 1, beforeBookings: false })
  expect(landingAt(entries, 3, stopKey(1))).toMatchObject({ slot: 1, rank: 1, above: [], below: [] })
  const between = landingAt(entries, 2, stopKey(1))
  expect([between.slot, keys(between.above), keys(between.below)]).toEqual([0, 'n1', ''])
  expect(staysPut(entries, 2, stopKey(2))).toBe(true)
  expect(staysPut(entries, 3, stopKey(2))).toBe(true)
  expect(staysPut(entries, 1, stopKey(2))).toBe(false)
  expect(staysPut(entries, 0, 'new')).toBe(false)
})

test('the gap for a place in the row is counted with what is moved still in it', () => {
  const entries = timelineOf(DAY, [note(1, 1)], [])
  expect(keys(entries)).toBe('s1 n1 s2 s3')
  expect(gapFor(entries, stopKey(3), 0)).toBe(0)
  expect(gapFor(entries, stopKey(1), 2)).toBe(3)
  expect(gapFor(entries, stopKey(9), 2)).toBe(2)
  expect(gapOfStop(entries, stopKey(3), 1)).toBe(2)
  expect(gapOfStop(entries, stopKey(1), 1)).toBe(3)
  expect(gapOfStop(entries, stopKey(1), 2)).toBe(4)
})

test('positions follow a stop that comes or goes, as on the server', () => {
  expect([0, 1, 2, 3].map((position) => shifted(position, 1, 1))).toEqual([0, 1, 3, 4])
  expect([0, 1, 2, 3].map((position) => shifted(position, 1, -1))).toEqual([0, 1, 1, 2])
})

test('a stop that got a time goes where it belongs, and stays when it is there', () => {
  const stops = [stop(1, 0, '09:00'), stop(2, 1), stop(3, 2, '14:00'), stop(4, 3)]
  expect(indexByTime(stops, 2, '10:00')).toBeNull()
  expect(indexByTime(stops, 2, '08:00')).toBe(0)
  expect(indexByTime(stops, 2, '15:00')).toBe(2)
  expect(indexByTime(stops, 4, '08:00')).toBe(0)
  expect(indexByTime(stops, 4, '14:00')).toBeNull()
  expect(indexByTime([stop(1, 0), stop(2, 1)], 1, '10:00')).toBeNull()
})

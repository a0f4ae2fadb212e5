import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  calendarDay,
  dateRange,
  longDate,
  longDay,
  moment,
  shortDate,
  shortDay,
  timeOfDay,
  wallClock,
} from './dates.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2027-03-01T12:00:00') }))
afterEach(() => void vi.useRealTimers())

/** Intl separates the ends of a period by thin spaces. */
const withPlainSpaces = (text: string) => text.replace(/\s/g, ' ')

test('a date has one form in headings, one in lists and one in sentences, with the year unless it is this one', () => {
  expect(['2027-04-05', '2028-04-05'].map((date) => longDate(date))).toEqual([
    'Monday 5 April',
    'Wednesday, 5 April 2028',
  ])
  expect(['2027-04-05', '2028-04-05'].map((date) => shortDate(date))).toEqual(['Mon 5 Apr', 'Wed, 5 Apr 2028'])
  expect(['2027-04-05', '2028-04-05'].map((date) => wallClock(date))).toEqual(['5 Apr', '5 Apr 2028'])
  expect(withPlainSpaces(dateRange('2027-04-05', '2027-04-09'))).toBe('5 – 9 Apr')
  expect(withPlainSpaces(dateRange('2027-12-30', '2028-01-02'))).toBe('30 Dec 2027 – 2 Jan 2028')
})

test('headings of one list have their year if one of them is of another year', () => {
  expect(longDate('2027-04-05', ['2027-04-05', '2026-12-24'])).toBe('Monday, 5 April 2027')
})

test('the days of a trip are without a year, because its own dates stand above them', () => {
  expect([longDay('2028-04-05'), shortDay('2028-04-05')]).toEqual(['Wednesday 5 April', 'Wed 5 Apr'])
})

test('times are on the clock of 24 hours, as in the plan', () => {
  const at = new Date('2027-04-05T18:42:00').toISOString()
  expect([timeOfDay(at), moment(at), calendarDay(at)]).toEqual(['18:42', '5 Apr, 18:42', '5 Apr'])
  expect(moment(new Date('2026-04-05T00:05:00').toISOString())).toBe('5 Apr 2026, 00:05')
  expect(wallClock('2027-05-10T14:00')).toBe('10 May, 14:00')
})

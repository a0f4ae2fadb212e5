import { expect, test } from 'vitest'
import { addDays, datesOf, daysBetween } from './dates.ts'

test.each([
  ['2027-02-27', 2, '2027-03-01'],
  ['2028-02-27', 2, '2028-02-29'],
  ['2027-12-31', 1, '2028-01-01'],
  ['2028-01-01', -1, '2027-12-31'],
  ['2027-03-27', 2, '2027-03-29'],
  ['2027-10-30', 2, '2027-11-01'],
  ['2027-04-05', 0, '2027-04-05'],
])('%s plus %i days is %s, and the days between are as many', (date, days, after) => {
  expect(addDays(date, days)).toBe(after)
  expect(daysBetween(date, after)).toBe(days)
})

test('a range includes both ends, and is one date if they are the same', () => {
  expect(datesOf('2028-02-28', '2028-03-01')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01'])
  expect(datesOf('2027-04-05', '2027-04-05')).toEqual(['2027-04-05'])
})

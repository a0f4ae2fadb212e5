import { expect, test } from 'vitest'
import { isCountOfHour } from './words.ts'

test('an hourly count is distinguished from a single entry', () => {
  const read = { way: 'mcp', outcome: 'ok', at: '2030-03-01T14:00:00.000Z' }
  expect(isCountOfHour(read)).toBe(true)
  expect(isCountOfHour({ ...read, at: '2030-03-01T14:20:11.123Z' })).toBe(false)
  expect(isCountOfHour({ ...read, outcome: 'forbidden' })).toBe(false)
  expect(isCountOfHour({ ...read, way: 'web' })).toBe(false)
})

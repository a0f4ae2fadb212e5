import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

const MINUTE = 60_000

/** A machine whose two clocks agree until one of them is set. */
function machine() {
  let wall = Date.parse('2027-04-05T06:00:00.000Z')
  let steady = 500
  const lines: string[] = []
  const pace = new Pace({ clock: () => new Date(wall), steady: () => steady, warn: (line) => lines.push(line) })
  return {
    pace,
    told: lines,
    pass(minutes: number) {
      wall += minutes * MINUTE
      steady += minutes * MINUTE
    },
    set(minutes: number) {
      wall += minutes * MINUTE
    },
  }
}

test('a clock is trusted after it ran steadily for an hour', () => {
  const { pace, pass, told: lines } = machine()
  expect(pace.isProven()).toBe(false)
  pass(59)
  expect(pace.isProven()).toBe(false)
  pass(1)
  expect(pace.isProven()).toBe(true)
  pass(600)
  expect(pace.isProven()).toBe(true)
  expect(lines).toEqual([])
})

test.each([
  ['ahead', 3 * 365 * 24 * 60],
  ['back', -20],
])('a jump %s is reported once, and starts the hour again', (way, minutes) => {
  const { pace, pass, set, told: lines } = machine()
  pass(90)
  expect(pace.isProven()).toBe(true)
  set(minutes)
  expect(pace.isProven()).toBe(false)
  pass(59)
  expect(pace.isProven()).toBe(false)
  pass(1)
  expect(pace.isProven()).toBe(true)
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`jumped ${way} by ${Math.abs(minutes)} minutes.*Nothing is deleted`)),
  ])
})

test('a clock that is corrected by some minutes stays trusted', () => {
  const { pace, pass, set, told: lines } = machine()
  for (let hours = 0; hours < 3; hours++) {
    pass(60)
    set(9)
    expect(pace.isProven()).toBe(true)
  }
  expect(lines).toEqual([])
})

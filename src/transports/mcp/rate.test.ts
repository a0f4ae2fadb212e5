import { expect, test } from 'vitest'
import { RateLimit } from './rate.ts'

test('a window begins with its first request, and each key has its own', () => {
  const rate = new RateLimit(2)
  expect([rate.count('a', 1000), rate.count('a', 20_000)]).toEqual([null, null])
  expect([rate.count('a', 30_500), rate.count('a', 60_999)]).toEqual([31, 1])
  expect(rate.count('b', 60_999)).toBeNull()
  expect([rate.count('a', 61_000), rate.count('a', 61_000), rate.count('a', 61_000)]).toEqual([null, null, 60])
})

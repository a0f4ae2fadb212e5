import { expect, test } from 'vitest'
import { roomOf, sizeOf } from './sizes.ts'

test.each([
  [0, '0 kB'],
  [1, '1 kB'],
  [1499, '1 kB'],
  [1_400_000, '1.4 MB'],
  [564_055_931, '564.1 MB'],
  [5_000_000_000, '5 GB'],
  [5_120_000_000_000, '5,120 GB'],
])('%i bytes are shown as %s', (bytes, expected) => {
  expect(sizeOf(bytes)).toBe(expected)
})

test.each([
  [0, '0 kB'],
  [1024 ** 2 * 1.4, '1.4 MB'],
  [1024 ** 3, '1 GB'],
])('a limit of %i bytes is shown as %s, as configured', (bytes, expected) => {
  expect(roomOf(bytes)).toBe(expected)
})

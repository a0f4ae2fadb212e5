import { expect, test } from 'vitest'
import { sizeOf } from './sizes.ts'

test.each([
  [0, '0 kB'],
  [1, '1 kB'],
  [1500, '1 kB'],
  [1024 * 1024 * 1.4, '1.4 MB'],
  [5 * 1024 ** 3, '5 GB'],
  [5 * 1024 ** 4, '5,120 GB'],
])('%i bytes are %s', (bytes, shown) => {
  expect(sizeOf(bytes)).toBe(shown)
})

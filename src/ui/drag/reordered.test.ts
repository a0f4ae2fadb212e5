import { expect, test } from 'vitest'
import { reordered } from './reordered.ts'

test('what is moved takes the place of what it is put on', () => {
  expect(reordered([1, 2, 3, 4], 1, 3)).toEqual([2, 3, 1, 4])
  expect(reordered([1, 2, 3, 4], 4, 2)).toEqual([1, 4, 2, 3])
  expect(reordered([1, 2, 3], 1, 2)).toEqual([2, 1, 3])
  expect(reordered([1, 2, 3], 3, 1)).toEqual([3, 1, 2])
})

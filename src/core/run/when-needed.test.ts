import { expect, test } from 'vitest'
import { whenNeeded } from './when-needed.ts'

test('the value is created once, on its first use', async () => {
  let count = 0
  const thing = whenNeeded(async () => ++count)
  expect(count).toBe(0)
  expect(await Promise.all([thing(), thing()])).toEqual([1, 1])
  expect(await thing()).toBe(1)
})

test('a failed creation is tried again on the next use', async () => {
  let tried = 0
  const thing = whenNeeded(async () => {
    if (++tried === 1) throw new Error('too many open files')
    return 'made'
  })
  await expect(thing()).rejects.toThrow('too many open files')
  expect(await thing()).toBe('made')
})

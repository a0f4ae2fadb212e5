import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Cache } from './cache.ts'

// To the library, 0 is no time.
let now = 1

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  // The library keeps the real `performance`, which fake timers replace.
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function pass(milliseconds: number): void {
  now += milliseconds
  vi.advanceTimersByTime(milliseconds)
}

/** What the cache holds, as somebody reads it who looks at the memory. */
const heldBy = (cache: Cache): string =>
  JSON.stringify((cache as unknown as { answers: { dump(): unknown } }).answers.dump())

test('what was looked for is kept for as long as it was asked to be, and then goes by itself', async () => {
  const cache = new Cache(1000)
  await cache.get('where is Kinkaku-ji', 60, async () => 'Kyoto')
  await cache.get('where is Nara', 3600, async () => 'Nara')
  pass(59_000)
  expect(heldBy(cache)).toContain('Kinkaku-ji')
  pass(1001)
  expect(heldBy(cache)).not.toContain('Kinkaku-ji')
  expect(heldBy(cache)).toContain('Nara')
})

test('what was asked for anew stays for its own time', async () => {
  const cache = new Cache(1000)
  await cache.get('where is Nara', 60, async () => null)
  pass(60_001)
  await cache.get('where is Nara', 60, async () => 'Nara')
  pass(30_000)
  expect(heldBy(cache)).toContain('Nara')
})

test('the texts that nobody asked for in the longest time make room', async () => {
  const cache = new Cache(100)
  const text = 'x'.repeat(20)
  for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, 60, async () => text)
  expect(heldBy(cache)).toMatch(/"a".*"c"/)
  expect(heldBy(cache)).not.toContain('"b"')
})

test('a call gets its text even if the cache had no room left for it', async () => {
  const cache = new Cache(100)
  const answer = Promise.withResolvers<string>()
  const slow = cache.get('slow', 60, () => answer.promise)
  await cache.get('long', 60, async () => 'x'.repeat(48))
  answer.resolve('late')
  expect(await slow).toBe('late')
  expect(heldBy(cache)).not.toContain('late')
  expect(await cache.get('longer', 60, async () => 'x'.repeat(1000))).toHaveLength(1000)
  expect(heldBy(cache)).not.toContain('longer')
})

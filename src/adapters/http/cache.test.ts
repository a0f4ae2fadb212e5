import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Cache } from './cache.ts'

// The library treats 0 as no time.
let now = 1

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  // The library holds the real `performance` object, and fake timers replace that object.
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

/** The texts that the cache holds in memory. */
const heldBy = (cache: Cache): string =>
  JSON.stringify((cache as unknown as { answers: { dump(): unknown } }).answers.dump())

test('a text is cached for the requested time, and then removed automatically', async () => {
  const cache = new Cache(1000)
  await cache.get('where is Kinkaku-ji', 60, async () => 'Kyoto')
  await cache.get('where is Nara', 3600, async () => 'Nara')
  pass(59_000)
  expect(heldBy(cache)).toContain('Kinkaku-ji')
  pass(1001)
  expect(heldBy(cache)).not.toContain('Kinkaku-ji')
  expect(heldBy(cache)).toContain('Nara')
})

test('a refreshed text is cached for its own time', async () => {
  const cache = new Cache(1000)
  await cache.get('where is Nara', 60, async () => null)
  pass(60_001)
  await cache.get('where is Nara', 60, async () => 'Nara')
  pass(30_000)
  expect(heldBy(cache)).toContain('Nara')
})

test('the least recently used texts make room', async () => {
  const cache = new Cache(100)
  const text = 'x'.repeat(20)
  for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, 60, async () => text)
  expect(heldBy(cache)).toMatch(/"a".*"c"/)
  expect(heldBy(cache)).not.toContain('"b"')
})

test('a call gets its text even if the cache has no room for it', async () => {
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

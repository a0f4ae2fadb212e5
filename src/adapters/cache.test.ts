import { afterEach, expect, test, vi } from 'vitest'
import { Cache } from './cache.ts'

afterEach(() => void vi.useRealTimers())

/** What the cache holds, as somebody reads it who looks at the memory. */
const heldBy = (cache: Cache): string => JSON.stringify([...(cache as unknown as { kept: Map<string, unknown> }).kept])

test('what was looked for is kept for as long as it was asked to be, and then goes by itself', async () => {
  vi.useFakeTimers()
  const cache = new Cache(1000)
  await cache.get('where is Kinkaku-ji', 60, async () => 'Kyoto')
  await cache.get('where is Nara', 3600, async () => 'Nara')
  vi.advanceTimersByTime(59_000)
  expect(heldBy(cache)).toContain('Kinkaku-ji')
  vi.advanceTimersByTime(1000)
  expect(heldBy(cache)).not.toContain('Kinkaku-ji')
  expect(heldBy(cache)).toContain('Nara')
})

test('what was asked for anew stays for its own time', async () => {
  vi.useFakeTimers()
  const cache = new Cache(1000)
  await cache.get('where is Nara', 60, async () => null).catch(() => null)
  vi.advanceTimersByTime(60_000)
  await cache.get('where is Nara', 60, async () => 'Nara')
  vi.advanceTimersByTime(30_000)
  expect(heldBy(cache)).toContain('Nara')
})

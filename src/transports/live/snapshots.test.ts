import { expect, test } from 'vitest'
import { type Reader, Unread } from '../http/unread.ts'
import { type Kept, Snapshots } from './snapshots.ts'

const reader = (userId: number): Reader => ({ userId, drop() {} })
const page = (bytes: number) => ({ data: Buffer.alloc(bytes), binary: false })
const settled = () => new Promise((resolve) => setImmediate(resolve))

function start() {
  const unread = new Unread({ person: 1000, all: 1000 })
  const snapshots = new Snapshots(unread, 100)
  const reading: number[] = []
  /** Requests a snapshot of this many pages of 50 bytes; `finish` lets it be read. */
  const request = (userId: number, pages: number) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const turn = snapshots.take(reader(userId), async () => {
      reading.push(userId)
      await promise
      return { pages: Array.from({ length: pages }, () => page(50)) }
    })
    return { taken: turn.then((one) => one?.pages as Kept), finish: resolve }
  }
  return { unread, request, reading, snapshots }
}

test('one snapshot at a time is read for each person, and four in all', async () => {
  const { request, reading } = start()
  const requests = [1, 1, 2, 3, 4, 5].map((userId) => request(userId, 1))
  await settled()
  expect(reading).toEqual([1, 2, 3, 4])
  for (const { finish } of requests) finish()
  await Promise.all(requests.map(({ taken }) => taken))
  expect(reading.toSorted()).toEqual([1, 1, 2, 3, 4, 5])
})

test('while much is kept for a person, their next snapshot waits, and those of others do not', async () => {
  const { request, reading, unread } = start()
  const first = request(1, 3)
  first.finish()
  const snapshot = await first.taken
  const [second, other] = [request(1, 1), request(2, 1)]
  second.finish()
  other.finish()
  await other.taken
  expect([reading, unread.keptFor(1)]).toEqual([[1, 2], 150])
  snapshot.next()
  await settled()
  expect(reading).toEqual([1, 2])
  snapshot.next()
  await second.taken
  expect(reading).toEqual([1, 2, 1])
  snapshot.drop()
  expect(unread.keptFor(1)).toBe(50)
})

test('a failed snapshot, or one no longer needed, makes room for the next', async () => {
  const { snapshots, request, reading } = start()
  await expect(snapshots.take(reader(1), () => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
  expect(await snapshots.take(reader(1), async () => null)).toBeNull()
  const next = request(1, 1)
  next.finish()
  await next.taken
  expect(reading).toEqual([1])
})

import { afterEach, describe, expect, test, vi } from 'vitest'
import { DatabaseUnavailable } from '../data/database.ts'
import { Readiness } from './readiness.ts'

/** A database that answers with `answer` and counts the requests. */
function database(answer: () => Promise<number> = async () => 0) {
  const calls = { times: 0 }
  const head = () => {
    calls.times++
    return answer()
  }
  return { asked: calls, head }
}

const migrated = async () => true

describe('a server', () => {
  afterEach(() => vi.useRealTimers())

  test('is ready if its database answers and is up to date', async () => {
    expect(await new Readiness({ database: database(), isMigrated: migrated }).look()).toBeNull()
  })

  test('is not ready, for one of three reasons', async () => {
    const unavailable = database(() => Promise.reject(new DatabaseUnavailable('away', null)))
    expect(await new Readiness({ database: unavailable, isMigrated: migrated }).look()).toBe('database')
    expect(await new Readiness({ database: database(), isMigrated: async () => false }).look()).toBe('migrations')
    const stopping = new Readiness({ database: database(), isMigrated: migrated })
    expect(await stopping.look()).toBeNull()
    stopping.stop()
    expect(await stopping.look()).toBe('stopping')
  })

  test('checks its database once for simultaneous requests, and at most once a second for repeated ones', async () => {
    vi.useFakeTimers()
    const { asked: calls, head } = database()
    const readiness = new Readiness({ database: { head }, isMigrated: migrated })
    const lookManyTimes = () => Promise.all(Array.from({ length: 500 }, () => readiness.look()))
    expect(new Set(await lookManyTimes())).toEqual(new Set([null]))
    await lookManyTimes()
    expect(calls.times).toBe(1)
    vi.advanceTimersByTime(1000)
    await lookManyTimes()
    expect(calls.times).toBe(2)
  })

  test('asks an unreachable database a few times a second, however many ask', async () => {
    vi.useFakeTimers()
    const { asked: calls, head } = database(() => Promise.reject(new DatabaseUnavailable('away', null)))
    const readiness = new Readiness({ database: { head }, isMigrated: migrated })
    for (let at = 0; at < 1000; at++) {
      expect(await readiness.look()).toBe('database')
      vi.advanceTimersByTime(1)
    }
    expect(calls.times).toBe(5)
  })

  test('checks a hanging database only once, answers meanwhile, and is ready as soon as the database answers', async () => {
    vi.useFakeTimers()
    const { promise, resolve } = Promise.withResolvers<number>()
    const { asked: calls, head } = database(() => promise)
    const readiness = new Readiness({ database: { head }, isMigrated: migrated })
    for (let time = 0; time < 3; time++) {
      const answers = Promise.all([readiness.look(), readiness.look()])
      await vi.advanceTimersByTimeAsync(2000)
      expect(await answers).toEqual(['database', 'database'])
    }
    expect(calls.times).toBe(1)
    resolve(0)
    expect(await readiness.look()).toBeNull()
  })
})

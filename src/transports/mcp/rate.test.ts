import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { until } from '../../../test/harness/until.ts'
import type { openDatabase } from '../../db/connect.ts'
import { RateLimit } from './rate.ts'

/** A module loaded again acts as another process on the database: it hears the notifications of the others. */
const loaded: (typeof openDatabase)[] = []
for (let at = 0; at < 2; at++) {
  vi.resetModules()
  loaded.push((await import('../../db/connect.ts')).openDatabase)
}

eachDatabase((_database, place) => {
  async function startProcess(index: number, most: number) {
    const database = (loaded[index] as typeof openDatabase)(place().target)
    await database.processes.enter()
    const failures: unknown[] = []
    const rate = new RateLimit(most, { database, onError: (error) => void failures.push(error) })
    onTestFinished(async () => {
      await rate.close()
      await database.close()
      expect(failures).toEqual([])
    })
    return { database, rate }
  }
  const rows = ({ database }: Awaited<ReturnType<typeof startProcess>>) =>
    database.kysely.selectFrom('request_counts').selectAll().execute()

  describe('the limit', () => {
    test('a window begins with its first request, each key has its own, and a process that is alone writes nothing', async () => {
      const singleProcess = await startProcess(0, 2)
      const { rate } = singleProcess
      expect([rate.count('a', 1000), rate.count('a', 20_000)]).toEqual([null, null])
      expect([rate.count('a', 30_500), rate.count('a', 60_999)]).toEqual([31, 1])
      expect(rate.count('b', 60_999)).toBeNull()
      expect([rate.count('a', 61_000), rate.count('a', 61_000), rate.count('a', 61_000)]).toEqual([null, null, 60])
      await rate.close()
      expect(await rows(singleProcess)).toEqual([])
    })

    test('is one for all processes: two of them admit as many as one, and the requests before they have exchanged their counts', async () => {
      const [one, other] = [await startProcess(0, 20), await startProcess(1, 20)]
      await until(() => one.database.processes.accompanied, 10_000, 'they know of each other')
      expect(other.database.processes.accompanied).toBe(true)
      for (let at = 0; at < 12; at++) expect(one.rate.count('ana')).toBeNull()
      for (let at = 0; at < 7; at++) expect(other.rate.count('ana')).toBeNull()
      expect(other.rate.count('ben')).toBeNull()
      // Nineteen in all, as soon as both have published their counts.
      await until(async () => (await rows(one)).some(({ who, count }) => who === 'ana' && count === 19), 10_000, 'told')
      expect(one.rate.count('ana')).toBeNull()
      await until(async () => (await rows(one)).some(({ who, count }) => who === 'ana' && count === 20), 10_000, 'told')
      const waits = [await refused(one.rate), await refused(other.rate)]
      for (const wait of waits) expect(wait).toBeGreaterThan(20)
      expect(other.rate.count('ben')).toBeNull()
      // Refused requests are not published.
      const ownCount = async () => (await rows(one)).find(({ who }) => who === 'ana')
      await other.rate.close()
      const before = await ownCount()
      for (let at = 0; at < 5; at++) expect(one.rate.count('ana')).not.toBeNull()
      expect(one.rate.count('eva')).toBeNull()
      await until(async () => (await rows(one)).some(({ who }) => who === 'eva'), 10_000, 'told')
      expect(await ownCount()).toEqual(before)
      await other.database.processes.leave()
      await until(async () => !(await rows(one)).length, 10_000, 'who is alone keeps nothing')
    })

    /** The wait of the next refused request; one can be admitted before this process knows the counts of the others. */
    async function refused(rate: RateLimit): Promise<number> {
      return (await until(() => rate.count('ana') ?? 0, 10_000, 'it is refused')) as number
    }

    test('starts again a minute after the first request at any process, by the clock of the database', async () => {
      const { database } = await startProcess(0, 1)
      const { requestCounts, kysely } = database
      await requestCounts.add(new Map([['eva', 3]]))
      const [second] = [...(await requestCounts.add(new Map([['eva', 2]]))).values()]
      expect(second?.count).toBe(5)
      expect(second?.age).toBeLessThan(30_000)
      await kysely
        .updateTable('request_counts')
        .set(({ eb }) => ({ begun: eb('begun', '-', 60_000) }))
        .execute()
      expect((await requestCounts.add(new Map([['eva', 1]]))).get('eva')?.count).toBe(1)
      await kysely
        .updateTable('request_counts')
        .set(({ eb }) => ({ begun: eb('begun', '+', 60_000) }))
        .execute()
      expect((await requestCounts.add(new Map([['eva', 4]]))).get('eva')?.count).toBe(4)
      await kysely.updateTable('request_counts').set({ begun: 0 }).execute()
      await requestCounts.sweep('over')
      expect(await kysely.selectFrom('request_counts').selectAll().execute()).toEqual([])
    })
  })
})

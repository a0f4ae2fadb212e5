import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { ENGINES, eachDatabase, type Place } from '../../test/harness/database/databases.ts'
import { until } from '../../test/harness/until.ts'
import { DatabaseUnavailable } from '../core/data/database.ts'
import { INSTANCE } from '../core/data/space.ts'
import { Setting } from '../core/run/settings.ts'
import { CommitGroup } from './commit-group.ts'
import { type OpenDatabase, openDatabase } from './connect.ts'

eachDatabase((database) => {
  /** A group that counts its transactions, with a write to it. */
  function counted(most = 100) {
    const { kysely } = database()
    const counts = { transactions: 0, idle: 0 }
    const group = new CommitGroup(
      (body) => {
        counts.transactions++
        return kysely.transaction().execute(body)
      },
      { most, idle: () => counts.idle++ },
    )
    const saveKey = (key: string, then: () => void = () => {}) =>
      group.write(async (db) => {
        await sql`insert into settings (key, value) values (${key}, '1')`.execute(db)
        then()
        return key
      })
    const savedKeys = async (like: string) => {
      const result = await sql<{ key: string }>`select key from settings where key like ${like} order by key`.execute(
        kysely,
      )
      return result.rows.map(({ key }) => key)
    }
    return { counts, group, saveKey, kept: savedKeys }
  }
  const fails = () => {
    throw new Error('changed my mind')
  }

  test('writes that arrive together share a commit, up to a limit', async () => {
    const { counts, saveKey, kept: savedKeys } = counted(4)
    const keys = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']
    expect(await Promise.all(keys.map((key) => saveKey(key)))).toEqual(keys)
    expect([counts.transactions, await savedKeys('a%')]).toEqual([2, keys])
    await until(() => counts.idle === 1)
    await saveKey('a7')
    await until(() => counts.idle === 2)
    expect(counts.transactions).toBe(3)
  })

  test('failing writes leave nothing, and the others are done', async () => {
    const { counts, saveKey, kept: savedKeys } = counted()
    const outcomes = await Promise.allSettled([
      saveKey('b1'),
      saveKey('b2', fails),
      saveKey('b3'),
      saveKey('b3'),
      saveKey('b4'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(outcomes[1]).toMatchObject({ reason: new Error('changed my mind') })
    expect([counts.transactions, await savedKeys('b%')]).toEqual([2, ['b1', 'b3', 'b4']])
    await expect(saveKey('b5', fails)).rejects.toThrow('changed my mind')
    expect([counts.transactions, await savedKeys('b%')]).toEqual([3, ['b1', 'b3', 'b4']])
  })

  test('if the database cannot be reached, waiting writes fail too', async () => {
    let tried = 0
    const group = new CommitGroup(
      async () => {
        tried++
        throw new DatabaseUnavailable('lost', null)
      },
      { most: 1 },
    )
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => group.write(async () => expect.unreachable())))
    expect([tried, outcomes]).toEqual([
      1,
      Array(3).fill({ status: 'rejected', reason: expect.objectContaining({ outage: 'lost' }) }),
    ])
  })
})

describe('on postgres', () => {
  let place: Place
  let database: OpenDatabase
  afterEach(async () => {
    await database.close()
    await place.remove()
  })

  test('a write that loses a deadlock starts again, and the writes in its commit lose nothing', async () => {
    place = await ENGINES[1].place({ migrated: true })
    database = openDatabase(place.target)
    let arrived = 0
    let resolveMeeting = () => {}
    const meeting = new Promise<void>((resolve) => (resolveMeeting = resolve))
    let tries = 0
    const saveKey = (trip: number, key: string) =>
      database.write({ space: 'trip', id: trip }, async (tx) => void (await tx.insert(Setting, { key, value: true })))
    /** Locks one user, waits for the other writer to lock the other one, then locks that one as well. */
    const cross = (trip: number, [first, second]: [number, number]) =>
      database.write({ space: 'trip', id: trip }, async (tx) => {
        tries++
        await tx.holdUser(first)
        if (++arrived === 2) resolveMeeting()
        await meeting
        await tx.holdUser(second)
        await tx.insert(Setting, { key: `crossed ${trip}`, value: true })
      })
    await Promise.all([
      saveKey(1, 'before 1'),
      cross(1, [1, 2]),
      saveKey(1, 'after 1'),
      saveKey(2, 'before 2'),
      cross(2, [2, 1]),
      saveKey(2, 'after 2'),
    ])
    expect(tries).toBeGreaterThan(2)
    const keys = (await database.read((tx) => tx.list(Setting, {}))).map(({ key }) => key)
    expect(keys.sort()).toEqual(['after 1', 'after 2', 'before 1', 'before 2', 'crossed 1', 'crossed 2'])
    expect((await sql`select 1 from spaces where space = 'trip'`.execute(database.kysely)).rows).toHaveLength(2)
    expect(await database.head(INSTANCE)).toBe(0)
  })
})

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
    const seen = { transactions: 0, idle: 0 }
    const group = new CommitGroup(
      (body) => {
        seen.transactions++
        return kysely.transaction().execute(body)
      },
      { most, idle: () => seen.idle++ },
    )
    const keep = (key: string, then: () => void = () => {}) =>
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
    return { seen, group, keep, kept: savedKeys }
  }
  const fails = () => {
    throw new Error('changed my mind')
  }

  test('writes that arrive together share a commit, up to a limit', async () => {
    const { seen, keep, kept: savedKeys } = counted(4)
    const keys = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']
    expect(await Promise.all(keys.map((key) => keep(key)))).toEqual(keys)
    expect([seen.transactions, await savedKeys('a%')]).toEqual([2, keys])
    await until(() => seen.idle === 1)
    await keep('a7')
    await until(() => seen.idle === 2)
    expect(seen.transactions).toBe(3)
  })

  test('failing writes leave nothing, and the others are done', async () => {
    const { seen, keep, kept: savedKeys } = counted()
    const outcomes = await Promise.allSettled([keep('b1'), keep('b2', fails), keep('b3'), keep('b3'), keep('b4')])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(outcomes[1]).toMatchObject({ reason: new Error('changed my mind') })
    expect([seen.transactions, await savedKeys('b%')]).toEqual([2, ['b1', 'b3', 'b4']])
    await expect(keep('b5', fails)).rejects.toThrow('changed my mind')
    expect([seen.transactions, await savedKeys('b%')]).toEqual([3, ['b1', 'b3', 'b4']])
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
    let meet = () => {}
    const met = new Promise<void>((resolve) => (meet = resolve))
    let tries = 0
    const keep = (trip: number, key: string) =>
      database.write({ space: 'trip', id: trip }, async (tx) => void (await tx.insert(Setting, { key, value: true })))
    /** Locks one user, waits for the other writer to lock the other one, then locks that one as well. */
    const cross = (trip: number, [first, second]: [number, number]) =>
      database.write({ space: 'trip', id: trip }, async (tx) => {
        tries++
        await tx.holdUser(first)
        if (++arrived === 2) meet()
        await met
        await tx.holdUser(second)
        await tx.insert(Setting, { key: `crossed ${trip}`, value: true })
      })
    await Promise.all([
      keep(1, 'before 1'),
      cross(1, [1, 2]),
      keep(1, 'after 1'),
      keep(2, 'before 2'),
      cross(2, [2, 1]),
      keep(2, 'after 2'),
    ])
    expect(tries).toBeGreaterThan(2)
    const keys = (await database.read((tx) => tx.list(Setting, {}))).map(({ key }) => key)
    expect(keys.sort()).toEqual(['after 1', 'after 2', 'before 1', 'before 2', 'crossed 1', 'crossed 2'])
    expect((await sql`select 1 from spaces where space = 'trip'`.execute(database.kysely)).rows).toHaveLength(2)
    expect(await database.head(INSTANCE)).toBe(0)
  })
})

import { type Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../test/harness/databases.ts'
import { makeUser } from '../../test/harness/world.ts'
import { giveOrderKeys } from '../core/data/migration.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type OpenDatabase, openDatabase } from './connect.ts'
import { epochOf } from './epoch.ts'
import { migrate } from './migrate.ts'

const NOW = '2027-01-01T00:00:00.000Z'
/** What is here before lists have order keys. */
const BEFORE = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0029'))

type Rows = Record<string, Record<string, unknown>>

/** The tables with lists that people order, and what a row of each needs besides its trip, name and place. */
const LISTS = [
  { table: 'todos', values: ({ no }) => ({ priority: 0, checked: no }) },
  {
    table: 'packing_items',
    values: ({ no, userId }) => ({
      category: 'General',
      quantity: 1,
      checked: no,
      visibility: 'common',
      shared_with: '[]',
      owner_id: userId,
    }),
  },
  { table: 'packing_bags', values: () => ({ color: '#123456', member_ids: '[]' }) },
  {
    table: 'budget_items',
    values: () => ({ category: 'food', total_price: 0, currency: 'EUR', payers: '[]', members: '[]' }),
  },
] satisfies { table: string; values(given: { no: 0 | false; userId: number }): object }[]

describe.each(ENGINES)('order keys of what is in a database already, on $engine', ({ place }) => {
  test('every list keeps its order, and screens load anew', async () => {
    const here = await place()
    const database = openDatabase(here.target)
    await migrate(database, BEFORE)
    const { userId } = await makeUser(database, 'Ana')
    // The tables as they were, which no type tells any more.
    const db = database.kysely as unknown as Kysely<Rows>
    const insert = async (table: string, values: Record<string, unknown>) =>
      Number((await db.insertInto(table).values(values).returning('id').executeTakeFirstOrThrow()).id)
    const no = database.dialect.name === 'sqlite' ? 0 : false
    const trip = () =>
      insert('trips', {
        user_id: userId,
        title: 'Kyoto',
        currency: 'EUR',
        reminder_days: 0,
        is_archived: no,
        created_at: NOW,
      })
    const [first, second] = [await trip(), await trip()]
    for (const { table, values } of LISTS) {
      const add = (trip_id: number, name: string, sort_order: number) =>
        insert(table, { ...values({ no, userId }), trip_id, name, sort_order, created_at: NOW })
      for (const [name, at] of [
        ['c', 2],
        ['a', 0],
        ['b', 1],
        ['d', 2],
      ] as const)
        await add(first, name, at)
      for (let at = 0; at < 70; at++) await add(second, String(at), at)
    }
    const epoch = await epochOf(database.kysely)

    await migrate(database, MIGRATIONS)

    for (const { table } of LISTS) {
      expect(await names(database, table, first), table).toEqual(['a', 'b', 'c', 'd'])
      expect(await names(database, table, second), table).toEqual(Array.from({ length: 70 }, (_, at) => String(at)))
    }
    expect(await epochOf(database.kysely)).not.toBe(epoch)
    await database.close()
    await here.remove()
  })

  test('keys that were given in part are given to the end by the next attempt', async () => {
    const here = await place()
    const database = openDatabase(here.target)
    await migrate(database, BEFORE)
    const attempt = (statements: number) => {
      let left = statements
      const db = database.kysely.withPlugin({
        transformQuery({ node }) {
          if (left-- === 0) throw new Error('broke off')
          return node
        },
        transformResult: async ({ result }) => result,
      })
      return giveOrderKeys(db, database.dialect, { table: 'todos', list: 'trip_id', by: 'sort_order' })
    }
    let statements = 0
    for (; statements < 50; statements++) {
      const error = await attempt(statements).catch((reason) => reason)
      if (!error) break
      expect(error.message).toBe('broke off')
    }
    expect(statements).toBeLessThan(50)
    expect(await database.dialect.dump(database.kysely)).toContain('todos_by_trip')
    await database.close()
    await here.remove()
  })
})

async function names(database: OpenDatabase, table: string, tripId: number): Promise<unknown[]> {
  const { rows } = await sql<{
    name: string
  }>`select name from ${sql.table(table)} where trip_id = ${tripId} order by order_key`.execute(database.kysely)
  return rows.map(({ name }) => name)
}

import { type Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../test/harness/databases.ts'
import { makeUser } from '../../test/harness/world.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type OpenDatabase, openDatabase } from './connect.ts'
import { epochOf } from './epoch.ts'
import { migrate } from './migrate.ts'

const NOW = '2027-01-01T00:00:00.000Z'
/** What is here before lists have order keys. */
const BEFORE = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0029'))

type Rows = Record<string, Record<string, unknown>>

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
    const todo = (trip_id: number, name: string, sort_order: number) =>
      insert('todos', { trip_id, name, priority: 0, checked: no, sort_order, created_at: NOW })
    for (const [name, at] of [
      ['c', 2],
      ['a', 0],
      ['b', 1],
      ['d', 2],
    ] as const)
      await todo(first, name, at)
    for (let at = 0; at < 70; at++) await todo(second, String(at), at)
    const epoch = await epochOf(database.kysely)

    await migrate(database, MIGRATIONS)

    expect(await names(database, first)).toEqual(['a', 'b', 'c', 'd'])
    expect(await names(database, second)).toEqual(Array.from({ length: 70 }, (_, at) => String(at)))
    expect(await epochOf(database.kysely)).not.toBe(epoch)
    await database.close()
    await here.remove()
  })
})

async function names(database: OpenDatabase, tripId: number): Promise<unknown[]> {
  const { rows } = await sql<{
    name: string
  }>`select name from todos where trip_id = ${tripId} order by order_key`.execute(database.kysely)
  return rows.map(({ name }) => name)
}

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENGINES, type Place } from '../../test/harness/database/databases.ts'
import { until } from '../../test/harness/until.ts'
import { type OpenDatabase, openDatabase } from './connect.ts'

const [, postgres] = ENGINES

let place: Place
let database: OpenDatabase
let other: OpenDatabase

beforeAll(async () => {
  place = await postgres.place({ migrated: true })
  database = openDatabase(place.target)
  other = openDatabase(place.target)
})
afterAll(async () => {
  await database.close()
  await other.close()
  await place.remove()
})

/** Whether a connection to this database waits for a lock. */
async function isWaiting(): Promise<boolean> {
  const { rows } =
    await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
      database.kysely,
    )
  return rows.length > 0
}

test('a statement that loses a deadlock against another process runs again', async () => {
  const { add } = database.requestCounts
  // The table has them in this order, and so has the update of both.
  await add(new Map([['second', 1]]))
  await add(new Map([['first', 1]]))
  let single: Promise<unknown> = Promise.resolve()
  await other.kysely.transaction().execute(async (tx) => {
    const inOther = (who: string) => sql`update request_counts set count = count + 10 where who = ${who}`.execute(tx)
    await inOther('first')
    single = database.kysely.updateTable('request_counts').set({ count: 5 }).execute()
    await until(isWaiting)
    await inOther('second')
  })
  await single
  const rows = await database.kysely.selectFrom('request_counts').select(['who', 'count']).orderBy('who').execute()
  expect(rows).toEqual([
    { who: 'first', count: 5 },
    { who: 'second', count: 5 },
  ])
})

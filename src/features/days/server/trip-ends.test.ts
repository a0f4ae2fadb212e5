import type { Kysely } from 'kysely'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../../../test/harness/database/databases.ts'
import { makeUser } from '../../../../test/harness/rigs/world.ts'
import { openDatabase } from '../../../db/connect.ts'
import { epochOf } from '../../../db/epoch.ts'
import { migrate } from '../../../db/migrate.ts'
import { MIGRATIONS } from '../../../migrations.generated.ts'

type Rows = Record<string, Record<string, unknown>>

const BEFORE = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0041'))

describe.each(ENGINES)('the dates of existing trips in a database, on $engine', ({ place }) => {
  test('a trip whose first or last day was deleted gets the dates of its remaining days', async () => {
    const testPlace = await place()
    const database = openDatabase(testPlace.target)
    await migrate(database, BEFORE)
    const { userId } = await makeUser(database, 'Ana')
    const db = database.kysely as unknown as Kysely<Rows>
    const falseValue = database.dialect.name === 'sqlite' ? 0 : false
    const insert = async (table: string, values: Record<string, unknown>) =>
      Number((await db.insertInto(table).values(values).returning('id').executeTakeFirstOrThrow()).id)
    const trip = async (
      title: string,
      dates: (string | null)[],
      [start_date, end_date] = ['2027-04-05', '2027-04-08'],
    ) => {
      const own = { title, user_id: userId, currency: 'EUR', start_date, end_date, reminder_days: 0 }
      const trip_id = await insert('trips', { ...own, is_archived: falseValue, created_at: '2027-01-01T00:00:00.000Z' })
      for (const [at, date] of dates.entries()) await insert('days', { trip_id, day_number: at + 1, date })
    }
    await trip('whole', ['2027-04-05', '2027-04-08'])
    await trip('shorter', ['2027-04-06', '2027-04-07', null])
    await trip('none', [null])
    const epoch = await epochOf(database.kysely)
    await migrate(database, MIGRATIONS)
    const ends = await db.selectFrom('trips').select(['title', 'start_date', 'end_date']).orderBy('id').execute()
    expect(ends).toEqual([
      { title: 'whole', start_date: '2027-04-05', end_date: '2027-04-08' },
      { title: 'shorter', start_date: '2027-04-06', end_date: '2027-04-07' },
      { title: 'none', start_date: '2027-04-05', end_date: '2027-04-08' },
    ])
    expect(await epochOf(database.kysely)).not.toBe(epoch)
    await database.close()
    await testPlace.remove()
  })
})

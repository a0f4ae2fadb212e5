import { type Kysely, type KyselyPlugin, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../test/harness/database/databases.ts'
import { makeUser } from '../../test/harness/rigs/world.ts'
import { giveOrderKeys } from '../core/data/migration.ts'
import { type AssignmentRow, stopEntry, visitTimes } from '../features/assignments/contract/index.ts'
import { type DayNoteRow, noteEntry } from '../features/day-notes/contract/index.ts'
import { refOf } from '../features/plan/contract/entry.ts'
import { timelineOf } from '../features/plan/contract/timeline.ts'
import { dayOrder } from '../features/plan/server/migrations/0032_day_order.ts'
import type { Booking } from '../features/reservations/contract/index.ts'
import { bookingEntry, bookingsOnDay } from '../features/reservations/contract/on-day.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type OpenDatabase, openDatabase } from './connect.ts'
import { epochOf } from './epoch.ts'
import { migrate } from './migrate.ts'

const NOW = '2027-01-01T00:00:00.000Z'
/** The migrations before order keys. */
const BEFORE = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0029'))

type Rows = Record<string, Record<string, unknown>>

/**
 * The tables with lists that people order, and the values that a row of each needs besides its trip, name and place.
 */
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
] satisfies { table: string; values(ids: { no: 0 | false; userId: number }): object }[]

describe.each(ENGINES)('order keys for existing rows, on $engine', ({ place }) => {
  test('every list keeps its order, and screens reload', async () => {
    const testPlace = await place()
    const database = openDatabase(testPlace.target)
    await migrate(database, BEFORE)
    const { userId } = await makeUser(database, 'Ana')
    // The old tables, which have no types any more.
    const db = database.kysely as unknown as Kysely<Rows>
    const insert = async (table: string, values: Record<string, unknown>) =>
      Number((await db.insertInto(table).values(values).returning('id').executeTakeFirstOrThrow()).id)
    const falseValue = database.dialect.name === 'sqlite' ? 0 : false
    const trip = () =>
      insert('trips', {
        user_id: userId,
        title: 'Kyoto',
        currency: 'EUR',
        reminder_days: 0,
        is_archived: falseValue,
        created_at: NOW,
      })
    const [first, second] = [await trip(), await trip()]
    for (const { table, values } of LISTS) {
      const add = (trip_id: number, name: string, sort_order: number) =>
        insert(table, { ...values({ no: falseValue, userId }), trip_id, name, sort_order, created_at: NOW })
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
    await testPlace.remove()
  })

  test('a partly finished migration is completed by the next attempt', async () => {
    const testPlace = await place()
    const database = openDatabase(testPlace.target)
    await migrate(database, BEFORE)
    const attempt = (statements: number) => {
      let statementsLeft = statements
      const db = database.kysely.withPlugin({
        transformQuery({ node }) {
          if (statementsLeft-- === 0) throw new Error('broke off')
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
    await testPlace.remove()
  })
})

/** The migrations before the entries of a day share one order. */
const BEFORE_DAYS = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0032'))

describe.each(ENGINES)('the order of existing days, on $engine', ({ place }) => {
  async function scene() {
    const testPlace = await place()
    const database = openDatabase(testPlace.target)
    await migrate(database, BEFORE_DAYS)
    const { userId } = await makeUser(database, 'Ana')
    const db = database.kysely as unknown as Kysely<Rows>
    const insert = async (table: string, values: Record<string, unknown>) =>
      Number((await db.insertInto(table).values(values).returning('id').executeTakeFirstOrThrow()).id)
    const bool = (value: boolean) => (database.dialect.name === 'sqlite' ? Number(value) : value)
    const reminder = { reminder_days: 0, is_archived: bool(false), created_at: NOW }
    const trip_id = await insert('trips', { user_id: userId, title: 'Kyoto', currency: 'EUR', ...reminder })
    const days: number[] = []
    for (const number of [1, 2, 3]) {
      days.push(await insert('days', { trip_id, day_number: number, date: `2027-04-0${4 + number}` }))
    }
    const [one, two, three] = days as [number, number, number]
    const placeOf = (place_time: string | null) =>
      insert('places', { trip_id, name: 'Gion', transport_mode: 'walking', place_time, created_at: NOW })
    const [plain, early] = [await placeOf(null), await placeOf('08:00')]
    const stop = (day_id: number, order_index: number, place_time: string | null, place_id = plain) =>
      insert('assignments', {
        trip_id,
        day_id,
        place_id,
        order_index,
        place_time,
        participant_ids: '[]',
        created_at: NOW,
      })
    const note = (
      day_id: number,
      position: number,
      sort_order: number,
      more: { before?: boolean; time?: string } = {},
    ) =>
      insert('day_notes', {
        ...{ trip_id, day_id, text: 'n', icon: '📝', position, sort_order, created_at: NOW },
        ...{ before_bookings: bool(more.before ?? false), time: more.time ?? null },
      })
    const book = (day_id: number, more: Record<string, unknown>) =>
      insert('reservations', {
        ...{ trip_id, day_id, type: 'event', title: 'b', status: 'confirmed', metadata: '{}', endpoints: '[]' },
        ...{ needs_review: bool(false), day_positions: '{}', created_at: NOW },
        ...more,
      })
    /** The entries of each day as the app shows them now. */
    const orderOfDays = async () => {
      const of = (table: string) => db.selectFrom(table).selectAll().orderBy('id').execute()
      const places = new Map((await of('places')).map((row) => [Number(row.id), row]))
      const daysInOrder = (await of('days')).map((day) => ({
        ...day,
        id: Number(day.id),
        day_number: Number(day.day_number),
      }))
      const ofRow = <T>(row: Record<string, unknown>) =>
        ({ ...row, id: Number(row.id), day_id: row.day_id === null ? null : Number(row.day_id) }) as T
      const stops = (await of('assignments')).map((row) => ({
        ...ofRow<AssignmentRow>(row),
        place: places.get(Number(row.place_id)) as { place_time: string | null },
      }))
      const noted = (await of('day_notes')).map((row) => ofRow<DayNoteRow>(row))
      const booked = (await of('reservations')).map((row) => ({
        ...ofRow<Booking>(row),
        end_day_id: row.end_day_id === null ? null : Number(row.end_day_id),
        endpoints: JSON.parse(row.endpoints as string),
        day_keys: JSON.parse(row.day_keys as string),
      }))
      return daysInOrder.map(({ id }) =>
        timelineOf([
          ...stops.flatMap((one) => (one.day_id === id ? [stopEntry(one, visitTimes(one, one.place).start)] : [])),
          ...noted.flatMap((one) => (one.day_id === id ? [noteEntry(one)] : [])),
          ...bookingsOnDay(booked, id, daysInOrder as never).map(bookingEntry),
        ]).map(refOf),
      )
    }
    const close = async () => {
      await database.close()
      await testPlace.remove()
    }
    return { database, db, one, two, three, plain, early, stop, note, book, shown: orderOfDays, close }
  }

  test('every day keeps its displayed order, and only bookings that a person had placed get a key', async () => {
    const { database, db, one, two, three, early, stop, note, book, shown: orderOfDays, close } = await scene()
    const [a, c, b] = [await stop(one, 0, '09:00'), await stop(one, 2, '14:00'), await stop(one, 1, null)]
    const [last, first] = [await note(one, 3, 2), await note(one, 0, 0)]
    const lunch = await book(one, { reservation_time: '2027-04-05T12:30' })
    const placed = await book(one, { reservation_time: '2027-04-05T20:00', day_plan_position: 1 })
    // Notes in one slot with the placed booking: before it, by an earlier time, and after it.
    const [after, before] = [await note(one, 1, 3), await note(one, 1, 1, { before: true })]
    const earlier = await note(one, 1, 4, { time: '19:00' })
    const car = await book(one, {
      ...{ end_day_id: three, reservation_time: '2027-04-05T18:00', reservation_end_time: '2027-04-07T10:00' },
      day_positions: JSON.stringify({ [two]: 1 }),
    })
    const [d, e] = [await stop(two, 0, null), await stop(two, 1, null)]
    // A note that a person moved in front of a booking, which stands by its time.
    const aside = await note(two, 2, 0, { before: true })
    const dinner = await book(two, { reservation_time: '2027-04-06T19:00' })
    const [f, g] = [await stop(three, 0, null, early), await stop(three, 1, '11:00')]
    const stay = await book(three, { reservation_time: '2027-04-07T09:00' })
    const epoch = await epochOf(database.kysely)

    await migrate(database, MIGRATIONS)

    expect(await orderOfDays()).toEqual([
      [
        ...[`note:${first}`, `stop:${a}`, `note:${before}`, `note:${earlier}`, `booking:${placed}`, `note:${after}`],
        ...[`stop:${b}`, `booking:${lunch}`, `stop:${c}`, `booking:${car}`, `note:${last}`],
      ],
      [`stop:${d}`, `booking:${car}`, `stop:${e}`, `note:${aside}`, `booking:${dinner}`],
      [`stop:${f}`, `booking:${stay}`, `booking:${car}`, `stop:${g}`],
    ])
    const rows = await db.selectFrom('reservations').select(['id', 'day_keys']).orderBy('id').execute()
    expect(
      rows.map(({ id, day_keys }) => [Number(id), Object.keys(JSON.parse(day_keys as string)).map(Number)]),
    ).toEqual([
      [lunch, []],
      [placed, [one]],
      [car, [two]],
      [dinner, [two]],
      [stay, []],
    ])
    expect(await epochOf(database.kysely)).not.toBe(epoch)
    await close()
  })

  test('the migration can be interrupted anywhere, starts again and leads to the same result', async () => {
    const { database, db, one, stop, note, book, shown: orderOfDays, close } = await scene()
    const [a, b] = [await stop(one, 0, null), await stop(one, 1, null)]
    const hint = await note(one, 1, 0)
    const placed = await book(one, { day_plan_position: 0 })
    let broken = 0
    for (let statements = 0; ; statements++) {
      const done = await dayOrder(db.withPlugin(failingAfter(statements)), database.dialect).then(
        () => true,
        (error) => {
          if (!(error instanceof BrokenOff)) throw error
          broken++
          return false
        },
      )
      if (done) break
    }
    expect(broken).toBeGreaterThan(10)
    expect((await orderOfDays())[0]).toEqual([`booking:${placed}`, `stop:${a}`, `note:${hint}`, `stop:${b}`])
    const columns = async (table: string) =>
      (await database.kysely.introspection.getTables())
        .find(({ name }) => name === table)
        ?.columns.map(({ name }) => name)
    expect(await columns('assignments')).not.toContain('order_index')
    expect(await columns('day_notes')).not.toContain('position')
    expect(await columns('reservations')).not.toContain('day_positions')
    await close()
  })
})

class BrokenOff extends Error {}

/** Lets this many statements through, then none. */
function failingAfter(statements: number): KyselyPlugin {
  let statementsLeft = statements
  return {
    transformQuery: ({ node }) => {
      if (statementsLeft-- <= 0) throw new BrokenOff()
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

async function names(database: OpenDatabase, table: string, tripId: number): Promise<unknown[]> {
  const { rows } = await sql<{
    name: string
  }>`select name from ${sql.table(table)} where trip_id = ${tripId} order by order_key`.execute(database.kysely)
  return rows.map(({ name }) => name)
}

import { generateNKeysBetween } from 'fractional-indexing'
import type { Kysely } from 'kysely'
import { filled, loadAnew, type Migration } from '../../../../core/data/migration.ts'

// biome-ignore lint/suspicious/noExplicitAny: as in `Migration`
type Db = Kysely<any>
// biome-ignore lint/suspicious/noExplicitAny: a row as it was stored then
type Stored = any

/** The numbers by which the entries of a day were sorted. */
const NUMBERS = {
  assignments: ['order_index'],
  day_notes: ['position', 'before_bookings', 'sort_order'],
  reservations: ['day_plan_position', 'day_positions'],
} as const
const INDEXED = ['assignments', 'day_notes'] as const

/** Stops, notes and bookings of a day share one order: each day keeps the one in which the planner showed it. */
export const dayOrder: Migration = async (db, types) => {
  // On SQLite a migration is no transaction: one that broke off begins anew.
  const tables = await db.introspection.getTables()
  const has = (table: string, column: string) =>
    tables.some(({ name, columns }) => name === table && columns.some((one) => one.name === column))
  for (const table of INDEXED) {
    if (has(table, 'order_key')) continue
    await db.schema
      .alterTable(table)
      .addColumn('order_key', types.ordinal, (column) => filled(column).defaultTo(''))
      .execute()
  }
  if (!has('reservations', 'day_keys')) {
    await db.schema
      .alterTable('reservations')
      .addColumn('day_keys', 'text', (column) => filled(column).defaultTo('{}'))
      .execute()
  }
  const numbers = Object.entries(NUMBERS).flatMap(([table, columns]) => columns.map((column) => ({ table, column })))
  const left = numbers.filter(({ table, column }) => has(table, column))
  // Where one is gone, the keys are there.
  if (left.length === numbers.length) await giveKeys(db)
  for (const table of INDEXED) await db.schema.dropIndex(`${table}_by_day`).ifExists().execute()
  for (const { table, column } of left) await db.schema.alterTable(table).dropColumn(column).execute()
  for (const table of INDEXED) {
    await db.schema.createIndex(`${table}_by_day`).on(table).columns(['day_id', 'order_key']).execute()
  }
  await loadAnew(db)
}

async function giveKeys(db: Db): Promise<void> {
  for (const { id } of await db.selectFrom('trips').select('id').orderBy('id').execute()) {
    const of = (table: string): Promise<Stored[]> =>
      db.selectFrom(table).selectAll().where('trip_id', '=', id).orderBy('id').execute()
    const places = new Map((await of('places')).map((place) => [Number(place.id), place]))
    const days = await of('days')
    const stops = Map.groupBy(await of('assignments'), (stop) => Number(stop.day_id))
    const notes = Map.groupBy(await of('day_notes'), (note) => Number(note.day_id))
    const bookings = (await of('reservations')).filter(({ accommodation_id }) => accommodation_id === null)
    const keysOf = new Map<number, Record<string, string>>()
    for (const day of days) {
      const here = Number(day.id)
      const shown = shownBefore(
        (stops.get(here) ?? []).map((stop) => stopThen(stop, places.get(Number(stop.place_id)))),
        notes.get(here) ?? [],
        bookings.flatMap((booking) => bookingThen(booking, day, days) ?? []),
      ).filter(({ kind, placed }) => kind !== 'reservations' || placed)
      const keys = generateNKeysBetween(null, null, shown.length)
      for (const [at, entry] of shown.entries()) {
        const order_key = keys[at] as string
        if (entry.kind === 'reservations') keysOf.set(entry.id, { ...keysOf.get(entry.id), [here]: order_key })
        else await db.updateTable(entry.kind).set({ order_key }).where('id', '=', entry.id).execute()
      }
    }
    for (const [bookingId, keys] of keysOf) {
      const day_keys = JSON.stringify(keys)
      await db.updateTable('reservations').set({ day_keys }).where('id', '=', bookingId).execute()
    }
  }
}

interface StopThen {
  readonly id: number
  readonly index: number
  readonly start: string | null
}

interface BookingThen {
  readonly id: number
  readonly time: string | null
  readonly isMiddle: boolean
  /** Before the first stop whose number is not smaller; null where nobody had put it anywhere. */
  readonly position: number | null
}

interface Shown {
  readonly kind: 'assignments' | 'day_notes' | 'reservations'
  readonly id: number
  readonly placed?: boolean
}

function stopThen(stop: Stored, place: Stored): StopThen {
  const start = stop.place_time || stop.end_time ? stop.place_time : (place?.place_time ?? null)
  return { id: Number(stop.id), index: Number(stop.order_index), start }
}

const number = (value: Stored): number | null => (value === null || value === undefined ? null : Number(value))

/** What of a booking was on a day; null where nothing was. */
function bookingThen(booking: Stored, day: Stored, days: readonly Stored[]): BookingThen | null {
  const [first, here] = [number(booking.day_id), Number(day.id)]
  const last = number(booking.end_day_id) ?? first
  const numberOf = (id: number | null) => number(days.find((one) => Number(one.id) === id)?.day_number)
  const [from, at, until] = [numberOf(first), numberOf(here), numberOf(last)]
  const isMiddle =
    first !== here && last !== here && from !== null && at !== null && until !== null && from < at && at < until
  if (first === null || (first !== here && last !== here && !isMiddle)) return null
  const moment = isMiddle ? null : first === here ? booking.reservation_time : booking.reservation_end_time
  const position =
    first === here ? number(booking.day_plan_position) : number(JSON.parse(booking.day_positions)[String(here)])
  return { id: Number(booking.id), time: moment?.slice(11) || departureOn(booking, day.date), isMiddle, position }
}

/** When the first leg of that day leaves, for a transport with stops. */
function departureOn(booking: Stored, date: string | null): string | null {
  const ends: Stored[] = JSON.parse(booking.endpoints)
  if (ends.length < 3 || !date) return null
  const leg = ends.slice(1).findIndex((to, at) => {
    const isLast = at === ends.length - 2 && to.role === 'to'
    const arrival = isLast ? to.local_date : (to.arrival_date ?? to.local_date)
    return ends[at].local_date === date || arrival === date
  })
  return leg < 0 ? null : (ends[leg].local_time ?? null)
}

/** The entries of a day in the order in which they were shown until now. This is how it was: it may not change. */
function shownBefore(stops: readonly StopThen[], notes: readonly Stored[], bookings: readonly BookingThen[]): Shown[] {
  const inOrder = stops.toSorted((a, b) => a.index - b.index || a.id - b.id)
  const bookedIn = Map.groupBy(bookings, (booking) => slotThen(booking, inOrder))
  const noted = notes.toSorted((a, b) => Number(a.sort_order) - Number(b.sort_order) || Number(a.id) - Number(b.id))
  const notesIn = Map.groupBy(noted, ({ position }) => Math.min(Number(position), inOrder.length))
  return [...inOrder, null].flatMap((stop, slot): Shown[] => [
    ...betweenStops(notesIn.get(slot) ?? [], bookedIn.get(slot) ?? []),
    ...(stop ? [{ kind: 'assignments', id: stop.id } as const] : []),
  ])
}

function slotThen({ position, time, isMiddle }: BookingThen, stops: readonly StopThen[]): number {
  const before = (found: (stop: StopThen) => boolean) => {
    const at = stops.findIndex(found)
    return at < 0 ? stops.length : at
  }
  if (position !== null) return before(({ index }) => index >= position)
  if (isMiddle) return 0
  return time === null ? stops.length : before(({ start }) => start !== null && start > time)
}

function betweenStops(notes: readonly Stored[], bookings: readonly BookingThen[]): Shown[] {
  const entryOf = ({ id }: Stored): Shown => ({ kind: 'day_notes', id: Number(id) })
  const isBefore = (note: Stored) => Boolean(note.before_bookings)
  const entries = notes.filter(isBefore).map(entryOf)
  // A note that somebody had put in front of what is booked stays there, so what is booked gets a key as well.
  const isPlaced = entries.length > 0
  let rest = notes.filter((note) => !isBefore(note))
  const byTime = (a: BookingThen, b: BookingThen) => {
    const [one, other] = [a.time ?? '99', b.time ?? '99']
    return one < other ? -1 : one > other ? 1 : a.id - b.id
  }
  for (const { id, time, position } of bookings.toSorted(byTime)) {
    const isEarlier = (note: Stored) => {
      const clock = clockThen(note.time)
      return clock !== null && time !== null && clock < time
    }
    entries.push(...rest.filter(isEarlier).map(entryOf))
    rest = rest.filter((note) => !isEarlier(note))
    entries.push({ kind: 'reservations', id, placed: isPlaced || position !== null })
  }
  return [...entries, ...rest.map(entryOf)]
}

function clockThen(label: string | null): string | null {
  const [, hours, minutes] = /^([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)/.exec(label ?? '') ?? []
  return hours && minutes ? `${hours.padStart(2, '0')}:${minutes}` : null
}

import type { Tx } from '../../../core/data/tx.ts'
import { datesOf } from '../../../core/declare/dates.ts'
import type { Call } from '../../../core/run/feature.ts'
import type { TripRow } from '../../trips/server/index.ts'
import { messages } from '../contract/messages.ts'
import { dayContents, dayDeleted, daysRedated } from './hooks.ts'
import { type DayRow, getDay, insertDay, listDays, patchDay, removeDay } from './store.ts'

/** How the days of a trip follow its dates. Content stays with its day; dates are assigned to the days in order. */
type Scene = Pick<Call, 'tx' | 'emit'>

/** The days of a new trip. */
export async function layOutDays(tx: Tx, trip: TripRow, dayCount: number): Promise<void> {
  const dates = trip.start_date && trip.end_date ? datesOf(trip.start_date, trip.end_date) : []
  for (let index = 0; index < dayCount; index++) {
    await insertDay(tx, { trip_id: trip.id, day_number: index + 1, date: dates[index] ?? null })
  }
}

type Shrink = 'refuse' | 'keep_undated' | 'delete'
type Shift = 'keep_bookings' | 'shift_all'

/**
 * Assigns the dates of the trip anew. Days without a date get spare dates, then new days are made. A surplus day is
 * deleted if it is empty; otherwise `shrink` decides.
 */
export async function dealDates(scene: Scene, trip: TripRow, shrink: Shrink, shift: Shift): Promise<void> {
  const { tx } = scene
  const before = await listDays(tx, trip.id)
  const inOrder = [...before.filter((day) => day.date), ...before.filter((day) => !day.date)]
  if (!trip.start_date || !trip.end_date) {
    await redate(scene, before, inOrder, [], shift)
    return
  }
  const dates = datesOf(trip.start_date, trip.end_date)
  const remaining = inOrder.slice(0, dates.length)
  const surplus = inOrder.slice(dates.length)
  for (let index = remaining.length; index < dates.length; index++) {
    remaining.push(await insertDay(tx, { trip_id: trip.id, day_number: index + 1, date: dates[index] ?? null }))
  }
  // Surplus days lose their dates before they are deleted, so that bookings have moved to the days with their dates.
  const dealt = await redate(scene, before, [...remaining, ...surplus], dates, shift)
  const movesStart = inOrder[0]?.date !== trip.start_date && shift === 'keep_bookings'
  const undated = await distributeSurplus(scene, trip.id, surplus, { shrink, movesStart })
  const staying = dealt.filter((day, index) => index < remaining.length || undated.some((left) => left.id === day.id))
  await numberAndDate(tx, staying, dates)
}

/** Numbers and dates the days of a trip in this order, and lets bookings follow. */
export async function redate(
  { tx, emit }: Scene,
  before: readonly DayRow[],
  inOrder: readonly DayRow[],
  dates: readonly string[],
  shift: Shift,
): Promise<DayRow[]> {
  const after = await numberAndDate(tx, inOrder, dates)
  const [first] = after
  if (first) await emit(daysRedated, { tripId: first.trip_id, before, after, shift })
  return after
}

/** Deletes the surplus days that can go and returns the others; `surplus` has the days with their old dates. */
async function distributeSurplus(
  scene: Scene,
  tripId: number,
  surplus: readonly DayRow[],
  { shrink, movesStart }: { shrink: Shrink; movesStart: boolean },
): Promise<readonly DayRow[]> {
  const contents = await contentsOf(scene, tripId)
  const full = surplus.filter((day) => holdsSomething(day, contents))
  const losing = full.filter((day) => day.date)
  if (shrink === 'refuse' && losing.length) throw wouldLose(losing, contents, movesStart)
  const staying = shrink === 'delete' ? full.filter((day) => !day.date) : full
  for (const { id } of surplus.filter((day) => !staying.includes(day))) {
    await deleteDay(scene, await getDay(scene.tx, tripId, id))
  }
  return staying
}

/** Removes a day and, through the hook, its content. The caller must then renumber the others. */
export async function deleteDay({ tx, emit }: Scene, day: DayRow): Promise<void> {
  await emit(dayDeleted, { tripId: day.trip_id, dayId: day.id })
  await removeDay(tx, day)
}

/** Numbers the days 1, 2, 3 … in this order and gives each the date of its position; days beyond the dates get none. */
async function numberAndDate(tx: Tx, days: readonly DayRow[], dates: readonly string[]): Promise<DayRow[]> {
  const done: DayRow[] = []
  for (const [index, day] of days.entries()) {
    done.push(await patchDay(tx, day, { day_number: index + 1, date: dates[index] ?? null }))
  }
  return done
}

type Contents = ReadonlyMap<number, Record<string, number>>

async function contentsOf({ emit }: Scene, tripId: number): Promise<Contents> {
  const merged = new Map<number, Record<string, number>>()
  for (const counts of await emit(dayContents, { tripId })) {
    for (const [dayId, what] of counts) merged.set(dayId, { ...merged.get(dayId), ...what })
  }
  return merged
}

const holdsSomething = (day: DayRow, contents: Contents): boolean => day.title !== null || contents.has(day.id)

function wouldLose(days: readonly DayRow[], contents: Contents, movesStart: boolean) {
  const lost = days.map((day) => ({
    day_id: day.id,
    day_number: day.day_number,
    date: day.date,
    title: day.title,
    holds: contents.get(day.id) ?? {},
  }))
  const named = lost.map((day) => messages.numberAndDate({ number: day.day_number, date: day.date ?? '' }))
  const noRoom = movesStart ? messages.noRoomAfterMove : messages.noRoom
  return noRoom({ count: lost.length, days: named }, { details: { days: lost } })
}

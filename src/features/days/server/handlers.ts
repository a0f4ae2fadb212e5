import type { Tx } from '../../../core/data/tx.ts'
import { addDays } from '../../../core/declare/dates.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { movedBefore } from '../../../core/declare/order-key.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { inGivenOrder } from '../../../core/run/ordering.ts'
import { getTrip, patchTrip, type TripRow } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { deleteDay, redate } from './calendar.ts'
import { dayNoted } from './hooks.ts'
import { type DayRow, getDay, insertDay, listDays, patchDay } from './store.ts'

export const handlers = implement(contract, {
  create_day: async ({ tx, emit, input: { tripId, date, notes, ...values } }) => {
    const days = await listDays(tx, tripId)
    if (date) checkRoom(await getTrip(tx, tripId), days, date)
    const day = await insertDay(tx, { ...values, date, trip_id: tripId, day_number: days.length + 1 })
    if (date) {
      await closeUp(tx, tripId)
      await followEnds(tx, tripId)
    }
    if (notes) await emit(dayNoted, { tripId, dayId: day.id, text: notes })
    return { day: await getDay(tx, tripId, day.id) }
  },

  update_day: async ({ tx, input: { tripId, dayId, ...patch } }) => {
    const day = await getDay(tx, tripId, dayId)
    return { day: await patchDay(tx, day, patch) }
  },

  delete_day: async ({ tx, input: { tripId, dayId }, emit }) => {
    await deleteDay({ tx, emit }, await getDay(tx, tripId, dayId))
    await closeUp(tx, tripId)
    await followEnds(tx, tripId)
    return { success: true }
  },

  move_day: async ({ tx, emit, input: { tripId, dayId, before } }) => {
    const days = await listDays(tx, tripId)
    const { id } = await getDay(tx, tripId, dayId)
    const ids = movedBefore(
      days.map((day) => day.id),
      id,
      before,
    )
    if (!ids) throw invalidField('before', messages.notDayOfTrip({ id: String(before) }))
    return { days: await inOrder({ tx, emit }, days, inGivenOrder(days, ids, 'dayIds')) }
  },

  reorder_days: async ({ tx, emit, input: { tripId, dayIds } }) => {
    const days = await listDays(tx, tripId)
    return { days: await inOrder({ tx, emit }, days, inGivenOrder(days, dayIds, 'dayIds')) }
  },
})

/** Reorders the days of a trip: the dates keep their positions, and bookings move with their day. */
const inOrder = (scene: Pick<Call, 'tx' | 'emit'>, days: readonly DayRow[], ordered: readonly DayRow[]) =>
  redate(
    scene,
    days,
    ordered,
    days.flatMap((day) => day.date ?? []),
    'shift_all',
  )

/** Checks that a day with this date fits into the trip, or directly precedes or follows it. */
function checkRoom(trip: TripRow, days: readonly DayRow[], date: string): void {
  const taken = days.find((day) => day.date === date)
  if (taken) throw messages.dateTaken({ number: taken.day_number, id: taken.id, date })
  if (!trip.start_date || !trip.end_date) throw invalidField('date', messages.tripHasNoDates())
  const [first, last] = [addDays(trip.start_date, -1), addDays(trip.end_date, 1)]
  if (date < first || date > last) throw invalidField('date', messages.outsideTrip({ first, last }))
}

/** Sets the trip to last from its first dated day to its last; if no day has a date, its dates stay. */
async function followEnds(tx: Tx, tripId: number): Promise<void> {
  const dates = (await listDays(tx, tripId)).flatMap(({ date }) => date ?? [])
  if (dates.length) {
    await patchTrip(tx, await getTrip(tx, tripId), { start_date: dates[0], end_date: dates.at(-1) })
  }
}

/** Numbers the days by date without gaps, undated days last. */
async function closeUp(tx: Tx, tripId: number): Promise<void> {
  const days = await listDays(tx, tripId)
  const dated = days.filter((day) => day.date).sort((a, b) => ((a.date as string) < (b.date as string) ? -1 : 1))
  for (const [index, day] of [...dated, ...days.filter((day) => !day.date)].entries()) {
    await patchDay(tx, day, { day_number: index + 1 })
  }
}

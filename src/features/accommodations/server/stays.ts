import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { Call } from '../../../core/run/feature.ts'
import { type DayRow, getDay, listDays } from '../../days/server/index.ts'
import { getPlace, type PlaceRow, placesById } from '../../places/server/index.ts'
import type { AccommodationRow, Stay } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { stayEnded } from './hooks.ts'
import { insertStay, listStays, patchStay, removeStay } from './store.ts'

type Values = Omit<AccommodationRow, 'id' | 'trip_id' | 'created_at' | 'place_id'> & { place_id: number }
type Given<T> = { [K in keyof T]?: T[K] | undefined }

/** A new stay at a place of the trip; does not make its booking. */
export async function makeStay(
  tx: Tx,
  tripId: number,
  values: Given<Values> & Pick<Values, 'place_id' | 'start_day_id' | 'end_day_id'>,
  now: string,
): Promise<AccommodationRow> {
  await getPlace(tx, tripId, values.place_id)
  await checkDays(tx, tripId, values)
  return insertStay(tx, { ...values, trip_id: tripId, created_at: now })
}

/** Applies changes to a stay: an absent field stays, null clears it. */
export async function changeStay(
  tx: Tx,
  stay: AccommodationRow,
  patch: Given<Omit<AccommodationRow, 'id' | 'trip_id' | 'created_at'>>,
): Promise<AccommodationRow> {
  if (patch.place_id) await getPlace(tx, stay.trip_id, patch.place_id)
  const { start_day_id = stay.start_day_id, end_day_id = stay.end_day_id } = patch
  await checkDays(tx, stay.trip_id, { start_day_id, end_day_id })
  return patchStay(tx, stay, patch)
}

/** Removes a stay; returns the booking that belonged to it, if any. */
export async function endStay(
  { tx, emit }: Pick<Call, 'tx' | 'emit'>,
  stay: AccommodationRow,
  { keepBooking = false } = {},
): Promise<number | null> {
  const bookings = await emit(stayEnded, { stay, keepBooking })
  await removeStay(tx, stay)
  return bookings.find((id) => id !== null) ?? null
}

async function checkDays(
  tx: ReadTx,
  tripId: number,
  { start_day_id, end_day_id }: Pick<Values, 'start_day_id' | 'end_day_id'>,
) {
  const [start, end] = [await getDay(tx, tripId, start_day_id), await getDay(tx, tripId, end_day_id)]
  if (end.day_number < start.day_number) {
    throw invalidField('end_day_id', messages.endBeforeStart({ start: start.day_number, end: end.day_number }))
  }
}

/** The stays of a trip that end before they start. */
export async function backwardStays(tx: ReadTx, tripId: number): Promise<AccommodationRow[]> {
  const numberOf = new Map((await listDays(tx, tripId)).map((day) => [day.id, day.day_number]))
  const rank = (dayId: number) => numberOf.get(dayId) ?? 0
  return (await listStays(tx, tripId)).filter(({ start_day_id: start, end_day_id: end }) => rank(end) < rank(start))
}

/** A stay with its place. */
export async function stayView(tx: ReadTx, stay: AccommodationRow): Promise<Stay> {
  return withPlace(stay, stay.place_id === null ? null : await getPlace(tx, stay.trip_id, stay.place_id))
}

/** The stays of a trip with their places, in the order of check-in. */
export async function staysOf(tx: ReadTx, tripId: number): Promise<Stay[]> {
  const stays = await listStays(tx, tripId)
  const places = await placesById(tx, tripId, new Set(stays.flatMap(({ place_id }) => place_id ?? [])))
  const numberOf = new Map((await listDays(tx, tripId)).map((day) => [day.id, day.day_number]))
  const rank = (dayId: number) => numberOf.get(dayId) ?? 0
  return stays
    .map((stay) => withPlace(stay, places.get(stay.place_id ?? 0) ?? null))
    .toSorted((a, b) => rank(a.start_day_id) - rank(b.start_day_id) || rank(a.end_day_id) - rank(b.end_day_id))
}

export function withPlace(stay: AccommodationRow, place: PlaceRow | null): Stay {
  if (!place) return { ...stay, place: null }
  const { id, name, lat, lng, address } = place
  return { ...stay, place: { id, name, lat, lng, address } }
}

/** Handles a removed day: a stay that begins or ends there gets shorter by it, and a stay of that day alone ends. */
export async function loseDay(scene: Pick<Call, 'tx' | 'emit'>, tripId: number, dayId: number): Promise<void> {
  const days = await listDays(scene.tx, tripId)
  const at = days.findIndex((day) => day.id === dayId)
  for (const stay of await listStays(scene.tx, tripId)) {
    const { start_day_id, end_day_id } = stay
    if (start_day_id === dayId && end_day_id === dayId) await endStay(scene, stay, { keepBooking: true })
    else if (start_day_id === dayId) await patchStay(scene.tx, stay, { start_day_id: days[at + 1]?.id })
    else if (end_day_id === dayId) await patchStay(scene.tx, stay, { end_day_id: days[at - 1]?.id })
  }
}

/** New dates of days: with `keep_bookings` a stay moves to its dates if both exist; otherwise it keeps its days. */
export async function followDates(
  tx: Tx,
  tripId: number,
  before: readonly DayRow[],
  after: readonly DayRow[],
  shift: 'keep_bookings' | 'shift_all',
): Promise<void> {
  const dateBefore = new Map(before.map((day) => [day.id, day.date]))
  const byDate = new Map(after.flatMap((day) => (day.date ? [[day.date, day]] : [])))
  const byId = new Map(after.map((day) => [day.id, day]))
  for (const stay of await listStays(tx, tripId)) {
    const own = (dayId: number) => (shift === 'keep_bookings' ? byDate.get(dateBefore.get(dayId) ?? '') : undefined)
    const [ownStart, ownEnd] = [own(stay.start_day_id), own(stay.end_day_id)]
    if (ownStart && ownEnd) {
      await patchStay(tx, stay, { start_day_id: ownStart.id, end_day_id: ownEnd.id })
      continue
    }
    const [start, end] = [byId.get(stay.start_day_id), byId.get(stay.end_day_id)]
    if (start && end && end.day_number < start.day_number) {
      throw messages.wouldEndFirst(
        { id: stay.id, start: start.day_number, end: end.day_number },
        { details: { accommodation_id: stay.id } },
      )
    }
  }
}

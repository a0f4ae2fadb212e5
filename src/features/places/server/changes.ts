import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { wrong } from '../../../core/declare/value-messages.ts'
import type { Call } from '../../../core/run/feature.ts'
import { getTrip } from '../../trips/server/index.ts'
import { messages } from '../contract/messages.ts'
import { placeDeleted } from './hooks.ts'
import * as store from './store.ts'

/** Values for a place: undefined is not given, null clears. */
export type Said = {
  [K in keyof Omit<store.PlaceRow, 'id' | 'trip_id' | 'created_at'>]?: store.PlaceRow[K] | undefined
}

/** Adds a place to a trip; a price without a currency gets that of the trip. */
export async function createPlace(tx: Tx, tripId: number, values: Said, now: string): Promise<store.PlaceRow> {
  const currency = values.currency ?? (values.price == null ? null : (await getTrip(tx, tripId)).currency)
  await checkPlace(tx, values)
  return store.insertPlace(tx, { ...values, currency, trip_id: tripId, created_at: now })
}

/** Changes the given values of a place; a price never loses its currency. */
export async function changePlace(tx: Tx, before: store.PlaceRow, said: Said): Promise<store.PlaceRow> {
  const patch = { ...said }
  const priced = patch.price ?? (patch.price === undefined ? before.price : null)
  if (priced !== null && (patch.currency === null || (!patch.currency && !before.currency))) {
    patch.currency = (await getTrip(tx, before.trip_id)).currency
  }
  await checkPlace(tx, { ...before, ...given(patch) })
  return store.patchPlace(tx, before, patch)
}

/** Deletes a place and, through the hook, what depends on it. */
export async function deletePlace({ tx, emit }: Pick<Call, 'tx' | 'emit'>, place: store.PlaceRow): Promise<void> {
  const { trip_id: tripId, id: placeId } = place
  await emit(placeDeleted, { tripId, placeId })
  for (const link of await store.listTagsOnPlace(tx, tripId, placeId)) await store.removePlaceTag(tx, link)
  await store.removePlace(tx, place)
}

/** The places with these ids, or `invalid` with the ids that are not in the trip. */
export async function getPlaces(tx: ReadTx, tripId: number, placeIds: readonly number[]): Promise<store.PlaceRow[]> {
  const ids = [...new Set(placeIds)]
  const found = new Map((await store.listPlacesById(tx, tripId, ids)).map((place) => [place.id, place]))
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length) {
    throw invalidField('placeIds', messages.placesNotFound({ count: missing.length, ids: missing }))
  }
  return [...found.values()]
}

const given = <T extends object>(patch: T): T =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as T

/** Checks that the fields of a place are consistent, and that its category exists. */
async function checkPlace(tx: ReadTx, place: Said): Promise<void> {
  if ((place.lat == null) !== (place.lng == null)) {
    throw invalidField(place.lat == null ? 'lat' : 'lng', wrong.otherCoordinate())
  }
  if (place.place_time && place.end_time && place.end_time < place.place_time) {
    const { name = '', place_time: start, end_time: end } = place
    throw invalidField('end_time', messages.endBeforeStart({ end, start, name }))
  }
  if (place.category_id != null && !(await store.findCategory(tx, place.category_id))) {
    const categories = (await store.listCategories(tx)).map(({ id, name }) => `${id} ${name}`)
    throw invalidField('category_id', messages.notCategory({ names: categories }))
  }
}

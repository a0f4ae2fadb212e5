import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { Accommodation, type AccommodationRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The stays of a trip in the order they were added. */
export const listStays = (tx: ReadTx, tripId: number): Promise<AccommodationRow[]> =>
  tx.list(Accommodation, { trip_id: tripId })

export const findStay = (tx: ReadTx, tripId: number, stayId: number): Promise<AccommodationRow | null> =>
  tx.find(Accommodation, { id: stayId, trip_id: tripId })

/** A stay of this trip, or `not_found`. */
export async function getStay(tx: ReadTx, tripId: number, stayId: number): Promise<AccommodationRow> {
  const stay = await findStay(tx, tripId, stayId)
  if (!stay) throw messages.stayNotFound({ id: stayId })
  return stay
}

export const insertStay = (tx: Tx, values: Values<typeof Accommodation>): Promise<AccommodationRow> =>
  tx.insert(Accommodation, values)

export const patchStay = (
  tx: Tx,
  stay: AccommodationRow,
  patch: Values<typeof Accommodation>,
): Promise<AccommodationRow> => tx.patch(Accommodation, stay, patch)

export const removeStay = (tx: Tx, stay: AccommodationRow): Promise<void> => tx.remove(Accommodation, stay)

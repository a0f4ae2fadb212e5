import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { Reservation, type ReservationRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The reservations of a trip as stored: without what a hotel’s stay holds. */
export const listReservations = (tx: ReadTx, tripId: number): Promise<ReservationRow[]> =>
  tx.list(Reservation, { trip_id: tripId })

/** A reservation of this trip, or `not_found`. */
export async function getReservation(tx: ReadTx, tripId: number, reservationId: number): Promise<ReservationRow> {
  const reservation = await tx.find(Reservation, { id: reservationId, trip_id: tripId })
  if (!reservation) throw messages.reservationNotFound({ id: reservationId })
  return reservation
}

export const findReservationOfStay = (tx: ReadTx, tripId: number, stayId: number): Promise<ReservationRow | null> =>
  tx.find(Reservation, { trip_id: tripId, accommodation_id: stayId })

export const listReservationsOfPlace = (tx: ReadTx, tripId: number, placeId: number): Promise<ReservationRow[]> =>
  tx.list(Reservation, { trip_id: tripId, place_id: placeId })

export const listReservationsOfStop = (tx: ReadTx, tripId: number, assignmentId: number): Promise<ReservationRow[]> =>
  tx.list(Reservation, { trip_id: tripId, assignment_id: assignmentId })

export const insertReservation = (tx: Tx, values: Values<typeof Reservation>): Promise<ReservationRow> =>
  tx.insert(Reservation, { metadata: {}, endpoints: [], day_keys: {}, ...values })

export const patchReservation = (
  tx: Tx,
  row: ReservationRow,
  patch: Values<typeof Reservation>,
): Promise<ReservationRow> => tx.patch(Reservation, row, patch)

export const removeReservation = (tx: Tx, row: ReservationRow): Promise<void> => tx.remove(Reservation, row)

import { useTranslation } from 'react-i18next'
import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { Accommodation } from '../../accommodations/contract/index.ts'
import { tellUndoable } from '../../history/web/undo.ts'
import { isTransport } from '../contract/booking.ts'
import {
  type Booking,
  delete_reservation,
  Reservation,
  type Status,
  update_reservation,
  update_transport,
} from '../contract/index.ts'

/** The actions on a booking from its ticket. */
export function useBookingActions() {
  const { t } = useTranslation()
  const act = useAct()

  const setStatus = (booking: Booking, status: Status) =>
    act(
      isTransport(booking.type) ? update_transport : update_reservation,
      { tripId: booking.trip_id, reservationId: booking.id, status },
      [patched(Reservation, booking.id, { status })],
    )

  async function remove(booking: Booking) {
    const stay = booking.accommodation_id
    const deleted = await act(delete_reservation, { tripId: booking.trip_id, reservationId: booking.id }, [
      removed(Reservation, booking.id),
      ...(stay === null ? [] : [removed(Accommodation, stay)]),
    ])
    if (deleted) tellUndoable(t('bookings.wasDeleted', { name: booking.title }), deleted)
  }

  return { setStatus, remove }
}

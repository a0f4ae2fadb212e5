import { useMemo } from 'react'
import { useRows } from '../../../ui/live/hooks.tsx'
import { Accommodation } from '../../accommodations/contract/index.ts'
import { usePlanner } from '../../plan/web/planner.tsx'
import { bookingViews } from '../contract/booking.ts'
import { type Booking, Reservation } from '../contract/index.ts'

/** The days of the trip, to find the bookings on them. */
export function useDays() {
  const { plan } = usePlanner()
  return useMemo(() => plan.map(({ day }) => day), [plan])
}

/** All bookings of the surrounding trip, by time. */
export function useBookings(): readonly Booking[] {
  const rows = useRows(Reservation)
  const stays = useRows(Accommodation)
  const days = useDays()
  return useMemo(() => bookingViews(rows, stays, days), [rows, stays, days])
}

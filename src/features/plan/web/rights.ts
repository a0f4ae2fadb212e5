import { useMemo } from 'react'
import { useRights } from '../../admin/web/instance.ts'
import { day_edit } from '../../days/contract/index.ts'
import { place_edit } from '../../places/contract/index.ts'
import { reservation_edit } from '../../reservations/contract/index.ts'
import { useMyRole } from '../../trips/web/members.ts'

/** What the person can change on the plan page; everything on it is readable. */
export interface PlanRights {
  /** Days with their stops and notes. */
  readonly days: boolean
  readonly places: boolean
  readonly bookings: boolean
}

/** Determined once by the planner, for the hundreds of rows that need it. */
export function useMyPlanRights(): PlanRights {
  const may = useRights(useMyRole())
  const [days, places, bookings] = [may(day_edit), may(place_edit), may(reservation_edit)]
  return useMemo(() => ({ days, places, bookings }), [days, places, bookings])
}

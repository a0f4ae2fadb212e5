import type { Unsound } from '../../../core/run/sound.ts'
import type { TripMemberRow, TripRow } from './store.ts'

/** Checks that a trip has exactly the owner it names, and both of its dates, in order, or none. */
export function faultsOf(trip: TripRow, members: readonly TripMemberRow[]): Unsound[] {
  const { start_date, end_date } = trip
  const owners = members.filter(({ role }) => role === 'owner').map(({ user_id }) => user_id)
  const faults = [
    (owners.length !== 1 || owners[0] !== trip.user_id) &&
      `belongs to ${trip.user_id}, but its owners are ${owners.join(', ') || 'nobody'}`,
    (start_date === null) !== (end_date === null) && 'has one of its two dates',
    start_date !== null && end_date !== null && end_date < start_date && `ends ${end_date}, before it starts`,
  ]
  return faults.flatMap((says) => (says ? [{ entity: 'trip', id: trip.id, says }] : []))
}

import { useEffect } from 'react'
import type { SpaceRole } from '../../../core/declare/operation.ts'
import { useMe } from '../../../identity/web/session.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { forget, useRead } from '../../../ui/query.ts'
import { list_trip_members, TripMember } from '../contract/index.ts'
import { useTrip } from './trip-context.tsx'

/** One's own role in this trip. */
export function useMyRole(): SpaceRole {
  const me = useMe()
  return useRows(TripMember).find((member) => member.user_id === me.id)?.role === 'owner' ? 'owner' : 'editor'
}

/** The members of this trip, kept up to date. */
export function useMembers() {
  const trip = useTrip()
  const memberships = useRows(TripMember)
  const members = useRead(list_trip_members, { tripId: trip.id })
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed memberships must trigger a new request
  useEffect(() => void forget(list_trip_members), [memberships])
  return members
}

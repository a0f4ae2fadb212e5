import { useEffect } from 'react'
import { list_trip_members, TripMember } from '../../features/trips/contract.ts'
import { useRows } from '../live/hooks.tsx'
import { forget, useRead } from '../query.ts'
import { useMe } from '../session.ts'
import { usePlanner } from './planner.tsx'

/** What one is in this trip. */
export function useMyRole(): 'owner' | 'member' {
  const me = useMe()
  return useRows(TripMember).find((member) => member.user_id === me.id)?.role === 'owner' ? 'owner' : 'member'
}

/** Who plans this trip; the list follows who comes and goes. */
export function useMembers() {
  const { trip } = usePlanner()
  const memberships = useRows(TripMember)
  const members = useRead(list_trip_members, { tripId: trip.id })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list of memberships is the reason to ask again
  useEffect(() => void forget(list_trip_members), [memberships])
  return members
}

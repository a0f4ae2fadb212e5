import { createContext, type ReactNode, use } from 'react'
import type { Row } from '../../../core/declare/entity.ts'
import type { Trip } from '../contract/index.ts'

const TripContext = createContext<Row<typeof Trip> | null>(null)

export const TripProvider = ({ trip, children }: { trip: Row<typeof Trip>; children: ReactNode }) => (
  <TripContext value={trip}>{children}</TripContext>
)

/** The trip whose page is open. */
export function useTrip(): Row<typeof Trip> {
  const trip = use(TripContext)
  if (!trip) throw new Error('There is no trip above this component')
  return trip
}

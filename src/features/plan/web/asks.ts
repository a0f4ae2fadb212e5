import type { PlaceRow } from './plan.ts'

/** Requests that every view of a trip can make. */
export interface Asks {
  addPlace(at?: { lat: number; lng: number }): void
  editPlace(place: PlaceRow): void
}

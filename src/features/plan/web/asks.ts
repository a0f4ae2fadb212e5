import type { PlaceRow } from './plan.ts'

/** What the views of a trip have in common: what can be asked for from anywhere in them. */
export interface Asks {
  addPlace(at?: { lat: number; lng: number }): void
  editPlace(place: PlaceRow): void
}

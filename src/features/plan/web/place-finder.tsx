import { useAddressAt } from '../../maps/web/address-at.ts'
import { type Brought, PlaceSearch } from '../../maps/web/place-search.tsx'

export type { Brought }

interface Props {
  /** Where it was put on the map; without it one searches. */
  at: { lat: number; lng: number } | null
  autoFocus: boolean
  onFound(found: Brought): void
}

/** How a place gets what the world knows of it: by a search, or from the point on the map. */
export function PlaceFinder({ at, autoFocus, onFound }: Props) {
  useAddressAt(at, (address) => onFound({ address }))
  return at ? null : <PlaceSearch onFound={onFound} autoFocus={autoFocus} />
}

import { useAddressAt } from '../../maps/web/address-at.ts'
import { type Brought, PlaceSearch } from '../../maps/web/place-search.tsx'

export type { Brought }

interface Props {
  /** The picked point on the map; null shows a search. */
  at: { lat: number; lng: number } | null
  autoFocus: boolean
  onFound(found: Brought): void
}

/** Fills in what is known about a place: by a search, or from the point on the map. */
export function PlaceFinder({ at, autoFocus, onFound }: Props) {
  useAddressAt(at, (address) => onFound({ address }))
  return at ? null : <PlaceSearch onFound={onFound} autoFocus={autoFocus} />
}

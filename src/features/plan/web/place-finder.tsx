import { useAddressAt } from '../../maps/web/address-at.ts'
import { PlaceSearch } from '../../maps/web/place-search.tsx'
import type { Brought } from '../../maps/web/use-place-search.ts'

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

import { useEffect, useRef } from 'react'
import { call } from '../../../ui/call.ts'
import { language } from '../../../ui/i18n.ts'
import { reverse_geocode } from '../contract/index.ts'

/** Passes on the address of a position once it is known, unless it is only that of a distant town. */
export function useAddressAt(at: { lat: number; lng: number } | null, onFound: (address: string) => void): void {
  const hand = useRef(onFound)
  hand.current = onFound
  const { lat, lng } = at ?? {}
  useEffect(() => {
    if (lat === undefined || lng === undefined) return
    let wanted = true
    call(reverse_geocode, { lat, lng, lang: language() }).then(
      ({ place, note }) => wanted && !note && place?.address && hand.current(place.address),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [lat, lng])
}

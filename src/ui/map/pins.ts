import { useRef } from 'react'

/** Something with a place on the map. */
export interface Pin {
  readonly id: number
  readonly name: string
  readonly lat: number
  readonly lng: number
  readonly colour: string
}

/** A pin of the day that is shown, with its number in the day. */
export interface NumberedPin extends Pin {
  readonly key: string
  readonly number: number
}

/** How much of the map lies under other things, in pixels from its edges. */
export interface Covered {
  readonly top: number
  readonly bottom: number
}

/** Pins as the map takes them. */
export const points = (pins: readonly Pin[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: pins.map(({ id, name, colour, lat, lng }) => ({
    type: 'Feature',
    id,
    properties: { id, name, colour },
    geometry: { type: 'Point', coordinates: [lng, lat] },
  })),
})

/** The latest value of something, for listeners that are added once. */
export function useLatest<T>(value: T) {
  const latest = useRef(value)
  latest.current = value
  return latest
}

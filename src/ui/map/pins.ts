import { useRef } from 'react'

/** A marker on the map. */
export interface Pin {
  readonly id: number
  readonly name: string
  readonly lat: number
  readonly lng: number
  readonly colour: string
}

/** A pin of the shown day, with its number in the day. */
export interface NumberedPin extends Pin {
  readonly key: string
  readonly number: number
}

/** How much of the map is covered, in pixels from its edges. */
export interface Covered {
  readonly top: number
  readonly bottom: number
}

/** Pins as GeoJSON. */
export const points = (pins: readonly Pin[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: pins.map(({ id, name, colour, lat, lng }) => ({
    type: 'Feature',
    id,
    properties: { id, name, colour },
    geometry: { type: 'Point', coordinates: [lng, lat] },
  })),
})

/** A ref to the latest value, for listeners that are added once. */
export function useLatest<T>(value: T) {
  const latest = useRef(value)
  latest.current = value
  return latest
}

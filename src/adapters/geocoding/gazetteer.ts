import { whenNeeded } from '../../core/run/when-needed.ts'
import { folded } from '../folded.ts'
import { zoneAt } from '../zones.ts'
import { type Cities, type City, readCities } from './cities.ts'
import { bareDetails, countryName, type FoundPlace, type Geocoder } from './geocoder.ts'
import { OTHER_NAMES } from './other-names.ts'

const CANDIDATES = 300
/** Beyond this distance, a position has no nearest town. */
const TOO_FAR_KM = 300

/** The built-in geocoder: it knows towns and countries and calls no server. It loads the list at first use. */
export function createGazetteer(): Geocoder {
  const loaded = whenNeeded(readCities)
  const search: Geocoder['search'] = async (query, lang, limit) => {
    const cities = await loaded()
    const indexes = indexesFor(cities, query, lang).slice(0, limit)
    return { found: indexes.map((index) => placeOf(cities.at(index), lang)), source: 'gazetteer', note: null }
  }
  return {
    asYouType: true,
    onlyTowns: true,
    suggest: search,
    search,

    async details(id, lang) {
      const number = /^city:(\d{1,9})$/.exec(id)?.[1]
      const cities = await loaded()
      const index = number ? cities.indexOfId(Number(number)) : -1
      const city = index >= 0 ? cities.at(index) : null
      const details = city && { ...bareDetails(placeOf(city, lang)), population: city.population || null }
      return { found: details, source: 'gazetteer', note: null }
    },

    async reverse(lat, lng, lang) {
      const cities = await loaded()
      const { index, km } = cities.nearest(lat, lng)
      const country = await countryAt(lat, lng)
      if (km > TOO_FAR_KM) return { found: null, source: 'gazetteer', note: farFrom(country, lang) }
      const city = cities.at(index)
      const away = Math.round(km) > 5 ? `${nameOf(city)} is ${Math.round(km)} km away.` : null
      // Near a border, the nearest town can be in another country.
      const place = { ...placeOf(city, lang), lat, lng, timezone: zoneAt(lat, lng) }
      if (!country || country === city.country) return { found: place, source: 'gazetteer', note: away }
      const abroad = { ...place, country, region: null, address: countryName(country, lang) }
      return { found: abroad, source: 'gazetteer', note: away ?? `${nameOf(city)} is over the border.` }
    },
  }
}

function farFrom(country: string | null, lang: string): string {
  const name = countryName(country, lang)
  return name ? `No town is near; this is in ${name}.` : 'No town is near; this is at sea.'
}

async function countryAt(lat: number, lng: number): Promise<string | null> {
  // The borders take thirty megabytes, so load them only when needed.
  const { iso1A2Code } = await import('@rapideditor/country-coder')
  return iso1A2Code([lng, lat], { level: 'territory' })
}

/** Towns whose name equals, begins with or contains the query. A country or state can follow after a comma. */
function indexesFor(cities: Cities, query: string, lang: string): number[] {
  const [first = '', ...rest] = query.split(',')
  const name = folded(first)
  if (!name) return []
  const within = folded(rest.join(' '))
  const byName = ranked(cities, name)
  if (within) return byName.filter((index) => liesIn(cities.at(index), within, lang))
  const words = name.split(' ')
  if (byName.length > 0 || words.length < 2) return byName
  // "paris france": if no town has this name, its last words name the country or state.
  for (let split = words.length - 1; split > 0; split--) {
    const where = words.slice(split).join(' ')
    const matching = ranked(cities, words.slice(0, split).join(' ')).filter((index) =>
      liesIn(cities.at(index), where, lang),
    )
    if (matching.length > 0) return matching
  }
  return []
}

function liesIn(city: City, where: string, lang: string): boolean {
  const country = city.country.toLowerCase()
  const admin = city.admin.toLowerCase()
  // "D.C." is DC.
  const short = where.replaceAll(' ', '')
  if (short === country || short === admin || short === admin + country) return true
  return ['en', lang].some((one) => folded(countryName(city.country, one) ?? '').startsWith(where))
}

/** An exact match ranks like a town a hundred times as large that only contains the word. */
function ranked(cities: Cities, name: string): number[] {
  const scores = new Map<number, number>()
  const note = (index: number, bonus: number) => {
    const { population, quarter } = cities.at(index)
    const score = Math.log10(population + 10) + bonus - (quarter ? 1 : 0)
    scores.set(index, Math.max(score, scores.get(index) ?? 0))
  }
  for (const index of matches(cities, `\n${name}\n`)) note(index, 2)
  for (const index of matches(cities, `\n${name}`)) note(index, 1)
  for (const index of matches(cities, ` ${name}`)) note(index, 0)
  for (const other of OTHER_NAMES) {
    if (!other.name.startsWith(name)) continue
    const index = matches(cities, `\n${folded(other.of)}\n`).find((at) => cities.at(at).country === other.country)
    if (index !== undefined) note(index, other.name === name ? 2 : 1)
  }
  return [...scores].sort(([, a], [, b]) => b - a).map(([index]) => index)
}

function matches(cities: Cities, text: string): number[] {
  const indexes: number[] = []
  const bytes = Buffer.from(text)
  let at = cities.searched.indexOf(bytes)
  while (at >= 0 && indexes.length < CANDIDATES) {
    indexes.push(cities.indexAt(at + 1))
    at = cities.searched.indexOf(bytes, at + 1)
  }
  return indexes
}

/** State codes are shown only where people use them. */
const regionOf = ({ country, admin }: City): string | null =>
  country === 'US' && /^[A-Z]{2}$/.test(admin) ? admin : null

/** The list gives some Japanese towns the suffix for "town". */
const nameOf = ({ name, country }: City): string => (country === 'JP' ? name.replace(/-shi$/, '') : name)

function placeOf(city: City, lang: string): FoundPlace {
  const region = regionOf(city)
  return {
    place_id: `city:${city.id}`,
    name: nameOf(city),
    address: [nameOf(city), region, countryName(city.country, lang)].filter(Boolean).join(', '),
    lat: city.lat,
    lng: city.lng,
    country: city.country,
    region,
    kind: city.quarter ? 'quarter' : 'city',
    timezone: zoneAt(city.lat, city.lng),
    google_place_id: null,
    osm_id: null,
  }
}

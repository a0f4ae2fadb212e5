/** Who knows places: the towns in the box, OpenStreetMap (by Nominatim or Photon), or Google. */
export type PlaceSource = 'gazetteer' | 'openstreetmap' | 'google'

/** A place somewhere in the world, which is no place of a trip yet. */
export interface FoundPlace {
  /** What `details` takes: `node:1`, `way:1`, `relation:1`, `city:1` or the id of Google. */
  readonly place_id: string
  readonly name: string
  readonly address: string | null
  readonly lat: number
  readonly lng: number
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  readonly region: string | null
  /** What it is, in a word of its source: city, museum, restaurant. */
  readonly kind: string | null
  readonly timezone: string
  readonly google_place_id: string | null
  readonly osm_id: string | null
}

export interface PlaceDetails extends FoundPlace {
  readonly description: string | null
  readonly website: string | null
  readonly phone: string | null
  /** A line for each day or rule. */
  readonly opening_hours: readonly string[]
  readonly population: number | null
}

/** What was found, by whom, and a sentence where it is less than one would expect. */
export interface Findings<T> {
  readonly found: T
  readonly source: PlaceSource
  readonly note: string | null
}

/** One that can be chosen; what to suggest while somebody types follows from it. */
export type Source = Omit<Geocoder, 'suggest'>

/** Finds places by name, by id and by position. What is not there is an empty list or null; an outage is thrown as `unavailable`. */
export interface Geocoder {
  /** Whether it may be asked at every key that somebody presses; otherwise `suggest` says less than `search`. */
  readonly asYouType: boolean
  suggest(query: string, lang: string, limit: number): Promise<Findings<readonly FoundPlace[]>>
  search(query: string, lang: string, limit: number): Promise<Findings<readonly FoundPlace[]>>
  details(id: string, lang: string): Promise<Findings<PlaceDetails | null>>
  /** What is at a position, or the nearest that is known. */
  reverse(lat: number, lng: number, lang: string): Promise<Findings<FoundPlace | null>>
}

/** The details of a place of which no more is known than was found. */
export const bareDetails = (place: FoundPlace): PlaceDetails => ({
  ...place,
  description: null,
  website: null,
  phone: null,
  opening_hours: [],
  population: null,
})

/** The name of a country in a language, or null. */
export function countryName(code: string | null, lang: string): string | null {
  if (!code) return null
  try {
    return new Intl.DisplayNames([lang, 'en'], { type: 'region' }).of(code) ?? null
  } catch {
    return new Intl.DisplayNames('en', { type: 'region' }).of(code) ?? null
  }
}

/** Sources of places: the built-in towns, OpenStreetMap (through Nominatim or Photon), or Google. */
export type PlaceSource = 'gazetteer' | 'openstreetmap' | 'google'

/** A place in the world, not yet part of a trip. */
export interface FoundPlace {
  /** The argument of `details`: `node:1`, `way:1`, `relation:1`, `city:1` or a Google id. */
  readonly place_id: string
  readonly name: string
  readonly address: string | null
  readonly lat: number
  readonly lng: number
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  readonly region: string | null
  /** Its kind in the source's terms: city, museum, restaurant. */
  readonly kind: string | null
  readonly timezone: string
  readonly google_place_id: string | null
  readonly osm_id: string | null
}

export interface PlaceDetails extends FoundPlace {
  readonly description: string | null
  readonly website: string | null
  readonly phone: string | null
  /** One line per day or rule. */
  readonly opening_hours: readonly string[]
  readonly population: number | null
}

/** Results, their source, and a note if they are less than expected. */
export interface Findings<T> {
  readonly found: T
  readonly source: PlaceSource
  readonly note: string | null
}

/** A geocoder that can be chosen; it knows more than towns, and its `suggest` is derived. */
export type Source = Omit<Geocoder, 'suggest' | 'onlyTowns'>

/** Finds places by name, id and position. Nothing found is an empty list or null; an outage throws `unavailable`. */
export interface Geocoder {
  /** Whether it may be called at every keystroke; otherwise `suggest` returns less than `search`. */
  readonly asYouType: boolean
  /** Whether it knows towns only, and neither sights nor addresses. */
  readonly onlyTowns: boolean
  suggest(query: string, lang: string, limit: number): Promise<Findings<readonly FoundPlace[]>>
  search(query: string, lang: string, limit: number): Promise<Findings<readonly FoundPlace[]>>
  details(id: string, lang: string): Promise<Findings<PlaceDetails | null>>
  /** The place at a position, or the nearest known one. */
  reverse(lat: number, lng: number, lang: string): Promise<Findings<FoundPlace | null>>
}

/** The details of a place about which nothing more is known. */
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

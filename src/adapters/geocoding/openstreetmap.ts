import { z } from 'zod'
import { zoneAt } from '../zones.ts'
import type { FoundPlace, PlaceDetails } from './geocoder.ts'

/** Shared by Nominatim and Photon: the objects of OpenStreetMap. */
const LETTERS = { node: 'N', way: 'W', relation: 'R' } as const
type Kind = keyof typeof LETTERS

/** An id as stored with a place: `node:1`. */
export const osmId = (kind: string, id: number | string): string => {
  const kindName = (Object.keys(LETTERS) as Kind[]).find(
    (name) => name === kind || LETTERS[name] === kind.toUpperCase(),
  )
  return `${kindName ?? 'node'}:${id}`
}

/** `N1` for `node:1`; null for any other id. */
export function osmLetterId(id: string): string | null {
  const match = /^(node|way|relation)[:/](\d{1,16})$/.exec(id)
  return match ? `${LETTERS[match[1] as Kind]}${match[2]}` : null
}

const coordinate = z.coerce.number()

export const NominatimPlace = z.object({
  osm_type: z.string().optional(),
  osm_id: z.number().optional(),
  lat: coordinate,
  lon: coordinate,
  type: z.string().optional(),
  name: z.string().nullish(),
  display_name: z.string(),
  address: z.record(z.string(), z.string()).optional(),
  extratags: z.record(z.string(), z.string()).nullish(),
})
type NominatimPlace = z.output<typeof NominatimPlace>

export function nominatimPlace(place: NominatimPlace): FoundPlace {
  const id = place.osm_type && place.osm_id !== undefined ? osmId(place.osm_type, place.osm_id) : null
  const [street = '', number] = [place.address?.road, place.address?.house_number]
  return {
    place_id: id ?? `${place.lat},${place.lon}`,
    name: place.name || [street, number].filter(Boolean).join(' ') || (place.display_name.split(',')[0] as string),
    address: place.display_name,
    lat: place.lat,
    lng: place.lon,
    country: place.address?.country_code?.toUpperCase() ?? null,
    region: place.address?.state ?? place.address?.region ?? null,
    kind: place.type ?? null,
    timezone: zoneAt(place.lat, place.lon),
    google_place_id: null,
    osm_id: id,
  }
}

export function nominatimDetails(place: NominatimPlace): PlaceDetails {
  const tags = place.extratags ?? {}
  const population = Number(tags.population)
  return {
    ...nominatimPlace(place),
    description: tags.description ?? null,
    website: tags.website ?? tags['contact:website'] ?? tags.url ?? null,
    phone: tags.phone ?? tags['contact:phone'] ?? null,
    opening_hours: tags.opening_hours ? tags.opening_hours.split(/\s*;\s*/).filter(Boolean) : [],
    population: population > 0 ? population : null,
  }
}

export const PhotonAnswer = z.object({
  features: z.array(
    z.object({
      geometry: z.object({ coordinates: z.tuple([z.number(), z.number()]) }),
      properties: z.object({
        osm_id: z.number(),
        osm_type: z.string(),
        osm_value: z.string().optional(),
        name: z.string().optional(),
        housenumber: z.string().optional(),
        street: z.string().optional(),
        postcode: z.string().optional(),
        city: z.string().optional(),
        state: z.string().optional(),
        country: z.string().optional(),
        countrycode: z.string().optional(),
      }),
    }),
  ),
})

export function photonPlaces(answer: z.output<typeof PhotonAnswer>): FoundPlace[] {
  return answer.features.map(({ geometry: { coordinates }, properties }) => {
    const [lng, lat] = coordinates
    const street = [properties.street, properties.housenumber].filter(Boolean).join(' ')
    const town = [properties.postcode, properties.city].filter(Boolean).join(' ')
    const name = properties.name ?? (street || town || properties.country || `${lat}, ${lng}`)
    const lines = [properties.name ?? '', street, town, properties.state, properties.country].filter(
      Boolean,
    ) as string[]
    return {
      place_id: osmId(properties.osm_type, properties.osm_id),
      name,
      address: [...new Set(lines)].join(', '),
      lat,
      lng,
      country: properties.countrycode?.toUpperCase() ?? null,
      region: properties.state ?? null,
      kind: properties.osm_value ?? null,
      timezone: zoneAt(lat, lng),
      google_place_id: null,
      osm_id: osmId(properties.osm_type, properties.osm_id),
    }
  })
}

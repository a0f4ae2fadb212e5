import { z } from 'zod'
import type { HttpClient } from '../http/client.ts'
import { zoneAt } from '../zones.ts'
import { bareDetails, type FoundPlace, type Source } from './geocoder.ts'
import { messages } from './messages.ts'

/** The base URLs of Google. */
export interface GoogleAddresses {
  readonly places: string
  readonly geocoding: string
}

export const GOOGLE: GoogleAddresses = {
  places: 'https://places.googleapis.com/v1',
  geocoding: 'https://maps.googleapis.com/maps/api/geocode/json',
}

// Google's terms limit how long results may be kept; ids may be kept for ever.
const HOUR = 3600

const FIELDS = ['id', 'displayName', 'formattedAddress', 'location', 'primaryType', 'addressComponents']
const MORE_FIELDS = ['editorialSummary', 'websiteUri', 'internationalPhoneNumber', 'regularOpeningHours']

const Text = z.object({ text: z.string() })
const Component = z.object({
  shortText: z.string().optional(),
  longText: z.string().optional(),
  types: z.array(z.string()),
})
const Place = z.object({
  id: z.string(),
  displayName: Text.optional(),
  formattedAddress: z.string().optional(),
  location: z.object({ latitude: z.number(), longitude: z.number() }),
  primaryType: z.string().optional(),
  addressComponents: z.array(Component).default([]),
  editorialSummary: Text.optional(),
  websiteUri: z.string().optional(),
  internationalPhoneNumber: z.string().optional(),
  regularOpeningHours: z.object({ weekdayDescriptions: z.array(z.string()).default([]) }).optional(),
})
const Places = z.object({ places: z.array(Place).default([]) })

const Geocoded = z.object({
  status: z.string(),
  results: z.array(
    z.object({
      place_id: z.string(),
      formatted_address: z.string(),
      types: z.array(z.string()),
      address_components: z.array(
        z.object({ long_name: z.string(), short_name: z.string(), types: z.array(z.string()) }),
      ),
    }),
  ),
})

/** The Places API (New) and, for positions, the Geocoding API. */
export function createGoogle(key: string, http: HttpClient, at: GoogleAddresses = GOOGLE): Source {
  const headers = (fields: readonly string[]) => ({ 'x-goog-api-key': key, 'x-goog-fieldmask': fields.join(',') })

  return {
    // Each call costs money.
    asYouType: false,

    async search(textQuery, languageCode, limit) {
      const answer = await http.json(`${at.places}/places:searchText`, {
        trusted: true,
        cacheSeconds: HOUR,
        headers: headers(FIELDS.map((field) => `places.${field}`)),
        body: { textQuery, languageCode, pageSize: Math.min(limit, 20) },
      })
      return { found: Places.parse(answer).places.map(placeOf), source: 'google', note: null }
    },

    async details(id, lang) {
      if (!/^[\w-]{10,300}$/.test(id)) return { found: null, source: 'google', note: null }
      const answer = await http.json(`${at.places}/places/${id}?languageCode=${encodeURIComponent(lang)}`, {
        trusted: true,
        cacheSeconds: HOUR,
        headers: headers([...FIELDS, ...MORE_FIELDS]),
        absent: [400, 404],
      })
      if (answer === null) return { found: null, source: 'google', note: null }
      const place = Place.parse(answer)
      const details = {
        ...bareDetails(placeOf(place)),
        description: place.editorialSummary?.text ?? null,
        website: place.websiteUri ?? null,
        phone: place.internationalPhoneNumber ?? null,
        opening_hours: place.regularOpeningHours?.weekdayDescriptions ?? [],
      }
      return { found: details, source: 'google', note: null }
    },

    async reverse(lat, lng, lang) {
      const query = new URLSearchParams({ latlng: `${lat},${lng}`, language: lang, key })
      const answer = Geocoded.parse(await http.json(`${at.geocoding}?${query}`, { trusted: true, cacheSeconds: HOUR }))
      if (answer.status !== 'OK' && answer.status !== 'ZERO_RESULTS') {
        throw messages.google({ status: answer.status })
      }
      const [first] = answer.results
      if (!first) return { found: null, source: 'google', note: null }
      const part = (type: string) => first.address_components.find(({ types }) => types.includes(type))
      const address: FoundPlace = {
        place_id: first.place_id,
        name: first.formatted_address.split(',')[0] as string,
        address: first.formatted_address,
        lat,
        lng,
        country: part('country')?.short_name ?? null,
        region: part('administrative_area_level_1')?.long_name ?? null,
        kind: first.types[0] ?? null,
        timezone: zoneAt(lat, lng),
        google_place_id: first.place_id,
        osm_id: null,
      }
      return { found: address, source: 'google', note: null }
    },
  }
}

function placeOf(place: z.output<typeof Place>): FoundPlace {
  const { latitude: lat, longitude: lng } = place.location
  const part = (type: string) => place.addressComponents.find(({ types }) => types.includes(type))
  return {
    place_id: place.id,
    name: place.displayName?.text ?? place.formattedAddress ?? `${lat}, ${lng}`,
    address: place.formattedAddress ?? null,
    lat,
    lng,
    country: part('country')?.shortText ?? null,
    region: part('administrative_area_level_1')?.longText ?? null,
    kind: place.primaryType ?? null,
    timezone: zoneAt(lat, lng),
    google_place_id: place.id,
    osm_id: null,
  }
}

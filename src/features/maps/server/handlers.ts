import { findAirport, searchAirports } from '../../../adapters/airports.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { type From, placeOfLink } from './place-of-link.ts'

const FOUND_AT_MOST = 10
const SUGGESTED_AT_MOST = 6

const CREDITS = {
  gazetteer: 'GeoNames',
  openstreetmap: '© OpenStreetMap contributors',
  google: 'Google Maps',
} as const

export const handlers = ({ geocoder, http }: From) =>
  implement(contract, {
    search_place: prepared(contract.search_place, {
      prepare: ({ query }) => geocoder.search(query, 'en', FOUND_AT_MOST),
      handle: async ({ prepared: { found, source, note } }) => ({
        places: [...found],
        source,
        credit: CREDITS[source],
        note: note ?? (source === 'gazetteer' ? messages.onlyTowns().text : null),
      }),
    }),

    suggest_places: prepared(contract.suggest_places, {
      prepare: ({ query, lang }) => geocoder.suggest(query, lang, SUGGESTED_AT_MOST),
      handle: async ({ prepared: { found, source, note } }) => ({
        places: [...found],
        complete: geocoder.asYouType,
        source,
        credit: CREDITS[source],
        note,
      }),
    }),

    get_place_details: prepared(contract.get_place_details, {
      prepare: ({ placeId, lang }) => geocoder.details(placeId, lang),
      handle: async ({ prepared: { found, source, note } }) => {
        if (!found) throw messages.placeNotFound()
        const place = { ...found, opening_hours: [...found.opening_hours] }
        return { place, source, credit: CREDITS[source], note }
      },
    }),

    reverse_geocode: prepared(contract.reverse_geocode, {
      prepare: ({ lat, lng, lang }) => geocoder.reverse(lat, lng, lang),
      handle: async ({ prepared: { found, source, note } }) => ({
        place: found,
        source,
        credit: CREDITS[source],
        note,
      }),
    }),

    resolve_maps_url: prepared(contract.resolve_maps_url, {
      prepare: ({ url }) => placeOfLink(url, { geocoder, http }),
      handle: async ({ prepared: place }) => place,
    }),

    search_airports: async ({ input }) => ({ airports: searchAirports(input.query, input.limit) }),

    get_airport: async ({ input }) => {
      const airport = findAirport(input.iata)
      if (airport) return { airport }
      throw messages.airportNotFound({ code: input.iata.toUpperCase() })
    },
  })

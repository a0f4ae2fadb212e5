import { z } from 'zod'
import type { Config } from '../../config/index.ts'
import { TrekError } from '../../core/declare/errors.ts'
import type { HttpClient } from '../http/client.ts'
import { createGazetteer } from './gazetteer.ts'
import type { Findings, Geocoder, Source } from './geocoder.ts'
import { createGoogle } from './google.ts'
import { messages } from './messages.ts'
import { createNominatim, PUBLIC_NOMINATIM } from './nominatim.ts'
import { createPhoton, PUBLIC_PHOTON } from './photon.ts'

export type { Geocoder } from './geocoder.ts'
export { createGazetteer }

/** The configured geocoder. */
export function geocoderOf(config: Config, http: HttpClient, servers = () => 1): Geocoder {
  const gazetteer = createGazetteer()
  const chosen = chosenGeocoder(config, http, servers)
  return chosen ? withGazetteer(chosen, gazetteer) : gazetteer
}

function chosenGeocoder(config: Config, http: HttpClient, servers: () => number): Source | null {
  const { geocoder, geocoderUrl, geocoderContact, googleMapsKey } = config
  switch (geocoder) {
    case 'nominatim':
      return createNominatim(geocoderUrl ?? PUBLIC_NOMINATIM, http, geocoderContact, servers)
    case 'photon':
      return createPhoton(geocoderUrl ?? PUBLIC_PHOTON, http)
    case 'google':
      return createGoogle(googleMapsKey ?? '', http)
    case 'embedded':
      return null
  }
}

/** Tries a geocoder, then the built-in one if that fails. The built-in one finds less, and the note says so. */
export function withGazetteer(geocoder: Source, gazetteer: Geocoder): Geocoder {
  async function orElse<T>(ask: () => Promise<Findings<T>>, instead: () => Promise<Findings<T>>): Promise<Findings<T>> {
    try {
      return await readable(ask)
    } catch (error) {
      if (!(error instanceof TrekError)) throw error
      return { ...(await instead()), note: `${error.message}; only towns are known at the moment.` }
    }
  }
  const search: Geocoder['search'] = (query, lang, limit) =>
    orElse(
      () => geocoder.search(query, lang, limit),
      () => gazetteer.search(query, lang, limit),
    )
  return {
    asYouType: geocoder.asYouType,
    onlyTowns: false,
    suggest: geocoder.asYouType ? search : gazetteer.suggest,
    search,
    reverse: (lat, lng, lang) =>
      orElse(
        () => geocoder.reverse(lat, lng, lang),
        () => gazetteer.reverse(lat, lng, lang),
      ),
    details: (id, lang) =>
      id.startsWith('city:') ? gazetteer.details(id, lang) : readable(() => geocoder.details(id, lang)),
  }
}

/** An answer of an undocumented form counts as an outage. */
async function readable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof z.ZodError) throw messages.unreadable()
    throw error
  }
}

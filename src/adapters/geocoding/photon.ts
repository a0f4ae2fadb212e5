import type { HttpClient } from '../http/client.ts'
import { bareDetails, type FoundPlace, type Source } from './geocoder.ts'
import { messages } from './messages.ts'
import { PhotonAnswer, photonPlaces } from './openstreetmap.ts'

export const PUBLIC_PHOTON = 'https://photon.komoot.io'

const DAY = 86_400
const REMEMBERED = 500
// The default languages of a Photon server; it rejects others unless its operator configured them.
const LANGUAGES = new Set(['en', 'de', 'fr', 'it'])

/** A Photon server. It cannot look up by id, so details are what an earlier search found. */
export function createPhoton(root: string, http: HttpClient): Source {
  const seen = new Map<string, FoundPlace>()

  async function ask(path: string, parameters: Record<string, string | number>, lang: string): Promise<FoundPlace[]> {
    const short = lang.slice(0, 2).toLowerCase()
    const query = new URLSearchParams(LANGUAGES.has(short) ? { lang: short } : {})
    for (const [name, value] of Object.entries(parameters)) query.set(name, String(value))
    const answer = await http.json(`${root}/${path}?${query}`, { trusted: true, cacheSeconds: DAY })
    const places = photonPlaces(PhotonAnswer.parse(answer))
    for (const place of places) seen.set(place.place_id, place)
    for (const oldest of seen.keys()) {
      if (seen.size <= REMEMBERED) break
      seen.delete(oldest)
    }
    return places
  }

  return {
    asYouType: true,

    search: async (q, lang, limit) => ({
      found: await ask('api/', { q, limit }, lang),
      source: 'openstreetmap',
      note: null,
    }),

    async details(id) {
      const place = seen.get(id.replace('/', ':'))
      if (place) return { found: bareDetails(place), source: 'openstreetmap', note: 'No more is known here.' }
      throw messages.noDetails()
    },

    async reverse(lat, lon, lang) {
      const [place] = await ask('reverse', { lat, lon, limit: 1 }, lang)
      return { found: place ? { ...place, lat, lng: lon } : null, source: 'openstreetmap', note: null }
    },
  }
}

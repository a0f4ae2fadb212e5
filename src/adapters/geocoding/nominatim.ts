import { z } from 'zod'
import type { HttpClient } from '../http/client.ts'
import type { Source } from './geocoder.ts'
import { messages } from './messages.ts'
import { NominatimPlace, nominatimDetails, nominatimPlace, osmLetterId } from './openstreetmap.ts'

export const PUBLIC_NOMINATIM = 'https://nominatim.openstreetmap.org'

const DAY = 86_400
/** Beyond this, the gazetteer serves people better than a longer wait. */
const MOST_WAITING = 4

const List = z.array(NominatimPlace)
const One = z.union([NominatimPlace, z.object({ error: z.unknown() })])

/**
 * A Nominatim server. The public one allows one request a second and none while typing, and wants answers cached: here
 * for a day, as its usage policy asks. The `servers` servers of this instance share its rate.
 */
export function createNominatim(root: string, http: HttpClient, contact: string | null, servers = () => 1): Source {
  const isPublic = root === PUBLIC_NOMINATIM
  const turn = spacing(() => (isPublic ? 1000 * servers() : 0))

  async function ask(path: string, parameters: Record<string, string | number>, lang: string): Promise<unknown> {
    const query = new URLSearchParams({ format: 'jsonv2', addressdetails: '1', 'accept-language': lang })
    for (const [name, value] of Object.entries(parameters)) query.set(name, String(value))
    if (contact) query.set('email', contact)
    return http.json(`${root}/${path}?${query}`, { trusted: true, cacheSeconds: DAY, before: turn })
  }

  return {
    asYouType: !isPublic,

    async search(q, lang, limit) {
      const places = List.parse(await ask('search', { q, limit }, lang)).map(nominatimPlace)
      return { found: places, source: 'openstreetmap', note: null }
    },

    async details(id, lang) {
      const osm_ids = osmLetterId(id)
      const [place] = osm_ids ? List.parse(await ask('lookup', { osm_ids, extratags: 1 }, lang)) : []
      return { found: place ? nominatimDetails(place) : null, source: 'openstreetmap', note: null }
    },

    async reverse(lat, lon, lang) {
      const place = One.parse(await ask('reverse', { lat, lon, zoom: 18 }, lang))
      const result = 'error' in place ? null : { ...nominatimPlace(place), lat, lng: lon }
      return { found: result, source: 'openstreetmap', note: null }
    },
  }
}

/** Lets one call through per interval. Rejects instead of waiting long. */
function spacing(between: () => number): () => Promise<void> {
  let free = 0
  return async () => {
    const ms = between()
    const wait = free - performance.now()
    if (wait > ms * MOST_WAITING) throw messages.busy()
    free = Math.max(performance.now(), free) + ms
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

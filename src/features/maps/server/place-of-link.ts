import type { ExternalServices } from '../../../adapters/external-services.ts'
import { zoneAt } from '../../../adapters/zones.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { messages } from '../contract/messages.ts'
import { isEnough, isShort, type Link, readLink } from './links.ts'

export type From = Pick<ExternalServices, 'geocoder' | 'http'>

const FOLLOW_MS = 6000

/** The place of a link: read from the link, and from other servers only if the link does not contain it. */
export const placeOfLink = async (url: string, { geocoder, http }: From) => located(await followed(url, http), geocoder)

async function followed(url: string, http: From['http']): Promise<Link> {
  const target = isShort(url)
    ? await http.resolve(/^https?:/i.test(url) ? url : `https://${url}`, { timeoutMs: FOLLOW_MS, until: isEnough })
    : url
  const link = readLink(target)
  if (link) return link
  throw invalidField('url', messages.notPlaceLink())
}

/** Looks up a place without a position by its id or name. */
async function located(link: Link, geocoder: From['geocoder']) {
  const { lat, lng, ...rest } = link
  if (lat !== null && lng !== null) {
    return { ...rest, lat, lng, address: null, timezone: zoneAt(lat, lng), note: null }
  }
  const id = link.google_place_id ?? link.osm_id
  const known = id ? (await geocoder.details(id, 'en').catch(() => null))?.found : null
  const found = known ?? (link.name ? (await geocoder.search(link.name, 'en', 1)).found[0] : null)
  if (!found) throw invalidField('url', messages.positionUnknown())
  return {
    lat: found.lat,
    lng: found.lng,
    name: known ? found.name : link.name,
    address: found.address,
    google_place_id: link.google_place_id ?? found.google_place_id,
    google_ftid: link.google_ftid,
    osm_id: link.osm_id ?? found.osm_id,
    timezone: found.timezone,
    note: known ? null : messages.positionOf({ name: found.name }).text,
  }
}

import { positionOfPlusCode } from './plus-code.ts'

/** The content of a map link; a link can name a place without its position. */
export interface Link {
  readonly lat: number | null
  readonly lng: number | null
  readonly name: string | null
  readonly google_place_id: string | null
  readonly google_ftid: string | null
  /** `node:1`, `way:1` or `relation:1`. */
  readonly osm_id: string | null
}

type Position = { lat: number; lng: number }

const NOTHING: Link = { lat: null, lng: null, name: null, google_place_id: null, google_ftid: null, osm_id: null }
const NUMBER = '-?\\d{1,3}(?:\\.\\d+)?'
const PAIR = new RegExp(`^\\s*(?:loc:)?\\(?(${NUMBER})\\s*[,;~]\\s*(${NUMBER})\\)?`)
const FTID = /^0x[0-9a-f]+:0x[0-9a-f]+$/i
const GOOGLE = /^(www\.|maps\.)?google\.[a-z]{2,3}(\.[a-z]{2})?$/
const SHORT = new Set(['maps.app.goo.gl', 'goo.gl', 'g.co', 'g.page', 'maps.apple', 'osm.org'])

/** Reads a link without calling any server; null if it is not a map link. */
export function readLink(text: string): Link | null {
  const pair = pairIn(text)
  if (pair) return { ...NOTHING, ...pair }
  const code = positionOfPlusCode(text.trim())
  if (code) return { ...NOTHING, ...code, name: text.trim().toUpperCase() }
  if (/^geo:/i.test(text)) return readGeo(text)
  const url = parsed(text)
  if (!url) return null
  const host = url.hostname.toLowerCase()
  if (/^consent\.google\./.test(host)) return readLink(url.searchParams.get('continue') ?? '')
  if (GOOGLE.test(host)) return readGoogle(url)
  if (host === 'plus.codes') return readLink(url.pathname.slice(1).replace(/%2b/i, '+'))
  if (/(^|\.)(openstreetmap\.org|osm\.org)$/.test(host)) return readOpenStreetMap(url)
  if (host === 'maps.apple.com') return readApple(url)
  return readOthers(url)
}

/** Whether a link only redirects to the real one, and so must be followed. */
export function isShort(text: string): boolean {
  const url = parsed(text)
  return url !== null && SHORT.has(url.hostname.toLowerCase()) && readLink(text) === null
}

/** Whether following a link further would add nothing. */
export function isEnough(url: URL): boolean {
  const link = readLink(url.href)
  return link !== null && (link.lat !== null || link.name !== null || link.google_place_id !== null)
}

function parsed(text: string): URL | null {
  const address = /^https?:\/\//i.test(text) ? text : /^[\w-]+(\.[\w-]+)+\//.test(text) ? `https://${text}` : ''
  const url = URL.parse(address)
  return url?.hostname ? url : null
}

function position(lat: string | undefined, lng: string | undefined): Position | null {
  if (!lat || !lng) return null
  const found = { lat: Number(lat), lng: Number(lng) }
  return Math.abs(found.lat) <= 90 && Math.abs(found.lng) <= 180 ? found : null
}

function pairIn(text: string | null | undefined): Position | null {
  const found = PAIR.exec(text ?? '')
  return found && position(found[1], found[2])
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim()
  } catch {
    return text
  }
}

/** A geo URI (RFC 5870), with the label that Android adds. */
function readGeo(text: string): Link | null {
  const [place = '', query = ''] = text.slice(4).split('?')
  const q = new URLSearchParams(query).get('q') ?? ''
  const found = pairIn(q) ?? pairIn(place)
  const label = /\(([^)]+)\)\s*$/.exec(q)?.[1] ?? (pairIn(q) ? '' : q)
  const zero = found?.lat === 0 && found.lng === 0
  if (!found || (zero && label)) return label ? { ...NOTHING, name: label } : null
  return { ...NOTHING, ...found, name: label || null }
}

function readGoogle(url: URL): Link | null {
  const { pathname, searchParams: asked } = url
  if (!pathname.startsWith('/maps') && !url.hostname.startsWith('maps.')) return null
  // The pin is in the data of the page; the @ is followed by the middle of the screen.
  const pins = [...decode(url.href).matchAll(new RegExp(`!3d(${NUMBER})!4d(${NUMBER})`, 'g'))]
  const pin = pins.at(-1)
  const middle = new RegExp(`/@(${NUMBER}),(${NUMBER})`).exec(pathname)
  const segments = pathname.split('/').filter((part) => part && !/^(@|data=)/.test(part))
  const verb = segments.findIndex((part) => ['place', 'search', 'dir'].includes(part))
  const words = verb >= 0 ? segments.slice(verb + 1).map(decode) : []
  const spoken = (segments[verb] === 'dir' ? words.at(-1) : words[0]) ?? ''
  const texts = ['query', 'q', 'destination', 'daddr'].map((key) => asked.get(key)?.trim() ?? '').concat(spoken)
  const found =
    position(pin?.[1], pin?.[2]) ??
    texts.map(pairIn).find((pair) => pair !== null) ??
    pairIn(asked.get('ll')) ??
    pairIn(asked.get('sll')) ??
    position(middle?.[1], middle?.[2]) ??
    pairIn(asked.get('center'))
  const written = texts.find((text) => text && !pairIn(text) && !text.startsWith('place_id:')) ?? null
  const ftid = asked.get('ftid') ?? /!1s(0x[0-9a-f]+:0x[0-9a-f]+)/i.exec(decode(url.href))?.[1] ?? ''
  const id =
    asked.get('query_place_id') ??
    asked.get('destination_place_id') ??
    texts.find((text) => text.startsWith('place_id:'))?.slice(9) ??
    /!19s(ChI[\w-]+)/.exec(decode(url.href))?.[1] ??
    null
  const link = { ...NOTHING, ...found, name: written, google_place_id: id, google_ftid: FTID.test(ftid) ? ftid : null }
  return found || written || id ? link : null
}

function readOpenStreetMap(url: URL): Link | null {
  const { pathname, searchParams: asked } = url
  const id = /^\/(node|way|relation)\/(\d{1,16})/.exec(pathname)
  const short = /^\/go\/([\w@~-]+)/.exec(pathname)
  const hash = new RegExp(`map=\\d+(?:\\.\\d+)?/(${NUMBER})/(${NUMBER})`).exec(url.hash)
  const found =
    position(asked.get('mlat') ?? undefined, asked.get('mlon') ?? undefined) ??
    (short?.[1] ? positionOfGo(short[1]) : null) ??
    position(hash?.[1], hash?.[2])
  const name = asked.get('query') ?? null
  if (id) return { ...NOTHING, ...found, osm_id: `${id[1]}:${id[2]}` }
  return found || name ? { ...NOTHING, ...found, name: name && !pairIn(name) ? name : null } : null
}

const GO = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~'

/** Decodes the short links of OpenStreetMap: six bits a letter, alternately of longitude and latitude. */
function positionOfGo(code: string): Position | null {
  let [x, y, bits] = [0, 0, 0]
  for (const letter of code.replaceAll('@', '~').replace(/-+$/, '')) {
    const value = GO.indexOf(letter)
    if (value < 0) return null
    for (let bit = 5; bit > 0; bit -= 2) {
      x = x * 2 + ((value >> bit) & 1)
      y = y * 2 + ((value >> (bit - 1)) & 1)
    }
    bits += 3
  }
  const lng = ((x + 0.5) / 2 ** bits) * 360 - 180
  const lat = ((y + 0.5) / 2 ** bits) * 180 - 90
  return { lat: Math.round(lat * 1e5) / 1e5, lng: Math.round(lng * 1e5) / 1e5 }
}

function readApple({ searchParams: asked }: URL): Link | null {
  const found = ['coordinate', 'll', 'q', 'daddr', 'sll', 'center']
    .map((key) => pairIn(asked.get(key)))
    .find((pair) => pair !== null)
  const name = ['name', 'q', 'address', 'daddr']
    .map((key) => asked.get(key)?.trim())
    .find((text) => text && !pairIn(text))
  return found || name ? { ...NOTHING, ...found, name: name ?? null } : null
}

/** The few forms in which most map pages write positions: Bing, Waze, HERE, Organic Maps. */
function readOthers({ searchParams: asked, pathname }: URL): Link | null {
  const found =
    ['ll', 'cp', 'coordinate', 'center', 'latlng', 'map']
      .map((key) => pairIn(asked.get(key)))
      .find((pair) => pair !== null) ??
    position(asked.get('lat') ?? undefined, asked.get('lng') ?? asked.get('lon') ?? undefined) ??
    position(
      ...((new RegExp(`[/@](${NUMBER}),(${NUMBER})(?:[,/]|$)`).exec(pathname)?.slice(1, 3) as [string, string]) ?? [
        undefined,
        undefined,
      ]),
    )
  return found ? { ...NOTHING, ...found, name: asked.get('name') } : null
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { times } from '../../../../test/harness/prove.ts'
import { isShort, readLink } from './links.ts'

const describeLink = (text: string) => {
  const link = readLink(text)
  return link && Object.fromEntries(Object.entries(link).filter(([, value]) => value !== null))
}

it.each([
  // Google Maps: the pin takes precedence over the visible map section.
  [
    'https://www.google.com/maps/place/Kinkaku-ji/@35.0391,135.7268,17z/data=!3m1!4b1!4m6!3m5!1s0x6001a820c0eb46bd:0xee4272b1c22645f!8m2!3d35.03937!4d135.7292431!16zL20vMDE5MTg5',
    { lat: 35.03937, lng: 135.7292431, name: 'Kinkaku-ji', google_ftid: '0x6001a820c0eb46bd:0xee4272b1c22645f' },
  ],
  ['https://www.google.co.jp/maps/@35.0116,135.7681,12z', { lat: 35.0116, lng: 135.7681 }],
  ['https://maps.google.com/?q=35.0394,135.7292', { lat: 35.0394, lng: 135.7292 }],
  ['https://maps.google.com/maps?q=loc:35.0394,135.7292', { lat: 35.0394, lng: 135.7292 }],
  ['https://www.google.com/maps/search/?api=1&query=35.0394%2C135.7292', { lat: 35.0394, lng: 135.7292 }],
  [
    'https://www.google.com/maps/search/?api=1&query=Kinkaku-ji&query_place_id=ChIJvUbrwCCoAWARX2QiHCsn5A4',
    { name: 'Kinkaku-ji', google_place_id: 'ChIJvUbrwCCoAWARX2QiHCsn5A4' },
  ],
  ['https://www.google.com/maps/search/35.0394,+135.7292', { lat: 35.0394, lng: 135.7292 }],
  ['https://www.google.com/maps/place/Caf%C3%A9+de+Flore,+Paris/', { name: 'Café de Flore, Paris' }],
  [
    'https://maps.google.com?q=Kinkaku-ji,%201%20Kinkakujicho&ftid=0x6001a820c0eb46bd:0xee4272b1c22645f',
    { name: 'Kinkaku-ji, 1 Kinkakujicho', google_ftid: '0x6001a820c0eb46bd:0xee4272b1c22645f' },
  ],
  ['https://www.google.com/maps/dir/Kyoto+Station/35.0394,135.7292/@35.01,135.74,13z', { lat: 35.0394, lng: 135.7292 }],
  ['https://www.google.com/maps/dir/?api=1&destination=35.0394,135.7292', { lat: 35.0394, lng: 135.7292 }],
  [
    'https://consent.google.com/m?continue=https://maps.google.com/?q%3D35.0394,135.7292&gl=DE',
    { lat: 35.0394, lng: 135.7292 },
  ],
  // OpenStreetMap
  ['https://www.openstreetmap.org/?mlat=35.0394&mlon=135.7292#map=17/35.1/135.8', { lat: 35.0394, lng: 135.7292 }],
  ['https://www.openstreetmap.org/#map=17/35.0394/135.7292', { lat: 35.0394, lng: 135.7292 }],
  [
    'https://www.openstreetmap.org/way/40123#map=17/35.0394/135.7292',
    { lat: 35.0394, lng: 135.7292, osm_id: 'way:40123' },
  ],
  ['https://www.openstreetmap.org/node/123', { osm_id: 'node:123' }],
  ['https://www.openstreetmap.org/search?query=Kyoto', { name: 'Kyoto' }],
  // Apple Maps
  ['https://maps.apple.com/?ll=35.0394,135.7292&q=Kinkaku-ji', { lat: 35.0394, lng: 135.7292, name: 'Kinkaku-ji' }],
  [
    'https://maps.apple.com/place?address=Kyoto&coordinate=35.0394,135.7292&name=Kinkaku-ji',
    { lat: 35.0394, lng: 135.7292, name: 'Kinkaku-ji' },
  ],
  ['https://maps.apple.com/?q=35.0394,135.7292', { lat: 35.0394, lng: 135.7292 }],
  // RFC 5870, and the variant of Android
  ['geo:35.0394,135.7292', { lat: 35.0394, lng: 135.7292 }],
  ['geo:35.0394,135.7292;u=35', { lat: 35.0394, lng: 135.7292 }],
  ['geo:0,0?q=35.0394,135.7292(Golden Temple)', { lat: 35.0394, lng: 135.7292, name: 'Golden Temple' }],
  ['geo:0,0?q=Kinkaku-ji', { name: 'Kinkaku-ji' }],
  // Others
  ['https://www.bing.com/maps?cp=35.0394~135.7292&lvl=15', { lat: 35.0394, lng: 135.7292 }],
  ['https://waze.com/ul?ll=35.0394,135.7292&navigate=yes', { lat: 35.0394, lng: 135.7292 }],
  ['https://example.org/spot?lat=35.0394&lon=135.7292', { lat: 35.0394, lng: 135.7292 }],
  ['35.0394, 135.7292', { lat: 35.0394, lng: 135.7292 }],
  ['-33.8688,151.2093', { lat: -33.8688, lng: 151.2093 }],
  // Plus codes; Google gives this one as the code of its office in Zurich.
  ['8FVC9G8F+6X', { lat: 47.365563, lng: 8.524938, name: '8FVC9G8F+6X' }],
  ['https://plus.codes/8FVC9G8F+6X', { lat: 47.365563, lng: 8.524938, name: '8FVC9G8F+6X' }],
] as const)('reads %s', (text, expected) => {
  expect(describeLink(text)).toEqual(expected)
})

it('reads the short links of OpenStreetMap without a request', () => {
  // The example of the OpenStreetMap wiki: the Houses of Parliament.
  const link = readLink('https://osm.org/go/euu4oj~E--')
  expect(link?.lat).toBeCloseTo(51.5, 0)
  expect(link?.lng).toBeCloseTo(-0.1, 0)
})

it.each([
  '',
  'hello',
  'https://example.org/',
  'https://www.google.com/search?q=kyoto',
  'https://www.google.com/maps',
  'https://www.openstreetmap.org/',
  '95.0, 200.0',
  'javascript:alert(1)',
  'file:///etc/passwd',
  '9G8F+6X',
])('finds no place in %s', (text) => {
  expect(readLink(text)).toBeNull()
})

it('recognises links that must be followed', () => {
  expect(isShort('https://maps.app.goo.gl/abc123')).toBe(true)
  expect(isShort('maps.app.goo.gl/abc123')).toBe(true)
  expect(isShort('https://maps.apple/p/abc')).toBe(true)
  expect(isShort('https://osm.org/go/euu4oj~E--')).toBe(false)
  expect(isShort('https://example.org/abc')).toBe(false)
  expect(isShort('https://maps.app.goo.gl.evil.example/abc')).toBe(false)
})

it('never throws, and never returns an impossible position', () => {
  const nearPosition = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ maxLength: 60 }).map((rest) => `https://www.google.com/maps/place/${rest}`),
    fc.string({ maxLength: 60 }).map((rest) => `geo:${rest}`),
    fc.string({ maxLength: 60 }).map((rest) => `https://osm.org/go/${rest}`),
  )
  fc.assert(
    fc.property(nearPosition, (text) => {
      const link = readLink(text)
      if (link?.lat != null) expect(Math.abs(link.lat)).toBeLessThanOrEqual(90)
      if (link?.lng != null) expect(Math.abs(link.lng)).toBeLessThanOrEqual(180)
    }),
    { numRuns: times(500, 20_000) },
  )
})

import { afterEach, expect, it, vi } from 'vitest'
import { startStub } from '../../../test/harness/network/stub-server.ts'
import { readConfig } from '../../config/index.ts'
import { createHttpClient } from '../http/client.ts'
import { createGoogle } from './google.ts'
import { createGazetteer, geocoderOf, withGazetteer } from './index.ts'
import { createNominatim, PUBLIC_NOMINATIM } from './nominatim.ts'
import { createPhoton } from './photon.ts'

const http = () => createHttpClient({ allowInternalNetwork: false })
const gazetteer = createGazetteer()

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})
async function serving(...behaviour: Parameters<typeof startStub>) {
  const server = await startStub(...behaviour)
  open.push(server.close)
  return server
}

const temple = {
  place_id: 101,
  osm_type: 'way',
  osm_id: 40_123,
  lat: '35.0394',
  lon: '135.7292',
  category: 'tourism',
  type: 'attraction',
  name: 'Kinkaku-ji',
  display_name: 'Kinkaku-ji, Kita Ward, Kyoto, Kyoto Prefecture, Japan',
  address: { tourism: 'Kinkaku-ji', city: 'Kyoto', state: 'Kyoto Prefecture', country: 'Japan', country_code: 'jp' },
}

const foundTemple = {
  place_id: 'way:40123',
  name: 'Kinkaku-ji',
  address: 'Kinkaku-ji, Kita Ward, Kyoto, Kyoto Prefecture, Japan',
  lat: 35.0394,
  lng: 135.7292,
  country: 'JP',
  region: 'Kyoto Prefecture',
  kind: 'attraction',
  timezone: 'Asia/Tokyo',
  google_place_id: null,
  osm_id: 'way:40123',
}

it('queries Nominatim as documented', async () => {
  const { url, requests } = await serving(({ path, query }) => {
    if (path === '/search') return [temple]
    if (path === '/lookup')
      return [
        { ...temple, extratags: { website: 'https://temple.example', opening_hours: 'Mo-Fr 09:00-17:00; Sa off' } },
      ]
    return query.lat === '0' ? { error: 'Unable to geocode' } : temple
  })
  const nominatim = createNominatim(url, http(), 'me@example.org')
  expect(await nominatim.search('golden temple', 'de', 5)).toEqual({
    found: [foundTemple],
    source: 'openstreetmap',
    note: null,
  })
  expect((await nominatim.details('way:40123', 'en')).found).toEqual({
    ...foundTemple,
    description: null,
    website: 'https://temple.example',
    phone: null,
    opening_hours: ['Mo-Fr 09:00-17:00', 'Sa off'],
    population: null,
  })
  expect((await nominatim.details('not an id', 'en')).found).toBeNull()
  expect((await nominatim.reverse(35.04, 135.73, 'en')).found).toMatchObject({
    name: 'Kinkaku-ji',
    lat: 35.04,
    lng: 135.73,
  })
  expect((await nominatim.reverse(0, 0, 'en')).found).toBeNull()
  expect(requests.map(({ path, query }) => [path, query])).toEqual([
    [
      '/search',
      {
        format: 'jsonv2',
        addressdetails: '1',
        'accept-language': 'de',
        q: 'golden temple',
        limit: '5',
        email: 'me@example.org',
      },
    ],
    [
      '/lookup',
      {
        format: 'jsonv2',
        addressdetails: '1',
        'accept-language': 'en',
        osm_ids: 'W40123',
        extratags: '1',
        email: 'me@example.org',
      },
    ],
    [
      '/reverse',
      {
        format: 'jsonv2',
        addressdetails: '1',
        'accept-language': 'en',
        lat: '35.04',
        lon: '135.73',
        zoom: '18',
        email: 'me@example.org',
      },
    ],
    [
      '/reverse',
      {
        format: 'jsonv2',
        addressdetails: '1',
        'accept-language': 'en',
        lat: '0',
        lon: '0',
        zoom: '18',
        email: 'me@example.org',
      },
    ],
  ])
  expect(requests[0]?.headers['user-agent']).toMatch(/^TREK\//)
})

it.each([1, 2])(
  'queries the public Nominatim at most once a second, and never at every keystroke: %i servers',
  async (servers) => {
    const times: number[] = []
    const slow = createNominatim(
      PUBLIC_NOMINATIM,
      {
        ...http(),
        json: async (_, call) => {
          await call?.before?.()
          times.push(Date.now())
          return []
        },
      },
      null,
      () => servers,
    )
    expect(slow.asYouType).toBe(false)
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date', 'performance'] })
    const searches = Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((query) => slow.search(query, 'en', 1)))
    await vi.advanceTimersByTimeAsync(60_000)
    const answers = await searches.finally(() => vi.useRealTimers())
    const rejected = answers.filter(({ status }) => status === 'rejected')
    expect(rejected.length).toBeGreaterThan(0)
    times.slice(1).forEach((time, index) => {
      expect(time - (times[index] as number)).toBeGreaterThanOrEqual(1000 * servers)
    })
  },
)

const photonTemple = {
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [135.7292, 35.0394] },
  properties: {
    osm_id: 40_123,
    osm_type: 'W',
    osm_key: 'tourism',
    osm_value: 'attraction',
    type: 'house',
    name: 'Kinkaku-ji',
    street: 'Kinkakuji-cho',
    housenumber: '1',
    postcode: '603-8361',
    city: 'Kyoto',
    state: 'Kyoto Prefecture',
    country: 'Japan',
    countrycode: 'JP',
  },
}

it('queries Photon as documented', async () => {
  const { url, requests } = await serving(() => ({ type: 'FeatureCollection', features: [photonTemple] }))
  const photon = createPhoton(url, http())
  const expectedPlace = {
    ...foundTemple,
    address: 'Kinkaku-ji, Kinkakuji-cho 1, 603-8361 Kyoto, Kyoto Prefecture, Japan',
  }
  await expect(photon.details('way:40123', 'en')).rejects.toMatchObject({ code: 'unavailable' })
  expect(await photon.search('temple', 'de-AT', 5)).toEqual({
    found: [expectedPlace],
    source: 'openstreetmap',
    note: null,
  })
  expect((await photon.details('way:40123', 'en')).found).toMatchObject(expectedPlace)
  expect((await photon.reverse(35.04, 135.73, 'ja')).found).toMatchObject({ name: 'Kinkaku-ji', lat: 35.04 })
  expect(requests.map(({ path, query }) => [path, query])).toEqual([
    ['/api/', { lang: 'de', q: 'temple', limit: '5' }],
    ['/reverse', { lat: '35.04', lon: '135.73', limit: '1' }],
  ])
})

const googleTemple = {
  id: 'ChIJvUbrwCCoAWARX2QiHCsn5A4',
  displayName: { text: 'Kinkaku-ji', languageCode: 'en' },
  formattedAddress: '1 Kinkakujicho, Kita Ward, Kyoto, 603-8361, Japan',
  location: { latitude: 35.0394, longitude: 135.7292 },
  primaryType: 'buddhist_temple',
  addressComponents: [
    { longText: 'Kyoto', shortText: 'Kyoto', types: ['administrative_area_level_1', 'political'] },
    { longText: 'Japan', shortText: 'JP', types: ['country', 'political'] },
  ],
}

it('queries Google as documented, with the key in a header and only the fields that are shown', async () => {
  const { url, requests } = await serving(({ path, query }) => {
    if (path === '/v1/places:searchText') return { places: [googleTemple] }
    if (path === '/v1/places/ChIJgoneplace') return 404
    if (path.startsWith('/v1/places/')) {
      return {
        ...googleTemple,
        websiteUri: 'https://temple.example',
        regularOpeningHours: { weekdayDescriptions: ['Monday: 9–5'] },
      }
    }
    if (query.latlng === '0,0') return { status: 'ZERO_RESULTS', results: [] }
    if (query.latlng === '1,1') return { status: 'REQUEST_DENIED', results: [] }
    return {
      status: 'OK',
      results: [
        {
          place_id: 'ChIJaddress',
          formatted_address: '1 Kinkakujicho, Kyoto, Japan',
          types: ['street_address'],
          address_components: [{ long_name: 'Japan', short_name: 'JP', types: ['country', 'political'] }],
        },
      ],
    }
  })
  const google = createGoogle('the-key', http(), { places: `${url}/v1`, geocoding: `${url}/geocode/json` })
  const expectedPlace = {
    ...foundTemple,
    place_id: googleTemple.id,
    address: googleTemple.formattedAddress,
    region: 'Kyoto',
    kind: 'buddhist_temple',
    google_place_id: googleTemple.id,
    osm_id: null,
  }
  expect(await google.search('temple', 'en', 50)).toEqual({ found: [expectedPlace], source: 'google', note: null })
  expect((await google.details(googleTemple.id, 'de')).found).toMatchObject({
    ...expectedPlace,
    website: 'https://temple.example',
    opening_hours: ['Monday: 9–5'],
  })
  expect((await google.details('ChIJgoneplace', 'en')).found).toBeNull()
  expect((await google.details('../secrets', 'en')).found).toBeNull()
  expect((await google.reverse(35, 135, 'en')).found).toMatchObject({ name: '1 Kinkakujicho', country: 'JP', lat: 35 })
  expect((await google.reverse(0, 0, 'en')).found).toBeNull()
  await expect(google.reverse(1, 1, 'en')).rejects.toMatchObject({ code: 'unavailable', message: /REQUEST_DENIED/ })
  expect(requests[0]).toMatchObject({
    path: '/v1/places:searchText',
    query: {},
    body: { textQuery: 'temple', languageCode: 'en', pageSize: 20 },
    headers: { 'x-goog-api-key': 'the-key', 'x-goog-fieldmask': expect.stringContaining('places.displayName') },
  })
  expect(requests[1]).toMatchObject({
    query: { languageCode: 'de' },
    headers: { 'x-goog-fieldmask': expect.stringContaining('regularOpeningHours') },
  })
  expect(requests.at(-1)?.query).toMatchObject({ latlng: '1,1', key: 'the-key' })
})

it('falls back to the built-in towns, and says so', async () => {
  let answer: unknown = 503
  const { url } = await serving(() => answer)
  const geocoder = withGazetteer(createNominatim(url, http(), null), gazetteer)
  const fallen = { source: 'gazetteer', note: expect.stringMatching(/only towns are known at the moment/) }
  expect(await geocoder.search('Kyoto', 'en', 1)).toMatchObject({ ...fallen, found: [{ name: 'Kyoto' }] })
  expect(await geocoder.reverse(35.03, 135.75, 'en')).toMatchObject({ ...fallen, found: { name: 'Kyoto' } })
  await expect(geocoder.details('way:40123', 'en')).rejects.toMatchObject({ code: 'unavailable' })
  expect((await geocoder.details('city:1857910', 'en')).found).toMatchObject({ name: 'Kyoto' })
  answer = { something: 'else' }
  expect(await geocoder.search('Nara', 'en', 1)).toMatchObject(fallen)
})

it('uses the provider configured by the operator, and requests suggestions only if that is allowed', async () => {
  const chosen = (env: Record<string, string>) => geocoderOf(readConfig(env), http())
  expect(chosen({}).asYouType).toBe(true)
  expect(chosen({ GEOCODER: 'nominatim' }).asYouType).toBe(false)
  expect(chosen({ GEOCODER: 'nominatim', GEOCODER_URL: 'http://nominatim.lan:8080/' }).asYouType).toBe(true)
  expect(chosen({ GEOCODER: 'photon' }).asYouType).toBe(true)
  expect([chosen({}), chosen({ GEOCODER: 'photon' })].map(({ onlyTowns }) => onlyTowns)).toEqual([true, false])
  const google = chosen({ GEOCODER: 'google', GOOGLE_MAPS_KEY: 'k' })
  expect(google.asYouType).toBe(false)
  expect((await google.suggest('kyo', 'en', 1)).source).toBe('gazetteer')
  expect(() => readConfig({ GEOCODER: 'google' })).toThrow('GEOCODER is "google", which needs GOOGLE_MAPS_KEY')
})

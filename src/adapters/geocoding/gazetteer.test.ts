import { expect, it } from 'vitest'
import { createGazetteer } from './gazetteer.ts'
import { OTHER_NAMES } from './other-names.ts'

const gazetteer = createGazetteer()
const names = async (query: string, limit = 1, lang = 'en') =>
  (await gazetteer.search(query, lang, limit)).found.map(({ name, country }) => `${name} ${country}`)

it('finds towns by name, with and without accents, largest first', async () => {
  const { found: places, source, note } = await gazetteer.search('kyoto', 'en', 1)
  expect({ found: places, source, note }).toEqual({
    found: [
      {
        place_id: 'city:1857910',
        name: 'Kyoto',
        address: 'Kyoto, Japan',
        lat: 35.02107,
        lng: 135.75385,
        country: 'JP',
        region: null,
        kind: 'city',
        timezone: 'Asia/Tokyo',
        google_place_id: null,
        osm_id: null,
      },
    ],
    source: 'gazetteer',
    note: null,
  })
  expect(await names('Zurich')).toEqual(['Zürich CH'])
  expect(await names('ZÜRICH')).toEqual(['Zürich CH'])
  expect(await names('paris', 2)).toEqual(['Paris FR', 'Paris US'])
  expect(await names('york', 1)).toEqual(['York GB'])
  expect(await names('barcel', 1)).toEqual(['Barcelona ES'])
})

it('finds towns by their names in other languages', async () => {
  expect(await names('München')).toEqual(['Munich DE'])
  expect(await names('muenchen')).toEqual(['Munich DE'])
  expect(await names('Cologne')).toEqual(['Köln DE'])
  expect(await names('Wien')).toEqual(['Vienna AT'])
  expect(await names('geneva')).toEqual(['Genève CH'])
  expect(await names('new york')).toEqual(['New York City US'])
  expect(await names('Nara')).toEqual(['Nara JP'])
})

it('finds every town that an alternative name refers to', async () => {
  for (const { name, of, country } of OTHER_NAMES) {
    expect(await names(name, 3), name).toContain(`${of.replace('-shi', '')} ${country}`)
  }
  expect(await names('Washington, D.C.')).toEqual(['Washington, D.C. US'])
})

it('accepts a country or a state after a comma, or without one if no town has that name', async () => {
  expect(await names('Paris, Texas')).toEqual([])
  expect((await gazetteer.search('Paris, TX', 'en', 1)).found[0]).toMatchObject({
    region: 'TX',
    address: 'Paris, TX, United States',
  })
  expect(await names('paris, united states')).toEqual(['Paris US'])
  expect(await names('Paris, Frankreich', 1, 'de')).toEqual(['Paris FR'])
  expect(await names('kyoto japan')).toEqual(['Kyoto JP'])
})

it('names countries in the requested language', async () => {
  expect((await gazetteer.search('Kyoto', 'de', 1)).found[0]?.address).toBe('Kyoto, Japan')
  expect((await gazetteer.search('Munich', 'de', 1)).found[0]?.address).toBe('Munich, Deutschland')
  expect((await gazetteer.search('Munich', 'xx-nonsense', 1)).found[0]?.address).toBe('Munich, Germany')
})

it('returns no result for unknown names', async () => {
  for (const query of ['', '   ', '!!!', 'no such town anywhere', ', Japan']) expect(await names(query)).toEqual([])
})

it('returns the details of a town by its id', async () => {
  const { found: place } = await gazetteer.details('city:1857910', 'en')
  expect(place).toMatchObject({ name: 'Kyoto', population: 1_459_640, website: null, opening_hours: [] })
  for (const id of ['city:1', 'city:', 'node:1', 'Kyoto']) {
    expect((await gazetteer.details(id, 'en')).found).toBeNull()
  }
})

it('finds what is at a position: a town, a distant town, a country across the border, or nothing', async () => {
  const at = (lat: number, lng: number) => gazetteer.reverse(lat, lng, 'en')
  expect(await at(35.0394, 135.7292)).toMatchObject({
    found: { name: 'Kyoto', address: 'Kyoto, Japan', country: 'JP', lat: 35.0394, timezone: 'Asia/Tokyo' },
    note: null,
  })
  expect((await at(65.0, -18.5)).note).toMatch(/is \d+ km away/)
  expect(await at(-45, -120)).toEqual({ found: null, source: 'gazetteer', note: 'No town is near; this is at sea.' })
  expect((await at(-82, 60)).note).toBe('No town is near; this is in Antarctica.')
  // On the French side of Lake Geneva, closer to Lausanne than to any French town.
  expect((await at(46.45, 6.62)).found?.country).toMatch(/FR|CH/)
})

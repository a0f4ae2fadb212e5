import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { services } from '../../../../test/harness/network/outside-address.ts'
import { makeUser, makeWorld, type World } from '../../../../test/harness/rigs/world.ts'
import { createHttpClient } from '../../../adapters/http/client.ts'
import type { Caller } from '../../../core/data/space.ts'
import * as contract from '../contract/index.ts'
import { placeOfLink } from './place-of-link.ts'

eachDatabase((database) => {
  let world: World
  let ana: Caller
  beforeAll(async () => {
    world = makeWorld(database())
    ana = await makeUser(database(), 'Ana')
  })

  const program = (...scopes: string[]): Caller => ({ ...ana, way: 'mcp', scopes: new Set(scopes) as Caller['scopes'] })

  test('finds places, names their source, and sends no events', async () => {
    const watcher = await world.watch({ space: 'user', id: ana.userId }, ana)
    const answer = await world.run(contract.search_place, { query: 'Kyoto' }, ana)
    expect(answer).toMatchObject({ source: 'gazetteer', credit: 'GeoNames', note: expect.stringMatching(/Only towns/) })
    expect(answer.places[0]).toMatchObject({ place_id: 'city:1857910', name: 'Kyoto', timezone: 'Asia/Tokyo' })
    expect((await world.run(contract.search_place, { query: 'no such town' }, ana)).places).toEqual([])
    const typed = await world.run(contract.suggest_places, { query: 'Kyo', lang: 'de' }, ana)
    expect(typed).toMatchObject({ complete: true, source: 'gazetteer' })
    expect(typed.places.map(({ name }) => name)).toContain('Kyoto')
    expect(watcher.lines).toEqual([])
    watcher.stop()
  })

  test('either of two scopes is enough to search, and geography needs its own', async () => {
    for (const scope of ['places:read', 'geo:read']) {
      expect((await world.run(contract.search_place, { query: 'Kyoto' }, program(scope))).places).not.toEqual([])
    }
    await expect(world.run(contract.search_place, { query: 'Kyoto' }, program('trips:read'))).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(world.run(contract.reverse_geocode, { lat: 0, lng: 0 }, program('places:read'))).rejects.toMatchObject(
      {
        code: 'forbidden',
      },
    )
  })

  test('returns details, and a hint if there are none', async () => {
    const { place } = await world.run(contract.get_place_details, { placeId: 'city:1857910' }, ana)
    expect(place).toMatchObject({ name: 'Kyoto', population: 1_459_640, opening_hours: [] })
    await expect(world.run(contract.get_place_details, { placeId: 'city:1' }, ana)).rejects.toMatchObject({
      code: 'not_found',
      hint: 'Take a place_id from search_place.',
    })
  })

  test('finds what is at a position, in the requested language', async () => {
    const at = (lat: number, lng: number, lang: string) => world.run(contract.reverse_geocode, { lat, lng, lang }, ana)
    expect((await at(48.14, 11.57, 'de')).place).toMatchObject({ name: 'Munich', address: 'Munich, Deutschland' })
    expect(await at(-45, -120, 'en')).toMatchObject({ place: null, note: 'No town is near; this is at sea.' })
    await expect(at(0, 0, 'no language!')).rejects.toMatchObject({ code: 'invalid' })
  })

  test('reads links without a request', async () => {
    const read = (url: string) => world.run(contract.resolve_maps_url, { url }, ana)
    expect(
      await read('https://www.google.com/maps/place/Kinkaku-ji/@35.03,135.72,17z/data=!3d35.0394!4d135.7292'),
    ).toEqual({
      lat: 35.0394,
      lng: 135.7292,
      name: 'Kinkaku-ji',
      address: null,
      google_place_id: null,
      google_ftid: null,
      osm_id: null,
      timezone: 'Asia/Tokyo',
      note: null,
    })
    expect(await read('https://www.google.com/maps/place/Kyoto,+Japan')).toMatchObject({
      name: 'Kyoto, Japan',
      address: 'Kyoto, Japan',
      note: 'The link has no position; this is the position of Kyoto.',
    })
    await expect(read('https://www.google.com/maps/place/No+such+place+anywhere')).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'url', message: 'is a link to a place whose position this server does not know' }],
    })
    await expect(read('https://example.org/')).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'url', message: 'must be a link to a place on a map' }],
    })
    await expect(read('https://maps.app.goo.gl/abc')).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('finds airports', async () => {
    const { airports } = await world.run(contract.search_airports, { query: 'tokyo', limit: 2 }, ana)
    expect(airports.map(({ iata }) => iata)).toEqual(['HND', 'NRT'])
    expect((await world.run(contract.search_airports, { query: 'a' }, ana)).airports).toHaveLength(10)
    expect((await world.run(contract.get_airport, { iata: 'nrt' }, ana)).airport).toMatchObject({
      iata: 'NRT',
      timezone: 'Asia/Tokyo',
    })
    await expect(world.run(contract.get_airport, { iata: 'XQQ' }, ana)).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no airport XQQ',
    })
    await expect(world.run(contract.get_airport, { iata: 'NARITA' }, ana)).rejects.toMatchObject({ code: 'invalid' })
  })
})

test('follows a short link and reads its target', async () => {
  const server = createServer((_, response) => {
    const location = 'https://www.google.com/maps/place/Kinkaku-ji/data=!3d35.0394!4d135.7292'
    response.writeHead(302, { location }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => server.close())
  const { port } = server.address() as AddressInfo
  // The host name of the shortener resolves to the server above.
  const http = createHttpClient({
    allowInternalNetwork: false,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    mayCall: () => true,
  })
  const link = `http://maps.app.goo.gl:${port}/abc`
  expect(await placeOfLink(link, { ...services, http })).toMatchObject({ name: 'Kinkaku-ji', lat: 35.0394 })
})

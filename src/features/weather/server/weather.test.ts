import { beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld, type World } from '../../../../test/harness/rigs/world.ts'
import type { Caller } from '../../../core/data/space.ts'
import { get_detailed_weather, get_weather } from '../contract/index.ts'

eachDatabase((database) => {
  let world: World
  let ana: Caller
  beforeAll(async () => {
    world = makeWorld(database())
    ana = await makeUser(database(), 'Ana')
  })

  const kyoto = { lat: 35.01, lng: 135.77, date: '2027-04-05' }

  test('returns climate averages, marked as such, if no provider is configured', async () => {
    const watcher = await world.watch({ space: 'user', id: ana.userId }, ana)
    const { weather } = await world.run(get_weather, kyoto, ana)
    expect(weather).toMatchObject({
      date: '2027-04-05',
      kind: 'climate_average',
      source: 'approximate climate table',
      summary: expect.stringMatching(/^Usually \d+ – \d+ °C$/),
      units: { temperature: '°C', precipitation: 'mm', precipitation_probability: '%', wind_speed: 'km/h' },
    })
    expect(weather.temperature_min).toBeLessThan(weather.temperature_max)
    expect((await world.run(get_weather, { ...kyoto, lang: 'de' }, ana)).weather.summary).toMatch(/^Gewöhnlich/)
    expect((await world.run(get_weather, { ...kyoto, lang: 'nl' }, ana)).weather.summary).toMatch(/^Usually/)
    expect(watcher.lines).toEqual([])
    watcher.stop()
  })

  test('returns sunrise and sunset with the details, in local time, and no hourly values if none are known', async () => {
    const { weather } = await world.run(get_detailed_weather, kyoto, ana)
    expect(weather).toMatchObject({ hours: [], timezone: 'Asia/Tokyo', sunrise: '05:39', sunset: '18:20' })
    const north = { lat: 69.65, lng: 18.96, date: '2026-12-21' }
    expect((await world.run(get_detailed_weather, north, ana)).weather).toMatchObject({ sunrise: null, sunset: null })
  })

  test('says so if nothing is known', async () => {
    for (const operation of [get_weather, get_detailed_weather]) {
      await expect(world.run(operation, { lat: 0, lng: -30, date: '2027-04-05' }, ana)).rejects.toMatchObject({
        code: 'unavailable',
        message: 'The weather there is not known',
      })
      await expect(world.run(operation, { ...kyoto, date: '2027-02-30' }, ana)).rejects.toMatchObject({
        code: 'invalid',
      })
    }
  })

  test('needs its own scope', async () => {
    const caller: Caller = { ...ana, way: 'mcp', scopes: new Set(['geo:read']) as Caller['scopes'] }
    await expect(world.run(get_weather, kyoto, caller)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

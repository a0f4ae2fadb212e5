import { afterEach, expect, it } from 'vitest'
import { startStub } from '../../../test/harness/network/stub-server.ts'
import { createHttpClient } from '../http/client.ts'
import { createClimate } from './climate.ts'
import { NORMALS } from './normals.ts'
import { createOpenMeteo } from './open-meteo.ts'
import { sunOf } from './sun.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

const climate = createClimate()
const TODAY = '2027-04-01'

const addDays = (date: string, days: number) =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)

/** A server that answers as documented by Open-Meteo: the requested days, 10 to 20 degrees. */
async function openMeteo(status?: number) {
  const server = await startStub(({ path, query }) => {
    if (status) return status
    if (query.hourly) {
      const time = Array.from({ length: 24 }, (_, hour) => `${query.start_date}T${String(hour).padStart(2, '0')}:00`)
      const filled = (value: number) => time.map(() => value)
      return {
        hourly: {
          time,
          weather_code: filled(61),
          temperature_2m: filled(15),
          apparent_temperature: filled(14),
          precipitation: filled(0.2),
          precipitation_probability: filled(60),
          wind_speed_10m: filled(12),
          relative_humidity_2m: filled(70),
        },
      }
    }
    const from = query.start_date ?? addDays(TODAY, -Number(query.past_days))
    const lastDay = query.end_date ?? addDays(TODAY, Number(query.forecast_days) - 1)
    const time: string[] = []
    for (let day = from; day <= lastDay; day = addDays(day, 1)) time.push(day)
    const filled = (value: number | null) => time.map(() => value)
    return {
      daily: {
        time,
        weather_code: filled(path === '/v1/archive' ? 3 : 61),
        temperature_2m_min: filled(10),
        temperature_2m_max: filled(20),
        precipitation_sum: time.map((_, index) => (index % 2 ? 4 : 0)),
        ...(path === '/v1/forecast' && {
          precipitation_probability_max: filled(70),
          wind_gusts_10m_max: filled(40),
          uv_index_max: filled(5),
        }),
        wind_speed_10m_max: filled(18),
      },
    }
  })
  open.push(server.close)
  const http = createHttpClient({ allowInternalNetwork: false })
  return { ...server, weather: createOpenMeteo(server.url, http, climate, () => new Date(`${TODAY}T12:00:00Z`)) }
}

it('returns the forecast of the coming days, with one call for all of them', async () => {
  const { weather, requests, url } = await openMeteo()
  expect(await weather.day(35.01, 135.77, '2027-04-05')).toEqual({
    kind: 'forecast',
    source: new URL(url).host,
    note: null,
    sky: 'rain',
    temperature_min: 10,
    temperature_max: 20,
    precipitation: expect.any(Number),
    precipitation_probability: 70,
    wind_speed: 18,
  })
  expect(await weather.day(35.02, 135.76, '2027-04-16')).toMatchObject({ kind: 'forecast' })
  expect(await weather.day(35.02, 135.76, '2027-03-28')).toMatchObject({ kind: 'observed' })
  expect(requests).toHaveLength(1)
  expect(requests[0]).toMatchObject({
    path: '/v1/forecast',
    query: { latitude: '35', longitude: '135.75', timezone: 'auto', forecast_days: '16', past_days: '7' },
  })
})

it('returns the hours of a day within the forecast', async () => {
  const { weather, requests } = await openMeteo()
  const forecast = await weather.detailed(35.01, 135.77, '2027-04-05')
  expect(forecast).toMatchObject({ kind: 'forecast', wind_gusts: 40, uv_index: 5 })
  expect(forecast?.hours).toHaveLength(24)
  expect(forecast?.hours[9]).toEqual({
    time: '09:00',
    sky: 'rain',
    temperature: 15,
    feels_like: 14,
    precipitation: 0.2,
    precipitation_probability: 60,
    wind_speed: 12,
    humidity: 70,
  })
  expect(requests.map(({ query }) => [query.start_date, query.end_date])).toContainEqual(['2027-04-05', '2027-04-05'])
})

it('returns measured values for a past day, and the mean of recent years for a distant day', async () => {
  const { weather, requests } = await openMeteo()
  expect(await weather.day(35, 135, '2026-08-01')).toMatchObject({ kind: 'observed', sky: 'cloudy' })
  expect(await weather.detailed(35, 135, '2027-09-01')).toMatchObject({
    kind: 'climate_average',
    temperature_min: 10,
    temperature_max: 20,
    sky: null,
    note: 'The mean of these days in the last 5 years; no forecast reaches so far.',
    hours: [],
  })
  expect(await weather.day(35, 135, '2027-12-31')).toMatchObject({
    kind: 'climate_average',
    precipitation_probability: expect.any(Number),
  })
  expect(requests.map(({ path, query }) => [path, query.start_date, query.end_date])).toEqual([
    ['/v1/archive', '2026-08-01', '2026-08-01'],
    ['/v1/archive', '2022-01-01', '2026-12-31'],
  ])
})

it('falls back to climate averages if the server fails, with the reason', async () => {
  const { weather } = await openMeteo(500)
  expect(await weather.day(35.01, 135.77, '2027-04-05')).toMatchObject({
    kind: 'climate_average',
    source: 'approximate climate table',
    note: expect.stringMatching(/answered with an error \(500\)\. Roughly usual at this time of the year, from Kyoto/),
  })
  await expect(weather.day(0, -30, '2027-04-05')).rejects.toMatchObject({ code: 'unavailable' })
})

it('interpolates averages between the middles of months near a city of its table, and has none far from all cities', async () => {
  const day = (date: string) => climate.day(35.01, 135.77, date)
  const [april, may] = [await day('2027-04-15'), await day('2027-05-16')]
  const between = await day('2027-04-30')
  expect(april).toMatchObject({ kind: 'climate_average', sky: null, precipitation_probability: null })
  expect(april?.temperature_max).toBeLessThan(between?.temperature_max as number)
  expect(between?.temperature_max).toBeLessThan(may?.temperature_max as number)
  const [newYear, eve] = [await day('2027-01-01'), await day('2026-12-31')]
  expect(Math.abs((newYear?.temperature_max as number) - (eve?.temperature_max as number))).toBeLessThan(0.5)
  expect(await climate.day(0, -30, '2027-04-05')).toBeNull()
  expect(await climate.detailed(0, -30, '2027-04-05')).toBeNull()
  // The other side of the date line counts as near.
  expect(await climate.day(-17.8, -179.9, '2027-04-05')).not.toBeNull()
})

it('has a plausible table: twelve months, nights colder than days, no negative precipitation', () => {
  for (const { city, lat, lng, highs, lows, falls } of NORMALS) {
    expect(
      [highs, lows, falls].map((months) => months.length),
      city,
    ).toEqual([12, 12, 12])
    expect(Math.abs(lat) <= 90 && Math.abs(lng) <= 180, city).toBe(true)
    highs.forEach((high, month) => {
      expect(high - (lows[month] as number), city).toBeGreaterThan(2)
      expect(falls[month], city).toBeGreaterThanOrEqual(0)
    })
    // Away from the equator the warmest month is in the summer of its hemisphere.
    if (Math.abs(lat) > 30) {
      const warmest = highs.indexOf(Math.max(...highs))
      expect(lat > 0 ? warmest >= 5 && warmest <= 8 : warmest <= 2 || warmest === 11, city).toBe(true)
    }
  }
  expect(NORMALS.length).toBeGreaterThan(200)
})

// Expected values from the equations of the NOAA Solar Calculator.
it.each([
  ['Greenwich', 51.48, 0, '2026-06-21', '2026-06-21T03:43Z', '2026-06-21T20:21Z'],
  ['Sydney', -33.87, 151.21, '2026-01-01', '2025-12-31T18:48Z', '2026-01-01T09:09Z'],
  ['Quito', -0.18, -78.47, '2026-03-20', '2026-03-20T11:17Z', '2026-03-20T23:24Z'],
  ['New York', 40.71, -74.01, '2026-12-21', '2026-12-21T12:16Z', '2026-12-21T21:31Z'],
  ['Reykjavík', 64.15, -21.94, '2026-06-21', '2026-06-21T02:55Z', '2026-06-22T00:04Z'],
  ['Tromsø', 69.65, 18.96, '2026-03-20', '2026-03-20T04:43Z', '2026-03-20T17:01Z'],
  ['Ushuaia', -54.81, -68.3, '2026-06-21', '2026-06-21T12:58Z', '2026-06-21T20:11Z'],
  ['the date line, from the west', -17, 180, '2026-10-01', '2026-09-30T17:42Z', '2026-10-01T05:57Z'],
  ['the date line, from the east', -17, -180, '2026-10-01', '2026-10-01T17:41Z', '2026-10-02T05:57Z'],
])('computes sunrise and sunset: %s', (_place, lat, lng, date, rise, set) => {
  const sun = sunOf(lat, lng, date)
  const minutesOff = (moment: Date | undefined, text: string) =>
    Math.abs((moment?.getTime() ?? Number.NaN) - Date.parse(text)) / 60_000
  expect(minutesOff(sun?.rise, rise)).toBeLessThanOrEqual(2)
  expect(minutesOff(sun?.set, set)).toBeLessThanOrEqual(2)
})

it.each([
  ['the sun stays down', 69.65, 18.96, '2026-12-21'],
  ['the sun stays up', 69.65, 18.96, '2026-06-21'],
  ['it is summer at the pole', 90, 0, '2026-06-21'],
  ['the sun only just reaches the horizon', 74, -179.999, '2027-08-11'],
])('returns neither if %s', (_reason, lat, lng, date) => {
  expect(sunOf(lat, lng, date)).toBeNull()
})

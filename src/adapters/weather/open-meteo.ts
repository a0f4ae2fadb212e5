import { z } from 'zod'
import { daysBetween } from '../../core/declare/dates.ts'
import { TrekError } from '../../core/declare/errors.ts'
import type { HttpClient } from '../http/client.ts'
import { outgoing as messages } from '../messages.ts'
import { type DayWeather, type DetailedWeather, rounded, type Sky, type Weather, withoutHours } from './weather.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const CLIMATE_YEARS = 5
const CLIMATE_WINDOW = 7
/** The days ahead that one forecast covers. */
const AHEAD = 16
const BEHIND = 7

const DAILY = [
  'weather_code',
  'temperature_2m_min',
  'temperature_2m_max',
  'precipitation_sum',
  'precipitation_probability_max',
  'wind_speed_10m_max',
  'wind_gusts_10m_max',
  'uv_index_max',
] as const
const OBSERVED = ['weather_code', 'temperature_2m_min', 'temperature_2m_max', 'precipitation_sum', 'wind_speed_10m_max']
const HOURLY = [
  'weather_code',
  'temperature_2m',
  'apparent_temperature',
  'precipitation',
  'precipitation_probability',
  'wind_speed_10m',
  'relative_humidity_2m',
] as const

const numbers = z.array(z.number().nullable())
const Series = z.object({ time: z.array(z.string()) }).catchall(numbers)
const Answer = z.object({ daily: Series.optional(), hourly: Series.optional() })
type Series = z.output<typeof Series>

/**
 * An Open-Meteo server: its forecast for the coming days, its archive for the past, and the mean of recent years beyond
 * the forecast. Gaps are filled from the built-in climate table, and the note says so.
 */
export function createOpenMeteo(root: string, http: HttpClient, climate: Weather, clock = () => new Date()): Weather {
  const source = new URL(root).host
  const archive = archiveOf(root)

  async function ask(url: string, parameters: Record<string, string | number>, seconds: number) {
    const query = new URLSearchParams({ timezone: 'auto' })
    for (const [name, value] of Object.entries(parameters)) query.set(name, String(value))
    const answer = Answer.safeParse(await http.json(`${url}?${query}`, { trusted: true, cacheSeconds: seconds }))
    if (!answer.success) throw messages.unreadable({ host: source })
    return answer.data
  }

  /** The days around today; null if the date is not among them. */
  async function forecast(at: Place, date: string): Promise<{ daily: Series; index: number } | null> {
    const away = daysBetween(clock().toISOString().slice(0, 10), date)
    if (away < -BEHIND || away > AHEAD) return null
    const parameters = { ...at, daily: DAILY.join(','), forecast_days: AHEAD, past_days: BEHIND }
    const { daily } = await ask(`${root}/v1/forecast`, parameters, HOUR)
    const index = daily?.time.indexOf(date) ?? -1
    return daily && index >= 0 && hasValues(daily, index) ? { daily, index } : null
  }

  async function observed(at: Place, date: string): Promise<DayWeather | null> {
    const parameters = { ...at, daily: OBSERVED.join(','), start_date: date, end_date: date }
    const { daily } = await ask(`${archive}/v1/archive`, parameters, DAY)
    return daily && hasValues(daily, 0) ? { ...dayOf(daily, 0), kind: 'observed', source } : null
  }

  async function usual(at: Place, date: string): Promise<DayWeather | null> {
    const year = clock().getUTCFullYear()
    const parameters = {
      ...at,
      daily: 'temperature_2m_min,temperature_2m_max,precipitation_sum',
      start_date: `${year - CLIMATE_YEARS}-01-01`,
      end_date: `${year - 1}-12-31`,
    }
    const { daily } = await ask(`${archive}/v1/archive`, parameters, 7 * DAY)
    return daily ? meanOf(daily, date, source) : null
  }

  async function day(lat: number, lng: number, date: string): Promise<DayWeather | null> {
    const at = placeOf(lat, lng)
    const near = await forecast(at, date)
    const past = date < clock().toISOString().slice(0, 10)
    if (near) return { ...dayOf(near.daily, near.index), kind: past ? 'observed' : 'forecast', source }
    return past ? observed(at, date) : usual(at, date)
  }

  /** Falls back to the built-in climate if the server fails or knows nothing. */
  async function orClimate<T extends DayWeather>(
    ask: () => Promise<T | null>,
    instead: () => Promise<T | null>,
  ): Promise<T | null> {
    try {
      const result = await ask()
      if (result) return result
    } catch (error) {
      if (!(error instanceof TrekError)) throw error
      const usual = await instead()
      if (!usual) throw error
      return { ...usual, note: `${error.message}. ${usual.note ?? ''}`.trim() }
    }
    return instead()
  }

  return {
    day: (lat, lng, date) =>
      orClimate(
        () => day(lat, lng, date),
        () => climate.day(lat, lng, date),
      ),

    detailed: (lat, lng, date) =>
      orClimate<DetailedWeather>(
        async () => {
          const at = placeOf(lat, lng)
          const near = await forecast(at, date)
          if (!near) {
            const weather = await day(lat, lng, date)
            return weather && withoutHours(weather)
          }
          const parameters = { ...at, hourly: HOURLY.join(','), start_date: date, end_date: date }
          const { hourly } = await ask(`${root}/v1/forecast`, parameters, HOUR)
          const dayWeather = await day(lat, lng, date)
          return (
            dayWeather && {
              ...dayWeather,
              wind_gusts: value(near.daily, 'wind_gusts_10m_max', near.index),
              uv_index: value(near.daily, 'uv_index_max', near.index),
              hours: hourly ? hoursOf(hourly) : [],
            }
          )
        },
        () => climate.detailed(lat, lng, date),
      ),
  }
}

interface Place extends Record<string, number> {
  readonly latitude: number
  readonly longitude: number
}

/** Nearby places share one call: the model's grid is no finer. */
const placeOf = (lat: number, lng: number): Place => ({
  latitude: Math.round(lat * 20) / 20,
  longitude: Math.round(lng * 20) / 20,
})

/** The public service has its archive on another host; a self-hosted server has both on one. */
function archiveOf(root: string): string {
  return root.replace(/^(https?:\/\/)(customer-)?api\.open-meteo\.com/, '$1$2archive-api.open-meteo.com')
}

const value = (series: Series, name: string, index: number): number | null =>
  (series as Record<string, (number | null)[] | undefined>)[name]?.[index] ?? null

const hasValues = (daily: Series, index: number): boolean =>
  value(daily, 'temperature_2m_min', index) !== null && value(daily, 'temperature_2m_max', index) !== null

const dayOf = (daily: Series, index: number) => ({
  note: null,
  sky: skyOf(value(daily, 'weather_code', index)),
  temperature_min: value(daily, 'temperature_2m_min', index) as number,
  temperature_max: value(daily, 'temperature_2m_max', index) as number,
  precipitation: value(daily, 'precipitation_sum', index),
  precipitation_probability: value(daily, 'precipitation_probability_max', index),
  wind_speed: value(daily, 'wind_speed_10m_max', index),
})

const hoursOf = (hourly: Series) =>
  hourly.time.flatMap((time, index) => {
    const temperature = value(hourly, 'temperature_2m', index)
    if (temperature === null) return []
    return {
      time: time.slice(11, 16),
      sky: skyOf(value(hourly, 'weather_code', index)),
      temperature,
      feels_like: value(hourly, 'apparent_temperature', index),
      precipitation: value(hourly, 'precipitation', index),
      precipitation_probability: value(hourly, 'precipitation_probability', index),
      wind_speed: value(hourly, 'wind_speed_10m', index),
      humidity: value(hourly, 'relative_humidity_2m', index),
    }
  })

/** The mean of the days around this date over all years. */
function meanOf(daily: Series, date: string, source: string): DayWeather | null {
  const days = daily.time.flatMap((time, index) => {
    const sameYear = `${time.slice(0, 4)}${date.slice(4)}`
    const apart = Math.abs(daysBetween(sameYear.endsWith('02-29') ? sameYear.replace('29', '28') : sameYear, time))
    return Math.min(apart, 365 - apart) <= CLIMATE_WINDOW && hasValues(daily, index) ? [index] : []
  })
  if (days.length === 0) return null
  const mean = (name: string) => {
    const values = days.flatMap((index) => value(daily, name, index) ?? [])
    return values.length > 0 ? rounded(values.reduce((sum, one) => sum + one, 0) / values.length) : null
  }
  const falls = days.map((index) => value(daily, 'precipitation_sum', index)).filter((fall) => fall !== null)
  return {
    kind: 'climate_average',
    source,
    note: `The mean of these days in the last ${CLIMATE_YEARS} years; no forecast reaches so far.`,
    sky: null,
    temperature_min: mean('temperature_2m_min') as number,
    temperature_max: mean('temperature_2m_max') as number,
    precipitation: mean('precipitation_sum'),
    precipitation_probability:
      falls.length > 0 ? Math.round((100 * falls.filter((fall) => fall >= 1).length) / falls.length) : null,
    wind_speed: null,
  }
}

/** The WMO weather codes (table 4677), reduced to a few kinds of sky. */
function skyOf(code: number | null): Sky | null {
  if (code === null) return null
  if (code <= 1) return 'clear'
  if (code === 2) return 'partly_cloudy'
  if (code === 3) return 'cloudy'
  if (code === 45 || code === 48) return 'fog'
  if (code >= 51 && code <= 57) return 'drizzle'
  if (code >= 61 && code <= 67) return 'rain'
  if ((code >= 71 && code <= 77) || code === 85 || code === 86) return 'snow'
  if (code >= 80 && code <= 82) return 'showers'
  return code >= 95 ? 'thunderstorm' : null
}

import { z } from 'zod'
import { operation } from '../../../core/declare/operation.ts'
import { CalendarDate, Latitude, Longitude } from '../../../core/declare/values.ts'
import { Language } from '../../maps/contract/index.ts'

const SKIES = ['clear', 'partly_cloudy', 'cloudy', 'fog', 'drizzle', 'rain', 'showers', 'snow', 'thunderstorm'] as const

const DayWeather = z.object({
  date: z.string(),
  /** Expected, measured, or usual at that time of the year. */
  kind: z.enum(['forecast', 'observed', 'climate_average']),
  source: z.string(),
  note: z.string().nullable(),
  summary: z.string(),
  sky: z.enum(SKIES).nullable(),
  temperature_min: z.number(),
  temperature_max: z.number(),
  precipitation: z.number().nullable(),
  precipitation_probability: z.number().nullable(),
  wind_speed: z.number().nullable(),
  units: z.object({
    temperature: z.literal('°C'),
    precipitation: z.literal('mm'),
    precipitation_probability: z.literal('%'),
    wind_speed: z.literal('km/h'),
  }),
})

const DetailedWeather = DayWeather.extend({
  wind_gusts: z.number().nullable(),
  uv_index: z.number().nullable(),
  sunrise: z.string().nullable(),
  sunset: z.string().nullable(),
  timezone: z.string(),
  hours: z.array(
    z.object({
      time: z.string(),
      sky: z.enum(SKIES).nullable(),
      temperature: z.number(),
      feels_like: z.number().nullable(),
      precipitation: z.number().nullable(),
      precipitation_probability: z.number().nullable(),
      wind_speed: z.number().nullable(),
      humidity: z.number().nullable(),
    }),
  ),
})

const input = z.object({
  lat: Latitude.describe('Latitude.'),
  lng: Longitude.describe('Longitude.'),
  date: CalendarDate.describe('Date, YYYY-MM-DD.'),
  lang: Language,
})

export const get_weather = operation({
  name: 'get_weather',
  title: 'Get the weather of a day',
  description: 'The weather at coordinates on a day. kind says whether it is a forecast or only usual for the season.',
  effect: 'read',
  scope: 'weather:read',
  openWorld: true,
  route: 'GET /weather',
  input,
  output: z.object({ weather: DayWeather }),
})

export const get_detailed_weather = operation({
  name: 'get_detailed_weather',
  title: 'Get the weather of a day by the hour',
  description: 'The weather of a day with its hours where a forecast reaches, sunrise and sunset.',
  effect: 'read',
  scope: 'weather:read',
  openWorld: true,
  route: 'GET /weather/detailed',
  input,
  output: z.object({ weather: DetailedWeather }),
})

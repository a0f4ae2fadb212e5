import type { Config } from '../../config/index.ts'
import type { HttpClient } from '../http/client.ts'
import { createClimate } from './climate.ts'
import { createOpenMeteo } from './open-meteo.ts'
import type { Weather } from './weather.ts'

export { sunOf } from './sun.ts'
export type { DayWeather, Sky, Weather } from './weather.ts'
export { createClimate }

/** The configured source of weather. */
export const weatherOf = ({ weatherUrl }: Config, http: HttpClient): Weather =>
  weatherUrl ? createOpenMeteo(weatherUrl, http, createClimate()) : createClimate()

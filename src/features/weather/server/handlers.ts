import { type DayWeather, sunOf, type Weather } from '../../../adapters/weather/index.ts'
import { zoneAt } from '../../../adapters/zones.ts'
import { implement, prepared } from '../../../core/run/feature.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { summaryOf } from './summary.ts'

const UNITS = { temperature: '°C', precipitation: 'mm', precipitation_probability: '%', wind_speed: 'km/h' } as const

interface WeatherRequest {
  date: string
  lang: string
}

const answered = <W extends DayWeather>(weather: W, { date, lang }: WeatherRequest) => ({
  date,
  ...weather,
  summary: summaryOf(weather, lang),
  units: UNITS,
})

export const handlers = (weather: Weather) =>
  implement(contract, {
    get_weather: prepared(contract.get_weather, {
      prepare: async ({ lat, lng, date }) => (await weather.day(lat, lng, date)) ?? notKnown(),
      handle: async ({ input, prepared: day }) => ({ weather: answered(day, input) }),
    }),

    get_detailed_weather: prepared(contract.get_detailed_weather, {
      prepare: async ({ lat, lng, date }) => (await weather.detailed(lat, lng, date)) ?? notKnown(),
      handle: async ({ input, prepared: { hours, ...day } }) => {
        const timezone = zoneAt(input.lat, input.lng)
        const sun = sunOf(input.lat, input.lng, input.date)
        return {
          weather: {
            ...answered(day, input),
            hours: [...hours],
            sunrise: sun && clockTime(sun.rise, timezone),
            sunset: sun && clockTime(sun.set, timezone),
            timezone,
          },
        }
      },
    }),
  })

function notKnown(): never {
  throw messages.notKnown()
}

const clockTime = (moment: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(moment)

/** The basis of a day's values: expected, measured, or usual at that time of year. */
export type WeatherKind = 'forecast' | 'observed' | 'climate_average'

export type Sky =
  | 'clear'
  | 'partly_cloudy'
  | 'cloudy'
  | 'fog'
  | 'drizzle'
  | 'rain'
  | 'showers'
  | 'snow'
  | 'thunderstorm'

/** The weather of a day at a place: °C, mm, km/h, %, local times. Unknown values are null. */
export interface DayWeather {
  readonly kind: WeatherKind
  /** The source of the values. */
  readonly source: string
  readonly note: string | null
  readonly sky: Sky | null
  readonly temperature_min: number
  readonly temperature_max: number
  readonly precipitation: number | null
  readonly precipitation_probability: number | null
  readonly wind_speed: number | null
}

export interface HourWeather {
  /** HH:MM */
  readonly time: string
  readonly sky: Sky | null
  readonly temperature: number
  readonly feels_like: number | null
  readonly precipitation: number | null
  readonly precipitation_probability: number | null
  readonly wind_speed: number | null
  readonly humidity: number | null
}

export interface DetailedWeather extends DayWeather {
  readonly wind_gusts: number | null
  readonly uv_index: number | null
  /** Empty if only daily values are known. */
  readonly hours: readonly HourWeather[]
}

/** The weather or its usual values; null if unknown. The note reports an outage of the source. */
export interface Weather {
  day(lat: number, lng: number, date: string): Promise<DayWeather | null>
  detailed(lat: number, lng: number, date: string): Promise<DetailedWeather | null>
}

/** The details of a day with daily values only. */
export const withoutHours = (day: DayWeather): DetailedWeather => ({
  ...day,
  wind_gusts: null,
  uv_index: null,
  hours: [],
})

export const rounded = (value: number): number => Math.round(value * 10) / 10

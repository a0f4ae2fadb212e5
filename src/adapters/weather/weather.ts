/** How much is known of a day: what is expected, what was measured, or what is usual at that time of the year. */
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

/** The weather of one day at one place: °C, mm, km/h, %, times of the place. Null is what is not known. */
export interface DayWeather {
  readonly kind: WeatherKind
  /** Whose numbers these are. */
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
  /** Empty where only the day is known. */
  readonly hours: readonly HourWeather[]
}

/** Knows the weather, or what it usually is; null where nobody can say. An outage of a source is told in the note. */
export interface Weather {
  day(lat: number, lng: number, date: string): Promise<DayWeather | null>
  detailed(lat: number, lng: number, date: string): Promise<DetailedWeather | null>
}

/** The details of a day of which only the averages are known. */
export const withoutHours = (day: DayWeather): DetailedWeather => ({
  ...day,
  wind_gusts: null,
  uv_index: null,
  hours: [],
})

export const rounded = (value: number): number => Math.round(value * 10) / 10

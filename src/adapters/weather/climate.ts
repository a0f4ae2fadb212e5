import { NORMALS, type Normals } from './normals.ts'
import { type DayWeather, rounded, type Weather, withoutHours } from './weather.ts'

const REACH_KM = 300
const MOST = 3
const KM_PER_DEGREE = 111.2

/** The usual weather at a time of year, from the nearest cities of a table. Makes no calls. */
export function createClimate(normals: readonly Normals[] = NORMALS): Weather {
  const day = (lat: number, lng: number, date: string) => usual(normals, lat, lng, date)
  return {
    day: async (lat, lng, date) => day(lat, lng, date),
    async detailed(lat, lng, date) {
      const weather = day(lat, lng, date)
      return weather && withoutHours(weather)
    },
  }
}

function usual(normals: readonly Normals[], lat: number, lng: number, date: string): DayWeather | null {
  const near = normals
    .map((station) => ({ station, km: kmBetween(lat, lng, station) }))
    .filter(({ km }) => km <= REACH_KM)
    .sort((a, b) => a.km - b.km)
    .slice(0, MOST)
  const first = near[0]
  if (!first) return null
  // The nearest city counts most; a few kilometres make no difference.
  const weights = near.map(({ km }) => 1 / (km + 15) ** 2)
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const mean = (months: (station: Normals) => readonly number[]) =>
    near.reduce((sum, { station }, i) => sum + onDay(months(station), date) * ((weights[i] as number) / whole), 0)
  return {
    kind: 'climate_average',
    source: 'approximate climate table',
    note: `Roughly usual at this time of the year, from ${first.station.city} (${Math.round(first.km)} km away); higher places are colder. This is no forecast.`,
    sky: null,
    temperature_min: rounded(mean(({ lows }) => lows)),
    temperature_max: rounded(mean(({ highs }) => highs)),
    precipitation: rounded(mean(({ falls }) => falls) / 30.4),
    precipitation_probability: null,
    wind_speed: null,
  }
}

function kmBetween(lat: number, lng: number, station: Normals): number {
  const east = Math.abs(station.lng - lng)
  const narrowing = Math.cos((((lat + station.lat) / 2) * Math.PI) / 180)
  return KM_PER_DEGREE * Math.hypot(station.lat - lat, Math.min(east, 360 - east) * narrowing)
}

/** Interpolates between the middles of two months. */
function onDay(months: readonly number[], date: string): number {
  const [, month = 1, day = 1] = date.split('-').map(Number)
  const position = month - 1 + (day - 15.5) / 30.5
  const before = Math.floor(position)
  const share = position - before
  const at = (index: number) => months[(index + 12) % 12] as number
  return at(before) * (1 - share) + at(before + 1) * share
}

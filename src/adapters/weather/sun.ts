import { getTimes } from 'suncalc'

const HOUR = 3_600_000

/** Sunrise and sunset in UTC, accurate to about a minute; null if the sun stays up or down. */
export function sunOf(lat: number, lng: number, date: string): { rise: Date; set: Date } | null {
  // The local mean noon, so that the day is right up to the date line.
  const noon = Date.parse(`${date}T12:00:00Z`) - (lng / 15) * HOUR
  const { sunrise: rise, sunset: set, solarNoon } = getTimes(new Date(noon), lat, lng)
  if (!rise || !set) return null
  // If the sun only just reaches the horizon, the library can find a time that is days away.
  const isOfDay = (moment: Date) => Math.abs(moment.getTime() - solarNoon.getTime()) <= 12 * HOUR
  return rise < set && isOfDay(rise) && isOfDay(set) ? { rise, set } : null
}

const RADIANS = Math.PI / 180
// The upper edge of the sun at the horizon, with refraction.
const HORIZON = -0.833 * RADIANS

/** Sunrise and sunset in UTC; null if the sun stays up or down. By the NOAA equations, accurate to about a minute. */
export function sunOf(lat: number, lng: number, date: string): { rise: Date; set: Date } | null {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const noon = midnight + (12 - lng / 15) * 3_600_000
  const centuries = (noon / 86_400_000 + 2_440_587.5 - 2_451_545) / 36_525
  const meanLongitude = (280.46646 + centuries * 36_000.76983) * RADIANS
  const anomaly = (357.52911 + centuries * 35_999.05029) * RADIANS
  const centre =
    (1.914602 - centuries * 0.004817) * Math.sin(anomaly) +
    0.019993 * Math.sin(2 * anomaly) +
    0.000289 * Math.sin(3 * anomaly)
  const longitude = meanLongitude + (centre - 0.00569) * RADIANS
  const tilt = 23.4393 * RADIANS
  const declination = Math.asin(Math.sin(tilt) * Math.sin(longitude))
  const y = Math.tan(tilt / 2) ** 2
  const eccentricity = 0.016708
  const equation =
    4 *
    (1 / RADIANS) *
    (y * Math.sin(2 * meanLongitude) -
      2 * eccentricity * Math.sin(anomaly) +
      4 * eccentricity * y * Math.sin(anomaly) * Math.cos(2 * meanLongitude) -
      0.5 * y * y * Math.sin(4 * meanLongitude) -
      1.25 * eccentricity ** 2 * Math.sin(2 * anomaly))
  const cosine =
    (Math.sin(HORIZON) - Math.sin(lat * RADIANS) * Math.sin(declination)) /
    (Math.cos(lat * RADIANS) * Math.cos(declination))
  if (Math.abs(cosine) > 1) return null
  const half = (Math.acos(cosine) / RADIANS) * 4 * 60_000
  const middle = noon - equation * 60_000
  return { rise: new Date(middle - half), set: new Date(middle + half) }
}

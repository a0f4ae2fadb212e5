import type { Booking } from '../../../reservations/contract/index.ts'

/** A transport as a line on the map. */
export interface Way {
  readonly id: number
  /** Longitude and latitude; longitudes can exceed 180, so that the line does not jump. */
  readonly line: readonly (readonly [number, number])[]
  readonly ends: readonly { readonly name: string; readonly lng: number; readonly lat: number }[]
  /** Whether it is confirmed. */
  readonly sure: boolean
  /** Whether it belongs to the shown day. */
  readonly near: boolean
}

const RAD = Math.PI / 180
const STEPS = 48

/** Points on the shortest path over the globe between two points. */
export function arc(from: readonly [number, number], to: readonly [number, number]): [number, number][] {
  const vector = ([lng, lat]: readonly [number, number]) =>
    [Math.cos(lat * RAD) * Math.cos(lng * RAD), Math.cos(lat * RAD) * Math.sin(lng * RAD), Math.sin(lat * RAD)] as const
  const [a, b] = [vector(from), vector(to)]
  const angle = Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])))
  // Opposite points of the globe have no shortest path.
  if (angle < 1e-6 || Math.abs(angle - Math.PI) < 1e-6) return [[...from], [...to]]
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const [near, far] = [
      Math.sin((1 - step / STEPS) * angle) / Math.sin(angle),
      Math.sin((step / STEPS) * angle) / Math.sin(angle),
    ]
    const [x, y, z] = [near * a[0] + far * b[0], near * a[1] + far * b[1], near * a[2] + far * b[2]]
    return [Math.atan2(y, x) / RAD, Math.atan2(z, Math.hypot(x, y)) / RAD]
  })
}

/** The same line without jumps from one edge of the map to the other. */
function unbroken(line: readonly (readonly [number, number])[]): [number, number][] {
  const done: [number, number][] = []
  for (const [lng, lat] of line) {
    const before = done.at(-1)?.[0] ?? lng
    done.push([lng + 360 * Math.round((before - lng) / 360), lat])
  }
  return done
}

/** The fields of a booking that a line needs. */
type Drawable = Pick<Booking, 'id' | 'type' | 'status'> & {
  readonly endpoints: readonly Pick<Booking['endpoints'][number], 'name' | 'code' | 'lng' | 'lat'>[]
}

/** The transports with known ends: straight lines over land, great circles in the air and at sea. */
export function waysOf(bookings: readonly Drawable[], onDay: ReadonlySet<number>): Way[] {
  return bookings.flatMap(({ id, type, status, endpoints }): Way[] => {
    const ends = endpoints.flatMap(({ code, name, lng, lat }) =>
      lng === null || lat === null ? [] : [{ name: code ?? name, lng, lat }],
    )
    // If an end has only a name, the course of the line is unknown.
    if (ends.length < 2 || ends.length < endpoints.length || status === 'cancelled') return []
    const points = ends.map(({ lng, lat }) => [lng, lat] as const)
    const curved = type === 'flight' || type === 'cruise' || type === 'ferry'
    const line = curved
      ? points.slice(1).flatMap((to, index) => arc(points[index] as readonly [number, number], to))
      : points
    return [
      {
        id,
        line: unbroken(line),
        ends,
        sure: status === 'confirmed',
        near: onDay.has(id),
      },
    ]
  })
}

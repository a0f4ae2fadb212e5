import type { Row } from '../../../core/declare/entity.ts'
import { byOrder } from '../../../core/declare/order-key.ts'
import { type AssignmentRow, visitTimes } from '../../assignments/contract/index.ts'
import type { Day } from '../../days/contract/index.ts'
import type { Place } from '../../places/contract/index.ts'

export type DayRow = Row<typeof Day>
export type PlaceRow = Row<typeof Place>

/** One stop as shown: the visit and its place. */
export interface PlannedStop {
  readonly stop: AssignmentRow
  readonly place: PlaceRow
  /** 1, 2, 3 … as on the map. */
  readonly number: number
  readonly start: string | null
  readonly end: string | null
  /** It starts before the one above it ends. */
  readonly clashes: boolean
  /** Kilometres from the one above it, in a straight line; null if either has no coordinates. */
  readonly distance: number | null
}

export interface PlannedDay {
  readonly day: DayRow
  readonly stops: readonly PlannedStop[]
}

const EARTH_KM = 6371

/** Kilometres between two places, in a straight line. */
export function distanceBetween(a: PlaceRow, b: PlaceRow): number | null {
  if (a.lat === null || a.lng === null || b.lat === null || b.lng === null) return null
  const rad = Math.PI / 180
  const half =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lng - a.lng) * rad) / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.sqrt(half))
}

/** The days in order, each with its stops in order. */
export function planOf(
  days: readonly DayRow[],
  stops: readonly AssignmentRow[],
  places: readonly PlaceRow[],
): PlannedDay[] {
  const placeById = new Map(places.map((place) => [place.id, place]))
  const byDay = Map.groupBy(stops, (stop) => stop.day_id)
  return days
    .toSorted((a, b) => a.day_number - b.day_number)
    .map((day) => {
      const inOrder = (byDay.get(day.id) ?? []).toSorted(byOrder)
      const planned: PlannedStop[] = []
      for (const stop of inOrder) {
        const place = placeById.get(stop.place_id)
        if (!place) continue
        const before = planned.at(-1)
        const { start, end } = visitTimes(stop, place)
        const busyUntil = before?.end ?? before?.start ?? null
        planned.push({
          stop,
          place,
          number: planned.length + 1,
          start,
          end,
          clashes: start !== null && busyUntil !== null && start < busyUntil,
          distance: before ? distanceBetween(before.place, place) : null,
        })
      }
      return { day, stops: planned }
    })
}

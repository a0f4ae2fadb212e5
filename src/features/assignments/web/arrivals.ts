import { inserted } from '../../../ui/live/act.ts'
import { type DayEntry, refOf } from '../../plan/contract/entry.ts'
import type { Spot } from '../../plan/contract/timeline.ts'
import type { PlanEntry } from '../../plan/web/entries.ts'
import { placing } from '../../plan/web/guesses.ts'
import type { PlaceRow } from '../../plan/web/plan.ts'
import { Assignment, visitTimes } from '../contract/index.ts'

/** The values that a stop without any others has. */
const NO_VISIT = { notes: null, place_time: null, end_time: null }

interface Arrivals {
  readonly tripId: number
  readonly dayId: number
  /** The day as it is. */
  readonly entries: readonly PlanEntry[]
  readonly arriving: readonly { readonly id: number; readonly place: PlaceRow | undefined }[]
  readonly spot: Spot
}

/** The changes that show a day as it will be with these places on it. */
export function arrivals({ tripId, dayId, entries, arriving, spot }: Arrivals) {
  const moving = arriving.map(({ place }, at): DayEntry => {
    const { start: time } = visitTimes({}, place ?? {})
    return { kind: 'stop', id: -1 - at, order_key: null, time }
  })
  const { keys, guesses } = placing(entries, dayId, moving, spot)
  const rows = arriving.flatMap(({ id: place_id }, at) => {
    const order_key = keys.get(refOf(moving[at] as DayEntry))
    const fixed = { trip_id: tripId, day_id: dayId, place_id, participant_ids: [], created_at: '' }
    return order_key ? [inserted(Assignment, { ...NO_VISIT, ...fixed, order_key })] : []
  })
  return [...rows, ...guesses]
}

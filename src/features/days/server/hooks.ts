import type { ReadTx } from '../../../core/data/tx.ts'
import { hook } from '../../../core/run/feature.ts'
import type { DayRow } from './store.ts'

/** What stands on the days of a trip: for each day that holds something, how many of what (`{ stops: 3 }`). */
export const dayContents = hook<{ tripId: number }, Map<number, Record<string, number>>, ReadTx>('day_contents')

/** A day was added with something to remember on it. */
export const dayNoted = hook<{ tripId: number; dayId: number; text: string }>('day_noted')

/** A day is about to be deleted: remove what you have on it. */
export const dayDeleted = hook<{ tripId: number; dayId: number }>('day_deleted', {
  dependentsFirst: true,
  consequence: 'What is planned on a day goes with it; what is booked stays without it.',
})

/**
 * Days of a trip were dealt other dates, or changed places with each other: `before` and `after`, in order. What is booked for
 * a date goes to the day that has it now (`keep_bookings`), or stays on its day and takes its new date (`shift_all`). Days that
 * are about to go are among them, without a date.
 */
export const daysRedated = hook<{
  tripId: number
  before: readonly DayRow[]
  after: readonly DayRow[]
  shift: 'keep_bookings' | 'shift_all'
}>('days_redated', { consequence: 'What is booked follows the dates of the days.' })

/** What belongs to a day's plan: the name of the list, and the list of each day; or that of one day. */
export const dayPlan = hook<
  { tripId: number; dayId?: number },
  { name: string; byDay: Map<number, unknown[]> },
  ReadTx
>('day_plan')

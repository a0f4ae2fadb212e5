import type { ReadTx } from '../../../core/data/tx.ts'
import { hook } from '../../../core/run/feature.ts'
import type { DayRow } from './store.ts'

/** The contents of the days of a trip: for each day that is not empty, how many of what (`{ stops: 3 }`). */
export const dayContents = hook<{ tripId: number }, Map<number, Record<string, number>>, ReadTx>('day_contents')

/** A day was added with a note. */
export const dayNoted = hook<{ tripId: number; dayId: number; text: string }>('day_noted')

/** A day is about to be deleted; listeners remove their content on it. */
export const dayDeleted = hook<{ tripId: number; dayId: number }>('day_deleted', {
  dependentsFirst: true,
  consequence: 'What is planned on a day goes with it; what is booked stays without it.',
})

/**
 * Days of a trip got other dates or swapped places: `before` and `after`, in order. A booking for a date goes to the
 * day that has the date now (`keep_bookings`), or stays on its day and takes its new date (`shift_all`). Days about to
 * be deleted are included, without a date.
 */
export const daysRedated = hook<{
  tripId: number
  before: readonly DayRow[]
  after: readonly DayRow[]
  shift: 'keep_bookings' | 'shift_all'
}>('days_redated', { consequence: 'What is booked follows the dates of the days.' })

/** A part of the plan of days: the name of the list, and the list of each day or of one day. */
export const dayPlan = hook<
  { tripId: number; dayId?: number },
  { name: string; byDay: Map<number, unknown[]> },
  ReadTx
>('day_plan')

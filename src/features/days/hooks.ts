import { hook } from '../../core/feature.ts'
import type { ReadTx } from '../../core/tx.ts'

/** What stands on the days of a trip: for each day that holds something, how many of what (`{ stops: 3 }`). */
export const dayContents = hook<{ tripId: number }, Map<number, Record<string, number>>, ReadTx>('day_contents')

/** A day is about to be deleted: remove what you have on it. */
export const dayDeleted = hook<{ tripId: number; dayId: number }>('day_deleted', { dependentsFirst: true })

/** What belongs to a day's plan: the name of the list, and the list of each day. */
export const dayPlan = hook<{ tripId: number }, { name: string; byDay: Map<number, unknown[]> }, ReadTx>('day_plan')

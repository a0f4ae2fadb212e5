import { hook } from '../../../core/run/feature.ts'

/** A stop is about to be taken off its day: let go of it. */
export const stopDeleted = hook<{ tripId: number; assignmentId: number }>('stop_deleted', { dependentsFirst: true })

/**
 * A stop came to a position of a day (`by` 1) or went from it (-1), and those behind it changed their numbers. What stands
 * between the stops by a position on the same axis moves along: what is beyond `at` by one.
 */
export const stopsShifted = hook<{ tripId: number; dayId: number; at: number; by: 1 | -1 }>('stops_shifted')

import { hook } from '../../../core/run/feature.ts'

/** A stop is about to be taken off its day; references to it must be cleared. */
export const stopDeleted = hook<{ tripId: number; assignmentId: number }>('stop_deleted', {
  dependentsFirst: true,
  consequence: 'What names a stop lets go of it.',
})

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Limits memory that V8 would take without need. */

/**
 * Keeps the space for young objects at its initial size. Buffers are freed with the young objects that hold them: a
 * small space keeps few waiting. For work with much I/O and little computation.
 */
export const staySmall = (): void => setFlagsFromString('--semi-space-growth-factor=1')

/** Returns unused memory now. */
export function giveBack(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

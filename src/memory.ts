import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How much memory the process takes from the system, where V8 would take more than is needed. */

/**
 * Keeps the space of young objects as small as it is at the start. Buffers are freed together with the young objects that hold them:
 * where there is room for few of these, few buffers wait. For what reads and writes much and computes little.
 */
export const staySmall = (): void => setFlagsFromString('--semi-space-growth-factor=1')

/** Gives back now what is not used any more. */
export function giveBack(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

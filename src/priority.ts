import { constants, setPriority } from 'node:os'

/** A server comes first where this process wants the processor at the same time. */
export function comeSecond(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The system does not allow it.
  }
}

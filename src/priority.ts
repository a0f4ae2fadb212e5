import { constants, setPriority } from 'node:os'

/** Gives a server priority for the processor over this process. */
export function comeSecond(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // The system does not allow it.
  }
}

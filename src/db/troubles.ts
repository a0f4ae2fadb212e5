import { DatabaseUnavailable, type Outage } from '../core/data/database.ts'
import { reasonOf } from './wait.ts'

const TOLD_EVERY_MS = 60_000
/** What works now and then, between one trouble and the next, does not work again. */
const QUIET_MS = 10_000

/** How it is told that something does not work, and that it works again. */
interface Words {
  readonly fails: string
  readonly works: string
}

export const READS: Words = { fails: 'The database cannot be read', works: 'The database can be read again.' }
export const WRITES: Words = { fails: 'Changes cannot be saved', works: 'Changes can be saved again.' }

/**
 * Tells of the troubles of the database in the log: at once, then once a minute for each kind of trouble however many calls
 * meet it, and when it is over.
 */
export function troubles({ fails, works }: Words, told: (what: string) => void, now = () => performance.now()) {
  const toldAt = new Map<Outage, number>()
  let last = Number.NEGATIVE_INFINITY

  function tell(error: DatabaseUnavailable): void {
    last = now()
    if (last - (toldAt.get(error.outage) ?? Number.NEGATIVE_INFINITY) < TOLD_EVERY_MS) return
    toldAt.set(error.outage, last)
    const reason = reasonOf(error)
    told(`${fails}: ${error.message}${reason === error.message ? '' : ` (${reason})`}.`)
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work()
      if (toldAt.size && now() - last >= QUIET_MS) {
        toldAt.clear()
        told(works)
      }
      return result
    } catch (error) {
      if (error instanceof DatabaseUnavailable) tell(error)
      throw error
    }
  }
}

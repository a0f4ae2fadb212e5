import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { DatabaseUnavailable, type Outage } from '../core/data/database.ts'
import { onceAMinute } from '../core/data/once-a-minute.ts'
import { reasonOf } from '../core/data/troubles.ts'
import type { Tables } from '../core/data/tx.ts'

const RETRY_MS = 250

/**
 * Waits until the database answers, and logs it once a minute. Throws errors that waiting cannot fix, such as a wrong
 * password.
 */
export async function waitForDatabase(kysely: Kysely<Tables>, warn: (what: string) => void): Promise<void> {
  const lines = onceAMinute(warn)
  for (;;) {
    try {
      await sql`select 1`.execute(kysely)
      return
    } catch (error) {
      if (!isWorthWaiting(error)) throw error
      lines.tell(`Waiting for the database: ${reasonOf(error)}. TREK starts as soon as it answers.`)
      await pause(RETRY_MS)
    }
  }
}

const PASSING = new Set<Outage>(['away', 'lost', 'uncertain', 'busy', 'full'])

/** Whether a start can succeed later without a change of its settings. */
export const isWorthWaiting = (error: unknown): error is DatabaseUnavailable =>
  error instanceof DatabaseUnavailable && PASSING.has(error.outage)

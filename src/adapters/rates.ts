import { z } from 'zod'
import type { Outgoing } from './outgoing.ts'

/** What one unit of a currency was worth in another. */
export interface Rate {
  /** Units of the other currency. */
  readonly value: number
  /** The day it was published for, YYYY-MM-DD. */
  readonly date: string
  /** Who was asked. */
  readonly source: string
}

/** Knows exchange rates, or not; it never makes one up. */
export interface Rates {
  /** Units of `quote` for one of `base`, on that day or on the last one known; null where nobody can say. */
  find(base: string, quote: string, on: string | null): Promise<Rate | null>
}

/** Rates of an instance that asks nobody. */
export const noRates: Rates = { find: async () => null }

const One = z.object({ date: z.iso.date(), rate: z.number().positive() })
const Many = z.object({ date: z.iso.date(), rates: z.record(z.string(), z.number().positive()) })

// Providers round to a few digits after the point, which leaves of a small rate too few that count.
const TOO_SMALL = 0.1

// Somebody waits to have an expense written down.
const TIMEOUT_MS = 4000
// Rates are published once a day.
const SIX_HOURS = 6 * 3600

/**
 * The rates of a Frankfurter server, whose address ends with the version of its API: `/v2` answers pairs, `/v1` lists. What
 * cannot be had is null: an expense is written all the same, and says that it is not converted.
 */
export function ratesOf(root: string, outgoing: Pick<Outgoing, 'json'>, clock = () => new Date()): Rates {
  const source = new URL(root).host
  const json = (url: string) =>
    outgoing.json(url, { trusted: true, timeoutMs: TIMEOUT_MS, cacheSeconds: SIX_HOURS, absent: [400, 404, 422] })

  async function ask(base: string, quote: string, on: string | null): Promise<Rate | null> {
    const past = on !== null && on < clock().toISOString().slice(0, 10) ? on : null
    if (root.endsWith('/v1')) {
      const url = `${root}/${past ?? 'latest'}?base=${base}&symbols=${quote}`
      const answer = Many.nullable().parse(await json(url))
      const value = answer?.rates[quote]
      return answer && value !== undefined ? { value, date: answer.date, source } : null
    }
    const url = `${root}/rate/${base}/${quote}${past ? `?date=${past}` : ''}`
    const answer = One.nullable().parse(await json(url))
    return answer && { value: answer.rate, date: answer.date, source }
  }

  return {
    async find(base, quote, on) {
      if (base === quote) return null
      try {
        const found = await ask(base, quote, on)
        if (!found || found.value >= TOO_SMALL) return found
        const inverse = await ask(quote, base, on).catch(() => null)
        return inverse ? { ...inverse, value: Number((1 / inverse.value).toPrecision(12)) } : found
      } catch {
        // Unknown currency, no answer, an answer that is none: it comes to the same.
        return null
      }
    },
  }
}

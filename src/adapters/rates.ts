import { z } from 'zod'
import type { HttpClient } from './http/client.ts'

/** The value of one unit of a currency in another. */
export interface Rate {
  /** Units of the other currency. */
  readonly value: number
  /** The date of publication, YYYY-MM-DD. */
  readonly date: string
  readonly source: string
}

/** Knows exchange rates or returns null; never guesses one. */
export interface Rates {
  /** Whether there is anything to ask. */
  readonly known: boolean
  /** Units of `quote` for one `base`, on that day or the last known one; null if unknown. */
  find(base: string, quote: string, on: string | null): Promise<Rate | null>
}

/** No rates: makes no calls. */
export const noRates: Rates = { known: false, find: async () => null }

const One = z.object({ date: z.iso.date(), rate: z.number().positive() })
const Many = z.object({ date: z.iso.date(), rates: z.record(z.string(), z.number().positive()) })

// Providers round to a few decimals, which leaves small rates too few significant digits.
const TOO_SMALL = 0.1

// A person waits for the expense to be saved.
const TIMEOUT_MS = 4000
// Rates are published once a day.
const SIX_HOURS = 6 * 3600

/**
 * The rates of a Frankfurter server. Its URL ends with the API version: `/v2` returns pairs, `/v1` lists. An
 * unavailable rate is null: the expense is saved anyway, marked as not converted.
 */
export function ratesOf(root: string, http: Pick<HttpClient, 'json'>, clock = () => new Date()): Rates {
  const source = new URL(root).host
  const json = (url: string) =>
    http.json(url, { trusted: true, timeoutMs: TIMEOUT_MS, cacheSeconds: SIX_HOURS, absent: [400, 404, 422] })

  async function request(base: string, quote: string, on: string | null): Promise<Rate | null> {
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
    known: true,
    async find(base, quote, on) {
      if (base === quote) return null
      try {
        const rate = await request(base, quote, on)
        if (!rate || rate.value >= TOO_SMALL) return rate
        const inverse = await request(quote, base, on).catch(() => null)
        return inverse ? { ...inverse, value: Number((1 / inverse.value).toPrecision(12)) } : rate
      } catch {
        // Unknown currency, no answer or an invalid one: all the same to the caller.
        return null
      }
    },
  }
}

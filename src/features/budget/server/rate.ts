import type { Rate, Rates } from '../../../adapters/rates.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import type { SettlementRow } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

/** The conversion that a row stores. */
export type Frozen = Pick<SettlementRow, 'exchange_rate' | 'rate_base' | 'rate_date' | 'rate_source'>

const NONE: Frozen = { exchange_rate: null, rate_base: null, rate_date: null, rate_source: null }

/** A rate looked up before the transaction: units of `currency` for one of `base`. */
export interface RateLookup {
  readonly base: string
  readonly currency: string
  /** The day it was looked up for; null for the latest. */
  readonly on: string | null
  readonly rate: Rate | null
}

/** Looks up a rate if one is needed and none was given. */
export async function lookUpRate(
  rates: Rates,
  base: string,
  currency: string,
  on: string | null = null,
  given?: number,
): Promise<RateLookup | null> {
  if (currency === base || given !== undefined) return null
  return { base, currency, on, rate: await rates.find(base, currency, on) }
}

/** The rate a row stores: the given one, else the one looked up, else none. */
export function frozenRate(
  base: string,
  currency: string,
  given: number | undefined,
  lookup: RateLookup | null,
  now: string,
): Frozen {
  if (currency === base) {
    if (given === undefined) return NONE
    throw invalidField('exchange_rate', messages.sameCurrency({ currency: base }))
  }
  if (given !== undefined) {
    return { exchange_rate: given, rate_base: base, rate_date: now.slice(0, 10), rate_source: 'given' }
  }
  // The currency of the trip may have changed in between.
  if (!lookup?.rate || lookup.base !== base || lookup.currency !== currency) return NONE
  const { value, date, source } = lookup.rate
  return { exchange_rate: value, rate_base: base, rate_date: date, rate_source: source }
}

import { currencyDigits } from '../../../core/declare/values.ts'
import type { BudgetItemRow } from './index.ts'

/**
 * Splits and converts amounts in whole minor units, so that no cent is lost or added. Also runs in the browser, so that
 * a screen shows the exact cents that are settled.
 */

/** Minor units of an amount that was checked on write: 12.5 EUR is 1250. */
export const minor = (amount: number, currency: string): number => Math.round(amount * 10 ** currencyDigits(currency))

/** The amount for these minor units. */
export const major = (units: number, currency: string): number => units / 10 ** currencyDigits(currency)

/**
 * Splits a whole number by weight. The parts are whole, add up to it, and differ from their exact due by less than one.
 * What is left after rounding down goes to the largest remainders; equal ones take turns from `start` on.
 */
export function splitByWeights(total: number, weights: readonly number[], start = 0): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  if (sum === 0) return weights.map(() => 0)
  // Only products beyond the safe integers need the slower BigInt arithmetic, which gives the same result.
  const exact = (Math.abs(total) * sum <= Number.MAX_SAFE_INTEGER ? Number : BigInt) as (units: number) => number
  const whole = weights.reduce((all, weight) => all + exact(weight), exact(0))
  const dues = weights.map((weight) => exact(total) * exact(weight))
  const remainders = dues.map((due) => due % whole)
  const parts = dues.map((due, index) => Number((due - (remainders[index] as number)) / whole))
  const left = total - parts.reduce((all, part) => all + part, 0)
  if (left === 0) return parts
  const count = weights.length
  const turn = (index: number) => (index - (start % count) + count) % count
  const order = [...weights.keys()].sort((a, b) => {
    const [first, second] = [remainders[a] as number, remainders[b] as number]
    return first === second ? turn(a) - turn(b) : first < second ? 1 : -1
  })
  for (const index of order.slice(0, left)) parts[index] = (parts[index] as number) + 1
  return parts
}

type Split = Pick<BudgetItemRow, 'id' | 'total_price' | 'currency' | 'members'>

/** The share of each bearer in minor units of the expense's currency, in the order of `members`. */
export function sharesOf({ id, total_price, currency, members }: Split): number[] {
  const exact = members.map(({ amount }) => amount)
  if (exact.length && exact.every((amount) => amount !== null)) return exact.map((amount) => minor(amount, currency))
  return splitByWeights(
    minor(total_price, currency),
    members.map(({ weight }) => weight ?? 1),
    id,
  )
}

type Rated = Pick<BudgetItemRow, 'currency' | 'exchange_rate' | 'rate_base'>

/** Whether an amount of this row can be expressed in a currency. */
export const isConvertible = ({ currency, exchange_rate, rate_base }: Rated, into: string): boolean =>
  currency === into || (exchange_rate !== null && rate_base === into)

/**
 * The currency for the sums of costs: that of the trip, unless no cost can be expressed in it and all are in one other
 * currency.
 */
export function countedIn(rows: readonly Rated[], tripCurrency: string): string {
  if (rows.some((row) => isConvertible(row, tripCurrency))) return tripCurrency
  const [one, ...others] = new Set(rows.map(({ currency }) => currency))
  return one === undefined || others.length ? tripCurrency : one
}

/** Converts minor units of the row's currency into those of another, rounded half to even; null without a rate. */
export function converted(units: number, row: Rated, into: string): number | null {
  if (row.currency === into) return units
  if (row.exchange_rate === null || row.rate_base !== into) return null
  const [numerator, denominator] = fraction(row.exchange_rate)
  // units / 10^own digits / rate * 10^their digits, as one fraction.
  return halfEven(
    BigInt(units) * denominator * 10n ** BigInt(currencyDigits(into)),
    numerator * 10n ** BigInt(currencyDigits(row.currency)),
  )
}

/** A rate as the exact fraction of its decimal digits, without binary rounding. */
function fraction(rate: number): [numerator: bigint, denominator: bigint] {
  const [mantissa, exponent = '0'] = String(rate).split('e') as [string, string?]
  const [whole, decimals = ''] = mantissa.split('.') as [string, string?]
  const power = Number(exponent) - decimals.length
  const digits = BigInt(whole + decimals)
  return power < 0 ? [digits, 10n ** BigInt(-power)] : [digits * 10n ** BigInt(power), 1n]
}

function halfEven(numerator: bigint, denominator: bigint): number {
  const quotient = numerator / denominator
  const twice = (numerator % denominator) * 2n
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  return Number(up ? quotient + 1n : quotient)
}

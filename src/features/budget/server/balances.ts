import type { SettlementRow } from '../contract/index.ts'
import { converted, isConvertible, major, minor, sharesOf, splitByWeights } from '../contract/shares.ts'
import type { CostRow } from './store.ts'

/** What somebody bears, has paid and is owed, in minor units of one currency. */
export interface PersonBalance {
  share: number
  paid: number
  balance: number
}

/** Who bears and who has paid how much of one expense, in minor units of that currency. */
export interface Split {
  readonly item: CostRow
  readonly total: number
  readonly of: Map<number, Pick<PersonBalance, 'share' | 'paid'>>
}

/** The balances of everybody in one currency, and the rows left out for lack of a rate. */
export interface TripBalances {
  readonly of: Map<number, PersonBalance>
  readonly splits: Split[]
  readonly items: CostRow[]
  readonly settlements: SettlementRow[]
}

/**
 * The balances of everybody. They add up to zero: an expense counts once somebody has paid it and somebody bears it.
 * Amounts are converted before they are split, so that no cent is added or lost.
 */
export function balancesOf(
  items: readonly CostRow[],
  settlements: readonly SettlementRow[],
  currency: string,
): TripBalances {
  const of = new Map<number, PersonBalance>()
  const balanceFor = (userId: number): PersonBalance => {
    const known = of.get(userId)
    if (known) return known
    const fresh = { share: 0, paid: 0, balance: 0 }
    of.set(userId, fresh)
    return fresh
  }
  const splits: Split[] = []
  for (const item of items) {
    const total = converted(minor(item.total_price, item.currency), item, currency)
    if (total === null) continue
    const split: Split = { item, total, of: new Map() }
    splits.push(split)
    const add = (userId: number, part: 'share' | 'paid', units: number) => {
      balanceFor(userId)[part] += units
      const own = split.of.get(userId) ?? { share: 0, paid: 0 }
      own[part] = units
      split.of.set(userId, own)
    }
    const paid = splitByWeights(
      total,
      item.payers.map(({ amount }) => minor(amount, item.currency)),
      item.id,
    )
    const shares = splitByWeights(total, sharesOf(item), item.id)
    for (const [index, { user_id }] of item.payers.entries()) add(user_id, 'paid', paid[index] as number)
    for (const [index, { user_id }] of item.members.entries()) add(user_id, 'share', shares[index] as number)
    if (!item.payers.length || !item.members.length) continue
    // A ticked share was given to the payers: nobody owes it and nobody is owed it.
    const owed = item.members.map(({ paid: ticked }, index) => (ticked ? 0 : (shares[index] as number)))
    const stillOwed = owed.reduce((sum, units) => sum + units, 0)
    for (const [index, units] of splitByWeights(stillOwed, paid, item.id).entries()) {
      balanceFor((item.payers[index] as { user_id: number }).user_id).balance += units
    }
    for (const [index, { user_id }] of item.members.entries()) balanceFor(user_id).balance -= owed[index] as number
  }
  for (const settlement of settlements) {
    const units = converted(minor(settlement.amount, settlement.currency), settlement, currency)
    if (units === null) continue
    balanceFor(settlement.from_user_id).balance += units
    balanceFor(settlement.to_user_id).balance -= units
  }
  return {
    of,
    splits,
    items: items.filter((item) => !isConvertible(item, currency)),
    settlements: settlements.filter((settlement) => !isConvertible(settlement, currency)),
  }
}

/** The totals of costs: in one currency where rates are known, and as entered. */
export function totalsOf(items: readonly CostRow[], currency: string) {
  let total = 0
  const totals = new Map<string, number>()
  const unconverted = new Map<string, number>()
  const add = (to: Map<string, number>, { currency: own }: CostRow, units: number) =>
    to.set(own, (to.get(own) ?? 0) + units)
  for (const item of items) {
    const units = minor(item.total_price, item.currency)
    const inTotal = converted(units, item, currency)
    add(totals, item, units)
    if (inTotal === null) add(unconverted, item, units)
    else total += inTotal
  }
  return { total: major(total, currency), currency, totals: amounts(totals), unconverted: amounts(unconverted) }
}

const amounts = (units: ReadonlyMap<string, number>) =>
  [...units].map(([currency, sum]) => ({ currency, amount: major(sum, currency) }))

import type { InputOf } from '../../../ui/call.ts'
import { numberField, numberOrNull, textOrNull } from '../../../ui/form/form.ts'
import type { BudgetItemRow, create_budget_item } from '../contract/index.ts'
import { major, minor, splitByWeights } from '../contract/shares.ts'

/** How an expense is shared. */
export type Split = 'equal' | 'exact' | 'shares'

const splitOf = ({ members }: Pick<BudgetItemRow, 'members'>): Split =>
  members.some(({ amount }) => amount !== null)
    ? 'exact'
    : members.some(({ weight }) => weight !== null)
      ? 'shares'
      : 'equal'

type ByPerson = Readonly<Record<number, string>>

/** The values of the form of an expense. */
export interface ExpenseValues {
  name: string
  amount: string
  currency: string
  rate: string
  category: string
  date: string
  note: string
  /** Who has paid: nobody yet, one person, or several with an amount each. */
  payer: number | 'nobody' | 'several'
  payments: ByPerson
  split: Split
  /** Who shares it, when it is shared equally. */
  bearers: readonly number[]
  exact: ByPerson
  weights: ByPerson
}

export function newExpense(currency: string, me: number, everybody: readonly number[], date: string): ExpenseValues {
  return {
    name: '',
    amount: '',
    currency,
    rate: '',
    category: '',
    date,
    note: '',
    payer: me,
    payments: {},
    split: 'equal',
    bearers: everybody,
    exact: {},
    weights: {},
  }
}

export function valuesOf(item: BudgetItemRow, categoryName: string): ExpenseValues {
  const byPerson = (amounts: readonly (readonly [number, number | null])[]): ByPerson =>
    Object.fromEntries(amounts.flatMap(([id, amount]) => (amount === null ? [] : [[id, numberField(amount)]])))
  const [first, ...others] = item.payers
  return {
    name: item.name,
    amount: numberField(item.total_price),
    currency: item.currency,
    rate: numberField(item.exchange_rate),
    category: categoryName,
    date: item.expense_date ?? '',
    note: item.note ?? '',
    payer: !first ? 'nobody' : others.length ? 'several' : first.user_id,
    payments: byPerson(item.payers.map(({ user_id, amount }) => [user_id, amount])),
    split: splitOf(item),
    bearers: item.members.map(({ user_id }) => user_id),
    exact: byPerson(item.members.map(({ user_id, amount }) => [user_id, amount])),
    weights: byPerson(item.members.map(({ user_id, weight }) => [user_id, weight])),
  }
}

const filled = (texts: ByPerson): { user_id: number; value: number }[] =>
  Object.entries(texts).flatMap(([id, text]) => {
    const value = numberOrNull(text)
    return value === null ? [] : [{ user_id: Number(id), value }]
  })

const unitsOf = (texts: ByPerson, currency: string): number =>
  filled(texts).reduce((sum, { value }) => sum + (Number.isFinite(value) ? minor(value, currency) : 0), 0)

/** The total in minor units; null while it is not a number. */
export function totalUnits({ payer, payments, amount, currency }: ExpenseValues): number | null {
  if (payer === 'several') return unitsOf(payments, currency)
  const total = numberOrNull(amount)
  return total === null || !Number.isFinite(total) || total < 0 ? null : minor(total, currency)
}

/** The part of the total without an exact share yet; below 0 if shares exceed it, null if there is nothing to check. */
export function uncovered(values: ExpenseValues): number | null {
  const total = totalUnits(values)
  return values.split !== 'exact' || total === null ? null : total - unitsOf(values.exact, values.currency)
}

/** Each person's share in minor units, as far as the fields define it; the id decides who gets the last cents. */
export function sharesIn(values: ExpenseValues, id: number): ReadonlyMap<number, number> {
  const total = totalUnits(values)
  if (total === null) return new Map()
  const weights =
    values.split === 'equal'
      ? values.bearers.map((user_id) => ({ user_id, value: 1 }))
      : values.split === 'shares'
        ? filled(values.weights).filter(({ value }) => Number.isInteger(value) && value > 0)
        : []
  const sorted = weights.toSorted((a, b) => a.user_id - b.user_id)
  if (!sorted.length) return new Map()
  const parts = splitByWeights(
    total,
    sorted.map(({ value }) => value),
    id,
  )
  return new Map(sorted.map(({ user_id }, index) => [user_id, parts[index] as number]))
}

type Money = Pick<
  InputOf<typeof create_budget_item>,
  'total_price' | 'currency' | 'exchange_rate' | 'payers' | 'member_ids' | 'shares'
>

/** The request for these values. */
export function inputOf(values: ExpenseValues, category: string, tripCurrency: string) {
  const { name, payer, payments, split, bearers, exact, weights, currency } = values
  const amount = payer === 'several' ? major(unitsOf(payments, currency), currency) : numberOrNull(values.amount)
  const rate = numberOrNull(values.rate)
  const shares =
    split === 'exact'
      ? filled(exact).map(({ user_id, value }) => ({ user_id, amount: value }))
      : filled(weights).flatMap(({ user_id, value }) => (value === 0 ? [] : [{ user_id, weight: value }]))
  const money: Money = {
    // The schema refuses an empty field.
    total_price: amount as number,
    currency,
    ...(currency !== tripCurrency && rate !== null && { exchange_rate: rate }),
    payers:
      payer === 'nobody' || amount === null || Number.isNaN(amount) || amount < 0
        ? []
        : payer === 'several'
          ? filled(payments).map(({ user_id, value }) => ({ user_id, amount: value }))
          : [{ user_id: payer, amount }],
    ...(split === 'equal' ? { member_ids: [...bearers] } : { shares }),
  }
  return {
    name,
    ...(category && { category }),
    ...money,
    expense_date: textOrNull(values.date),
    note: textOrNull(values.note),
  }
}

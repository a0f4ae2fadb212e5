import type { Output } from '../../../core/declare/operation.ts'
import type { BudgetItemRow, get_budget_per_person, get_settlement_summary } from '../contract/index.ts'
import { totalsOf } from './balances.ts'

interface Costs {
  readonly items: readonly BudgetItemRow[]
  readonly perPerson: Output<typeof get_budget_per_person>
  readonly summary: Output<typeof get_settlement_summary>['summary']
}

/** The costs of a trip as Markdown. Adds amounts of different currencies only where there is a rate. */
export function asBudgetOverview({ items, perPerson, summary }: Costs): string {
  if (!items.length) return 'There are no costs in this trip yet.'
  const { currency, people } = perPerson
  const money = (amount: number, own = currency) =>
    `${amount.toLocaleString('en', { style: 'currency', currency: own, currencyDisplay: 'code' })}`.replace(/\s/g, ' ')
  const { total, totals, unconverted } = totalsOf(items, currency)
  const list = (amounts: readonly { currency: string; amount: number }[]) =>
    amounts.map((one) => money(one.amount, one.currency)).join(', ')
  const categories = [...Map.groupBy(items, ({ category }) => category)]
    .map(([category, inIt]) => ({ category, ...totalsOf(inIt, currency) }))
    .sort((a, b) => b.total - a.total)
  return [
    '# Costs',
    [
      `Total: ${money(total)}`,
      totals.some((one) => one.currency !== currency) && `As entered: ${list(totals)}`,
      unconverted.length > 0 &&
        `Not converted and not in the total, for want of an exchange rate: ${list(unconverted)}`,
    ]
      .filter(Boolean)
      .join('\n'),
    '## By category',
    categories
      .map((one) => {
        const rest = one.unconverted.length ? ` (and ${list(one.unconverted)}, not converted)` : ''
        return `- ${one.category}: ${money(one.total)}${rest}`
      })
      .join('\n'),
    '## By traveller',
    people
      .map(({ name, former, share, paid }) => {
        return `- ${name}${former ? ' (no longer in the trip)' : ''}: bears ${money(share)}, has paid ${money(paid)}`
      })
      .join('\n'),
    '## To settle',
    summary.flows.map(({ from, to, amount }) => `- ${from.name} pays ${to.name} ${money(amount)}`).join('\n') ||
      'Nobody owes anybody anything.',
  ].join('\n\n')
}

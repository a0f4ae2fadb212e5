import { toCsv } from '../../../ui/csv.ts'
import type { BudgetItemRow } from '../contract/index.ts'
import { converted, major, minor } from '../contract/shares.ts'

/** The costs by date as CSV for spreadsheets, separated by semicolons. Amounts have a decimal point and no symbol. */
export function costsAsCsv(
  items: readonly BudgetItemRow[],
  headings: readonly string[],
  currency: string,
  wordsOf: { category(category: string): string; person(userId: number): string },
): Promise<string> {
  const rows = items
    .toSorted((a, b) => (a.expense_date ?? '9999').localeCompare(b.expense_date ?? '9999') || a.id - b.id)
    .map((item) => {
      const own = converted(minor(item.total_price, item.currency), item, currency)
      return [
        item.expense_date,
        item.name,
        wordsOf.category(item.category),
        item.total_price,
        item.currency,
        own === null ? null : major(own, currency),
        item.payers.map(({ user_id, amount }) => `${wordsOf.person(user_id)} ${amount}`).join(', '),
        item.note,
      ]
    })
  return toCsv([headings, ...rows], ';')
}

import { toCsv } from '../../../ui/csv.ts'
import type { BudgetItemRow } from '../contract/index.ts'
import { converted, major, minor } from '../contract/shares.ts'

/** The costs by their dates as CSV for spreadsheets, separated by semicolons. Amounts have a decimal point and no symbol. */
export function costsAsCsv(
  items: readonly BudgetItemRow[],
  headings: readonly string[],
  currency: string,
  dateOf: (item: BudgetItemRow) => string | null,
  wordsOf: { category(category: string): string; person(userId: number): string },
): Promise<string> {
  const rows = items
    .toSorted((a, b) => (dateOf(a) ?? '9999').localeCompare(dateOf(b) ?? '9999') || a.id - b.id)
    .map((item) => {
      const own = converted(minor(item.total_price, item.currency), item, currency)
      return [
        dateOf(item),
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

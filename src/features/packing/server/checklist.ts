import type { PackingItemRow } from '../contract/index.ts'

/** The items as a Markdown checklist, one heading for each category in the order of the list. */
export function asChecklist(items: readonly PackingItemRow[]): string {
  if (!items.length) return 'The packing list is empty.'
  const sections = [...Map.groupBy(items, (item) => item.category)].map(([category, inIt]) =>
    [`## ${category}`, ...inIt.map(line)].join('\n'),
  )
  const packed = items.filter((item) => item.checked).length
  return ['# Packing list', ...sections, `${packed} of ${items.length} packed`].join('\n\n')
}

const line = ({ checked, name, quantity }: PackingItemRow): string =>
  `- [${checked ? 'x' : ' '}] ${name}${quantity > 1 ? ` × ${quantity}` : ''}`

import type { z } from 'zod'
import { copying } from '../../../core/declare/copying.ts'
import { PackingItem } from './index.ts'

/** The fields of an item that a list in Markdown shows. */
export const writtenItem = copying(PackingItem, ['weight_grams', 'bag_id', 'visibility', 'shared_with'])

type Written = z.output<typeof writtenItem.values>

/** One item of a list that is read; what the list does not say is missing. */
export type ReadItem = Pick<Written, 'name'> & Partial<Written>

/** The items as a Markdown list, one heading for each category in the order of the list. */
export const writeList = (items: readonly Written[]): string =>
  [...Map.groupBy(items, (item) => item.category)]
    .map(([category, inIt]) => [`## ${category}`, ...inIt.map(line)].join('\n'))
    .join('\n\n')

const line = ({ checked, name, quantity }: Written): string =>
  `- [${checked ? 'x' : ' '}] ${name}${quantity > 1 ? ` × ${quantity}` : ''}`

const HEADING = /^(?:#+\s*(.+)|(.+):)$/
const BULLET = /^(?:[-*•–](?:\s+|$))?(?:\[([ xX]?)\]\s*)?/
const COUNT_BEFORE = /^(\d{1,3})\s*[x×]\s+(.+)$/i
const COUNT_AFTER = /^(.+?)\s+[x×]\s*(\d{1,3})$/i

/**
 * Reads a list with one item on each line. "3x Socks" and "Socks × 3" are three, "# Clothing" and "Clothing:" start a
 * category, bullets and boxes are dropped, and a ticked box means packed.
 */
export function readList(text: string): ReadItem[] {
  const items: ReadItem[] = []
  let category: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (!trimmed) continue
    const heading = HEADING.exec(trimmed)
    if (heading) {
      category = (heading[1] ?? heading[2])?.trim()
      continue
    }
    const bullet = BULLET.exec(trimmed)
    const rest = trimmed.slice(bullet?.[0].length ?? 0).trim()
    if (!rest) continue
    const checked = bullet?.[1]?.toLowerCase() === 'x'
    items.push({ ...counted(rest), ...(category && { category }), ...(checked && { checked }) })
  }
  return items
}

function counted(text: string): Pick<ReadItem, 'name' | 'quantity'> {
  const before = COUNT_BEFORE.exec(text)
  if (before) return { name: before[2] as string, quantity: Math.max(1, Number(before[1])) }
  const after = COUNT_AFTER.exec(text)
  if (after) return { name: after[1] as string, quantity: Math.max(1, Number(after[2])) }
  return { name: text }
}

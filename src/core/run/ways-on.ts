import type { AnyOperation } from '../declare/operation.ts'
import { cursorAfter } from './paging.ts'

/** The most text in one answer to an assistant, in bytes: about 20,000 tokens. */
export const MOST_TEXT = 60_000

/** A call as text, complete enough to be made. */
export const callOf = (tool: string, input: Readonly<Record<string, unknown>>): string =>
  `call ${tool} with ${JSON.stringify(input)}`

/** The call for the rest of a list after these entries, as text; null if the operation declares none. */
export function wayOn(
  { name, effect, ways, pages, waysOn }: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  list: string,
  cursor: string | null,
): string | null {
  const next = cursor === null ? {} : { cursor }
  if (pages === list && effect === 'read' && ways.includes('mcp')) return callOf(name, { ...input, ...next })
  const way = waysOn[list]?.(input)
  if (!way) return null
  return callOf(way.tool, { ...way.input, ...(way.fromStart ? {} : next) })
}

/** The same, for `brief`. */
export const wayOnOf =
  (operation: AnyOperation, input: Readonly<Record<string, unknown>>) =>
  (list: string, there: readonly unknown[]): string | null =>
    wayOn(operation, input, list, cursorAfter(there))

import type { AnyOperation } from '../declare/operation.ts'
import { cursorAfter } from './paging.ts'

/** The most text in one answer to an assistant, in bytes: about 20,000 tokens. */
export const MOST_TEXT = 60_000

/** A call as text, complete enough to be made. */
export const callOf = (tool: string, input: Readonly<Record<string, unknown>>): string =>
  `call ${tool} with ${JSON.stringify(input)}`

/** The call for the rest of a list after these entries, as text; null if the operation declares none. */
export function continuation(
  { name, effect, expose, pages, continuations }: AnyOperation,
  input: Readonly<Record<string, unknown>>,
  list: string,
  cursor: string | null,
): string | null {
  const next = cursor === null ? {} : { cursor }
  if (pages === list && effect === 'read' && expose.includes('mcp')) return callOf(name, { ...input, ...next })
  const call = continuations[list]?.(input)
  return call ? callOf(call.tool, { ...call.input, ...(call.fromStart ? {} : next) }) : null
}

/** The same, for `brief`. */
export const continuationOf =
  (operation: AnyOperation, input: Readonly<Record<string, unknown>>) =>
  (list: string, there: readonly unknown[]): string | null =>
    continuation(operation, input, list, cursorAfter(there))

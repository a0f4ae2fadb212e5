import type { AnyOperation, Output } from './operation.ts'

/** The answer of an operation, with all pages of a paged list joined into one. */
export async function readAll<Op extends AnyOperation>(
  read: (operation: Op, input: Record<string, unknown>) => Promise<unknown>,
  operation: Op,
  input: Record<string, unknown>,
): Promise<Output<Op>> {
  const first = (await read(operation, input)) as Output<Op>
  const { pages } = operation
  if (!pages || 'cursor' in input || 'limit' in input) return first
  let page = first as Record<string, unknown>
  const all = [...(page[pages] as unknown[])]
  while (page.next_cursor) {
    page = (await read(operation, { ...input, cursor: page.next_cursor })) as Record<string, unknown>
    all.push(...(page[pages] as unknown[]))
  }
  return { ...first, [pages]: all, next_cursor: null, remaining: 0 }
}

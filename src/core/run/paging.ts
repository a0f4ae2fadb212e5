import { invalidField } from '../declare/errors.ts'

/** How much text one page may hold, and how many rows; whichever is reached first ends it. */
export const PAGE_BYTES = 50_000
export const PAGE_ROWS = 500

interface Page<T> {
  items: T[]
  next_cursor: string | null
  remaining: number
}

interface Mark {
  /** The name of the last item given, so that what was added or removed before it does not shift the page. */
  id: unknown
  offset: number
}

/** What names an item in its list: an id, or of entries of several kinds their kind and id. */
function nameOf(item: unknown): unknown {
  const { id, entry } = (item ?? {}) as { id?: unknown; entry?: unknown }
  return entry ?? id
}

/** The cursor behind the first items of a list; null where there are none. */
export const cursorAfter = (items: readonly unknown[]): string | null =>
  items.length ? write({ id: nameOf(items.at(-1)), offset: items.length }) : null

const write = (mark: Mark): string => Buffer.from(JSON.stringify([mark.id, mark.offset])).toString('base64url')

function read(cursor: string): Mark {
  try {
    const [id, offset] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Number.isSafeInteger(offset) && offset >= 0) return { id, offset }
  } catch {
    // Falls through to the one answer for everything that is not a cursor of ours.
  }
  throw invalidField('cursor', 'is not a cursor of this list', 'Leave cursor out to start at the first page.')
}

/** One page of a list: at most `limit` items and about PAGE_BYTES of text, and always at least one item. */
export function pageOf<T>(all: readonly T[], { cursor, limit }: { cursor?: string; limit?: number }): Page<T> {
  let start = 0
  if (cursor !== undefined) {
    const mark = read(cursor)
    const last = all.findIndex((item) => nameOf(item) === mark.id)
    start = last >= 0 ? last + 1 : Math.min(mark.offset, all.length)
  }
  const items: T[] = []
  let bytes = 0
  for (const item of all.slice(start, start + (limit ?? PAGE_ROWS))) {
    bytes += Buffer.byteLength(JSON.stringify(item))
    if (items.length && bytes > PAGE_BYTES) break
    items.push(item)
  }
  const end = start + items.length
  const remaining = all.length - end
  const next_cursor = remaining > 0 && items.length ? write({ id: nameOf(items.at(-1)), offset: end }) : null
  return { items, next_cursor, remaining }
}

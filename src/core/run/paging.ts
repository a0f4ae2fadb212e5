import { invalidField } from '../declare/errors.ts'
import { messages } from './messages.ts'

/** The most text and rows of one page; the first limit reached ends it. */
export const PAGE_BYTES = 50_000
export const PAGE_ROWS = 500

interface Page<T> {
  items: T[]
  next_cursor: string | null
  remaining: number
}

interface CursorPosition {
  /** The name of the last item returned, so that insertions and removals before it do not shift the page. */
  id: unknown
  offset: number
}

/** The name of an item in its list: an id, or the kind and id for entries of several kinds. */
function nameOf(item: unknown): unknown {
  const { id, entry } = (item ?? {}) as { id?: unknown; entry?: unknown }
  return entry ?? id
}

/** The cursor after the first items of a list; null if there are none. */
export const cursorAfter = (items: readonly unknown[]): string | null =>
  items.length ? write({ id: nameOf(items.at(-1)), offset: items.length }) : null

const write = (mark: CursorPosition): string =>
  Buffer.from(JSON.stringify([mark.id, mark.offset])).toString('base64url')

function read(cursor: string): CursorPosition {
  try {
    const [id, offset] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Number.isSafeInteger(offset) && offset >= 0) return { id, offset }
  } catch {
    // Falls through to the same error for every invalid cursor.
  }
  throw invalidField('cursor', messages.foreignCursor())
}

interface PageRequest {
  readonly cursor?: string
  readonly limit?: number
}

/** The index of the first item after a mark. */
const startBehind = (mark: CursorPosition, at: number, length: number): number =>
  at >= 0 ? at + 1 : Math.min(mark.offset, length)

/** Adds items to a page while they fit; false if one did not. */
function fill<T>(page: { items: T[]; bytes: number }, some: readonly T[]): boolean {
  for (const item of some) {
    page.bytes += Buffer.byteLength(JSON.stringify(item))
    if (page.items.length && page.bytes > PAGE_BYTES) return false
    page.items.push(item)
  }
  return true
}

function pageFrom<T>(items: T[], start: number, length: number): Page<T> {
  const end = start + items.length
  const remaining = length - end
  const next_cursor = remaining > 0 && items.length ? write({ id: nameOf(items.at(-1)), offset: end }) : null
  return { items, next_cursor, remaining }
}

/** One page of a list: at most `limit` items and about PAGE_BYTES of text, and always at least one item. */
export function pageOf<T>(all: readonly T[], { cursor, limit = PAGE_ROWS }: PageRequest): Page<T> {
  const mark = cursor === undefined ? null : read(cursor)
  const at = mark ? all.findIndex((item) => nameOf(item) === mark.id) : -1
  const start = mark ? startBehind(mark, at, all.length) : 0
  const page = { items: [], bytes: 0 }
  fill<T>(page, all.slice(start, start + limit))
  return pageFrom<T>(page.items, start, all.length)
}

/** A list of which only the requested page is read. */
export class Listing<T> {
  readonly length: number
  private readonly from: Source<T>

  constructor(length: number, from: Source<T>) {
    this.length = length
    this.from = from
  }

  /** The same list, with each item transformed by `view`. */
  as<U>(view: (items: readonly T[]) => Promise<readonly U[]>): Listing<U> {
    const { indexOf, read } = this.from
    return new Listing(this.length, { indexOf, read: async (start, end) => view(await read(start, end)) })
  }

  /** The same page as `pageOf` returns for the whole list. */
  async page({ cursor, limit = PAGE_ROWS }: PageRequest): Promise<Page<T>> {
    const mark = cursor === undefined ? null : read(cursor)
    const start = mark ? startBehind(mark, await this.from.indexOf(mark.id), this.length) : 0
    const end = Math.min(this.length, start + limit)
    const page: { items: T[]; bytes: number } = { items: [], bytes: 0 }
    for (let at = start; at < end; at += AT_ONCE) {
      if (!fill(page, await this.from.read(at, Math.min(end, at + AT_ONCE)))) break
    }
    return pageFrom(page.items, start, this.length)
  }
}

/** The number of items read at once: about as many as fit into a page. */
export const AT_ONCE = 150

interface Source<T> {
  /** The index of the item with this name, or -1. The name comes from the client and can be anything. */
  readonly indexOf: (name: unknown) => Promise<number>
  readonly read: (start: number, end: number) => Promise<readonly T[]>
}

/** A list with known, ordered ids, whose items are read by id. */
export function listingOf<T extends { readonly id: number }>(
  ids: readonly number[],
  readItems: (ids: readonly number[]) => Promise<readonly T[]>,
): Listing<T> {
  return new Listing(ids.length, {
    indexOf: async (name) => ids.indexOf(name as number),
    read: async (start, end) => {
      const some = ids.slice(start, end)
      const byId = new Map((await readItems(some)).map((item) => [item.id, item]))
      return some.flatMap((id) => byId.get(id) ?? [])
    },
  })
}

type Output = Record<string, unknown>

/** Limits for texts, and for lists inside of entries, used when fewer entries are not enough. */
const NARROWER = [
  { text: 2000, entries: 100 },
  { text: 500, entries: 20 },
  { text: 100, entries: 3 },
] as const
type Limits = (typeof NARROWER)[number]

/** The most ids of omitted rows that are listed. */
const MOST_IDS = 1000

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

export interface Cutting {
  /** The most bytes of the answer. */
  readonly most: number
  /** Whether the answer reports a write. */
  readonly done: boolean
  /**
   * How to get the rest of a list after these entries, as text; for `inside`, what is cut inside of entries, with no
   * entries given.
   */
  continuation(list: string, there: readonly unknown[]): string | null
}

/**
 * Shortens an answer to about `most` bytes. Also returns a text: what was omitted, and how to get it. A committed write
 * is never answered with a failure, because the caller would repeat it. The output keeps its shape: lists are cut
 * first, then texts.
 */
export function brief(
  output: Output,
  { most, done, continuation }: Cutting,
): { readonly output: Output; readonly said: string } {
  const sentences = [
    `${done ? 'This is done. The' : 'The'} answer is too long to be sent whole, so some of it is left out.`,
  ]
  let short = output
  // The longest list first: the rest of an answer mostly summarises it.
  for (const { path, all } of listsIn(output).sort((a, b) => bytesOf(b.all) - bytesOf(a.all))) {
    const over = bytesOf(short) - most
    if (over <= 0) break
    const room = firstWithin(all, bytesOf(all) - over)
    // An empty page would end the reading. A single item that is too long is cut inside.
    const there = room.length || done ? room : all.slice(0, 1)
    if (there.length === all.length) continue
    short = replaced(short, path, there)
    const name = path.join('.')
    const more = continuation(name, there)
    sentences.push(`Of ${name}, the first ${there.length} of ${all.length} are here.`)
    if (done) sentences.push(idsOf(all.slice(there.length)))
    if (more) sentences.push(`For the others, ${more}.`)
  }
  for (const limits of NARROWER) {
    if (bytesOf(short) <= most) break
    if (limits === NARROWER[0]) {
      const more = continuation('inside', [])
      sentences.push(`Inside of entries, long texts and lists are cut${done ? '; they are saved whole' : ''}.`)
      if (more) sentences.push(`For all of them, ${more}.`)
    }
    short = cut(short, limits)
  }
  return { output: short, said: sentences.filter(Boolean).join(' ') }
}

/** All lists of an answer, except those inside of lists. */
function listsIn(value: Output, path: readonly string[] = []): { path: readonly string[]; all: unknown[] }[] {
  return Object.entries(value).flatMap(([key, one]) => {
    if (Array.isArray(one)) return [{ path: [...path, key], all: one }]
    return typeof one === 'object' && one !== null ? listsIn(one as Output, [...path, key]) : []
  })
}

function replaced(value: Output, [key, ...path]: readonly string[], list: readonly unknown[]): Output {
  if (key === undefined) return value
  return { ...value, [key]: path.length ? replaced(value[key] as Output, path, list) : list }
}

/** As many of the first entries as fit into `bytes`. */
function firstWithin(all: readonly unknown[], bytes: number): unknown[] {
  let left = bytes
  const end = all.findIndex((one) => (left -= bytesOf(one) + 1) < 0)
  return all.slice(0, end < 0 ? all.length : end)
}

function idsOf(rows: readonly unknown[]): string {
  const ids = rows.map((row) => (row as { id?: unknown } | null)?.id)
  if (!ids.length || ids.some((id) => typeof id !== 'number')) return ''
  const more = ids.length > MOST_IDS ? ` and ${ids.length - MOST_IDS} more` : ''
  return `The ids of the others are ${ids.slice(0, MOST_IDS).join(', ')}${more}.`
}

/** Shortens texts, and lists inside of lists. */
function cut(output: Output, { text, entries }: Limits): Output {
  const within = (value: unknown, inList: boolean): unknown => {
    if (typeof value === 'string') return value.length > text ? value.slice(0, text).toWellFormed() : value
    if (Array.isArray(value)) return (inList ? value.slice(0, entries) : value).map((one) => within(one, true))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, within(one, inList)]))
  }
  return within(output, false) as Output
}

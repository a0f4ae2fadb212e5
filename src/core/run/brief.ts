type Output = Record<string, unknown>

/** How long texts are, and how many entries the lists inside of entries have, when fewer entries alone do not do. */
const NARROWER = [
  { text: 2000, entries: 100 },
  { text: 500, entries: 20 },
  { text: 100, entries: 3 },
] as const
type Limits = (typeof NARROWER)[number]

/** So many ids of rows that are not in the answer are named. */
const MOST_IDS = 1000

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

export interface Cutting {
  /** How many bytes the answer may have. */
  readonly most: number
  /** Whether the answer tells of something that was done. */
  readonly done: boolean
  /** In words, how to get the rest of a list of which these entries are there; of what is cut `inside` of entries, where none are named. */
  wayOn(list: string, there: readonly unknown[]): string | null
}

/**
 * An answer cut to about so many bytes, and in words what was left out of it and how to get it. What is committed is never
 * answered as a failure: whoever is told so does it again. The output keeps its shape: its lists end earlier, then its texts do.
 */
export function brief(
  output: Output,
  { most, done, wayOn }: Cutting,
): { readonly output: Output; readonly said: string } {
  const said = [`${done ? 'This is done. The' : 'The'} answer is too long to be sent whole, so some of it is left out.`]
  let short = output
  // The longest list first: what else is in an answer mostly says what the list was made of.
  for (const { path, all } of listsIn(output).sort((a, b) => bytesOf(b.all) - bytesOf(a.all))) {
    const over = bytesOf(short) - most
    if (over <= 0) break
    const room = firstWithin(all, bytesOf(all) - over)
    // An empty page would end the reading. An item that is too long by itself is cut inside.
    const there = room.length || done ? room : all.slice(0, 1)
    if (there.length === all.length) continue
    short = replaced(short, path, there)
    const name = path.join('.')
    const more = wayOn(name, there)
    said.push(`Of ${name}, the first ${there.length} of ${all.length} are here.`)
    if (done) said.push(idsOf(all.slice(there.length)))
    if (more) said.push(`For the others, ${more}.`)
  }
  for (const limits of NARROWER) {
    if (bytesOf(short) <= most) break
    if (limits === NARROWER[0]) {
      const more = wayOn('inside', [])
      said.push(`Inside of entries, long texts and lists are cut${done ? '; they are saved whole' : ''}.`)
      if (more) said.push(`For all of them, ${more}.`)
    }
    short = cut(short, limits)
  }
  return { output: short, said: said.filter(Boolean).join(' ') }
}

/** The lists of an answer, wherever they stand in it, but for those inside of lists. */
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

/** As many of the first entries as fit into so many bytes. */
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

/** The same with shorter texts, and with shorter lists where they stand inside of lists. */
function cut(output: Output, { text, entries }: Limits): Output {
  const within = (value: unknown, inList: boolean): unknown => {
    if (typeof value === 'string') return value.length > text ? value.slice(0, text).toWellFormed() : value
    if (Array.isArray(value)) return (inList ? value.slice(0, entries) : value).map((one) => within(one, true))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, within(one, inList)]))
  }
  return within(output, false) as Output
}

type Output = Record<string, unknown>

/** How long the texts in an answer are when its lists alone do not make it too long. */
const LONGEST_TEXT = 2000
/** So many ids of rows that are not in the answer are named. */
const MOST_IDS = 1000

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/**
 * The answer of a write, cut to about `most` bytes, and in words what was left out of it. What is committed is never answered as
 * a failure: whoever is told so does it again. The output keeps its shape: its lists end earlier, then its texts do.
 */
export function brief(output: Output, most: number): { readonly output: Output; readonly said: string } {
  const said = ['This is done. The answer is too long to be sent whole, so some of it is left out.']
  let short = output
  // The longest list first: what else is in an answer mostly says what the list was made of.
  const lists = Object.entries(output)
    .filter((field): field is [string, unknown[]] => Array.isArray(field[1]))
    .sort(([, a], [, b]) => bytesOf(b) - bytesOf(a))
  for (const [name, all] of lists) {
    const over = bytesOf(short) - most
    if (over <= 0) break
    const kept = firstWithin(all, bytesOf(all) - over)
    short = { ...short, [name]: kept }
    said.push(`Of ${name}, the first ${kept.length} of ${all.length} are here.${idsOf(all.slice(kept.length))}`)
  }
  if (bytesOf(short) > most) {
    short = cut(short) as Output
    said.push(`Texts are cut to ${LONGEST_TEXT} characters; they are saved whole.`)
  }
  return { output: short, said: said.join(' ') }
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
  return ` The ids of the others are ${ids.slice(0, MOST_IDS).join(', ')}${more}.`
}

function cut(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT).toWellFormed() : value
  if (Array.isArray(value)) return value.map(cut)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one)]))
}

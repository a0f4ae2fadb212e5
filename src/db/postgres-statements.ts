import type { QueryConfig } from 'pg'

/** The number of uses after which a text gets a name. */
const OFTEN = 3
/** The server keeps a plan for each name and connection, and there are lists of many lengths. */
const MOST_NAMES = 300
const MOST_COUNTED = 2000
const LONGEST = 8000

/** Names by text, the same on every connection. */
const names = new Map<string, string>()
/** The number of uses of each unnamed text. */
const uses = new Map<string, number>()

/** Names a frequent statement: the server then parses and plans it once for each connection. */
export function prepared(statement: QueryConfig & { values: unknown[] }): QueryConfig {
  const { text, values } = statement
  const name = values.length && text.length <= LONGEST ? (names.get(text) ?? newName(text)) : null
  return name === null ? statement : { ...statement, name }
}

function newName(text: string): string | null {
  const times = (uses.get(text) ?? 0) + 1
  if (times < OFTEN || names.size === MOST_NAMES) {
    if (times > 1 || uses.size < MOST_COUNTED) uses.set(text, times)
    return null
  }
  uses.delete(text)
  const name = `trek_${names.size + 1}`
  names.set(text, name)
  return name
}

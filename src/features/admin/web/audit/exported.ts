import type { AuditEntry } from './filter.ts'

/** The export holds at most this many entries, the latest; a filter reaches older ones. */
export const MOST_EXPORTED = 10_000
const PER_PAGE = 500

/** All entries of `read`, page by page. */
export async function gathered(
  read: (page: { limit: number; before?: number }) => Promise<{ entries: AuditEntry[] }>,
): Promise<AuditEntry[]> {
  const all: AuditEntry[] = []
  while (all.length < MOST_EXPORTED) {
    const last = all.at(-1)
    const { entries } = await read({ limit: PER_PAGE, ...(last && { before: last.id }) })
    all.push(...entries)
    if (entries.length < PER_PAGE) break
  }
  return all
}

const COLUMNS = [
  'id',
  'at',
  'kind',
  'event',
  'title',
  'outcome',
  'user_id',
  'username',
  'way',
  'client',
  'grant_id',
  'ip_address',
  'count',
] as const satisfies readonly (keyof AuditEntry)[]

/** Entries as CSV (RFC 4180) for spreadsheets. */
export function csvOf(entries: readonly AuditEntry[]): string {
  const lines = entries.map((entry) => COLUMNS.map((column) => cell(entry[column])).join(','))
  // The byte order mark tells a spreadsheet that this is UTF-8.
  return `\ufeff${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  // Programs choose their own names: a name that begins like a formula must not become one.
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

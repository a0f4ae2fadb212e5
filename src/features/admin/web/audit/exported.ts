import { toCsv } from '../../../../ui/csv.ts'
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
  'subject',
] as const satisfies readonly (keyof AuditEntry)[]

/** Entries as CSV for spreadsheets. Programs choose their own names, which must not become formulas. */
export const csvOf = (entries: readonly AuditEntry[]): Promise<string> =>
  toCsv([COLUMNS, ...entries.map((entry) => COLUMNS.map((column) => entry[column]))], ',')

import { type Expression, type Generated, type Kysely, type SqlBool, sql, type Transaction } from 'kysely'
import { runCompiled } from '../../../core/data/compiled.ts'
import type { ReadTx, Tables } from '../../../core/data/tx.ts'
import type { AuditKind } from '../../contract/index.ts'
import { ACCESS, LOG_INS } from './events.ts'

export interface AuditRow {
  at: string
  event: string
  user_id: number | null
  way: string
  client: string | null
  grant_id: string | null
  ip_address: string | null
  outcome: string
  /** What it was about, such as the name of a backup. */
  subject: string | null
}

declare module '../../../core/data/tx.ts' {
  interface Tables {
    audit: AuditRow & { id: Generated<number>; count: Generated<number> }
  }
}

/** The separator between a program's name and the name it gives itself. */
export const CALLS_ITSELF = ' (calls itself '

const ROWS_PER_INSERT = 200
const COLUMNS = ['at', 'event', 'user_id', 'way', 'client', 'grant_id', 'ip_address', 'outcome', 'subject'] as const

/** Counted entries of one kind; `at` is the start of the hour. */
export interface AuditCount extends Omit<AuditRow, 'ip_address' | 'subject'> {
  count: number
}

export async function insertAudit(
  db: Kysely<Tables>,
  rows: readonly AuditRow[],
  counts: readonly AuditCount[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      const some = rows.slice(start, start + ROWS_PER_INSERT)
      const values = some.flatMap((row) => COLUMNS.map((column) => row[column]))
      await runCompiled(tx, `audit ${some.length}`, values, () => tx.insertInto('audit').values(some.map(inOrder)))
    }
    for (const counted of counts) await addCount(tx, counted)
  })
}

/** Adds to this hour's count. Two processes that start at once create two entries, which does no harm. */
async function addCount(tx: Transaction<Tables>, { count, ...kind }: AuditCount): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('audit')
    .set(({ eb }) => ({ count: eb('count', '+', count) }))
    .where('at', '=', kind.at)
    .where('event', '=', kind.event)
    .where('way', '=', kind.way)
    .where('outcome', '=', kind.outcome)
    .where('user_id', kind.user_id === null ? 'is' : '=', kind.user_id)
    .where('client', kind.client === null ? 'is' : '=', kind.client)
    .where('grant_id', kind.grant_id === null ? 'is' : '=', kind.grant_id)
    .where('ip_address', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  await tx
    .insertInto('audit')
    .values({ ...kind, count, ip_address: null, subject: null })
    .execute()
}

/** The row with its columns in binding order. */
const inOrder = (row: AuditRow): AuditRow =>
  Object.fromEntries(COLUMNS.map((column) => [column, row[column]])) as unknown as AuditRow

export async function removeOldAudit(db: Kysely<Tables>, before: string): Promise<void> {
  await db.deleteFrom('audit').where('at', '<', before).execute()
}

export interface AuditQuery {
  readonly before?: number | undefined
  readonly user_id?: number | undefined
  readonly event?: string | undefined
  readonly kind?: AuditKind | undefined
  readonly client?: string | undefined
  readonly refused?: boolean | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly limit: number
}

/** Matches the program under any name it gave itself, unless the query contains that name too. */
function isOfProgram(name: string): Expression<SqlBool> {
  const start = `${name}${CALLS_ITSELF}`
  return sql`(audit.client = ${name} or substr(audit.client, 1, ${[...start].length}) = ${start})`
}

/** Entries, newest first, with the user's current name. */
export async function listAudit(tx: ReadTx, filter: AuditQuery) {
  let query = tx
    .selectFrom('audit')
    .leftJoin('users', 'users.id', 'audit.user_id')
    .selectAll('audit')
    .select('users.username')
    .orderBy('audit.id', 'desc')
    .limit(filter.limit)
  if (filter.before !== undefined) query = query.where('audit.id', '<', filter.before)
  if (filter.user_id !== undefined) query = query.where('audit.user_id', '=', filter.user_id)
  if (filter.event !== undefined) query = query.where('audit.event', '=', filter.event)
  if (filter.client !== undefined) query = query.where(isOfProgram(filter.client))
  if (filter.refused !== undefined) query = query.where('audit.outcome', filter.refused ? '!=' : '=', 'ok')
  if (filter.since !== undefined) query = query.where('audit.at', '>=', filter.since)
  if (filter.until !== undefined) query = query.where('audit.at', '<', filter.until)
  if (filter.kind === 'assistants') query = query.where('audit.way', '=', 'mcp')
  else if (filter.kind !== undefined) {
    query = query.where('audit.way', '!=', 'mcp')
    if (filter.kind === 'log_ins') query = query.where('audit.event', 'in', LOG_INS)
    else if (filter.kind === 'access') query = query.where('audit.event', 'in', ACCESS)
    else query = query.where('audit.event', 'not in', [...LOG_INS, ...ACCESS])
  }
  return query.execute()
}

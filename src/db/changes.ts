import type { Kysely } from 'kysely'
import { runCompiled } from '../core/data/compiled.ts'
import type { Author, Batch, Commit, RowChange, Since } from '../core/data/database.ts'
import type { Kept } from '../core/data/erasing.ts'
import type { SpaceRef } from '../core/data/space.ts'
import type { Tables } from '../core/data/tx.ts'
import { type ChangeRow, changeIn } from './change-row.ts'
import type { Db, Dialect } from './dialect.ts'
import { SCHEMA_NUMBER } from './schema-number.generated.ts'

/**
 * Locks the counter row of a space, so that its other writers wait for this commit. Creates the row for a new space.
 */
export async function lockSpace(db: Db, { space, id }: SpaceRef): Promise<void> {
  await runCompiled(db, 'lock space', [space, id, 0], () =>
    db
      .insertInto('spaces')
      .values({ space, id, seq: 0 })
      .onConflict((conflict) =>
        conflict.columns(['space', 'id']).doUpdateSet(({ ref }) => ({ seq: ref('spaces.seq') })),
      ),
  )
}

/** Reserves the next `count` numbers of a space. Returns the last one. */
export async function countChanges(db: Db, { space, id }: SpaceRef, count: number): Promise<number> {
  const [counter] = await runCompiled(db, 'count changes', [space, id, count, count], () =>
    db
      .insertInto('spaces')
      .values({ space, id, seq: count })
      .onConflict((conflict) =>
        conflict.columns(['space', 'id']).doUpdateSet(({ eb, ref }) => ({ seq: eb(ref('spaces.seq'), '+', count) })),
      )
      .returning('seq'),
  )
  return counter?.seq as number
}

/** Inserts numbered changes into the log, at most `atOnce` with one statement. */
export async function insertChanges(db: Db, rows: readonly ChangeRow[], atOnce: number): Promise<void> {
  for (let start = 0; start < rows.length; start += atOnce) {
    const some = rows.slice(start, start + atOnce) as unknown as Record<string, unknown>[]
    const values = some.flatMap((row) => Object.values(row))
    await runCompiled(db, `append ${some.length} changes`, values, () => db.insertInto('changes').values(some))
  }
}

/** Replaces relative numbers, counted back from the last row, which has 0, by the numbers in the space. */
export const numbered = (rows: readonly ChangeRow[], last: number): ChangeRow[] =>
  rows.map((row) => ({ ...row, seq: last + row.seq, commit_seq: last }))

interface Appended {
  readonly space: SpaceRef
  readonly changes: readonly RowChange[]
  readonly author: Author
  readonly commit: Commit
  readonly at: string
  readonly imagesToKeep?: Kept
}

/** Numbers the changes with the counter of their space and logs them, in the transaction that made them. */
export async function appendChanges(
  db: Db,
  dialect: Dialect,
  { space: { space, id }, changes, author, commit, at, imagesToKeep = (change) => change }: Appended,
): Promise<Batch> {
  const rows: ChangeRow[] = changes.map((change, index) => {
    const { nth, entity, row_id, action } = change
    const { before, after } = imagesToKeep(change)
    return {
      space,
      space_id: id,
      seq: index + 1 - changes.length,
      commit_seq: 0,
      commit_id: commit.id,
      nth,
      home_space: commit.home.space,
      home_id: commit.home.id,
      client_instance: commit.instance,
      entity,
      row_id,
      action,
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
      user_id: author.user_id,
      way: author.way,
      client: author.client,
      grant_id: author.grant,
      operation: author.operation,
      at,
      schema: SCHEMA_NUMBER,
    }
  })
  const seq = await dialect.log(db, { space, id }, rows)
  return { space, id, seq, at, by: author, commit, changes }
}

export async function headOf(db: Kysely<Tables>, { space, id }: SpaceRef): Promise<number> {
  const [row] = await runCompiled<Tables, { seq: number }>(db, 'head of space', [space, id], () =>
    db.selectFrom('spaces').select('seq').where('space', '=', space).where('id', '=', id),
  )
  return row?.seq ?? 0
}

/**
 * The log of one space after `seq`, oldest first, grouped by commit: all of it, or the next `most` changes with the
 * rest of their commits.
 */
export async function changesSince(
  db: Kysely<Tables>,
  space: SpaceRef,
  seq: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Batch[]> {
  const log = logOf(db, space, seq)
  if (most === Number.POSITIVE_INFINITY) return batchesOf(space, await log.execute())
  const end = db
    .selectFrom('changes')
    .select('commit_seq')
    .where('space', '=', space.space)
    .where('space_id', '=', space.id)
    .where('seq', '=', seq + most)
  // A commit has the number of its last change. If the log is shorter, there is no such change.
  const some = log.where((where) => where('seq', '<=', where.fn.coalesce(end.$asScalar(), where.val(seq + most))))
  return batchesOf(space, await some.execute())
}

/** The same for one row, without the changes of one client. */
export async function changesOfRow(
  db: Kysely<Tables>,
  { space, seq, but }: Since,
  { entity, id }: { entity: string; id: number },
): Promise<Batch[]> {
  const values = [space.space, space.id, seq, ...(but === null ? [] : [but]), entity, id]
  const rows = await runCompiled<Tables, LoggedChange>(db, `changes of row, but ${but !== null}`, values, () =>
    ofOthers(logOf(db, space, seq), but)
      .where('entity', '=', entity)
      .where('row_id', '=', id),
  )
  return batchesOf(space, rows)
}

/** The same for the removals of rows with these ids, of any entity. */
export const removalsSince = async (
  db: Kysely<Tables>,
  { space, seq, but }: Since,
  ids: readonly number[],
): Promise<Batch[]> => {
  if (!ids.length) return []
  const removals = ofOthers(logOf(db, space, seq), but)
    .where('action', '=', 'remove')
    .where('row_id', 'in', ids)
  return batchesOf(space, await removals.execute())
}

const ofOthers = (log: ReturnType<typeof logOf>, but: string | null) =>
  but === null
    ? log
    : log.where((where) => where.or([where('client_instance', 'is', null), where('client_instance', '!=', but)]))

type LoggedChange = ChangeRow & { user_name: string | null }

/** Names are current: a deleted user has none. */
const logOf = (db: Kysely<Tables>, { space, id }: SpaceRef, seq: number) =>
  db
    .selectFrom('changes')
    .leftJoin('users', 'users.id', 'changes.user_id')
    .selectAll('changes')
    .select('users.name as user_name')
    .where('space', '=', space)
    .where('space_id', '=', id)
    .where('seq', '>', seq)
    .orderBy('seq')

function batchesOf({ space, id }: SpaceRef, rows: readonly LoggedChange[]): Batch[] {
  const batches: (Batch & { changes: RowChange[] })[] = []
  for (const row of rows) {
    const change = changeIn(row)
    const last = batches.at(-1)
    if (last && last.seq === row.commit_seq) last.changes.push(change)
    else {
      const { user_id, user_name, way, client, grant_id, operation, at, commit_seq, commit_id } = row
      const home = { space: row.home_space, id: row.home_id }
      const commit: Commit = { id: commit_id, home, instance: row.client_instance }
      const by: Author = { user_id, name: user_name ?? '', way, client, grant: grant_id, operation }
      batches.push({ space, id, seq: commit_seq, at, by, commit, changes: [change] })
    }
  }
  return batches
}

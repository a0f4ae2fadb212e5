import { sql } from 'kysely'
import type { Caller, SpaceRef } from '../../../core/data/space.ts'
import type { ReadTx } from '../../../core/data/tx.ts'

/** The space whose changes are meant: a trip, or the caller's own rows. */
export const homeOf = ({
  input: { tripId },
  caller,
}: {
  readonly input: { readonly tripId?: number | undefined }
  readonly caller: Pick<Caller, 'userId'>
}): SpaceRef => (tripId === undefined ? { space: 'user', id: caller.userId } : { space: 'trip', id: tripId })

export interface Wanted {
  readonly entity?: string | undefined
  readonly rowId?: number | undefined
  readonly userId?: number | undefined
  readonly client?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Only commits before this number. */
  readonly before?: number | undefined
}

/** A commit in the log of a space. */
export interface LogLine {
  readonly commit_id: string
  readonly seq: number
  readonly at: string
  readonly user_id: number
  readonly user_name: string | null
  readonly way: Caller['way']
  readonly client: string | null
  readonly operation: string
  /** The space of its call, which can be another one. */
  readonly home_space: string
  readonly home_id: number
}

/** A change of a row, as stored. */
export interface LogRow {
  readonly commit_id: string
  readonly entity: string
  readonly row_id: number
  readonly action: 'insert' | 'patch' | 'remove'
  readonly before: string | null
  readonly after: string | null
  /** The number of changes that the commit made in this space. */
  readonly count: number
}

/** The commits of a space, newest first. A commit has the number of its last change. */
export async function listCommits(
  tx: ReadTx,
  { space, id }: SpaceRef,
  { entity, rowId, userId, client, since, until, before }: Wanted,
  limit: number,
): Promise<LogLine[]> {
  return (
    tx
      .selectFrom('changes')
      .leftJoin('users', 'users.id', 'changes.user_id')
      .select([
        'commit_id',
        'seq',
        'at',
        'user_id',
        'users.name as user_name',
        'way',
        'client',
        'operation',
        'home_space',
        'home_id',
      ])
      .where('space', '=', space)
      .where('space_id', '=', id)
      .whereRef('seq', '=', 'commit_seq')
      // Changes that others make elsewhere reach a person's own rows only as notifications.
      .$if(space === 'user', (query) => query.where('home_space', '=', space).where('home_id', '=', id))
      .$if(before !== undefined, (query) => query.where('seq', '<', before as number))
      .$if(userId !== undefined, (query) => query.where('user_id', '=', userId as number))
      .$if(client !== undefined, (query) => query.where('client', '=', client as string).where('way', '=', 'mcp'))
      .$if(since !== undefined, (query) => query.where('at', '>=', since as string))
      .$if(until !== undefined, (query) => query.where('at', '<=', until as string))
      .$if(entity !== undefined, (query) =>
        query.where('commit_id', 'in', ({ selectFrom }) =>
          selectFrom('changes as of_row')
            .select('of_row.commit_id')
            .where('of_row.space', '=', space)
            .where('of_row.space_id', '=', id)
            .where('of_row.entity', '=', entity as string)
            .$if(rowId !== undefined, (rows) => rows.where('of_row.row_id', '=', rowId as number)),
        ),
      )
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute()
  )
}

/** The first changes of each of these commits in a space, in their order. */
export async function listChanges(
  tx: ReadTx,
  { space, id }: SpaceRef,
  commits: readonly string[],
  most: number,
): Promise<LogRow[]> {
  if (!commits.length) return []
  // Found by commit alone: with the space in the condition, SQLite reads the whole log of the space.
  const rows = await tx
    .selectFrom(({ selectFrom }) =>
      selectFrom('changes')
        .select(['commit_id', 'space', 'space_id', 'entity', 'row_id', 'action', 'before', 'after', 'seq'])
        .select([
          sql<number>`row_number() over (partition by commit_id, space, space_id order by seq)`.as('nth_here'),
          sql<number>`count(*) over (partition by commit_id, space, space_id)`.as('count'),
        ])
        .where('commit_id', 'in', commits)
        .as('changes_of_commits'),
    )
    .select(['commit_id', 'space', 'space_id', 'entity', 'row_id', 'action', 'before', 'after', 'count'])
    .where('nth_here', '<=', most)
    .orderBy('seq')
    .execute()
  return rows.filter((row) => row.space === space && row.space_id === id)
}

/** The number of changes in these commits. */
export async function countChanges(tx: ReadTx, commits: readonly string[]): Promise<number> {
  if (!commits.length) return 0
  const row = await tx
    .selectFrom('changes')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('commit_id', 'in', commits)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Which of these commits are undone, and which undo others. */
export async function undoneAmong(
  tx: ReadTx,
  commits: readonly string[],
): Promise<{ undone: ReadonlySet<string>; undoing: ReadonlySet<string> }> {
  if (!commits.length) return { undone: new Set(), undoing: new Set() }
  const rows = await tx
    .selectFrom('undone_commits')
    .select(['commit_id', 'undone_by', 'in_force'])
    .where(({ or, eb }) => or([eb('commit_id', 'in', commits), eb('undone_by', 'in', commits)]))
    .execute()
  return {
    undone: new Set(rows.filter(({ in_force }) => in_force).map(({ commit_id }) => commit_id)),
    undoing: new Set(rows.map(({ undone_by }) => undone_by)),
  }
}

/** How many spaces, and how many of their newest changes, are measured to estimate the size of all. */
const MOST_SPACES = 20
const MOST_CHANGES = 200

interface HistorySize {
  readonly changes: number
  /** An estimate. */
  readonly bytes: number
  readonly since: string | null
}

/** The size of the content that the log keeps. It reads a sample, since the whole log can have millions of changes. */
export async function sizeOfHistory(tx: ReadTx): Promise<HistorySize> {
  const total = await tx
    .selectFrom('spaces')
    .leftJoin('changes', (join) =>
      join
        .onRef('changes.space', '=', 'spaces.space')
        .onRef('changes.space_id', '=', 'spaces.id')
        .on(({ eb }) => eb('changes.seq', '=', eb('spaces.erased_to', '+', 1))),
    )
    .select(({ fn, eb }) => [
      fn.sum<number | null>(eb('spaces.seq', '-', eb.ref('spaces.erased_to'))).as('changes'),
      fn.min('changes.at').as('since'),
    ])
    .executeTakeFirstOrThrow()
  const changes = Number(total.changes ?? 0)
  return { changes, bytes: Math.round(changes * (await bytesOfChange(tx))), since: changes ? total.since : null }
}

/** The average size of the newest changes in the largest spaces, in bytes of text. */
async function bytesOfChange(tx: ReadTx): Promise<number> {
  const largest = await tx
    .selectFrom('spaces')
    .select(['space', 'id'])
    .orderBy(({ eb }) => eb('seq', '-', eb.ref('erased_to')), 'desc')
    .limit(MOST_SPACES)
    .execute()
  let [bytes, count] = [0, 0]
  for (const { space, id } of largest) {
    const sample = await tx
      .selectFrom('changes')
      .select(['before', 'after'])
      .where('space', '=', space)
      .where('space_id', '=', id)
      .orderBy('seq', 'desc')
      .limit(MOST_CHANGES)
      .execute()
    for (const { before, after } of sample) bytes += (before?.length ?? 0) + (after?.length ?? 0)
    count += sample.length
  }
  return count ? bytes / count : 0
}

import { type Kysely, sql } from 'kysely'
import type { Tables } from '../core/data/tx.ts'
import type { CommittedChange, LoggedCommit, Undoing } from '../core/data/undoing.ts'
import { type ChangeRow, changeIn } from './change-row.ts'
import { keptSecretsOf } from './kept-secrets.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    undone_commits: UndoneCommit
  }
}

/** A commit that undoes another one. */
interface UndoneCommit {
  commit_id: string
  undone_by: string
  /** Whether the first is undone: false once the undo has been undone itself. */
  in_force: boolean | number
}

type Db = Kysely<Tables>

/** The most ids in one statement. */
const AT_ONCE = 500

/** Reads and records within the given transaction. */
export const undoingIn = (db: Db): Undoing => ({
  async commits(home, ids) {
    if (!ids.length) return []
    const rows = await db
      .selectFrom('changes')
      .select(['commit_id', 'at', 'user_id', 'way', 'client', 'grant_id', 'operation'])
      .select(({ fn }) => fn.max('seq').as('seq'))
      .where('commit_id', 'in', ids)
      .where('home_space', '=', home.space)
      .where('home_id', '=', home.id)
      .groupBy(['commit_id', 'at', 'user_id', 'way', 'client', 'grant_id', 'operation'])
      .execute()
    return rows
      .sort((a, b) => (a.at === b.at ? Number(b.seq) - Number(a.seq) : a.at < b.at ? 1 : -1))
      .map(
        ({ commit_id: id, at, grant_id: grant, seq: _, ...by }): LoggedCommit => ({
          id,
          home,
          at,
          by: { ...by, grant },
        }),
      )
  },

  async changesOf(commit) {
    return (await db.selectFrom('changes').selectAll().where('commit_id', '=', commit).orderBy('nth').execute()).map(
      committed,
    )
  },

  async laterChanges({ space, id }, seq, entity, ids) {
    const changes: CommittedChange[] = []
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const rows = await db
        .selectFrom('changes')
        .selectAll()
        .where('space', '=', space)
        .where('space_id', '=', id)
        .where('entity', '=', entity)
        .where('row_id', 'in', ids.slice(start, start + AT_ONCE))
        .where('seq', '>', seq)
        .where('commit_id', 'not in', ({ selectFrom }) =>
          selectFrom('undone_commits').select('commit_id').where(IN_FORCE),
        )
        .where('commit_id', 'not in', ({ selectFrom }) => selectFrom('undone_commits').select('undone_by'))
        .orderBy('seq')
        .execute()
      changes.push(...rows.map(committed))
    }
    return changes
  },

  secretsOf: (commit, nth) => keptSecretsOf(db, commit, nth),
})

const IN_FORCE = sql<boolean>`in_force`

/** Records that one commit undoes others. Whatever they undid is in force again. */
export async function recordUndone(db: Db, undone: readonly string[], by: string): Promise<void> {
  for (const commit_id of undone) {
    await db.insertInto('undone_commits').values({ commit_id, undone_by: by, in_force: true }).execute()
    await setInForce(db, commit_id, false)
  }
}

/** Sets whether what this commit undid is undone, and so on for what that undid in turn. */
async function setInForce(db: Db, undo: string, in_force: boolean): Promise<void> {
  const changed = await db
    .updateTable('undone_commits')
    .set({ in_force })
    .where('undone_by', '=', undo)
    .returning('commit_id')
    .execute()
  for (const { commit_id } of changed) await setInForce(db, commit_id, !in_force)
}

const committed = (row: ChangeRow): CommittedChange => ({
  ...changeIn(row),
  commit: row.commit_id,
  space: { space: row.space, id: row.space_id },
  seq: row.seq,
  schema: row.schema,
})

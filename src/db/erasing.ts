import { type Kysely, sql } from 'kysely'
import type { Erasing, LoggedChange } from '../core/data/erasing.ts'
import type { Tables } from '../core/data/tx.ts'
import { forgetSecretsOfRows, forgetSecretsOfSpace } from './kept-secrets.ts'

/** The most ids in one statement. */
const AT_ONCE = 500

type Db = Kysely<Tables>

/** Erases within the given transaction. */
export const erasingIn = (db: Db): Erasing => ({
  async space({ space, id }) {
    await emptied(db).where('space', '=', space).where('space_id', '=', id).execute()
    await forgetSecretsOfSpace(db, { space, id })
  },
  async rows(rows) {
    for (const [entity, all] of Map.groupBy(rows, (row) => row.entity)) {
      for (const ids of inParts([...new Set(all.map(({ row_id }) => row_id))])) {
        await emptied(db).where('entity', '=', entity).where('row_id', 'in', ids).execute()
        await forgetSecretsOfRows(db, entity, ids)
      }
    }
  },
  async answers({ spaces, people, but }) {
    for (const { space, id } of spaces) {
      const others = db.deleteFrom('calls').where('commit_id', '!=', but)
      await others.where('home_space', '=', space).where('home_id', '=', id).execute()
      await others
        .where('commit_id', 'in', ({ selectFrom }) =>
          selectFrom('changes').select('commit_id').where('space', '=', space).where('space_id', '=', id),
        )
        .execute()
    }
    for (const user of people) {
      await db.deleteFrom('calls').where('commit_id', '!=', but).where('user_id', '=', user).execute()
    }
  },
  async removedWith({ space, id }, entity) {
    const rows = await db
      .selectFrom('changes')
      .select(COLUMNS)
      .where('commit_id', 'in', ({ selectFrom }) =>
        selectFrom('changes as deletion')
          .select('deletion.commit_id')
          .where('deletion.entity', '=', entity)
          .where('deletion.row_id', '=', id)
          .where('deletion.space', '=', space)
          .where('deletion.space_id', '=', id)
          .where('deletion.action', '=', 'remove'),
      )
      .where('action', '=', 'remove')
      .execute()
    return rows.map(parsed)
  },
  async removedOf(userId, entities) {
    if (!entities.length) return []
    const rows = await db
      .selectFrom('changes as made')
      .innerJoin('changes as last', (join) =>
        join.onRef('last.entity', '=', 'made.entity').onRef('last.row_id', '=', 'made.row_id'),
      )
      .select(COLUMNS.map((column) => `last.${column}` as const))
      .where('made.user_id', '=', userId)
      // A literal, since otherwise SQLite does not use the index of insertions by user.
      .where('made.action', '=', sql.lit('insert'))
      .where('made.entity', 'in', entities)
      .where('last.action', '=', 'remove')
      .where('last.before', 'is not', null)
      .execute()
    return rows.map(parsed)
  },
  async historyOf(entity, ids) {
    const changes: LoggedChange[] = []
    for (const some of inParts(ids)) {
      const rows = await db
        .selectFrom('changes')
        .select(COLUMNS)
        .where('entity', '=', entity)
        .where('row_id', 'in', some)
        .where(({ or, eb }) => or([eb('before', 'is not', null), eb('after', 'is not', null)]))
        .execute()
      changes.push(...rows.map(parsed))
    }
    return changes
  },
  async rewrite({ space, space_id, seq }, { before, after }) {
    await db
      .updateTable('changes')
      .set({ before: before && JSON.stringify(before), after: after && JSON.stringify(after) })
      .where('space', '=', space)
      .where('space_id', '=', space_id)
      .where('seq', '=', seq)
      .execute()
  },
})

const COLUMNS = ['space', 'space_id', 'seq', 'entity', 'row_id', 'before', 'after'] as const

/** Clears `before` and `after` of changes that still have one of them. */
export const emptied = (db: Db) =>
  db
    .updateTable('changes')
    .set({ before: null, after: null })
    .where(({ or, eb }) => or([eb('before', 'is not', null), eb('after', 'is not', null)]))

const parsed = (row: Record<(typeof COLUMNS)[number], unknown>): LoggedChange =>
  ({
    ...row,
    before: typeof row.before === 'string' ? JSON.parse(row.before) : null,
    after: typeof row.after === 'string' ? JSON.parse(row.after) : null,
  }) as LoggedChange

function* inParts(ids: readonly number[]): Iterable<readonly number[]> {
  for (let at = 0; at < ids.length; at += AT_ONCE) yield ids.slice(at, at + AT_ONCE)
}

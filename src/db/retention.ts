import { setImmediate as breathe } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Database } from '../core/data/database.ts'
import type { SpaceRef } from '../core/data/space.ts'
import type { ReadTx, Tables } from '../core/data/tx.ts'
import { emptied, erasingIn } from './erasing.ts'
import { forgetSecretsBefore, forgetSecretsOfSpace } from './kept-secrets.ts'

type Db = Kysely<Tables>

/** The most changes that one statement erases: on SQLite, other writes wait for it. */
const AT_ONCE = 500

/** What the jobs need that end the time in which something can be undone. */
export const retentionIn = (database: Pick<Database, 'kysely' | 'read'>) => ({
  read: <T>(work: (tx: ReadTx) => Promise<T>) => database.read(work),
  forgetSecrets: (before: string) => forgetSecretsBefore(database.kysely, before),
  eraseDeleted: (space: SpaceRef, deletion: Deletion) => eraseDeleted(database.kysely, space, deletion),
})

/** The change that removed the row of a space. */
interface Deletion {
  readonly entity: string
  readonly seq: number
  readonly at: string
}

/**
 * Erases the content of a deleted space, as the pipeline does at once where a deletion cannot be undone. It takes many
 * short statements. The change that removed the space goes last, so that an interrupted run is found and repeated.
 */
async function eraseDeleted(db: Db, ref: SpaceRef, deletion: Deletion): Promise<void> {
  const { space, id } = ref
  const { entity, seq } = deletion
  const erasing = erasingIn(db)
  const removed = await erasing.removedWith(ref, entity)
  const elsewhere = removed.filter((row) => row.space !== space || row.space_id !== id)
  for (let start = 0; start < elsewhere.length; start += AT_ONCE) {
    await erasing.rows(elsewhere.slice(start, start + AT_ONCE))
    await breathe()
  }
  const head = await db
    .selectFrom('spaces')
    .select('seq')
    .where('space', '=', space)
    .where('id', '=', id)
    .executeTakeFirst()
  for (let from = 0; from < (head?.seq ?? seq); from += AT_ONCE) {
    await eraseSome(db, ref, from, deletion)
    // On SQLite a statement returns without waiting for anything: without this, nobody else would get a turn.
    await breathe()
  }
  await db.deleteFrom('calls').where('home_space', '=', space).where('home_id', '=', id).execute()
  await forgetSecretsOfSpace(db, ref)
  const last = { space, space_id: id, seq }
  await erasing.rewrite({ ...last, entity, row_id: id, before: null, after: null }, { before: null, after: null })
}

/** Erases the changes after this one, but for the one that marks the deletion, and the answers of their calls. */
async function eraseSome(db: Db, { space, id }: SpaceRef, from: number, { seq, at }: Deletion): Promise<void> {
  await db
    .deleteFrom('calls')
    // Few calls are remembered that long.
    .where('at', '<=', at)
    .where('commit_id', 'in', ({ selectFrom }) =>
      selectFrom('changes')
        .select('commit_id')
        .where('space', '=', space)
        .where('space_id', '=', id)
        .where('seq', '>', from)
        .where('seq', '<=', from + AT_ONCE),
    )
    .execute()
  await emptied(db)
    .where('space', '=', space)
    .where('space_id', '=', id)
    .where('seq', '>', from)
    .where('seq', '<=', from + AT_ONCE)
    .where('seq', '!=', seq)
    .execute()
}

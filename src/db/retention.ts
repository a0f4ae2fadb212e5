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
  eraseBefore: (before: string) => eraseBefore(database.kysely, before),
  eraseDeleted: (space: SpaceRef, deletion: Deletion) => eraseDeleted(database.kysely, space, deletion),
})

/** Erases the content of all changes made before a moment, in short statements. */
async function eraseBefore(db: Db, before: string): Promise<void> {
  for (let after: SpaceRef = { space: '', id: 0 }; ; ) {
    const { space, id } = after
    const some = await db
      .selectFrom('spaces')
      .select(['space', 'id', 'erased_to'])
      .where(({ or, and, eb }) => or([eb('space', '>', space), and([eb('space', '=', space), eb('id', '>', id)])]))
      .whereRef('erased_to', '<', 'seq')
      .orderBy('space')
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()
    for (const { erased_to, ...ref } of some) await eraseInSpace(db, ref, erased_to, before)
    const last = some.at(-1)
    if (!last) return
    after = last
    await breathe()
  }
}

/** The same in one space, from the change after `erasedTo` on. */
async function eraseInSpace(db: Db, { space, id }: SpaceRef, erasedTo: number, before: string): Promise<void> {
  for (let from = erasedTo; ; ) {
    const changes = await db
      .selectFrom('changes')
      .select(['seq', 'at'])
      .where('space', '=', space)
      .where('space_id', '=', id)
      .where('seq', '>', from)
      .orderBy('seq')
      .limit(AT_ONCE)
      .execute()
    const young = changes.findIndex(({ at }) => at >= before)
    const last = changes.at(young < 0 ? -1 : young - 1)
    if (!last || young === 0) return
    await emptied(db)
      .where('space', '=', space)
      .where('space_id', '=', id)
      .where('seq', '>', from)
      .where('seq', '<=', last.seq)
      .execute()
    await db
      .updateTable('spaces')
      .set({ erased_to: last.seq })
      .where('space', '=', space)
      .where('id', '=', id)
      .execute()
    if (young > 0) return
    from = last.seq
    // On SQLite a statement returns without waiting for anything: without this, nobody else would get a turn.
    await breathe()
  }
}

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

import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Doorbell } from '../core/data/database.ts'
import type { Tables } from '../core/data/tx.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    instance: {
      id: number
      instance_id: string
      epoch: string
      copy: string | null
      /** Of the encryption key that its processes have. */
      key_fingerprint: string | null
      /** Which folder its processes keep the uploads in. */
      files_id: string | null
    }
  }
}

type Db = Kysely<Tables>

const findInstance = (db: Db) => db.selectFrom('instance').selectAll().executeTakeFirstOrThrow()

/** The id of the instance that this database is of: made with it, and never changed. */
export const instanceIdOf = async (db: Db): Promise<string> => (await findInstance(db)).instance_id

/** What must be the same for all processes of an instance. */
export type Common = 'key_fingerprint' | 'files_id'

export const commonOf = async (db: Db, what: Common): Promise<string | null> => (await findInstance(db))[what]

/** Writes it where nothing stands yet, and gives what stands there then. */
export async function claimCommon(db: Db, what: Common, value: string): Promise<string | null> {
  await db
    .updateTable('instance')
    .set({ [what]: value })
    .where(what, 'is', null)
    .execute()
  return commonOf(db, what)
}

export async function replaceCommon(db: Db, what: Common, value: string): Promise<void> {
  await db
    .updateTable('instance')
    .set({ [what]: value })
    .execute()
}

export const epochOf = async (db: Db): Promise<string> => (await findInstance(db)).epoch

/** Gives a copy a history of its own, and its epoch: whoever followed what it is a copy of loads everything anew. */
export async function beginHistory(db: Db): Promise<string> {
  const epoch = randomUUID()
  await db.updateTable('instance').set({ epoch, copy: null }).execute()
  return epoch
}

/** Lets the next server that starts keep the uploads wherever it is told to. */
export async function forgetFilesPlace(db: Db): Promise<void> {
  await db.updateTable('instance').set({ files_id: null }).execute()
}

/** Where an instance was moved to, so that nobody goes on with the rows that stay here. */
export interface MovedAway {
  /** As it is said: `the file …`. */
  readonly to: string
  /** When, as ISO 8601 in UTC. */
  readonly at: string
}

/** The column `copy` then begins with this. A copy of the database gets a new mark there, so it is never taken for moved. */
const MOVED = 'moved '

export async function markMoved(db: Db, moved: MovedAway): Promise<void> {
  await db
    .updateTable('instance')
    .set({ copy: `${MOVED}${JSON.stringify(moved)}` })
    .execute()
}

/** Where the instance of this database was moved to; null where it is here. */
export async function movedAway(db: Db): Promise<MovedAway | null> {
  const { copy } = await findInstance(db)
  return copy?.startsWith(MOVED) ? (JSON.parse(copy.slice(MOVED.length)) as MovedAway) : null
}

/** How an engine tells this copy of a database from every other one: from a backup, and from what replaces it. */
export interface CopyMark {
  read(db: Db): Promise<string>
  /** Changes the mark, where that is possible, so that copies from before can be told from now on. */
  renew(db: Db): Promise<string>
  /** The mark as it was before it was changed last: the database could not keep the new one. */
  putBack(): void
}

/** Runs a transaction that changes the mark; if it fails, the mark is again the one that the database keeps. */
async function marking<T>(
  kysely: Db,
  mark: CopyMark,
  work: (db: Db, renew: () => Promise<string>) => Promise<T>,
): Promise<T> {
  let isRenewed = false
  try {
    return await kysely.transaction().execute((db) =>
      work(db, () => {
        isRenewed = true
        return mark.renew(db)
      }),
    )
  } catch (error) {
    if (isRenewed) mark.putBack()
    throw error
  }
}

/**
 * Draws a new epoch when this is another copy of the database than the one that was marked last: an older one was put in its
 * place, or a server with another history has taken over. Gives the epoch.
 */
export const confirmEpoch = (kysely: Db, mark: CopyMark): Promise<string> =>
  marking(kysely, mark, async (db, renew) => {
    // Takes the row for itself, so that two processes do not both draw one.
    const before = await db.updateTable('instance').set({ id: 1 }).returningAll().executeTakeFirstOrThrow()
    const isSame = before.copy === null || before.copy === (await mark.read(db))
    const epoch = isSame ? before.epoch : randomUUID()
    const copy = await renew()
    if (epoch !== before.epoch || copy !== before.copy) await db.updateTable('instance').set({ epoch, copy }).execute()
    return epoch
  })

/** Changes the mark, so that copies from before can be told from the database as it is now; gives it. */
export const renewMark = (kysely: Db, mark: CopyMark): Promise<string> =>
  marking(kysely, mark, async (db, renew) => {
    const copy = await renew()
    await db.updateTable('instance').set({ copy }).execute()
    return copy
  })

/** The epoch as it is asked for with every resume number: from memory, until anything may have changed. */
export function rememberedEpoch(read: () => Promise<string>, doorbell: Doorbell): () => Promise<string> {
  let known: Promise<string> | null = null
  doorbell.listen((topic) => {
    if (topic === '*') known = null
  })
  return () => {
    const asked = (known ??= read())
    // A failed look must not be remembered as the answer.
    asked.catch(() => {
      if (known === asked) known = null
    })
    return asked
  }
}

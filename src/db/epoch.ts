import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Notifier } from '../core/data/database.ts'
import type { Tables } from '../core/data/tx.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    instance: {
      id: number
      instance_id: string
      epoch: string
      copy: string | null
      /** The fingerprint of the encryption key that its processes share. */
      key_fingerprint: string | null
      /** Identifies the uploads folder that its processes share. */
      files_id: string | null
    }
  }
}

type Db = Kysely<Tables>

const findInstance = (db: Db) => db.selectFrom('instance').selectAll().executeTakeFirstOrThrow()

/** The id of the instance of this database: created with it, and never changed. */
export const instanceIdOf = async (db: Db): Promise<string> => (await findInstance(db)).instance_id

/** The values that must be the same for all processes of an instance. */
export type Common = 'key_fingerprint' | 'files_id'

export const commonOf = async (db: Db, what: Common): Promise<string | null> => (await findInstance(db))[what]

/** Sets the value if there is none. Returns the stored value. */
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

/** Gives a copy a history of its own. Returns its epoch: followers of the original must reload. */
export async function beginHistory(db: Db): Promise<string> {
  const epoch = randomUUID()
  await db.updateTable('instance').set({ epoch, copy: null }).execute()
  return epoch
}

/** Lets the next server that starts use any configured uploads folder. */
export async function forgetFilesPlace(db: Db): Promise<void> {
  await db.updateTable('instance').set({ files_id: null }).execute()
}

/** Where an instance was moved to, so that nobody continues with the rows left here. */
export interface MovedAway {
  /** As text: `the file …`. */
  readonly to: string
  /** When, as ISO 8601 in UTC. */
  readonly at: string
}

/**
 * The prefix of the column `copy` after a move. A copy of the database gets a new mark there, so it never counts as
 * moved.
 */
const MOVED = 'moved '

export async function markMoved(db: Db, moved: MovedAway): Promise<void> {
  await db
    .updateTable('instance')
    .set({ copy: `${MOVED}${JSON.stringify(moved)}` })
    .execute()
}

/** Where the instance of this database was moved to; null if it was not. */
export async function movedAway(db: Db): Promise<MovedAway | null> {
  const { copy } = await findInstance(db)
  return copy?.startsWith(MOVED) ? (JSON.parse(copy.slice(MOVED.length)) as MovedAway) : null
}

/** The same column in the copy that an unfinished move has made. No server starts on it. */
const ARRIVING = 'arriving'

export async function markArriving(db: Db): Promise<void> {
  await db.updateTable('instance').set({ copy: ARRIVING }).execute()
}

/** Whether this is the copy of an unfinished move. */
export const isArriving = async (db: Db): Promise<boolean> => (await findInstance(db)).copy === ARRIVING

/** How an engine distinguishes this copy of a database from every other one: from a backup, and from a replacement. */
export interface CopyMark {
  read(db: Db): Promise<string>
  /** Changes the mark if the engine can, so that earlier copies can be recognised from now on. */
  renew(db: Db): Promise<string>
  /** Restores the previous mark when the database could not store the new one. */
  putBack(): void
}

/** Runs a transaction that changes the mark. If it fails, the mark is again the one in the database. */
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
 * Sets a new epoch if this is another copy of the database than the one marked last: a backup was restored, or a server
 * with another history has taken over. Returns the epoch.
 */
export const confirmEpoch = (kysely: Db, mark: CopyMark): Promise<string> =>
  marking(kysely, mark, async (db, renew) => {
    // Locks the row, so that two processes do not both set one.
    const before = await db.updateTable('instance').set({ id: 1 }).returningAll().executeTakeFirstOrThrow()
    const isSame = before.copy === null || before.copy === (await mark.read(db))
    const epoch = isSame ? before.epoch : randomUUID()
    const copy = await renew()
    if (epoch !== before.epoch || copy !== before.copy) await db.updateTable('instance').set({ epoch, copy }).execute()
    return epoch
  })

/** Changes the mark, so that earlier copies can be distinguished from the current database. Returns the mark. */
export const renewMark = (kysely: Db, mark: CopyMark): Promise<string> =>
  marking(kysely, mark, async (db, renew) => {
    const copy = await renew()
    await db.updateTable('instance').set({ copy }).execute()
    return copy
  })

/** The cached epoch, for the check of every resume number; read again after anything may have changed. */
export function rememberedEpoch(read: () => Promise<string>, notifier: Notifier): () => Promise<string> {
  let cached: Promise<string> | null = null
  notifier.subscribe((topic) => {
    if (topic === '*') cached = null
  })
  return () => {
    const reading = (cached ??= read())
    // A failed read must not be cached.
    reading.catch(() => {
      if (cached === reading) cached = null
    })
    return reading
  }
}

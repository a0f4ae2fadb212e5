import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { type FileLease, leaseOnFile } from '../db/leases.ts'
import { Busy, CannotBeDone, type Place, withDatabase } from './place.ts'

/**
 * Servers and commands use an instance together; a restore or a move has it alone, from its check for servers to its
 * end. DATA_DIR has a lock for this, and PostgreSQL has one more, for servers with another DATA_DIR.
 */

type Where = Pick<Place, 'dataDir' | 'database'>

const lockIn = (dataDir: string): FileLease => leaseOnFile(join(dataDir, 'trek'), 'instance')

const REPLACED = 'A restore or a move of this instance is running. Try again when it has ended.'
const USED = 'A server of this instance is running, or a command. Stop it first.'

const RETRY_MS = 50
/** Others try the lock only for a moment. */
const TRIED_FOR_MS = 1000

async function soon(take: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + TRIED_FOR_MS
  while (!(await take())) {
    if (performance.now() > end) return false
    await pause(RETRY_MS)
  }
  return true
}

/** Runs `work` while nobody else uses DATA_DIR or these databases, and nobody begins to. `confirm` throws if a lock was lost. */
export async function alone<T>(
  { dataDir }: Where,
  databases: readonly string[],
  work: (confirm: () => Promise<void>) => Promise<T>,
): Promise<T> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = lockIn(dataDir)
  if (!(await soon(lock.hold))) throw (await isShared(dataDir)) ? new CannotBeDone(USED) : new Busy(REPLACED)
  try {
    return await lockingOut(databases.filter(isPostgres), work)
  } finally {
    await lock.release()
  }
}

async function lockingOut<T>(
  [url, ...others]: readonly string[],
  work: (confirm: () => Promise<void>) => Promise<T>,
): Promise<T> {
  if (url === undefined) return work(async () => {})
  return withDatabase(url, (database) =>
    database.unhurried((kysely) =>
      kysely.connection().execute(async (connection) => {
        const hold = () => database.dialect.lockOut(connection)
        if (!(await soon(hold))) throw new Busy(REPLACED)
        return lockingOut(others, (confirm) =>
          work(async () => {
            await confirm()
            // A new connection in place of a lost one does not hold the lock.
            if (!(await soon(hold))) throw new Busy(REPLACED)
          }),
        )
      }),
    ),
  )
}

async function isShared(dataDir: string): Promise<boolean> {
  const lock = lockIn(dataDir)
  const shared = await lock.share()
  await lock.release()
  return shared
}

/** Begins to use the instance in DATA_DIR. Throws during a restore or move. The result ends the use. */
export async function takeFolder({ dataDir, database }: Where): Promise<() => Promise<void>> {
  const lock = lockIn(dataDir)
  try {
    if (existsSync(dataDir) && !(await soon(lock.share))) throw new Busy(REPLACED)
  } catch (error) {
    // A server on PostgreSQL can do without writing to DATA_DIR, and nobody can then restore into it.
    const isReadOnly = ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
    if (!isReadOnly || !isPostgres(database)) throw error
  }
  return () => lock.release()
}

/** Throws during a restore into this database or a move. A server also asks after it has entered the list of processes. */
export async function refuseLockedOut({ dialect, kysely }: OpenDatabase): Promise<void> {
  if (!(await soon(async () => !(await dialect.isLockedOut(kysely))))) throw new Busy(REPLACED)
}

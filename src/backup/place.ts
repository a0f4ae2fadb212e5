import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { syncFolder } from '../adapters/files.ts'
import type { S3Settings } from '../adapters/s3/at.ts'
import type { Config } from '../config/index.ts'
import { DatabaseUnavailable } from '../core/data/database.ts'
import { isPostgres, type OpenDatabase, openDatabase } from '../db/connect.ts'
import { leaseOnFile } from '../db/leases.ts'
import { isEmpty } from '../db/migrate.ts'

export type Place = Pick<Config, 'dataDir' | 'database' | 'encryptionKey' | 'filesUrl'> & S3Settings

/** The request is wrong; nothing was changed. */
export class CannotBeDone extends Error {
  override readonly name: string = 'CannotBeDone'
}

/** Another process is working on it; trying again later helps. */
export class Busy extends CannotBeDone {
  override readonly name = 'Busy'
}

/** The working folder of one backup or restore. The next one removes those of killed ones, and nothing else. */
export const WORK_FOLDER = /^work-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/

/** The working folder of the backup or restore that is running; null if none is. */
export const workFolder = ({ dataDir }: Pick<Place, 'dataDir'>): string | null => {
  const name = readdirSync(dataDir).find((one) => WORK_FOLDER.test(one))
  return name === undefined ? null : join(dataDir, name)
}

/** A fully read backup that waits to take its place. Once it is here, the restore will be finished in any case. */
export const restoredIn = ({ dataDir }: Pick<Place, 'dataDir'>): string => join(dataDir, 'restored')

/** The file in it that says what remains to be done. */
export const PLAN = 'plan.json'

/** Whether a restore was cut off after its backup had been read. */
export const isCutOff = (place: Pick<Place, 'dataDir'>): boolean => existsSync(join(restoredIn(place), PLAN))

/** Runs one job at a time on backups of this instance, in a temporary empty folder. */
export async function inWorkFolder<T>(place: Place, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(place.dataDir, { recursive: true, mode: 0o700 })
  const lease = leaseOnFile(join(place.dataDir, 'trek'), 'backup')
  if (!(await lease.hold())) {
    throw new Busy('A backup or restore of this instance is running. Try again when it has ended.')
  }
  const folder = join(place.dataDir, `work-${randomUUID()}.part`)
  try {
    for (const name of readdirSync(place.dataDir)) {
      if (WORK_FOLDER.test(name)) rmSync(join(place.dataDir, name), { recursive: true, force: true })
    }
    mkdirSync(folder, { mode: 0o700 })
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await lease.release()
  }
}

/** Throws if a path that a person gave for a backup is in a working folder. */
export function refuseInWork({ dataDir }: Pick<Place, 'dataDir'>, path: string): void {
  if (path.startsWith('s3://') || !existsSync(dataDir)) return
  const [name = ''] = relative(realpathSync(dataDir), realOf(resolve(path))).split(sep)
  if (!WORK_FOLDER.test(name)) return
  throw new CannotBeDone(
    `${path} is in a working folder of TREK, which the next backup or restore deletes. Keep backups in another folder.`,
  )
}

/** A path without links, as far as it exists. */
const realOf = (path: string): string =>
  existsSync(path) || path === dirname(path) ? realpathSync(path) : join(realOf(dirname(path)), basename(path))

/** Whether a backup or restore of this instance is running. */
export async function isWorking({ dataDir }: Pick<Place, 'dataDir'>): Promise<boolean> {
  const lease = leaseOnFile(join(dataDir, 'trek'), 'backup')
  const isFree = await lease.hold()
  await lease.release()
  return !isFree
}

/** Whether the database contains an instance or remains of one. */
export async function isThere({ database: target }: Place): Promise<boolean> {
  if (!isPostgres(target) && !existsSync(target)) return false
  return unlessDamaged(true, () => withDatabase(target, async (database) => !(await isEmpty(database))))
}

/** Returns `otherwise` for a damaged file: backups exist for that case. */
async function unlessDamaged<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code = '' } = error as { code?: string }
    const isDamaged = error instanceof DatabaseUnavailable && error.outage === 'damaged'
    if (isDamaged || /^SQLITE_(CORRUPT|NOTADB)/.test(code)) return otherwise
    throw error
  }
}

export async function withDatabase<T>(target: string, work: (database: OpenDatabase) => Promise<T>): Promise<T> {
  const database = openDatabase(target)
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

const ANSWER_WITHIN_MS = 3000

/** Throws while a server runs: it would continue with its open files. */
export async function refuseWhileServed(place: Place): Promise<void> {
  if (!(await isThere(place))) return
  const served = await unlessDamaged(false, () =>
    withDatabase(place.database, async ({ processes }) => {
      await processes.enter()
      try {
        return await processes.answer(ANSWER_WITHIN_MS)
      } finally {
        await processes.leave()
      }
    }),
  )
  if (served) throw new CannotBeDone('A server of this instance is running. Stop it first.')
}

/** The path of a new folder for replaced data. Does not create it. */
export const setAsideIn = (dataDir: string): string =>
  join(dataDir, `before-${new Date().toISOString().replaceAll(':', '-')}`)

/** Flushes a folder and its contents to disk. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else await syncFolder(path)
  }
  await syncFolder(folder)
}

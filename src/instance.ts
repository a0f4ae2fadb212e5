import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { filesFolder, keysIn } from './adapters/files.ts'
import { type FilesPlace, filesPlace } from './adapters/files-place.ts'
import type { S3Settings } from './adapters/s3/at.ts'
import { movedAwayProblem, moveNoteIn, refuseMovedAway, removeMoveNote, whereItWent } from './backup/moved.ts'
import { restoredIn, setAsideIn } from './backup/place.ts'
import type { Config } from './config.ts'
import { onceAMinute } from './core/data/once-a-minute.ts'
import { reasonOf } from './core/data/troubles.ts'
import { isPostgres, type OpenDatabase, openDatabase } from './db/connect.ts'
import { isEmpty, type Migrations, migrate } from './db/migrate.ts'
import { sizeOf, sqliteFilesOf } from './db/sqlite-copy.ts'
import { isWorthWaiting, waitForDatabase } from './db/wait.ts'
import { keyFile } from './identity/server/secrets.ts'
import { claimFiles, filesProblem, markerIn, untilStorageAnswers, usedBucketProblem } from './instance-files.ts'
import { claimKey, keyProblem } from './instance-key.ts'
import { MIGRATIONS } from './migrations.generated.ts'
import { keepInstanceToOwner, modesTold } from './owner-only.ts'
import { update } from './update.ts'

type Place = Pick<Config, 'dataDir' | 'database' | 'encryptionKey' | 'filesUrl'> & S3Settings

export interface Opening {
  /** Hears in words how the database is: that it is waited for, that it was lost, that it is back. */
  told(what: string): void
  /** Whether a database is made although DATA_DIR holds what is left of an instance. */
  readonly newInstance: boolean
  /** Whether the database is brought to this version without a backup of it. */
  readonly withoutBackup?: boolean
  /** Whether the instance goes on although its encryption key is another one, or lost. */
  readonly newKey?: boolean
}

/**
 * Opens the database and brings its schema up to date, after a look at what lies in DATA_DIR: uploads and database belong
 * together, and where there was an instance no empty one is made in its place. For one command of the command line, `server`
 * is null: nobody waits, nothing is set aside, and no instance is made.
 */
export async function openInstance(
  place: Place,
  server: Opening | null,
  migrations: Migrations = MIGRATIONS,
): Promise<OpenDatabase> {
  // Loaded where a restore was cut off, and never else.
  if (existsSync(restoredIn(place))) {
    const before = await (await import('./backup/restore.ts')).finishRestore(place)
    server?.told(
      `A restore that had been cut off is finished.${before ? ` What was there before is kept in ${before}.` : ''}`,
    )
  }
  const opened = modesTold(keepInstanceToOwner(place))
  if (opened) server?.told(opened)
  const files = filesPlace(place)
  try {
    // First what lies there, then the database: another process may be making both just now, in the other order.
    const remains = { ...remainsIn(place), bucket: server && (await whenThere(server, () => usedBucketProblem(files))) }
    if (isMissing(place.database)) makeRoom(place, remains, server)
    const database = openDatabase(place.database, server ? { told: server.told } : {})
    try {
      if (server)
        await untilItAnswers(database, server, () => prepare(database, place, files, remains, server, migrations))
      else await prepare(database, place, files, remains, null, migrations)
      // An instance is here now: a note that it was moved away is out of date.
      if (server && !isPostgres(place.database)) removeMoveNote(place.dataDir)
      return database
    } catch (error) {
      await database.close()
      throw error
    }
  } finally {
    await files.close()
  }
}

const whenThere = <T>(server: Opening | null, work: () => Promise<T>): Promise<T> =>
  server ? untilStorageAnswers(server.told, work) : work()

/** Everything in it can be done again: the database may be lost in the middle. */
async function prepare(
  database: OpenDatabase,
  place: Place,
  files: FilesPlace,
  remains: Remains,
  server: Opening | null,
  migrations: Migrations,
): Promise<void> {
  const left = { ...remains, paths: remains.paths.filter((path) => !isOpened(path, place)) }
  if (await isEmpty(database)) {
    await refuseForeign(database, place)
    makeRoom(place, left, server)
    await migrate(database, migrations)
  } else {
    if (server?.newInstance) server.told('--new-instance has no effect: there is an instance already. Leave it out.')
    await refuseMovedAway(database)
    await update(database, place, server, migrations)
  }
  if (server) await database.processes.enter()
  // A command of the command line needs no uploads, and is not to wait for storage that is away.
  const looksAtFiles = server !== null || files.setting === 'DATA_DIR'
  const problem =
    (looksAtFiles ? await whenThere(server, () => filesProblem(database, files)) : null) ??
    (server?.newKey ? null : await keyProblem(database, place))
  if (problem) throw new Error(problem)
  if (!server) return
  await claimKey(database, place, server)
  await whenThere(server, () => claimFiles(database, files, server.told))
  await database.confirmEpoch()
}

/** A file that another program fills is none of ours to fill. A schema of PostgreSQL may hold other things. */
async function refuseForeign(database: OpenDatabase, place: Place): Promise<void> {
  if (isPostgres(place.database)) return
  const [table] = await database.kysely.introspection.getTables()
  // Another server that starts at the same moment may just have made them.
  if (!table || !(await isEmpty(database))) return
  throw new Error(
    `${place.database} is a database of another program: it has a table ${table.name}, and nothing of TREK. Move it away, or look at ` +
      'DATA_DIR.',
  )
}

async function untilItAnswers(database: OpenDatabase, { told }: Opening, work: () => Promise<void>): Promise<void> {
  const lines = onceAMinute(told)
  for (;;) {
    await waitForDatabase(database.kysely, told)
    try {
      return await work()
    } catch (error) {
      if (!isWorthWaiting(error)) throw error
      lines.tell(`The database cannot be prepared: ${reasonOf(error)}. Trying again.`)
      await pause(RETRY_MS)
    }
  }
}

const RETRY_MS = 2000

/** A file of no bytes is what a copy leaves that was cut off, and no database. */
const isMissing = (database: string): boolean => !isPostgres(database) && sizeOf(database) === 0

/** What lies beside an open database belongs to it. */
const isOpened = (path: string, { database }: Place): boolean =>
  sqliteFilesOf(database).includes(path) || !existsSync(path)

/** What an instance has left besides its database: in DATA_DIR, and, in words, in the bucket of its uploads. */
interface Remains {
  readonly paths: readonly string[]
  readonly bucket: string | null
}

function remainsIn({ dataDir, database }: Place): Pick<Remains, 'paths'> {
  const files = filesFolder(dataDir)
  const isUsed = existsSync(markerIn(dataDir)) || !keysIn(files).next().done
  const beside = isPostgres(database) ? [] : sqliteFilesOf(database)
  return { paths: [keyFile(dataDir), moveNoteIn(dataDir), ...beside].filter(existsSync).concat(isUsed ? [files] : []) }
}

/** Why no database is made here: what lies there, and where it was looked for. */
function refusalFor(place: Place, remains: readonly string[]): string {
  const where = isPostgres(place.database)
    ? 'the database that DATABASE_URL names is empty'
    : `there is no database at ${place.database}, or it has no bytes`
  const went = whereItWent(place)
  if (went) return `No instance is here: ${where}. ${went} ${NEW_INSTANCE}`
  return (
    `DATA_DIR holds ${remains.join(' and ')} of an instance, but ${where}. Look at DATA_DIR and DATABASE_URL, or put the ` +
    `database back. ${NEW_INSTANCE}`
  )
}

const NEW_INSTANCE =
  'If a new, empty instance is meant, start the server with --new-instance: what lies there is then set aside.'

/** Why there is no instance to go on with, and none will be made, or null; `database` is the one that was opened, if any. */
export async function missingDatabaseProblem(place: Place, database: OpenDatabase | null): Promise<string | null> {
  const isThere = database ? !(await isEmpty(database)) : !isMissing(place.database)
  if (database && isThere) return movedAwayProblem(database)
  const remains = isThere ? [] : remainsIn(place).paths.filter((path) => !database || !isOpened(path, place))
  return remains.length ? refusalFor(place, remains) : null
}

/**
 * Refuses to make an empty database where something of an instance lies, or sets that aside if a new instance is meant. A
 * command of the command line makes none at all.
 */
function makeRoom(place: Place, { paths: remains, bucket }: Remains, server: Opening | null): void {
  if (bucket) throw new Error(bucket)
  if (remains.length && !server?.newInstance) throw new Error(refusalFor(place, remains))
  if (!server) {
    throw new Error('There is no instance here yet. Start the server first, or look at DATA_DIR and DATABASE_URL.')
  }
  if (!remains.length) return
  const aside = setAsideIn(place.dataDir)
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const path of remains) setAside(path, aside)
  server.told(`What an earlier instance has left was set aside in ${aside}.`)
}

function setAside(path: string, aside: string): void {
  const to = join(aside, basename(path))
  try {
    renameSync(path, to)
  } catch (error) {
    // A folder that is mounted there stays; what is in it goes.
    if (!['EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    cpSync(path, to, { recursive: true, preserveTimestamps: true })
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true })
  }
}

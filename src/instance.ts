import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { filesFolder, keysIn } from './adapters/files.ts'
import { type FilesPlace, filesPlace } from './adapters/files-place.ts'
import type { S3Settings } from './adapters/s3/at.ts'
import { refuseLockedOut, takeFolder } from './backup/alone.ts'
import { movedAwayProblem, moveNoteIn, removeMoveNote, whereItWent } from './backup/moved.ts'
import { isCutOff, setAsideIn } from './backup/place.ts'
import type { Config } from './config/index.ts'
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
  /** Receives messages about the database: waiting, lost, back. */
  warn(what: string): void
  /** Whether to create a database even if DATA_DIR contains remains of an instance. */
  readonly newInstance: boolean
  /** Whether to update the database without a backup. */
  readonly withoutBackup?: boolean
  /** Whether to continue with a new encryption key if the old one is lost or replaced. */
  readonly newKey?: boolean
}

/**
 * Opens the database and updates its schema after checking DATA_DIR: uploads and database belong together, and an empty
 * database must not replace a lost one. For a single command, `server` is null: it does not wait, set anything aside or
 * create an instance.
 */
export async function openInstance(
  place: Place,
  server: Opening | null,
  migrations: Migrations = MIGRATIONS,
): Promise<OpenDatabase> {
  const leave = await begin(place, server)
  try {
    const database = await open(place, server, migrations)
    return { ...database, close: () => database.close().finally(leave) }
  } catch (error) {
    await leave()
    throw error
  }
}

/**
 * Finishes an interrupted restore, and begins to use the instance, which no restore or move can then replace. Returns a
 * function that ends the use.
 */
async function begin(place: Place, server: Opening | null): Promise<() => Promise<void>> {
  const isUsed = server !== null || (!isPostgres(place.database) && !isMissing(place.database))
  if (server && !isPostgres(place.database)) mkdirSync(place.dataDir, { recursive: true, mode: 0o700 })
  for (;;) {
    if (isCutOff(place)) {
      // Loaded only then.
      const before = await (await import('./backup/finish-restore.ts')).finishRestore(place)
      const kept = before.length ? ` What was there before is kept in ${before.join(' and ')}.` : ''
      server?.warn(`A restore that had been cut off is finished.${kept}`)
    }
    const leave = isUsed ? await takeFolder(place) : async () => {}
    // Another one may have been cut off in between.
    if (!isCutOff(place)) return leave
    await leave()
  }
}

async function open(place: Place, server: Opening | null, migrations: Migrations): Promise<OpenDatabase> {
  const opened = modesTold(keepInstanceToOwner(place))
  if (opened) server?.warn(opened)
  const files = filesPlace(place)
  try {
    // Files first, then the database: another process may be creating both, in the other order.
    const remains = { ...remainsIn(place), bucket: server && (await whenThere(server, () => usedBucketProblem(files))) }
    if (isMissing(place.database)) makeRoom(place, remains, server)
    const database = openDatabase(place.database, server ? { warn: server.warn } : {})
    try {
      if (server)
        await untilItAnswers(database, server, () => prepare(database, place, files, remains, server, migrations))
      else await prepare(database, place, files, remains, null, migrations)
      // The instance is here, so a note that it moved away is out of date.
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
  server ? untilStorageAnswers(server.warn, work) : work()

/** Every step can be repeated: the database may be lost in between. */
async function prepare(
  database: OpenDatabase,
  place: Place,
  files: FilesPlace,
  remains: Remains,
  server: Opening | null,
  migrations: Migrations,
): Promise<void> {
  await refuseLockedOut(database)
  const left = { ...remains, paths: remains.paths.filter((path) => !isOpened(path, place)) }
  if (await isEmpty(database)) {
    await refuseForeign(database, place)
    makeRoom(place, left, server)
    await migrate(database, migrations)
  } else {
    if (server?.newInstance) server.warn('--new-instance has no effect: there is an instance already. Leave it out.')
    const went = await whyNotHere(database, place)
    if (went) throw new Error(went)
    await update(database, place, server, migrations)
  }
  if (server) {
    await database.processes.enter()
    await refuseLockedOut(database)
  }
  // A command needs no uploads and must not wait for unavailable storage.
  const looksAtFiles = server !== null || files.setting === 'DATA_DIR'
  const problem =
    (looksAtFiles ? await whenThere(server, () => filesProblem(database, files)) : null) ??
    (server?.newKey ? null : await keyProblem(database, place))
  if (problem) throw new Error(problem)
  if (!server) return
  await claimKey(database, place, server)
  await whenThere(server, () => claimFiles(database, files, server.warn))
  await database.confirmEpoch()
}

/** Why no one uses the instance of this database: it was moved away, or a move has not brought it yet. Null if none. */
const whyNotHere = async (database: OpenDatabase, place: Place): Promise<string | null> =>
  (await movedAwayProblem(database)) ?? (isPostgres(place.database) ? null : whereItWent(place, true))

/** Throws if another program uses the SQLite file. A PostgreSQL schema can contain other tables. */
async function refuseForeign(database: OpenDatabase, place: Place): Promise<void> {
  if (isPostgres(place.database)) return
  const [table] = await database.kysely.introspection.getTables()
  // Another starting server may just have created ours.
  if (!table || !(await isEmpty(database))) return
  throw new Error(
    `${place.database} is a database of another program: it has a table ${table.name}, and nothing of TREK. Move it away, or look at ` +
      'DATA_DIR.',
  )
}

async function untilItAnswers(database: OpenDatabase, { warn }: Opening, work: () => Promise<void>): Promise<void> {
  const lines = onceAMinute(warn)
  for (;;) {
    await waitForDatabase(database.kysely, warn)
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

/** An empty file is left by an interrupted copy; it is no database. */
const isMissing = (database: string): boolean => !isPostgres(database) && sizeOf(database) === 0

/** The files beside an open database belong to it. */
const isOpened = (path: string, { database }: Place): boolean =>
  sqliteFilesOf(database).includes(path) || !existsSync(path)

/** What an instance left besides its database: paths in DATA_DIR, and a message about its bucket. */
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

/** Why no database is created: what exists, and where a database was expected. */
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

/** Why there is no instance and none will be created, or null; `database` is the opened one, if any. */
export async function missingDatabaseProblem(place: Place, database: OpenDatabase | null): Promise<string | null> {
  const isThere = database ? !(await isEmpty(database)) : !isMissing(place.database)
  if (database && isThere) return whyNotHere(database, place)
  const remains = isThere ? [] : remainsIn(place).paths.filter((path) => !database || !isOpened(path, place))
  return remains.length ? refusalFor(place, remains) : null
}

/**
 * Throws instead of creating an empty database beside remains of an instance, or sets them aside if a new instance is
 * requested. A command creates none at all.
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
  server.warn(`What an earlier instance has left was set aside in ${aside}.`)
}

function setAside(path: string, aside: string): void {
  const to = join(aside, basename(path))
  try {
    renameSync(path, to)
  } catch (error) {
    // A mounted folder stays; its contents move.
    if (!['EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    cpSync(path, to, { recursive: true, preserveTimestamps: true })
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true })
  }
}

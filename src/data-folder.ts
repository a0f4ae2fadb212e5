import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { filesFolder, keysIn } from './adapters/files.ts'
import type { Config } from './config.ts'
import { isPostgres, type OpenDatabase, openDatabase } from './db/connect.ts'
import { instanceIdOf } from './db/epoch.ts'
import { fileKeysIn } from './db/file-keys.ts'
import { isEmpty, migrate } from './db/migrate.ts'
import { sqliteFilesOf } from './db/sqlite-copy.ts'
import { waitForDatabase } from './db/wait.ts'
import { keyFile } from './identity/server/keys.ts'

type Place = Pick<Config, 'dataDir' | 'database'>

export interface Opening {
  /** Hears in words how the database is: that it is waited for, that it was lost, that it is back. */
  told(what: string): void
  /** Whether a database is made although DATA_DIR holds what is left of an instance. */
  readonly newInstance: boolean
}

/**
 * Opens the database and brings its schema up to date, after a look at what lies in DATA_DIR: uploads and database belong
 * together, and where there was an instance no empty one is made in its place. For one command of the command line, `server`
 * is null: nobody waits, and nothing is set aside.
 */
export async function openInstance(place: Place, server: Opening | null): Promise<OpenDatabase> {
  // First what lies there, then the database: another process may be making both just now, in the other order.
  const remains = remainsIn(place)
  if (isMissing(place.database)) makeRoom(place, remains, server)
  const database = openDatabase(place.database, server ? { told: server.told } : {})
  try {
    if (server) await waitForDatabase(database, server.told)
    if (await isEmpty(database))
      makeRoom(
        place,
        remains.filter((path) => !isOpened(path, place)),
        server,
      )
    else if (server?.newInstance)
      server.told('--new-instance has no effect: the database holds an instance. Leave it out.')
    await migrate(database)
    await claimFiles(database, place.dataDir)
    if (server) await database.confirmEpoch()
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

const isMissing = (database: string): boolean => !isPostgres(database) && !existsSync(database)

/** What lies beside an open database belongs to it. */
const isOpened = (path: string, { database }: Place): boolean =>
  sqliteFilesOf(database).includes(path) || !existsSync(path)

/** What an instance has left in DATA_DIR besides its database. */
function remainsIn({ dataDir, database }: Place): string[] {
  const files = filesFolder(dataDir)
  const isUsed = existsSync(markerIn(dataDir)) || !keysIn(files).next().done
  const beside = isPostgres(database) ? [] : sqliteFilesOf(database)
  return [keyFile(dataDir), ...beside].filter(existsSync).concat(isUsed ? [files] : [])
}

/** Why no database is made here: what lies there, and where it was looked for. */
function refusalFor({ database }: Place, remains: readonly string[]): string {
  const where = isPostgres(database)
    ? 'the database that DATABASE_URL names is empty'
    : `there is no database at ${database}`
  return (
    `DATA_DIR holds ${remains.join(' and ')} of an instance, but ${where}. Look at DATA_DIR and DATABASE_URL, or put the ` +
    'database back. If a new, empty instance is meant, start the server with --new-instance: what lies there is then set aside.'
  )
}

/** Why a database that is not there will not be made, or null. */
export function missingDatabaseProblem(place: Place): string | null {
  const remains = remainsIn(place)
  return remains.length && isMissing(place.database) ? refusalFor(place, remains) : null
}

/** Refuses to make an empty database where something of an instance lies, or sets that aside if a new instance is meant. */
function makeRoom(place: Place, remains: readonly string[], server: Opening | null): void {
  if (!remains.length) return
  if (!server?.newInstance) throw new Error(refusalFor(place, remains))
  const aside = join(place.dataDir, `before-${new Date().toISOString().replaceAll(':', '-')}`)
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const path of remains) renameSync(path, join(aside, basename(path)))
  server.told(`What an earlier instance has left was set aside in ${aside}.`)
}

/** The file that says whose uploads a folder holds. */
const markerIn = (dataDir: string): string => join(filesFolder(dataDir), 'instance-id')

/** Makes sure that the uploads in DATA_DIR are those of this database, and marks a folder that has no mark yet. */
async function claimFiles(database: OpenDatabase, dataDir: string): Promise<void> {
  const problem = await filesProblem(database, dataDir)
  if (problem) throw new Error(problem)
  if (readMarker(dataDir) !== null) return
  mkdirSync(filesFolder(dataDir), { recursive: true, mode: 0o700 })
  writeFileSync(markerIn(dataDir), `${await instanceIdOf(database.kysely)}\n`, { mode: 0o600 })
}

/** Why the uploads in DATA_DIR are not those of this database, or null. */
export async function filesProblem(database: OpenDatabase, dataDir: string): Promise<string | null> {
  const id = await instanceIdOf(database.kysely)
  const folder = filesFolder(dataDir)
  const marked = readMarker(dataDir)
  if (marked === id) return null
  if (marked !== null) {
    return (
      `The uploads in ${folder} belong to another instance (${marked}) than the database (${id}). Look at DATA_DIR and ` +
      'DATABASE_URL: one of them names the wrong place.'
    )
  }
  if (await mayClaim(database, folder)) return null
  return (
    `There are uploads in ${folder}, and the database names none of them. Look at DATA_DIR and DATABASE_URL: one of them ` +
    'may name the wrong place. If the files are left over from something else, move them away.'
  )
}

function readMarker(dataDir: string): string | null {
  try {
    // Empty while another process writes it: that is one of this instance, or it is told at its next start.
    return readFileSync(markerIn(dataDir), 'utf8').trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const AT_ONCE = 500

/** A folder is this database's own when it is empty, or when something lies in it that the database has handed out. */
async function mayClaim({ kysely }: OpenDatabase, folder: string): Promise<boolean> {
  const record = fileKeysIn(kysely)
  let seen = false
  let keys: string[] = []
  for (const key of keysIn(folder)) {
    seen = true
    keys.push(key)
    if (keys.length < AT_ONCE) continue
    if ((await record.known(keys)).size) return true
    keys = []
  }
  return !seen || (await record.known(keys)).size > 0
}

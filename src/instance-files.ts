import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { FOLDER_ID, filesFolder, keysIn } from './adapters/files.ts'
import type { OpenDatabase } from './db/connect.ts'
import { claimCommon, commonOf, instanceIdOf, replaceCommon } from './db/epoch.ts'
import { fileKeysIn } from './db/file-keys.ts'

type Told = (what: string) => void

/** The file that says whose uploads a folder holds. */
export const markerIn = (dataDir: string): string => join(filesFolder(dataDir), 'instance-id')

/** The id of the instance whose uploads lie in DATA_DIR; null where nobody has marked them. */
export const ownerOfFiles = (dataDir: string): string | null => read(markerIn(dataDir))

/** The file that tells a folder from every other one, wherever it is moved. */
const folderMarkerIn = (dataDir: string): string => join(filesFolder(dataDir), FOLDER_ID)

/**
 * Makes sure that the uploads in DATA_DIR are those of this database, and that all its servers keep them in one folder; marks a
 * folder that has no mark yet. For one command of the command line, `told` is null.
 */
export async function claimFiles(database: OpenDatabase, dataDir: string, told: Told | null): Promise<void> {
  const problem = await filesProblem(database, dataDir)
  if (problem) throw new Error(problem)
  const folder = filesFolder(dataDir)
  if (told) await claimFolder(database, dataDir, told)
  if (read(markerIn(dataDir)) !== null) return
  if (keysIn(folder).next().done && (await fileKeysIn(database.kysely).any())) {
    told?.(`The database knows uploads, and there are none in ${folder}. Is a disk missing there?`)
  }
  write(dataDir, markerIn(dataDir), await instanceIdOf(database.kysely))
}

/** How long after its claim a server has marked the folder at the latest. */
const MARKED_WITHIN_MS = 1000
/** How long a server that starts waits for others to show that they live, where that matters. */
const ANSWER_WITHIN_MS = 3000

/**
 * Compares the id in the folder with the one in the database; a folder that was moved or restored keeps its id. Another folder
 * replaces it, unless a running server still uses the old one: each server would then miss the uploads of the other.
 */
async function claimFolder(database: OpenDatabase, dataDir: string, told: Told): Promise<void> {
  const { kysely, processes } = database
  const marked = read(folderMarkerIn(dataDir))
  const own = marked ?? randomUUID()
  const expected = await claimCommon(kysely, 'files_id', own)
  // A server that starts at the same moment has claimed this folder, and marks it.
  if (marked === null && expected !== own && (await isMarkedSoon(dataDir, expected))) return
  if (expected !== own) {
    if (await processes.answer(ANSWER_WITHIN_MS)) {
      throw new Error(
        `Another server of this instance is running, and it keeps the uploads in another folder than ${filesFolder(dataDir)}. ` +
          'All servers of an instance need the same one: look at DATA_DIR. If the folder was moved, stop the other servers first.',
      )
    }
    if (await fileKeysIn(kysely).any()) told(`${strange(dataDir)} From now on it is the one that counts.`)
    await replaceCommon(kysely, 'files_id', own)
  }
  if (read(folderMarkerIn(dataDir)) === null) write(dataDir, folderMarkerIn(dataDir), own)
}

async function isMarkedSoon(dataDir: string, id: string | null): Promise<boolean> {
  const end = performance.now() + MARKED_WITHIN_MS
  while (performance.now() < end) {
    if (read(folderMarkerIn(dataDir)) === id) return true
    await pause(20)
  }
  return false
}

const strange = (dataDir: string): string =>
  `${filesFolder(dataDir)} is not the folder in which the last server of this instance kept the uploads. Look at DATA_DIR if it ` +
  'should be.'

/** That a server of this instance keeps its uploads in another folder, or null. */
export async function folderProblem({ kysely }: OpenDatabase, dataDir: string): Promise<string | null> {
  const expected = await commonOf(kysely, 'files_id')
  return expected === null || read(folderMarkerIn(dataDir)) === expected ? null : strange(dataDir)
}

/** Why the uploads in DATA_DIR are not those of this database, or null. */
export async function filesProblem(database: OpenDatabase, dataDir: string): Promise<string | null> {
  const id = await instanceIdOf(database.kysely)
  const folder = filesFolder(dataDir)
  const marked = read(markerIn(dataDir))
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

function write(dataDir: string, marker: string, id: string): void {
  mkdirSync(filesFolder(dataDir), { recursive: true, mode: 0o700 })
  writeFileSync(marker, `${id}\n`, { mode: 0o600 })
}

function read(marker: string): string | null {
  try {
    // Empty while another process writes it: that is one of this instance, or it is told at its next start.
    return readFileSync(marker, 'utf8').trim() || null
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

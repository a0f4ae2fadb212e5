import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { FOLDER_ID, filesFolder } from './adapters/files.ts'
import { type FilesPlace, folderPlace } from './adapters/files-place.ts'
import { S3Error } from './adapters/s3/index.ts'
import { onceAMinute } from './core/data/once-a-minute.ts'
import type { OpenDatabase } from './db/connect.ts'
import { claimCommon, commonOf, instanceIdOf, replaceCommon } from './db/epoch.ts'
import { fileKeysIn } from './db/file-keys.ts'

type Warn = (what: string) => void

/** The file that names the instance of the uploads in a folder. */
export const markerIn = (dataDir: string): string => join(filesFolder(dataDir), 'instance-id')

/**
 * Ensures that the uploads in a place belong to this database and that all its servers use the same place. Marks an
 * unmarked place.
 */
export async function claimFiles(database: OpenDatabase, place: FilesPlace, warn: Warn): Promise<void> {
  const problem = (await filesProblem(database, place)) ?? (await movedProblem(database, place))
  if (problem) throw new Error(problem)
  await claimPlace(database, place, warn)
  if ((await place.readMark('instance-id')) !== null) return
  if ((await isEmpty(place)) && (await fileKeysIn(database.kysely).any())) {
    warn(`The database knows uploads, and there are none in ${place.name}. Is a disk missing there?`)
  }
  const own = await instanceIdOf(database.kysely)
  const there = await place.setMark('instance-id', own)
  // Another instance started at the same time.
  if (there !== own && there !== null) throw new Error(foreign(place, there, own))
}

/** The longest time between a server's claim and its mark. */
const MARKED_WITHIN_MS = 1000
/** How long a starting server waits for signs of life from others. */
export const ANSWER_WITHIN_MS = 3000

/**
 * Compares the place's id with the one in the database; a moved or restored folder keeps its id. A new place replaces
 * the old one unless a running server still uses that: each server would then lack the other's uploads.
 */
async function claimPlace(database: OpenDatabase, place: FilesPlace, warn: Warn): Promise<void> {
  const { kysely, processes } = database
  const marked = await place.readMark(FOLDER_ID)
  const own = marked ?? randomUUID()
  const expected = await claimCommon(kysely, 'files_id', own)
  // Another starting server has claimed this place and will mark it.
  if (marked === null && expected !== own && (await isMarkedSoon(place, expected))) return
  if (expected !== own) {
    if (await processes.answer(ANSWER_WITHIN_MS)) {
      throw new Error(
        `Another server of this instance is running, and it keeps the uploads in another ${kindOf(place)} than ${place.name}. ` +
          `All servers of an instance need the same one: look at ${SETTINGS}. If the uploads were moved, stop the other servers first.`,
      )
    }
    if (await fileKeysIn(kysely).any()) warn(`${strange(place)} From now on it is the one that counts.`)
    await replaceCommon(kysely, 'files_id', own)
  }
  if (marked === null) await place.setMark(FOLDER_ID, own)
}

async function isMarkedSoon(place: FilesPlace, id: string | null): Promise<boolean> {
  const end = performance.now() + MARKED_WITHIN_MS
  while (performance.now() < end) {
    if ((await place.readMark(FOLDER_ID)) === id) return true
    await pause(20)
  }
  return false
}

const SETTINGS = 'DATA_DIR and FILES_URL'

const kindOf = ({ setting }: FilesPlace): string => (setting === 'DATA_DIR' ? 'folder' : 'bucket')

const strange = (place: FilesPlace): string =>
  `${place.name} is not the ${kindOf(place)} in which the last server of this instance kept the uploads. ` +
  `Look at ${SETTINGS} if it should be.`

/** The problem if this instance's servers keep the uploads elsewhere, or null. */
export async function placeProblem({ kysely }: OpenDatabase, place: FilesPlace): Promise<string | null> {
  const expected = await commonOf(kysely, 'files_id')
  return expected === null || (await place.readMark(FOLDER_ID)) === expected ? null : strange(place)
}

const foreign = ({ name, setting }: FilesPlace, marked: string, id: string): string =>
  `The uploads in ${name} belong to another instance (${marked}) than the database (${id}). Look at ${setting} and ` +
  'DATABASE_URL: one of them names the wrong place.'

/** Why the uploads in a place are incomplete or not those of this database, or null. */
export async function filesProblem(database: OpenDatabase, place: FilesPlace): Promise<string | null> {
  const problem = await claimProblem(database, place)
  if (problem) return problem
  if ((await place.readMark('incomplete')) !== null) {
    return (
      `Not all uploads have been moved to ${place.name} yet: run trek files move again to the end, or start the server with ` +
      'the place from which they were being moved.'
    )
  }
  const isBucket = place.setting === 'FILES_URL'
  if (isBucket && (await place.readMark('instance-id')) === null && (await fileKeysIn(database.kysely).any())) {
    return (
      `The database knows uploads, and ${place.name} does not hold those of this instance. Copy them there with trek files move ` +
      `--from folder --to ${place.name}, or look at FILES_URL, S3_ENDPOINT and DATABASE_URL: one of them may name the wrong place.`
    )
  }
  return null
}

/** Why this is no longer the place of the uploads: they were moved from here, and not to `except`. Null if they were not. */
export async function movedProblem(
  { kysely }: OpenDatabase,
  place: FilesPlace,
  except?: string,
): Promise<string | null> {
  const [, id, to = ''] = /^(\S+) (.+)$/.exec((await place.readMark('moved-to')) ?? '') ?? []
  // After a restore, or a move by hand, another place counts.
  if (id === undefined || to === except || id !== (await commonOf(kysely, 'files_id'))) return null
  const isBucket = to.startsWith('s3://')
  return (
    `The uploaded files of this instance were moved from ${place.name} to ${to}. ` +
    `${isBucket ? `Set FILES_URL=${to} again` : 'Remove FILES_URL'}, or move them back with trek files move --from ` +
    `${isBucket ? to : 'folder'} --to ${isBucket ? 'folder' : place.name}.`
  )
}

/** What to do about uploads that are missing in their place. */
export async function adviceOnMissing(
  keys: readonly string[],
  place: FilesPlace,
  dataDir: string,
  otherwise: string,
): Promise<string> {
  if (place.setting === 'DATA_DIR') return otherwise
  const folder = folderPlace(dataDir)
  const here = new Set<string>()
  for await (const { key } of folder.files()) here.add(key)
  const count = keys.filter((key) => here.has(key)).length
  if (!count) return otherwise
  const which = count === keys.length ? 'They are' : `${count} of them are`
  return `${which} in ${folder.name}: stop the server, and copy them with trek files move --from folder --to ${place.name}`
}

/** Why a place cannot hold this database's uploads, or null. */
export async function claimProblem(database: OpenDatabase, place: FilesPlace): Promise<string | null> {
  const id = await instanceIdOf(database.kysely)
  const marked = await place.readMark('instance-id')
  if (marked !== null) return marked === id ? null : foreign(place, marked, id)
  if (await mayClaim(database, place)) return null
  return (
    `There are uploads in ${place.name}, and the database names none of them. Look at ${place.setting} and DATABASE_URL: one of them ` +
    'may name the wrong place. If the files are left over from something else, move them away.'
  )
}

/** The keys of uploads that are missing or differ in size. */
export async function missingUploads({ kysely }: OpenDatabase, place: FilesPlace): Promise<string[]> {
  const written = await fileKeysIn(kysely).written()
  for await (const { key, size } of place.files()) if (written.get(key) === size) written.delete(key)
  return [...written.keys()]
}

/** Why no database may be created beside a bucket: it contains an instance's uploads. */
export async function usedBucketProblem(place: FilesPlace): Promise<string | null> {
  if (place.setting !== 'FILES_URL') return null
  if ((await place.readMark('instance-id')) === null && (await isEmpty(place))) return null
  return (
    `${place.name} holds the uploads of an instance, but the database is empty. Look at FILES_URL, DATA_DIR and DATABASE_URL, or put ` +
    'the database back. If a new, empty instance is meant, set FILES_URL to another address, such as one with another word at its end.'
  )
}

/** Retries while storage is unavailable, logging once a minute that it waits. */
export async function untilStorageAnswers<T>(warn: Warn, work: () => Promise<T>): Promise<T> {
  const lines = onceAMinute(warn)
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof S3Error) || !error.isPassing) throw error
      lines.tell(`Waiting for the storage of uploads: ${error.message}. TREK starts as soon as it answers.`)
      await pause(RETRY_MS)
    }
  }
}

const RETRY_MS = 1000
const AT_ONCE = 500

export async function isEmpty(place: FilesPlace): Promise<boolean> {
  for await (const _ of place.keys()) return false
  return true
}

/** A place belongs to this database if it is empty or contains a key that the database issued. */
async function mayClaim({ kysely }: OpenDatabase, place: FilesPlace): Promise<boolean> {
  const record = fileKeysIn(kysely)
  let seen = false
  let keys: string[] = []
  for await (const key of place.keys()) {
    seen = true
    keys.push(key)
    if (keys.length < AT_ONCE) continue
    if ((await record.known(keys)).size) return true
    keys = []
  }
  return !seen || (await record.known(keys)).size > 0
}

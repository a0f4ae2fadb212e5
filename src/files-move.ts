import { randomUUID } from 'node:crypto'
import { FOLDER_ID } from './adapters/files.ts'
import type { FilesPlace, PlacedFile } from './adapters/files-place.ts'
import { inBatches } from './core/data/batches.ts'
import type { OpenDatabase } from './db/connect.ts'
import { instanceIdOf, replaceCommon } from './db/epoch.ts'
import { fileKeysIn } from './db/file-keys.ts'
import { ANSWER_WITHIN_MS, claimProblem, filesProblem, isEmpty, movedProblem } from './instance-files.ts'

export interface Moved {
  readonly copied: number
  readonly bytes: number
  /** Files that were already there, byte for byte. */
  readonly there: number
  /** Files with keys that this database never issued; they stay where they are. */
  readonly unknown: number
  /** Files that the database knows but that are in neither place. */
  readonly missing: number
  readonly deleted: number
}

interface Wanted {
  readonly from: FilesPlace
  readonly to: FilesPlace
  /** Whether to delete copied files from the source at the end. */
  readonly deleteSource: boolean
  /** Receives progress messages. */
  report(what: string): void
}

/**
 * Copies every file of this instance from one place to another, with the times of files in quarantine, and compares
 * each by SHA-256. It can be interrupted and repeated at any time. Until it is finished, no server starts with the new
 * place.
 */
export async function moveFiles(database: OpenDatabase, { from, to, deleteSource, report }: Wanted): Promise<Moved> {
  if (from.name === to.name) throw new Error(`The files are in ${from.name} already.`)
  const { kysely, processes } = database
  await processes.enter()
  let isDisturbed = false
  const unlisten = processes.listen(() => (isDisturbed ||= processes.living().length > 0))
  try {
    if (await processes.answer(ANSWER_WITHIN_MS)) {
      throw new Error(
        'A server of this instance is running. Stop it first: what is uploaded meanwhile would be missed.',
      )
    }
    const id = await instanceIdOf(kysely)
    if ((await isHome(to, id)) && (await isEmpty(from)) && !(await missingIn(database, [], to))) return NOTHING
    const problem =
      (await filesProblem(database, from)) ??
      (await movedProblem(database, from, to.name)) ??
      (await claimProblem(database, to))
    if (problem) throw new Error(problem)
    // Before the other mark, with which a server would start.
    await to.setMark('incomplete', id)
    const there = await to.setMark('instance-id', id)
    if (there !== id) throw new Error(`Another instance (${there}) has just taken ${to.name}.`)

    const { copied, bytes, unknown, files } = await copyAll(database, from, to, report)
    const missing = await missingIn(database, files, to)
    if (missing && missing === (await fileKeysIn(kysely).written()).size) {
      throw new Error(
        `The database knows ${missing} uploads, and none of them is in ${from.name}. Is a disk missing there?`,
      )
    }
    if (isDisturbed || (await hasMore(database, from, files))) {
      throw new Error('A server of this instance was started meanwhile. Stop it, and run this again to the end.')
    }
    const toId = (await to.setMark(FOLDER_ID, randomUUID())) as string
    await to.removeMark('incomplete')
    await replaceCommon(kysely, 'files_id', toId)
    await to.removeMark('moved-to')
    await from.removeMark('moved-to')
    await from.setMark('moved-to', `${toId} ${to.name}`)
    if (deleteSource) await deleteAll(from, files, unknown === 0)
    return { copied, bytes, there: files.length - copied, unknown, missing, deleted: deleteSource ? files.length : 0 }
  } finally {
    unlisten()
    await processes.leave()
  }
}

/** What a move does whose source was emptied by an earlier one. */
const NOTHING: Moved = { copied: 0, bytes: 0, there: 0, unknown: 0, missing: 0, deleted: 0 }

/** Whether a place has the files of this instance, all of them moved. */
const isHome = async (place: FilesPlace, id: string): Promise<boolean> =>
  (await place.readMark('instance-id')) === id && (await place.readMark('incomplete')) === null

const AT_ONCE = 500

/** Returns all files that are now in both places. */
async function copyAll({ kysely }: OpenDatabase, from: FilesPlace, to: FilesPlace, report: (what: string) => void) {
  const record = fileKeysIn(kysely)
  const files: PlacedFile[] = []
  let [copied, bytes, unknown] = [0, 0, 0]
  for await (const some of inBatches(from.files(), AT_ONCE)) {
    const known = await record.known(some.map(({ key }) => key))
    for (const file of some) {
      if (!known.has(file.key)) {
        unknown++
        continue
      }
      const isNew = await copy(file, from, to)
      if (isNew) {
        copied++
        bytes += file.size
      }
      files.push(file)
    }
    if (files.length) report(`Files in ${to.name} by now: ${files.length}.`)
  }
  return { copied, bytes, unknown, files }
}

/** The number of files that the database knows but that are in neither place. */
async function missingIn({ kysely }: OpenDatabase, files: readonly PlacedFile[], to: FilesPlace): Promise<number> {
  const missing = new Set((await fileKeysIn(kysely).written()).keys())
  for (const { key } of files) missing.delete(key)
  if (missing.size) for await (const key of to.keys()) missing.delete(key)
  return missing.size
}

/** Whether the source has new files of this database. */
async function hasMore({ kysely }: OpenDatabase, from: FilesPlace, files: readonly PlacedFile[]): Promise<boolean> {
  const seen = new Set(files.map(nameOf))
  const record = fileKeysIn(kysely)
  for await (const some of inBatches(from.files(), AT_ONCE)) {
    const strange = some.filter((file) => !seen.has(nameOf(file)))
    if ((await record.known(strange.map(({ key }) => key))).size) return true
  }
  return false
}

const nameOf = ({ key, quarantinedAt }: PlacedFile): string => `${key} ${quarantinedAt}`

/** Returns whether the file was new. */
async function copy(file: PlacedFile, from: FilesPlace, to: FilesPlace): Promise<boolean> {
  const digest = await from.digestOf(file)
  const open = async () => {
    const bytes = await from.open(file)
    if (bytes) return bytes
    throw new Error(`${file.key} is no longer in ${from.name}. Does something else change what lies there?`)
  }
  if (digest === null) await open()
  if ((await to.digestOf(file)) === digest) return false
  await to.put(file, { size: file.size, digest: digest as string, open })
  if ((await to.digestOf(file)) === digest) return true
  throw new Error(
    `${file.key} is not in ${to.name} as it was written. Look at what keeps the files there, and run this again.`,
  )
}

/** Removes the marks last, and only if nothing else is left. */
async function deleteAll(from: FilesPlace, files: readonly PlacedFile[], withMarks: boolean): Promise<void> {
  for (const file of files) await from.remove(file)
  if (!withMarks) return
  await from.removeMark(FOLDER_ID)
  await from.removeMark('instance-id')
  // An empty bucket is refused anyway, but an empty folder could be that of an instance without uploads.
  if (from.setting === 'FILES_URL') await from.removeMark('moved-to')
}

import type { FilesPlace } from '../adapters/files-place.ts'
import { FILE_ERRORS } from '../file-errors.ts'
import type { Part } from './archive.ts'
import { FILES } from './manifest.ts'

/** What a backup lacks of the uploads, by key. */
export class UploadsReport {
  files = 0
  /** Missing, of another length, or unreadable. */
  readonly incomplete: string[] = []
  /** Why one cannot be read: its path, and what is wrong. */
  readonly unreadable = new Map<string, string>()
  /** Whether one could not be read to its end, which spoils the backup in which it has begun. */
  isSpoilt = false
}

/**
 * The parts of all uploads in a backup. `written` has the size of each finished one. If `isCareful`, each is read to its
 * end before it begins: none can then spoil the backup.
 */
export async function* uploadParts(
  uploads: FilesPlace,
  { keys, written }: { keys: readonly string[]; written: ReadonlyMap<string, number> },
  report: UploadsReport,
  isCareful: boolean,
): AsyncGenerator<Part> {
  for (const key of keys) {
    const lacks = (error: unknown) => {
      report.unreadable.set(key, whyUnreadable(error, key, uploads))
      report.incomplete.push(key)
    }
    let file: Awaited<ReturnType<FilesPlace['find']>>
    try {
      if (isCareful) for await (const _ of (await uploads.find(key))?.bytes ?? []);
      file = await uploads.find(key)
    } catch (error) {
      lacks(error)
      continue
    }
    const size = written.get(key)
    if (file) report.files++
    // An unfinished or interrupted upload has no bytes yet.
    if (size !== undefined && file?.size !== size) report.incomplete.push(key)
    if (!file) continue
    const bytes = throughout(file.bytes, (error) => {
      if (isOfDisk(error)) report.isSpoilt = true
    })
    yield { name: `${FILES}${key}`, size: file.size, bytes }
  }
}

async function* throughout(bytes: AsyncIterable<Uint8Array>, failed: (error: unknown) => void) {
  try {
    yield* bytes
  } catch (error) {
    failed(error)
    throw error
  }
}

const isOfDisk = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined

/** Throws any error that concerns more than this upload. */
function whyUnreadable(error: unknown, key: string, { name }: FilesPlace): string {
  const { code = '', path = `${name}/${key}` } = error as NodeJS.ErrnoException
  if (!isOfDisk(error)) throw error
  return `${path}, which ${FILE_ERRORS[code] ?? `is refused by the system (${code})`}`
}

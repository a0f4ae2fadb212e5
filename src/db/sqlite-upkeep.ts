import { statSync } from 'node:fs'
import { troubles } from '../core/data/troubles.ts'
import { indexOf, keptMark, logOf, wordNow, wordOf } from './sqlite-copy.ts'

export interface Upkeep {
  /** Whether the database and its log are still the open files, with the content that was written. */
  isThere(): boolean
  stop(): void
}

interface Upkept {
  readonly file: string
  /** Folds the log into the open file. Returns whether all of it was folded. */
  fold(): boolean
  /** Marks the current database. Returns the mark. */
  renewMark(): Promise<string>
  warn(what: string): void
  readonly everyMs?: number
}

const EVERY_MS = 5000

/**
 * The periodic upkeep of the database file. It folds the write-ahead log into the file, including writes of other
 * processes, so that a copy of the file alone lacks only seconds. It also checks that the files are still the open
 * ones.
 */
export function keepUp({ file, fold, renewMark, warn, everyMs = EVERY_MS }: Upkept): Upkeep {
  const open = [file, logOf(file), indexOf(file)].map((path) => ({ path, inode: inodeOf(path) }))
  const logState = () => {
    const stats = statSync(logOf(file), { bigint: true, throwIfNoEntry: false })
    return stats?.size ? `${stats.size}:${stats.mtimeNs}` : null
  }
  const telling = troubles(FOLDS, warn)
  let there = true
  let word = wordOf(keptMark(file))
  let folded: string | null = null
  let working = false

  async function look(): Promise<void> {
    const missing = open.find(({ path, inode }) => inodeOf(path) !== inode)
    if (missing) {
      there = false
      // All answered writes belong in the open file, wherever it is.
      fold()
      warn(missing.path === file ? MOVED(file) : UNLOGGED(missing.path, file))
      return
    }
    const now = await wordNow(file, word)
    if (now !== null) word = now
    else {
      there = false
      warn(OVERWRITTEN(file))
    }
  }

  async function foldWhatIsNew(): Promise<void> {
    const state = logState()
    if (state === null || state === folded) return
    // Marks first, since that writes to the log too.
    word = wordOf(await renewMark())
    if (fold()) folded = logState()
  }

  const timer = setInterval(async () => {
    if (!there || working) return
    working = true
    await telling(async () => {
      await look()
      if (there) await foldWhatIsNew()
    }).catch(() => {})
    working = false
  }, everyMs).unref()

  return { isThere: () => there, stop: () => clearInterval(timer) }
}

const FOLDS = {
  is: (error: unknown) => error instanceof Error,
  fails: 'The write-ahead log cannot be written to the database file',
  works: 'The write-ahead log can be written to the database file again.',
}
const MOVED = (file: string) =>
  `${file} was moved or replaced while the server was running. Nothing is written any more. Stop the server, put the right file back and start the server.`
const UNLOGGED = (path: string, file: string) =>
  `${path} was deleted or replaced while the server was running. Its content is in ${file}. Nothing is written any more. Restart the server.`
const OVERWRITTEN = (file: string) =>
  `${file} was overwritten while the server was running, as if by a copied backup. Nothing is written any more. Stop the server, copy the backup again, and start the server.`

const inodeOf = (file: string): bigint | null => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null

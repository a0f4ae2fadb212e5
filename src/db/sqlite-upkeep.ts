import { statSync } from 'node:fs'
import { troubles } from '../core/data/troubles.ts'
import { indexOf, keptMark, logOf, wordNow, wordOf } from './sqlite-copy.ts'

export interface Upkeep {
  /** Whether the database and its log are still the files that are open, with what was written to them. */
  isThere(): boolean
  stop(): void
}

interface Upkept {
  readonly file: string
  /** Puts the log into the file that is open; whether all of it was put there. */
  fold(): boolean
  /** Marks the database as it is now; gives the mark. */
  renewMark(): Promise<string>
  told(what: string): void
  readonly everyMs?: number
}

const EVERY_MS = 5000

/**
 * What a server does for the file of its database every few seconds: puts the write-ahead log into it, also what other processes
 * wrote, so that a copy of the file alone lacks seconds at the most; and looks whether the files are still those that are open.
 */
export function keepUp({ file, fold, renewMark, told, everyMs = EVERY_MS }: Upkept): Upkeep {
  const open = [file, logOf(file), indexOf(file)].map((path) => ({ path, inode: inodeOf(path) }))
  const logState = () => {
    const found = statSync(logOf(file), { bigint: true, throwIfNoEntry: false })
    return found?.size ? `${found.size}:${found.mtimeNs}` : null
  }
  const telling = troubles(FOLDS, told)
  let there = true
  let known = wordOf(keptMark(file))
  let folded: string | null = null
  let working = false

  async function look(): Promise<void> {
    const missing = open.find(({ path, inode }) => inodeOf(path) !== inode)
    if (missing) {
      there = false
      // What was answered until now belongs into the file that is open, wherever it is.
      fold()
      told(missing.path === file ? MOVED(file) : UNLOGGED(missing.path, file))
      return
    }
    const now = await wordNow(file, known)
    if (now !== null) known = now
    else {
      there = false
      told(OVERWRITTEN(file))
    }
  }

  async function foldWhatIsNew(): Promise<void> {
    const state = logState()
    if (state === null || state === folded) return
    // It writes to the log as well.
    known = wordOf(await renewMark())
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
  fails: 'The log of the database cannot be put into its file',
  works: 'The log of the database is put into its file again.',
}
const MOVED = (file: string) =>
  `${file} was moved or replaced while the server runs. Nothing is written any more. Stop the server, put the right file in place and start it.`
const UNLOGGED = (path: string, file: string) =>
  `${path} was deleted or replaced while the server runs. What was in it is in ${file}. Nothing is written any more. Restart the server.`
const OVERWRITTEN = (file: string) =>
  `${file} was overwritten while the server runs, as if a backup were copied over it. Nothing is written any more. Stop the server, copy the backup again, and start the server.`

const inodeOf = (file: string): bigint | null => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null

import { statSync } from 'node:fs'

export interface Upkeep {
  /** Whether the path of the database still leads to the file that is open. */
  isThere(): boolean
  stop(): void
}

interface Upkept {
  readonly file: string
  /** Puts the log into the file that is open; whether all of it was put there. */
  fold(): boolean
  /** Marks the database as it is now. */
  renewMark(): Promise<void>
  told(what: string): void
  failed(error: unknown): void
  readonly everyMs?: number
}

const EVERY_MS = 5000

/**
 * What a server does for the file of its database every few seconds: puts the write-ahead log into it, also what other processes
 * wrote, so that a copy of the file alone lacks seconds at the most; and looks whether the file is still the one that is open.
 */
export function keepUp({ file, fold, renewMark, told, failed, everyMs = EVERY_MS }: Upkept): Upkeep {
  const inode = inodeOf(file)
  const logState = () => {
    const found = statSync(`${file}-wal`, { bigint: true, throwIfNoEntry: false })
    return found?.size ? `${found.size}:${found.mtimeNs}` : null
  }
  let there = true
  let folded: string | null = null
  let folding = false

  async function foldWhatIsNew(): Promise<void> {
    const state = logState()
    if (state === null || state === folded) return
    // It writes to the log as well.
    await renewMark()
    if (fold()) folded = logState()
  }

  const timer = setInterval(async () => {
    if (there && inodeOf(file) !== inode) {
      there = false
      // What was answered until now belongs into the file that was open, wherever it is.
      fold()
      told(
        `${file} was moved or replaced while the server runs. Nothing is written any more. Stop the server, put the right file in place and start it.`,
      )
    }
    if (!there || folding) return
    folding = true
    await foldWhatIsNew().catch(failed)
    folding = false
  }, everyMs).unref()

  return { isThere: () => there, stop: () => clearInterval(timer) }
}

const inodeOf = (file: string): bigint | null => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? null

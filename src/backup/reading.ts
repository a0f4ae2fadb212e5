import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { giveToOwner } from '../db/owner-only.ts'

/** The folder in which one command reads a backup. */
export const READING_FOLDER = /^reading-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/
/** After this time, no command still reads a backup. */
const ABANDONED_MS = 86_400_000

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Reads a backup in an empty folder of its own in `dataDir`, which is removed afterwards. It takes no lock: a look at a
 * backup must not keep another one from being made.
 */
export async function inReadingFolder<T>(dataDir: string, work: (folder: string) => Promise<T>): Promise<T> {
  removeAbandonedReadings(dataDir)
  const folder = join(dataDir, `reading-${randomUUID()}.part`)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const interrupted = (signal: NodeJS.Signals) => {
    remove()
    // Its listener is gone by now, so that it ends the process.
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.once(signal, interrupted)
  try {
    mkdirSync(folder, { mode: 0o700 })
    giveToOwner(folder)
    return await work(folder)
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted)
    remove()
  }
}

/** Removes what killed commands have left. */
export function removeAbandonedReadings(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (!READING_FOLDER.test(name)) continue
    const status = statSync(join(dataDir, name), { throwIfNoEntry: false })
    if (status && Date.now() - status.mtimeMs > ABANDONED_MS) {
      rmSync(join(dataDir, name), { recursive: true, force: true })
    }
  }
}

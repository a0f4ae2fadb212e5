import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { fateOf } from './data-folder.ts'
import { isOpenToOthers, keepToOwner } from './db/owner-only.ts'

interface Modes {
  /** What others could read until now. */
  readonly closed: readonly string[]
  /** What they can still read, since it belongs to somebody else or the file system knows no modes. */
  readonly open: readonly string[]
}

/**
 * Takes from all others on this machine what they may do with what lies in DATA_DIR. What was not written by the product
 * stays as it is. Nobody gets past a closed folder, so what is in one is looked at only when all is to be seen.
 */
export function keepInstanceToOwner({ dataDir }: Pick<Config, 'dataDir'>, all = false): Modes {
  const closed: string[] = []
  const open: string[] = []
  const close = (path: string) => {
    if (isOpenToOthers(path)) (keepToOwner(path) ? closed : open).push(path)
  }
  // The folder last: when this is cut off, the next time still looks into it.
  const closeTree = (path: string) => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() && (all || isOpenToOthers(path))) {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (!entry.isSymbolicLink()) closeTree(join(path, entry.name))
      }
    }
    close(path)
  }
  if (!existsSync(dataDir)) return { closed, open }
  const names = readdirSync(dataDir)
  const ours = names.filter((name) => isOurs(name))
  for (const name of ours) closeTree(join(dataDir, name))
  // A folder that holds other things too may have to be open.
  if (ours.length === names.length) close(dataDir)
  return { closed, open }
}

const isOurs = (name: string): boolean => fateOf(name) !== null

/** What was done in words, or null where all was well. */
export function modesTold({ closed, open }: Modes): string | null {
  const told = [
    closed.length && `Others on this machine could read ${named(closed)}; that is closed to them now.`,
    open.length && `Others on this machine can read ${named(open)}; run chmod -R go-rwx on it as its owner.`,
  ]
  return told.filter(Boolean).join(' ') || null
}

const SHOWN = 3

function named(paths: readonly string[]): string {
  const more = paths.length - SHOWN
  return more > 0 ? `${paths.slice(0, SHOWN).join(', ')} and ${more} more` : paths.join(' and ')
}

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config/index.ts'
import { fateOf } from './data-folder.ts'
import { isOpenToOthers, keepToOwner } from './db/owner-only.ts'

interface Modes {
  /** Files that others could read until now. */
  readonly closed: readonly string[]
  /** Files that others can still read: owned by another user, or on a filesystem without modes. */
  readonly open: readonly string[]
}

/**
 * Removes the access of all other users of this machine to TREK's files in DATA_DIR; other files stay as they are.
 * Nobody can pass a closed folder, so its contents are checked only if `all` is set.
 */
export function keepInstanceToOwner({ dataDir }: Pick<Config, 'dataDir'>, all = false): Modes {
  const closed: string[] = []
  const open: string[] = []
  const close = (path: string) => {
    if (isOpenToOthers(path)) (keepToOwner(path) ? closed : open).push(path)
  }
  // The folder last: after an interruption, the next run still checks its contents.
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
  // A folder with other contents may have to stay open.
  if (ours.length === names.length) close(dataDir)
  return { closed, open }
}

const isOurs = (name: string): boolean => fateOf(name) !== null

/** What was changed, in words; null if nothing was wrong. */
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

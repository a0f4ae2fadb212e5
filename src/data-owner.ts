import { existsSync, lchownSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isUploadOrMark } from './adapters/files.ts'
import { fateOf } from './data-folder.ts'

const ROOT = 0
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface Owner {
  readonly uid: number
  readonly gid: number
}

const isRoot = (): boolean => process.geteuid?.() === ROOT

/** Advice about a DATA_DIR that a command has just created; null if it is of no use to anybody. */
export const createdFolderTold = (dataDir: string): string | null =>
  isRoot()
    ? `${dataDir} was created and belongs to root. If the server runs as another user, give it to that user: chown -R USER ${dataDir}`
    : null

/** The user to whom root must leave the contents of DATA_DIR; null if there is no other. */
function otherOwnerOf(dataDir: string): Owner | null {
  if (!isRoot() || !existsSync(dataDir)) return null
  const { uid, gid } = statSync(dataDir)
  return uid === ROOT ? null : { uid, gid }
}

/**
 * Runs a command so that it leaves nothing in DATA_DIR that a server of its owner could not use, also if it fails or is
 * interrupted.
 */
export async function leavingToOwner<T>(
  dataDir: string,
  report: (what: string) => void,
  command: () => Promise<T>,
): Promise<T> {
  const owner = otherOwnerOf(dataDir)
  if (!owner) return command()
  const giveBack = () => {
    try {
      giveAll(dataDir, owner)
    } catch (error) {
      const to = `${owner.uid}:${owner.gid}`
      report(
        `What this command wrote could not be given to the owner of ${dataDir} (${(error as Error).message}). Run chown -R ${to} ${dataDir}.`,
      )
    }
  }
  const interrupted = (signal: NodeJS.Signals) => {
    giveBack()
    // Its listener is gone by now, so that it ends the process.
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.once(signal, interrupted)
  try {
    return await command()
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted)
    giveBack()
  }
}

/** Gives away what TREK puts into DATA_DIR; other files stay as they are. */
function giveAll(dataDir: string, owner: Owner): void {
  for (const name of readdirSync(dataDir)) {
    if (fateOf(name) === null) continue
    const path = join(dataDir, name)
    if (name === 'files') giveUploads(path, owner)
    else giveTree(path, owner)
  }
}

/** The folder of the uploads can be a link to another disk, where other files may be. */
function giveUploads(path: string, owner: Owner): void {
  const folder = existsSync(path) ? realpathSync(path) : path
  if (isFolder(folder)) {
    for (const name of readdirSync(folder)) {
      if (name === 'quarantine') giveUploads(join(folder, name), owner)
      else if (isUploadOrMark(name)) give(join(folder, name), owner)
    }
  }
  give(path, owner)
}

function giveTree(path: string, owner: Owner): void {
  if (isFolder(path)) for (const name of readdirSync(path)) giveTree(join(path, name), owner)
  give(path, owner)
}

const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

function give(path: string, { uid, gid }: Owner): void {
  const status = lstatSync(path, { throwIfNoEntry: false })
  // A second name of a file can be anywhere, and was not made by a command.
  if (status?.uid === ROOT && (status.isDirectory() || status.nlink === 1)) lchownSync(path, uid, gid)
}

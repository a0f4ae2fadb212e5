import { constants } from 'node:fs'
import { access, readdir, readlink, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { FILE_ERRORS } from '../file-errors.ts'
import { isNamed } from './names.ts'
import { CannotBeDone } from './place.ts'

/** Sentences about a folder of backups that cannot be used. */

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG']

export interface Folder {
  readonly path: string
  /** Tells people how to choose another folder. */
  readonly instead: string
}

/** Why no backup can be written into a folder, or null. */
export async function folderProblem({ path: folder, instead }: Folder): Promise<string | null> {
  const path = folder.replace(/(?<=.)\/+$/, '')
  const status = await stat(path).catch(() => null)
  if (!status) {
    const leads = await leadsNowhere(path)
    return leads
      ? `${leads} Mount its disk, create that target, or ${instead}.`
      : `The folder ${folder} does not exist. Create it, mount its disk, or ${instead}.`
  }
  if (!status.isDirectory())
    return `${path} is a file, but backups need a folder. Create one with another name, or ${instead}.`
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return null
  } catch {
    return `The folder ${folder} cannot be written to by the user that TREK runs as. Make that user its owner, or ${instead}.`
  }
}

/** The error of writing a backup of this name, with a sentence that says why it failed. */
export async function notWritten(folder: Folder, name: string, error: NodeJS.ErrnoException): Promise<Error> {
  const reason = (await whyNotWritten(folder, name, error)) ?? (await folderProblem(folder))
  return reason ? new CannotBeDone(reason, { cause: error }) : error
}

async function whyNotWritten(
  folder: Folder,
  name: string,
  { code = '', syscall, path: of }: NodeJS.ErrnoException,
): Promise<string | null> {
  const { path, instead } = folder
  if (of !== undefined && dirname(of) !== resolve(path)) return null
  if (NO_ROOM.includes(code))
    return `The disk of ${path} has no room for the backup. Make room there, or keep fewer backups.`
  if (code === 'ENAMETOOLONG') return `The name ${name} is too long for a file. Give a shorter one.`
  if (!syscall || (await folderProblem(folder))) return null
  return code === 'ENOENT'
    ? `The folder ${path} accepts no new file, or the new file was removed from it. Check the folder, or ${instead}.`
    : `${join(path, name)} cannot be written: it ${FILE_ERRORS[code] ?? `is refused by the system (${code})`}. Check its disk, or ${instead}.`
}

const GIVE = 'Give the path of a backup.'

/** The error of opening a backup, with a sentence that says why it failed. */
export async function notOpened(path: string, error: NodeJS.ErrnoException): Promise<Error> {
  const { code = '' } = error
  const cannot = (sentence: string) => new CannotBeDone(sentence, { cause: error })
  if (code === 'EACCES' || code === 'EPERM') {
    return cannot(
      `${path} may not be read by the user that runs this command. Give that user the right to read it and to pass the folders above it, or ` +
        'run the command as its owner.',
    )
  }
  // A socket, or a link that leads back to itself.
  if (code === 'ENXIO' || code === 'ELOOP') return cannot(await whatElseAt(path))
  const reason = FILE_ERRORS[code]
  return reason ? cannot(`${path} cannot be read: it ${reason}. ${GIVE}`) : error
}

/** Says what is at a path that is not a file, and what to give instead. */
export async function whatElseAt(path: string): Promise<string> {
  const leads = await leadsNowhere(path)
  if (leads) return `${leads} Mount its disk, or give the path of a backup.`
  const status = await stat(path).catch(() => null)
  if (!status) return `${path} does not exist. ${GIVE}`
  return status.isDirectory()
    ? isPlace(path, 'a folder', await readdir(path))
    : `${path} is neither a file nor a folder. ${GIVE}`
}

/** Says that this is a place with these names in it, and names a backup. */
export function isPlace(path: string, what: string, names: readonly string[]): string {
  const newest = names.filter(isNamed).sort().at(-1)
  if (newest === undefined) return `${path} is ${what}, and contains no backup with a name that TREK generates. ${GIVE}`
  return `${path} is ${what}. Give a backup in it, such as ${path.replace(/\/+$/, '')}/${newest}.`
}

/** Describes the target of a dangling link; null for anything else. */
export async function leadsNowhere(path: string): Promise<string | null> {
  const to = await readlink(path).catch(() => null)
  if (to === null) return null
  const why = await stat(path).then(
    () => null,
    ({ code }: NodeJS.ErrnoException) => (code === 'ELOOP' ? 'which links back to it' : 'which does not exist'),
  )
  return why && `${path} is a link to ${to}, ${why}.`
}

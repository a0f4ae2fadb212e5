import { existsSync } from 'node:fs'
import { whyNot } from '../cannot-start.ts'
import { DatabaseUnavailable } from '../core/data/database.ts'
import { CannotBeDone } from './place.ts'

type Settings = Parameters<typeof whyNot>[1]

const FORBIDDEN: readonly string[] = ['EACCES', 'EPERM']

/** Throws an error of a disk or a database, such as a full disk, with a sentence. Others stay as they are. */
export const explained =
  (settings: Settings) =>
  (error: NodeJS.ErrnoException): never => {
    if (!error.syscall && !isOfDatabase(error)) throw error
    const { path = settings.dataDir, code = '' } = error
    const says = whyNot(error.syscall ? Object.assign(error, { path }) : error, settings)
    const isForeign = FORBIDDEN.includes(code) && path !== settings.dataDir && existsSync(path)
    throw new CannotBeDone(isForeign ? `${says} ${giving(path, settings)}` : says, { cause: error })
  }

const isOfDatabase = (error: NodeJS.ErrnoException): boolean =>
  error instanceof DatabaseUnavailable || /^SQLITE_/.test(error.code ?? '')

/** What to do about a file that a command of another user, such as root, has left. */
const giving = (path: string, { dataDir }: Settings): string =>
  path.startsWith(`${dataDir}/`) ? `If another user made it, run chown --reference=${dataDir} ${path} as root.` : ''

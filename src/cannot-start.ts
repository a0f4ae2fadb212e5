import { isIP } from 'node:net'
import type { Config } from './config/index.ts'
import { DatabaseUnavailable } from './core/data/database.ts'
import { reasonOf } from './core/data/troubles.ts'
import { isPostgres } from './db/connect.ts'
import { FILE_ERRORS } from './file-errors.ts'

type Settings = Pick<Config, 'host' | 'port' | 'dataDir' | 'database'>

/** Errors of listening (listen(2), getaddrinfo(3)). */
const LISTENING: Record<string, (settings: Settings) => string> = {
  EADDRINUSE: ({ host, port }) =>
    `Another program listens on port ${port} of ${host} already, perhaps TREK itself. End it, or set PORT to another port.`,
  EACCES: ({ port }) =>
    `The user that runs the server may not listen on port ${port}. Set PORT to one from 1024, behind a reverse proxy.`,
  EADDRNOTAVAIL: noAddressHere,
  ENOTFOUND: noAddressHere,
  EAI_AGAIN: noAddressHere,
}

function noAddressHere({ host }: Settings): string {
  const what = isIP(host) ? 'no address of this machine' : 'a name that this machine does not know'
  return `HOST is "${host}", which is ${what}. Leave it out, or set 0.0.0.0 for every address of this machine.`
}

/** Why the server or a command cannot start: the problem, its setting and the remedy. */
export function whyNot(error: unknown, settings: Settings): string {
  const { code = '', syscall = '', path, message } = error as NodeJS.ErrnoException
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    const words = LISTENING[code]
    if (words) return words(settings)
  }
  if (path && FILE_ERRORS[code]) return `${path} ${FILE_ERRORS[code]}. Look at DATA_DIR, which is ${settings.dataDir}.`
  const ofSqlite = isPostgres(settings.database) ? null : sqliteSays(error, settings.database)
  if (ofSqlite) return ofSqlite
  if (error instanceof DatabaseUnavailable) return `${error.message} (${reasonOf(error)}). Look at DATABASE_URL.`
  return message
}

/** Explains SQLite errors of a database file (SQLite, Result and Error Codes). */
function sqliteSays(error: unknown, file: string): string | null {
  const { code = '', message } = (error instanceof DatabaseUnavailable ? error.cause : error) as NodeJS.ErrnoException
  if (code === 'SQLITE_NOTADB') return `${file} is not a SQLite database. Move it away, or look at DATA_DIR.`
  if (code.startsWith('SQLITE_CORRUPT')) {
    return `${file} is damaged (${message}). Put a backup in its place; docs/database.md says how.`
  }
  if (code === 'SQLITE_FULL') return `The disk of ${file} has no room left. Make room, or look at DATA_DIR.`
  if (code.startsWith('SQLITE_BUSY')) {
    return `Another program holds ${file} and does not let it go. End that program, then start again.`
  }
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code)) {
    return `${file} cannot be opened for reading and writing (${message}). Look at DATA_DIR, at its disk and at its owner.`
  }
  return null
}

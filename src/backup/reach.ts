import { DatabaseUnavailable } from '../core/data/database.ts'
import { reasonOf } from '../core/data/troubles.ts'
import { isEmpty } from '../db/migrate.ts'
import { CannotBeDone, withDatabase } from './place.ts'

/** A PostgreSQL database as shown to people: its host and name, without a password. */
export function saidOf(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname || 'this machine'}:${port || 5432}${pathname}`
}

/** Throws with a plain message if a PostgreSQL database cannot be used; `setting` is where its URL was given. */
export async function reach(url: string, setting: string): Promise<void> {
  try {
    // Any query will do.
    await withDatabase(url, isEmpty)
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error
    throw new CannotBeDone(`${saidOf(url)}, which ${setting} names, cannot be used: ${because(error)}`, {
      cause: error,
    })
  }
}

/** Network errors (getaddrinfo(3), connect(2)). */
const NO_WAY: Record<string, string> = {
  ENOTFOUND: 'its name cannot be resolved. Check the name in the address.',
  EAI_AGAIN: 'its name cannot be looked up. Check the name in the address, and the network of this machine.',
  ECONNREFUSED: 'nothing listens there. Check the name and the port in the address, and whether PostgreSQL runs.',
  EHOSTUNREACH: 'that machine cannot be reached from here. Check the address and the network.',
  ENETUNREACH: 'that machine cannot be reached from here. Check the address and the network.',
}

/** Advice by class of PostgreSQL error (Error Codes). */
const HELPS: Record<string, string> = {
  '3D': 'Create that database first, or check the name at the end of the address.',
  '28': 'Check the user and the password in the address.',
}

function because(error: DatabaseUnavailable): string {
  const { code = '', severity } = error.cause as { code?: string; severity?: string }
  if (severity) {
    const help = HELPS[code.slice(0, 2)] ?? 'Check the address, and the rights of its user.'
    return `PostgreSQL says: ${reasonOf(error)}. ${help}`
  }
  return NO_WAY[code] ?? `nothing answers there (${reasonOf(error)}). Check the address, and whether PostgreSQL runs.`
}

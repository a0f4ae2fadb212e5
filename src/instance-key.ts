import type { Config } from './config/index.ts'
import type { OpenDatabase } from './db/connect.ts'
import { claimCommon, commonOf, replaceCommon } from './db/epoch.ts'
import { fingerprintOf, instanceKey, keptKey, keyFile } from './identity/server/secrets.ts'

type Where = Pick<Config, 'dataDir' | 'encryptionKey'>

interface Starting {
  warn(what: string): void
  /** Whether the instance continues with the present key. */
  readonly newKey?: boolean
}

/** What a new key ends and what it does not: everything derived from it ends. */
const ENDS =
  'everybody has to log in again, all share links stop working, and connections of assistants that are just being made begin ' +
  'again. Passwords, API tokens, apps that are connected, and everything that people have entered stay'

/** Enough of a fingerprint to compare by eye. */
const shown = (fingerprint: string): string => fingerprint.slice(0, 8)

/**
 * Stores the key's fingerprint in the database if there is none, or if the instance continues with a new key. Call
 * `keyProblem` before: a missing key would be created here.
 */
export async function claimKey(
  { kysely }: OpenDatabase,
  where: Where,
  { warn, newKey = false }: Starting,
): Promise<void> {
  const expected = await commonOf(kysely, 'key_fingerprint')
  const own = fingerprintOf(instanceKey(where))
  if (expected === null) {
    // Another process with another key may have been first.
    const claimed = await claimCommon(kysely, 'key_fingerprint', own)
    if (claimed !== own) throw new Error(problemOf(claimed as string, where) as string)
  }
  if (!newKey) return
  if (expected === null || expected === own) {
    warn('--new-key has no effect: the encryption key is the one of this instance already. Leave it out.')
    return
  }
  await replaceCommon(kysely, 'key_fingerprint', own)
  warn(
    `The instance goes on with another encryption key, ${shown(own)} instead of ${shown(expected)}: ${ENDS}. ` +
      'Give the other servers of this instance the same key.',
  )
}

/** Why the present key is not that of the instance, or null. */
export async function keyProblem({ kysely }: OpenDatabase, where: Where): Promise<string | null> {
  const expected = await commonOf(kysely, 'key_fingerprint')
  return expected === null ? null : problemOf(expected, where)
}

function problemOf(expected: string, where: Where): string | null {
  const key = keptKey(where)
  const own = key && fingerprintOf(key)
  if (own === expected) return null
  const place = where.encryptionKey ? 'ENCRYPTION_KEY' : keyFile(where.dataDir)
  const found =
    own === null
      ? `ENCRYPTION_KEY is not set, and there is no ${place}`
      : `the one in ${place} has the fingerprint ${shown(own)}`
  return (
    `This database belongs to the encryption key with the fingerprint ${shown(expected)}, and ${found}. Put the right key there, ` +
    'from a backup or from another server of this instance. If it is lost, start the server with --new-key to go on with ' +
    `${own === null ? 'a new one' : 'the one that is there'}: ${ENDS}.`
  )
}

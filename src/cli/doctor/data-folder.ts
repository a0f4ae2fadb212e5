import { accessSync, constants, existsSync } from 'node:fs'
import { restoredIn } from '../../backup/place.ts'
import type { Config } from '../../config/index.ts'
import { keyFile } from '../../identity/server/secrets.ts'
import { keepInstanceToOwner, modesTold } from '../../owner-only.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

export function dataFolder({ dataDir }: Config): Finding {
  if (existsSync(restoredIn({ dataDir })))
    return warning('data folder', `a restore into ${dataDir} was cut off; the next start or command finishes it`)
  if (!existsSync(dataDir)) return warning('data folder', `${dataDir} is not there yet; the first start makes it`)
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    return ok('data folder', dataDir)
  } catch {
    return failed('data folder', `${dataDir} cannot be written to by this user`)
  }
}

/** Also removes the rights of others at once: that needs no question. */
export function permissions(config: Config): Finding {
  const modes = keepInstanceToOwner(config, true)
  const problem = modesTold(modes)
  if (problem === null) return ok('permissions', 'no other user of this machine can read its files')
  return modes.open.length ? failed('permissions', problem) : warning('permissions', problem)
}

export function encryptionKey({ dataDir, encryptionKey }: Config): Finding {
  if (encryptionKey) return ok('encryption key', 'given by ENCRYPTION_KEY')
  const file = keyFile(dataDir)
  if (!existsSync(file)) return warning('encryption key', `${file} is not there yet; the first start makes it`)
  return ok('encryption key', file)
}

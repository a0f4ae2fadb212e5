import { hkdfSync, randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const keyFile = (dataDir: string): string => join(dataDir, 'encryption.key')

type Where = { encryptionKey: string | null; dataDir: string }

/** The key of this instance: the given one or the one in the data folder, created if missing. */
export function instanceKey(where: Where): Buffer {
  if (where.encryptionKey) return Buffer.from(where.encryptionKey, 'hex')
  const file = keyFile(where.dataDir)
  try {
    mkdirSync(where.dataDir, { recursive: true, mode: 0o700 })
    const key = randomBytes(32)
    // If two processes start at once, the second finds the file and reads it.
    writeFileSync(file, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return keyIn(file)
}

/** The same key if it exists; null if it would be created. */
export function keptKey(where: Where): Buffer | null {
  const file = keyFile(where.dataDir)
  return where.encryptionKey || isListed(file) ? instanceKey(where) : null
}

/** Throws if the system does not say whether the file is there: its folder may be closed to this user. */
function isListed(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}

function keyIn(file: string): Buffer {
  const text = contentOf(file).trim()
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} does not hold a key of 64 hexadecimal digits`)
  return Buffer.from(text, 'hex')
}

/** The text of a file. Errors name the file, which the system omits for folders. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw Object.assign(error as Error, { path: file })
  }
}

/** The fingerprint of a key; reveals nothing of it. */
export const fingerprintOf = (key: Buffer): string => keyFor(key, 'fingerprint')

/** Derives an instance's keys by purpose. */
export function secretsOf(config: Where): (purpose: string) => string {
  const instance = instanceKey(config)
  return (purpose) => keyFor(instance, purpose)
}

/** A key for one purpose. It reveals neither the instance's key nor that of another purpose. */
export const keyFor = (instance: Buffer, purpose: string): string =>
  Buffer.from(hkdfSync('sha256', instance, '', `trek ${purpose}`, 32)).toString('base64url')

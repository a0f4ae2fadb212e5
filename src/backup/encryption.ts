import { Readable } from 'node:stream'
import type { Decrypter, Encrypter } from 'age-encryption'

/** With what a backup is encrypted, and opened again (age-encryption.org/v1). */
export interface Seal {
  readonly encrypted: (plain: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
  readonly decrypted: (sealed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
}

/** What can open a backup is wrong or missing. */
export class UnknownSeal extends Error {
  override readonly name = 'UnknownSeal'
}

export interface Keys {
  /** Encrypts and decrypts. */
  readonly passphrase: string | null
  /** Encrypts only: `age1…`. */
  readonly recipient: string | null
  /** Decrypts what was encrypted for its recipient: `AGE-SECRET-KEY-1…`. */
  readonly identity: string | null
}

/** About 0.1 s and 64 MB for each passphrase that somebody tries. */
const WORK_FACTOR = 16

/** What is needed for these keys; null where there are none. */
export function sealWith({ passphrase, recipient, identity }: Keys): Seal | null {
  if (!passphrase && !recipient && !identity) return null
  return {
    async *encrypted(plain) {
      const { Encrypter } = await import('age-encryption')
      const age: Encrypter = new Encrypter()
      age.setScryptWorkFactor(WORK_FACTOR)
      // A file is encrypted for recipients or with a passphrase, never both: with a passphrase it could be read by fewer keys.
      if (recipient) age.addRecipient(recipient)
      else if (passphrase) age.setPassphrase(passphrase)
      else throw new UnknownSeal('An identity decrypts; to encrypt, a passphrase or a recipient is needed.')
      yield* (await age.encrypt(webStreamOf(plain))) as AsyncIterable<Uint8Array>
    },
    async *decrypted(sealed) {
      const { Decrypter } = await import('age-encryption')
      if (!passphrase && !identity) {
        throw new UnknownSeal(
          'This backup is encrypted, and what opens it is not here: set BACKUP_PASSPHRASE or BACKUP_IDENTITY to read it.',
        )
      }
      const age: Decrypter = new Decrypter()
      if (passphrase) age.addPassphrase(passphrase)
      if (identity) age.addIdentity(identity)
      let plain: AsyncIterable<Uint8Array>
      try {
        plain = (await age.decrypt(webStreamOf(sealed))) as AsyncIterable<Uint8Array>
      } catch (error) {
        throw new UnknownSeal(
          'The passphrase or key that was given does not open this backup. It needs the one with which it was made.',
          { cause: error },
        )
      }
      yield* plain
    },
  }
}

const webStreamOf = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  Readable.toWeb(Readable.from(bytes)) as ReadableStream<Uint8Array>

const MAGIC = Buffer.from('age-encryption.org/v1')

/** Whether these bytes are encrypted, and all of them again. */
export async function isEncrypted(
  source: AsyncIterable<Uint8Array>,
): Promise<{ encrypted: boolean; bytes: AsyncIterable<Uint8Array> }> {
  const reader = source[Symbol.asyncIterator]()
  let start = Buffer.alloc(0)
  while (start.length < MAGIC.length) {
    const { done, value } = await reader.next()
    if (done) break
    start = Buffer.concat([start, value])
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    if (start.length) yield start
    for (let next = await reader.next(); !next.done; next = await reader.next()) yield next.value
  }
  return { encrypted: start.subarray(0, MAGIC.length).equals(MAGIC), bytes: all() }
}

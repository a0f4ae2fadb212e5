import { Readable } from 'node:stream'
import type { Decrypter, Encrypter } from 'age-encryption'
import { giveBack } from '../memory.ts'
import { changed, cutOff, damaged, UnknownSeal, type UnreadableBackup } from './damage.ts'
import { withStart } from './looks.ts'

/** Encrypts and decrypts a backup (age-encryption.org/v1). */
export interface Seal {
  readonly encrypted: (plain: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
  readonly decrypted: (sealed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
}

export interface Keys {
  /** Encrypts and decrypts. */
  readonly passphrase: string | null
  /** Encrypts only: `age1…`. */
  readonly recipient: string | null
  /** Decrypts what was encrypted for its recipient: `AGE-SECRET-KEY-1…`. */
  readonly identity: string | null
}

/** About 0.1 s and 64 MB per attempt at a passphrase. The memory would stay in use while bytes follow. */
const WORK_FACTOR = 16

/** The seal for these keys; null if there are none. */
export const sealWith = (keys: Keys): Seal | null =>
  keys.passphrase || keys.recipient || keys.identity ? sealOf(keys) : null

function sealOf({ passphrase, recipient, identity }: Keys): Seal {
  return {
    async *encrypted(plain) {
      const { Encrypter } = await import('age-encryption')
      const age: Encrypter = new Encrypter()
      age.setScryptWorkFactor(WORK_FACTOR)
      // An age file has recipients or a passphrase, never both. With a passphrase, fewer keys could open it.
      if (recipient) age.addRecipient(recipient)
      else if (passphrase) age.setPassphrase(passphrase)
      else
        throw new Error('BACKUP_IDENTITY only opens backups. To make one, set BACKUP_RECIPIENT or BACKUP_PASSPHRASE.')
      const sealed = await age.encrypt(webStreamOf(plain))
      giveBack()
      yield* sealed as AsyncIterable<Uint8Array>
    },
    async *decrypted(sealed) {
      const { opensWith, bytes } = await looked(sealed)
      if (!(opensWith === 'BACKUP_PASSPHRASE' ? passphrase : identity)) throw missing(opensWith)
      const { Decrypter } = await import('age-encryption')
      const age: Decrypter = new Decrypter()
      if (passphrase) age.addPassphrase(passphrase)
      if (identity) age.addIdentity(identity)
      const read = watched(bytes)
      const whyNot = (error: unknown): unknown => {
        if (read.failure) return read.failure
        const { message } = error as Error
        if (/^no identity matched/.test(message)) return wrong(opensWith)
        return read.isOver && !/HMAC/.test(message) ? cutOrChanged(error) : changed(error)
      }
      try {
        const plain = await age.decrypt(webStreamOf(read.bytes))
        giveBack()
        yield* plain as AsyncIterable<Uint8Array>
      } catch (error) {
        throw whyNot(error)
      }
    },
  }
}

/** Cannot read an encrypted backup, but names the setting that would open it. */
export const WITHOUT_KEYS: Seal = sealOf({ passphrase: null, recipient: null, identity: null })

const webStreamOf = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  Readable.toWeb(Readable.from(bytes)) as ReadableStream<Uint8Array>

type Setting = 'BACKUP_PASSPHRASE' | 'BACKUP_IDENTITY'

const missing = (setting: Setting): UnknownSeal =>
  new UnknownSeal(
    setting === 'BACKUP_PASSPHRASE'
      ? 'is encrypted with a passphrase. Set BACKUP_PASSPHRASE to that passphrase.'
      : 'is encrypted for a public key. Set BACKUP_IDENTITY to its secret key.',
  )

const wrong = (setting: Setting): UnknownSeal =>
  new UnknownSeal(
    `cannot be opened with ${setting}. Set it to the ${setting === 'BACKUP_PASSPHRASE' ? 'passphrase' : 'secret key'} of this backup. ` +
      'If it is right, the beginning of the file is damaged: copy it again, or take another backup.',
  )

/** A last chunk without its end mark looks the same as a changed one. */
const cutOrChanged = (cause: unknown): UnreadableBackup =>
  damaged('it ends too early, or some of its bytes have changed', cause)

/** The start of the last header line before the encrypted bytes. */
const LAST_LINE = /\n--- [^\n]*\n/
const MOST_LINES_BYTES = 1 << 16

/** Reads the header. Returns the setting that opens the file, and all its bytes. */
async function looked(
  sealed: AsyncIterable<Uint8Array>,
): Promise<{ opensWith: Setting; bytes: AsyncIterable<Uint8Array> }> {
  const { start, bytes } = await withStart(
    sealed,
    (read) => LAST_LINE.test(read.toString('latin1')) || read.length > MOST_LINES_BYTES,
  )
  const text = start.toString('latin1')
  const end = text.search(LAST_LINE)
  if (end < 0) throw /^[\n\x20-\x7e]*$/.test(text) && start.length <= MOST_LINES_BYTES ? cutOff() : changed()
  const isForPassphrase = /^-> scrypt /m.test(text.slice(0, end))
  return { opensWith: isForPassphrase ? 'BACKUP_PASSPHRASE' : 'BACKUP_IDENTITY', bytes }
}

/** Passes bytes through and records how reading ended. */
function watched(source: AsyncIterable<Uint8Array>) {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield* source
      read.isOver = true
    } catch (error) {
      read.failure = error
      throw error
    }
  }
  const read = { bytes: bytes(), isOver: false, failure: undefined as unknown }
  return read
}

import type { Readable } from 'node:stream'
import { TrekError } from '../declare/errors.ts'
import { uploads } from './messages.ts'

/**
 * Where the bytes of files are kept. What they are called, and who may have them, is a row's affair. A folder may hold
 * files of another database too, or of a later state of this one: only what this database has handed out is moved or deleted.
 */
export interface FileStore {
  /**
   * Keeps what the stream brings under a new key, and gives its SHA-256 in base64url; fails with `FileTooLarge` when there is more of it than `maxBytes`. Never
   * call it inside a transaction: the key is put on record in one of its own, with the user who sends it.
   */
  keep(bytes: Readable, maxBytes: number, userId?: number): Promise<{ key: string; size: number; digest: string }>
  /**
   * The bytes under a key with how many there are in all, or null when there are none; of a part, both ends are included.
   * What lies in quarantine is moved back into place.
   */
  read(key: string, part?: { start: number; end: number }): Promise<{ bytes: Readable; size: number } | null>
  /** Deletes at once, wherever they lie, bytes that no row has ever referred to; a key that is unknown is no error. */
  drop(key: string): Promise<void>
  /** Every key with bytes in place, also of what was cut off; `since` is the moment of the last byte. */
  keys(): AsyncIterable<KeptBytes>
  /** Every key with bytes in quarantine; `since` is the moment they were moved there. */
  quarantined(): AsyncIterable<KeptBytes>
  /** Those of these keys that this database has handed out. */
  known(keys: readonly string[]): Promise<ReadonlySet<string>>
  /** Moves bytes into quarantine as of this moment; false when they were no longer in place. */
  quarantine(key: string, now: Date): Promise<boolean>
  /** Moves bytes back into place; false when they were no longer in quarantine. */
  bringBack(key: string): Promise<boolean>
  /** Deletes bytes in quarantine for good and forgets their key; false when they were no longer there. */
  deleteQuarantined(key: string): Promise<boolean>
  /** How many bytes the uploads of one person may take together. */
  readonly bytesPerUser: number
}

export interface KeptBytes {
  readonly key: string
  readonly size: number
  /** In milliseconds. */
  readonly since: number
}

/** Every key that this database has handed out and not forgotten. */
export interface KeyRecord {
  add(key: string): Promise<void>
  /** All of it is there: so many bytes, sent by this user. */
  wrote(key: string, size: number, userId: number | null): Promise<void>
  known(keys: readonly string[]): Promise<ReadonlySet<string>>
  remove(key: string): Promise<void>
}

/** More bytes came than are taken. */
export class FileTooLarge extends TrekError {
  constructor(maxBytes: number) {
    const megabytes = Math.floor(maxBytes / 1024 / 1024)
    super('invalid', uploads.tooLarge({ megabytes }), { details: { max_bytes: maxBytes } })
  }
}

import type { Readable } from 'node:stream'
import { TrekError } from '../declare/errors.ts'
import { uploads } from './messages.ts'

/** A part of a file, in bytes; both ends are inclusive. */
export interface Part {
  readonly start: number
  readonly end: number
}

/** The bytes of a file, or of a part of it, and the size of the whole. */
export interface Opened {
  readonly bytes: Readable
  readonly size: number
  /** Differs for other bytes under the same key; absent if the bytes under a key never change. */
  readonly version?: string
}

/**
 * Stores the bytes of files. Rows keep their names and decide who can read them. A folder may also hold files of
 * another database, or of a later state of this one: only keys issued by this database are moved or deleted.
 */
export interface FileStore {
  /**
   * Stores a stream under a new key. Returns its SHA-256 in base64url. Fails with `FileTooLarge` above `maxBytes`.
   * Never call it inside a transaction: it records the key, with the sender, in a transaction of its own.
   */
  keep(bytes: Readable, maxBytes: number, userId?: number): Promise<{ key: string; size: number; digest: string }>
  /**
   * The bytes under a key and the total size, or null if there are none. Both ends of `part` are inclusive. A file in
   * quarantine is moved back into place.
   */
  read(key: string, part?: Part): Promise<Opened | null>
  /** Deletes at once bytes that no row has ever referred to, wherever they are. An unknown key is no error. */
  drop(key: string): Promise<void>
  /** Every key with bytes in place, including incomplete uploads; `since` is the moment of the last byte. */
  keys(): AsyncIterable<KeptBytes>
  /** Every key with bytes in quarantine; `since` is the moment they were moved there. */
  quarantined(): AsyncIterable<KeptBytes>
  /** Those of these keys that this database has issued. */
  known(keys: readonly string[]): Promise<ReadonlySet<string>>
  /** Moves bytes into quarantine as of this moment; false if they were no longer in place. */
  quarantine(key: string, now: Date): Promise<boolean>
  /** Moves bytes back into place; false if they were no longer in quarantine. */
  bringBack(key: string): Promise<boolean>
  /** Deletes bytes in quarantine permanently and forgets their key; false if they were no longer there. */
  deleteQuarantined(key: string): Promise<boolean>
  /** The most bytes that the uploads of one person can take together. */
  readonly bytesPerUser: number
}

export interface KeptBytes {
  readonly key: string
  readonly size: number
  /** In milliseconds. */
  readonly since: number
}

/** Every key that this database has issued and not forgotten. */
export interface KeyRecord {
  add(key: string): Promise<void>
  /** Records that the upload is complete: its size, and the user who sent it. */
  wrote(key: string, size: number, userId: number | null): Promise<void>
  known(keys: readonly string[]): Promise<ReadonlySet<string>>
  remove(key: string): Promise<void>
}

/** The file is larger than allowed. */
export class FileTooLarge extends TrekError {
  constructor(maxBytes: number) {
    const megabytes = Math.floor(maxBytes / 1024 / 1024)
    super('invalid', uploads.tooLarge({ megabytes }), { details: { max_bytes: maxBytes } })
  }
}

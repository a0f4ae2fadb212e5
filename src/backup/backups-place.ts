import type { Readable, Writable } from 'node:stream'
import type { Part } from '../core/data/files.ts'

/** What keeping only the newest backups did, by names. */
export interface Kept {
  readonly removed: readonly string[]
  /** Dated in the future: not counted, not removed. */
  readonly ahead: readonly string[]
  /** Could not be looked at: not counted, not removed. */
  readonly unread: readonly string[]
}

/** A backup as its name and a look at its bytes describe it. */
export interface KeptBackup {
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** ISO 8601, UTC. */
  readonly made_at: string
  readonly encrypted: boolean
  /** By a person. All others are scheduled. */
  readonly by_hand: boolean
  /** It is empty, cut off or something else: it does not count, and is never removed. */
  readonly damaged: boolean
  /** It could not be looked at just now: it does not count, and is never removed. */
  readonly unread: boolean
}

/** A place for backups: a folder or S3-compatible storage. */
export interface BackupsPlace {
  /** As shown to people. */
  readonly name: string
  /** The path of a backup, as shown to people. */
  pathOf(name: string): string
  /** Why no backup can be written here, as a sentence, or null. */
  problem(): Promise<string | null>
  /** Backups of this instance with a generated name, newest first. */
  list(instanceId: string): Promise<KeptBackup[]>
  has(name: string): Promise<boolean>
  /** The bytes of this name, or a part of them, with the size and the time (in milliseconds) of the whole; null if there are none. */
  open(name: string, part?: Part): Promise<{ bytes: Readable; size: number; modified: number } | null>
  /** Says what is in place of a backup of this name, or that this is only a place, and what to give. */
  whatElse(name: string | null): Promise<string>
  /** Removes what killed backups of this instance left here and nobody writes any more. */
  removeCutOff(instanceId: string): Promise<void>
  /** Writes all output of `content` under this name, or nothing. Takes an approximate size and returns the real one. */
  write(name: string, content: (out: Writable) => Promise<void>, expectedBytes: number): Promise<number>
  /**
   * Removes all but the newest scheduled backups of this instance with a generated name, and all but as many of those made
   * by hand, and leftovers of interrupted ones. `made`, the name of the one just made, always stays. Damaged and unreadable ones and those dated in the
   * future do not count, and stay.
   */
  keepNewest(instanceId: string, count: number, made: string): Promise<Kept>
  close(): Promise<void>
}

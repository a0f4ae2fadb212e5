import type { Readable, Writable } from 'node:stream'

/** A backup as its name and its size tell of it. */
export interface KeptBackup {
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** ISO 8601, UTC. */
  readonly made_at: string
  readonly encrypted: boolean
}

/** Where backups lie: a folder, or S3-compatible storage. */
export interface BackupsPlace {
  /** As people write it. */
  readonly name: string
  /** What people write for one of them. */
  pathOf(name: string): string
  /** Why none can be written here, as a sentence, or null. */
  problem(): Promise<string | null>
  /** Those that were named by the clock, the newest first. */
  list(): Promise<KeptBackup[]>
  has(name: string): Promise<boolean>
  /** Whatever has this name; null where there is nothing. */
  open(name: string): Promise<{ bytes: Readable; size: number } | null>
  /** All of what `content` writes is there under this name, or nothing; about how many bytes, and gives how many. */
  write(name: string, content: (out: Writable) => Promise<void>, expectedBytes: number): Promise<number>
  /** Removes all but the newest of those that were named by the clock, with what is left of those that were cut off; gives which. */
  keepNewest(count: number): Promise<string[]>
  close(): Promise<void>
}

import { z } from 'zod'

/** What a backup says of itself; its first part. A later format gets a higher number. */
const Manifest = z.object({
  format: z.literal(1),
  /** A moment, in UTC. */
  made_at: z.string(),
  /** Of the program that made it. */
  version: z.string(),
  /** Where the rows come from. In the backup they are a SQLite database in any case. */
  engine: z.enum(['sqlite', 'postgres']),
  instance_id: z.string(),
  /** Of the encryption key that the instance needs, or null where it never had one. */
  key_fingerprint: z.string().nullable(),
  /** Whether that key is in the backup. */
  has_key: z.boolean(),
  /** The last migration that the database has had. */
  schema: z.string(),
  /** Whether the uploaded files are in the backup. */
  has_files: z.boolean(),
})
export type Manifest = z.infer<typeof Manifest>

/** The parts of a backup, by name. */
export const MANIFEST = 'manifest.json'
export const DATABASE = 'database.sqlite'
export const KEY = 'encryption.key'
export const FILES = 'files/'

export class NewerBackup extends Error {
  override readonly name = 'NewerBackup'
}

export function parsedManifest(text: string): Manifest {
  const { format, version } = JSON.parse(text) as Partial<Manifest>
  if (typeof format === 'number' && format > 1) {
    throw new NewerBackup(`This backup was made by TREK ${version}, which is newer than this one. Update TREK first.`)
  }
  return Manifest.parse(JSON.parse(text))
}

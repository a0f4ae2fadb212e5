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

class NewerBackup extends Error {
  override readonly name = 'NewerBackup'

  constructor(version: unknown) {
    super(`This backup was made by a newer TREK (${version}) than this one. Update TREK first.`)
  }
}

/** `migrations` are the names of those that this program knows. */
export function parsedManifest(text: string, migrations: readonly string[]): Manifest {
  const raw = JSON.parse(text) as Partial<Manifest>
  if (typeof raw.format === 'number' && raw.format > 1) throw new NewerBackup(raw.version)
  const manifest = Manifest.parse(raw)
  if (manifest.schema && !migrations.includes(manifest.schema)) throw new NewerBackup(manifest.version)
  return manifest
}

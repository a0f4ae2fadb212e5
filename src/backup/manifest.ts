import { z } from 'zod'

/** The description of a backup; its first part. Later formats get a higher number. */
const Manifest = z.object({
  format: z.literal(1),
  /** In UTC. */
  made_at: z.string(),
  /** Of the program that made it. */
  version: z.string(),
  /** The source of the rows. In the backup they are always a SQLite database. */
  engine: z.enum(['sqlite', 'postgres']),
  instance_id: z.string(),
  /** Of the encryption key that the instance needs; null if it never had one. */
  key_fingerprint: z.string().nullable(),
  /** Whether that key is in the backup. */
  has_key: z.boolean(),
  /** The last applied migration. */
  schema: z.string(),
  /** Whether the uploaded files are in the backup. */
  has_files: z.boolean(),
  /** About the room that its database and uploaded files need. Backups of earlier versions do not say. */
  unpacked_bytes: z.int().optional(),
  /** A fingerprint of the rows, in a backup before an update. */
  rows: z.string().optional(),
})
export type Manifest = z.infer<typeof Manifest>

/** The manifest of a backup of any version; null if it cannot be read. */
export function manifestOfAny(text: string): Manifest | null {
  try {
    return Manifest.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The names of a backup's parts. */
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

/** `migrations` are the names that this program knows. */
export function parsedManifest(text: string, migrations: readonly string[]): Manifest {
  const raw = JSON.parse(text) as Partial<Manifest>
  if (typeof raw.format === 'number' && raw.format > 1) throw new NewerBackup(raw.version)
  const manifest = Manifest.parse(raw)
  if (manifest.schema && !migrations.includes(manifest.schema)) throw new NewerBackup(manifest.version)
  return manifest
}

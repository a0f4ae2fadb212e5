import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isKey } from '../adapters/files.ts'
import type { S3Settings } from '../adapters/s3/at.ts'
import { fileKeysIn } from '../db/file-keys.ts'
import { type Holdings, holdingsIn } from '../db/holdings.ts'
import { problemsIn } from '../db/sqlite-copy.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { DamagedBackup, readArchive, textOf } from './archive.ts'
import type { Seal } from './encryption.ts'
import { DATABASE, FILES, KEY, MANIFEST, type Manifest, parsedManifest } from './manifest.ts'
import { CannotBeDone, withDatabase } from './place.ts'
import { placeAndName } from './places.ts'

/** What was found in a backup. */
export interface Unpacked {
  readonly manifest: Manifest
  readonly files: number
  /** The keys of uploaded files that the rows know, and that are not in the backup, or with another length than they had. */
  readonly incomplete: readonly string[]
  /** In bytes, of the files alone. */
  readonly filesSize: number
}

/** The bytes of a backup, in a folder or in storage. */
async function* bytesOf(path: string, settings: S3Settings): AsyncGenerator<Uint8Array> {
  const { place, name } = placeAndName(path, settings)
  try {
    const found = name === null ? null : await place.open(name)
    if (!found) throw new CannotBeDone(`${path} is not there, or is no file. Give the path of a backup.`)
    yield* found.bytes
  } finally {
    await place.close()
  }
}

/**
 * Reads a backup to its end and writes its database into a folder, with its files and its key if `whole`. Fails with `DamagedBackup`
 * where any of it is not as it was made: what was written until then counts for nothing.
 */
export async function unpack(
  settings: S3Settings,
  file: string,
  seal: Seal | null,
  folder: string,
  { whole }: { whole: boolean },
): Promise<Unpacked> {
  let manifest: Manifest | null = null
  const sizes = new Map<string, number>()
  if (whole) mkdirSync(join(folder, FILES), { mode: 0o700 })
  const keep = (name: string) => whole || name === DATABASE
  for await (const { name, size, bytes } of readArchive(Readable.from(bytesOf(file, settings)), seal)) {
    if (name === MANIFEST) {
      manifest = parsedManifest(await textOf(bytes), Object.keys(MIGRATIONS))
      continue
    }
    if (name.startsWith(FILES) && isKey(name.slice(FILES.length))) {
      sizes.set(name.slice(FILES.length), size)
    } else if (name !== DATABASE && name !== KEY)
      throw new DamagedBackup(`The backup holds ${name}, which is not known here.`)
    if (keep(name)) await pipeline(bytes, createWriteStream(join(folder, name), { mode: 0o600 }))
    else for await (const _ of bytes);
  }
  if (!manifest) throw new DamagedBackup('The backup does not say what it is: its manifest is missing.')
  const [problem] = problemsIn(join(folder, DATABASE))
  if (problem) throw new DamagedBackup(`The database in the backup is damaged: ${problem}`)
  const incomplete = await incompleteIn(join(folder, DATABASE), sizes)
  return {
    manifest,
    files: sizes.size,
    incomplete,
    filesSize: [...sizes.values()].reduce((sum, size) => sum + size, 0),
  }
}

const incompleteIn = (database: string, sizes: ReadonlyMap<string, number>): Promise<string[]> =>
  withDatabase(database, async ({ kysely }) =>
    [...(await fileKeysIn(kysely).written())].filter(([key, size]) => sizes.get(key) !== size).map(([key]) => key),
  )

export const holdingsOf = (database: string): Promise<Holdings> =>
  withDatabase(database, ({ kysely }) => holdingsIn(kysely))

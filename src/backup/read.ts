import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZodError } from 'zod'
import { isKey } from '../adapters/files.ts'
import { fileKeysIn } from '../db/file-keys.ts'
import { type Holdings, holdingsIn } from '../db/holdings.ts'
import { problemsIn } from '../db/sqlite-copy.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { readArchive, textOf } from './archive.ts'
import { changed, cutOff, damaged, NoBackup, UnreadableBackup } from './damage.ts'
import type { Seal } from './encryption.ts'
import { DATABASE, FILES, KEY, MANIFEST, type Manifest, parsedManifest } from './manifest.ts'
import { CannotBeDone, withDatabase } from './place.ts'
import { type BackupsSettings, placeAndName } from './places.ts'
import { refuseWithoutRoom } from './room.ts'
import { steadyWriteStream } from './steady.ts'

/** The contents of a backup. */
export interface Unpacked {
  readonly manifest: Manifest
  readonly files: number
  /** The keys of uploads that the rows name but that are missing from the backup or have another length. */
  readonly incomplete: readonly string[]
  /** In bytes, files only. */
  readonly filesSize: number
}

/** The bytes of a backup, from a folder or storage. */
async function* bytesOf(path: string, settings: BackupsSettings): AsyncGenerator<Uint8Array> {
  const { place, name } = placeAndName(path, settings)
  try {
    const file = name === null ? null : await place.open(name)
    if (!file) throw new CannotBeDone(await place.whatElse(name))
    yield* file.bytes
  } finally {
    await place.close()
  }
}

/**
 * Reads a backup to its end and writes its database into a folder, with its files and key if `whole`. Throws
 * `UnreadableBackup` if anything has changed since it was made: do not use what was written before that.
 */
export async function unpack(
  settings: BackupsSettings,
  file: string,
  seal: Seal | null,
  folder: string,
  { whole }: { whole: boolean },
): Promise<Unpacked> {
  try {
    return await unpackFrom(settings, Readable.from(bytesOf(file, settings)), seal, folder, { whole })
  } catch (error) {
    throw error instanceof UnreadableBackup ? error.about(file) : error
  }
}

async function unpackFrom(
  settings: BackupsSettings,
  source: Readable,
  seal: Seal | null,
  folder: string,
  { whole }: { whole: boolean },
): Promise<Unpacked> {
  let manifest: Manifest | null = null
  const sizes = new Map<string, number>()
  if (whole) mkdirSync(join(folder, FILES), { mode: 0o700 })
  const keep = (name: string) => whole || name === DATABASE
  for await (const { name, size, bytes } of readArchive(source, seal)) {
    if (name === MANIFEST) {
      manifest = manifestIn(await textOf(bytes))
      if (whole) await refuseWithoutRoom(settings, folder, manifest.unpacked_bytes ?? 0)
      continue
    }
    // The manifest is the first part of every backup.
    if (!manifest) throw new NoBackup(`another tar file packed with Zstandard (it begins with ${name})`)
    if (name.startsWith(FILES) && isKey(name.slice(FILES.length))) {
      sizes.set(name.slice(FILES.length), size)
    } else if (name !== DATABASE && name !== KEY) throw damaged(`it contains ${name}, which is not part of a backup`)
    if (name === DATABASE) await refuseWithoutRoom(settings, folder, size)
    if (keep(name)) await pipeline(bytes, steadyWriteStream(join(folder, name)))
    else for await (const _ of bytes);
  }
  const database = join(folder, DATABASE)
  if (!manifest || !existsSync(database)) throw cutOff()
  const [problem] = problemsInBackup(database)
  if (problem) throw damaged(`the database in it has errors (${problem})`)
  return {
    manifest,
    files: sizes.size,
    incomplete: await incompleteIn(database, sizes),
    filesSize: [...sizes.values()].reduce((sum, size) => sum + size, 0),
  }
}

const incompleteIn = (database: string, sizes: ReadonlyMap<string, number>): Promise<string[]> =>
  withDatabase(database, async ({ kysely }) =>
    [...(await fileKeysIn(kysely).written())].filter(([key, size]) => sizes.get(key) !== size).map(([key]) => key),
  )

function problemsInBackup(database: string): string[] {
  try {
    return problemsIn(database)
  } catch (error) {
    if (/^SQLITE_(CORRUPT|NOTADB)/.test((error as { code?: string }).code ?? '')) throw changed(error)
    throw error
  }
}

function manifestIn(text: string): Manifest {
  try {
    return parsedManifest(text, Object.keys(MIGRATIONS))
  } catch (error) {
    throw error instanceof SyntaxError || error instanceof ZodError ? changed(error) : error
  }
}

export const holdingsOf = (database: string): Promise<Holdings> =>
  withDatabase(database, ({ kysely }) => holdingsIn(kysely))

import { createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { type FilesPlace, filesPlace } from '../adapters/files-place.ts'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { commonOf, instanceIdOf } from '../db/epoch.ts'
import { fileKeysIn } from '../db/file-keys.ts'
import { appliedMigrations, type Migrations, migrate, migrationsOf } from '../db/migrate.ts'
import { makeForOwner } from '../db/owner-only.ts'
import { vacuumInto } from '../db/sqlite-copy.ts'
import { forgetProcesses, transfer } from '../db/transfer.ts'
import { fingerprintOf, keptKey } from '../identity/server/keys.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type Part, textPart, writeArchive } from './archive.ts'
import type { Seal } from './encryption.ts'
import { folderProblemOf, nameAt, partialOf } from './folder.ts'
import { DATABASE, FILES, KEY, MANIFEST, type Manifest } from './manifest.ts'
import { CannotBeDone, inWorkFolder, isThere, type Place, syncFolder, withDatabase } from './place.ts'

export interface Wanted {
  readonly seal: Seal | null
  /** Without them it is small and quick; the bytes of deleted files are kept for 30 days anyway. */
  readonly withFiles: boolean
  /** Those that this program knows. */
  readonly migrations?: Migrations
}

export interface Made {
  /** Where it lies. */
  readonly file: string
  readonly bytes: number
  readonly files: number
  readonly manifest: Manifest
}

/**
 * Makes a backup while servers go on. The rows are those of one moment; the files are those that these rows know, which stay where
 * they are for at least 30 days. `to` is a file that is not there yet, or a folder.
 */
export const makeBackup = (
  place: Place,
  to: string,
  { seal, withFiles, migrations = MIGRATIONS }: Wanted,
): Promise<Made> =>
  inWorkFolder(place, async (work) => {
    if (!(await isThere(place)))
      throw new CannotBeDone('There is no instance here yet. Look at DATA_DIR and DATABASE_URL.')
    const now = new Date()
    const file = fileFor(to, now, seal !== null)
    const copy = join(work, DATABASE)
    await copyDatabase(place, copy, migrations)
    const key = seal ? keptKey(place) : null
    // Before the copy is read as a file: as long as it is open, a part of it is in its log.
    const [manifest, keys] = await withDatabase(copy, async (database) => [
      await describe(database, place, { now, withFiles, key }),
      withFiles ? await fileKeysIn(database.kysely).all() : [],
    ])
    let files = 0
    async function* parts(uploads: FilesPlace): AsyncGenerator<Part> {
      yield textPart(MANIFEST, JSON.stringify(manifest, null, 2))
      if (key) yield textPart(KEY, `${key.toString('hex')}\n`)
      const database = await open(copy)
      yield { name: DATABASE, size: (await database.stat()).size, bytes: database.createReadStream() }
      for (const name of keys) {
        const kept = await uploads.find(name)
        // Of an upload that is not finished, or was cut off, there is nothing yet.
        if (!kept) continue
        files++
        yield { name: `${FILES}${name}`, ...kept }
      }
    }
    const uploads = filesPlace(place)
    try {
      await write(file, parts(uploads), seal)
    } finally {
      await uploads.close()
    }
    return { file, bytes: statSync(file).size, files, manifest }
  })

/** A copy of one moment as a SQLite database, whichever engine has it, and of the same schema. */
async function copyDatabase({ database: target }: Place, copy: string, migrations: Migrations): Promise<void> {
  makeForOwner(copy)
  if (isPostgres(target)) {
    await withDatabase(target, (from) =>
      withDatabase(copy, async (to) => {
        await migrate(to, await migrationsOf(from, migrations))
        await transfer(from, to)
      }),
    )
  } else vacuumInto(target, copy)
  await withDatabase(copy, ({ kysely }) => forgetProcesses(kysely))
}

async function describe(
  database: OpenDatabase,
  place: Place,
  { now, withFiles, key }: { now: Date; withFiles: boolean; key: Buffer | null },
): Promise<Manifest> {
  const fingerprint = await commonOf(database.kysely, 'key_fingerprint')
  return {
    format: 1,
    made_at: now.toISOString(),
    version: packageJson.version,
    engine: isPostgres(place.database) ? 'postgres' : 'sqlite',
    instance_id: await instanceIdOf(database.kysely),
    key_fingerprint: fingerprint,
    has_key: key !== null && (fingerprint === null || fingerprintOf(key) === fingerprint),
    schema: (await appliedMigrations(database)).at(-1) ?? '',
    has_files: withFiles,
  }
}

/** The whole file or none: what was cut off has another name. */
async function write(file: string, parts: AsyncIterable<Part>, seal: Seal | null): Promise<void> {
  const partial = partialOf(file)
  try {
    await writeArchive(parts, createWriteStream(partial, { mode: 0o600 }), seal)
    await syncFolder(partial)
    renameSync(partial, file)
    await syncFolder(dirname(file))
  } catch (error) {
    rmSync(partial, { force: true })
    throw await inWords(error as NodeJS.ErrnoException, dirname(file))
  }
}

const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG']

/** What is wrong with the folder, where that is why it could not be written. */
async function inWords(error: NodeJS.ErrnoException, folder: string): Promise<Error> {
  const problem = NO_ROOM.includes(error.code ?? '')
    ? `There is no room left for the backup on the disk of ${folder}. Make room there, or keep fewer backups.`
    : await folderProblemOf(folder)
  return problem ? new CannotBeDone(problem, { cause: error }) : error
}

/** Where the backup goes: into a folder with a name that says when it was made. */
function fileFor(to: string, now: Date, encrypted: boolean): string {
  const isFolder = to.endsWith('/') || (existsSync(to) && statSync(to).isDirectory())
  const file = isFolder ? newNameIn(to, now, encrypted) : to
  if (existsSync(file)) throw new CannotBeDone(`${file} is there already. Give another name, or move it away first.`)
  if (!existsSync(dirname(file))) throw new CannotBeDone(`The folder ${dirname(file)} is not there. Make it first.`)
  return file
}

/** Of two in the same second the later one is named after the next. */
function newNameIn(folder: string, now: Date, encrypted: boolean): string {
  const file = join(folder, nameAt(now, encrypted))
  return existsSync(file) ? newNameIn(folder, new Date(now.getTime() + 1000), encrypted) : file
}

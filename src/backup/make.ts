import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { type FilesPlace, filesPlace } from '../adapters/files-place.ts'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { commonOf, instanceIdOf } from '../db/epoch.ts'
import { fileKeysIn } from '../db/file-keys.ts'
import { appliedMigrations, type Migrations, migrate, migrationsOf } from '../db/migrate.ts'
import { makeForOwner } from '../db/owner-only.ts'
import { vacuumInto } from '../db/sqlite-copy.ts'
import { forgetProcesses, transfer } from '../db/transfer.ts'
import { fingerprintOf, keptKey } from '../identity/server/secrets.ts'
import { filesProblem, movedProblem } from '../instance-files.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type Part, textPart, writeArchive } from './archive.ts'
import type { BackupsPlace } from './backups-place.ts'
import type { Seal } from './encryption.ts'
import { DATABASE, KEY, MANIFEST, type Manifest } from './manifest.ts'
import { refuseMovedAway, whereItWent } from './moved.ts'
import { nameAt } from './names.ts'
import { CannotBeDone, inWorkFolder, isThere, type Place, withDatabase } from './place.ts'
import { placeAndName } from './places.ts'
import { ProgressReport } from './progress.ts'
import { removeAbandonedReadings } from './reading.ts'
import { UploadsReport, uploadParts } from './uploads.ts'

export interface Wanted {
  readonly seal: Seal | null
  /** Without files, a backup is small and quick; the bytes of deleted files are kept for 30 days anyway. */
  readonly withFiles: boolean
  /** Whether a person asked for it, outside any schedule. */
  readonly byHand?: boolean
  /** A fingerprint of the rows, for the manifest. */
  readonly rows?: string
  /** The migrations of this program. */
  readonly migrations?: Migrations
  /** Whether it saves an instance about to be replaced. That one can be an instance that was moved away. */
  readonly replaced?: boolean
}

export interface Made {
  /** Its path. */
  readonly file: string
  readonly bytes: number
  readonly files: number
  /** The keys of uploads that are missing, have a different length or cannot be read. */
  readonly incomplete: readonly string[]
  /** Those of them that cannot be read: the path, and why. */
  readonly unreadable: readonly string[]
  readonly manifest: Manifest
}

/**
 * Makes a backup while servers run. The rows are from one moment; the files are those that the rows name, which stay in
 * place for at least 30 days. `to` is a new file or a folder, on disk or in S3-compatible storage.
 */
export async function makeBackup(place: Place, to: string, options: Wanted): Promise<Made> {
  // First: the work folder would create a DATA_DIR.
  if (!(await isThere(place)))
    throw new CannotBeDone(whereItWent(place) ?? 'There is no instance here yet. Check DATA_DIR and DATABASE_URL.')
  return inWorkFolder(place, async (work) => {
    removeAbandonedReadings(place.dataDir)
    const instanceId = await withDatabase(place.database, async (database) => {
      await refuseUnreadable(database, options)
      return instanceIdOf(database.kysely)
    })
    const now = new Date()
    const named = (at: Date) => nameAt(at, instanceId, options.seal !== null, options.byHand)
    const { place: there, name } = await newPlaceFor(place, to, now, named)
    const uploads = filesPlace(place)
    const progress = new ProgressReport(work)
    try {
      const content = await prepare(place, join(work, DATABASE), uploads, now, options)
      await there.removeCutOff(instanceId)
      async function write(isCareful: boolean): Promise<{ bytes: number; report: UploadsReport }> {
        const report = new UploadsReport()
        const all = partsOf(content, uploadParts(uploads, content, report, isCareful))
        const parts = progress.of(all, content.bytes)
        try {
          const bytes = await there.write(name, (out) => writeArchive(parts, out, options.seal), content.bytes)
          return { bytes, report }
        } catch (error) {
          if (isCareful || !report.isSpoilt) throw error
          return write(true)
        }
      }
      const { bytes, report } = await write(false)
      const incomplete = await stillKnown(place, report.incomplete)
      const unreadable = incomplete.flatMap((key) => report.unreadable.get(key) ?? [])
      return {
        file: there.pathOf(name),
        bytes,
        files: report.files,
        incomplete,
        unreadable,
        manifest: content.manifest,
      }
    } finally {
      await uploads.close()
      await there.close()
    }
  })
}

/** The content of a backup, without the bytes of uploads. */
interface Content {
  /** The file with the rows. */
  readonly copy: string
  readonly key: Buffer | null
  readonly manifest: Manifest
  /** Of every upload that was started. */
  readonly keys: readonly string[]
  /** The size of each finished upload. */
  readonly written: ReadonlyMap<string, number>
  /** The approximate total size. */
  readonly bytes: number
}

async function prepare(
  place: Place,
  copy: string,
  uploads: FilesPlace,
  now: Date,
  { seal, withFiles, rows, migrations = MIGRATIONS }: Wanted,
): Promise<Content> {
  await copyDatabase(place, copy, migrations)
  const key = seal ? keptKey(place) : null
  // Done before the copy is read as a file: while it is open, part of it is in its log.
  const content = await withDatabase(copy, async (database) => {
    const record = fileKeysIn(database.kysely)
    if (withFiles) await refuseOtherUploads(database, uploads)
    return {
      manifest: await describe(database, place, { now, withFiles, key }),
      keys: withFiles ? await record.all() : [],
      written: withFiles ? await record.written() : new Map<string, number>(),
    }
  })
  const ofFiles = [...content.written.values()].reduce((sum, size) => sum + size, 0)
  const bytes = (await stat(copy)).size + ofFiles
  return {
    copy,
    key,
    ...content,
    manifest: { ...content.manifest, unpacked_bytes: bytes, ...(rows && { rows }) },
    bytes,
  }
}

async function* partsOf({ copy, key, manifest }: Content, uploads: AsyncIterable<Part>): AsyncGenerator<Part> {
  yield textPart(MANIFEST, JSON.stringify(manifest, null, 2))
  if (key && manifest.has_key) yield textPart(KEY, `${key.toString('hex')}\n`)
  const database = await open(copy)
  yield { name: DATABASE, size: (await database.stat()).size, bytes: database.createReadStream() }
  yield* uploads
}

/** With a disk missing, a backup would look as if nothing had been uploaded. */
async function refuseOtherUploads(database: OpenDatabase, uploads: FilesPlace): Promise<void> {
  const problem = (await filesProblem(database, uploads)) ?? (await movedProblem(database, uploads))
  if (problem) throw new CannotBeDone(problem)
  if ((await uploads.readMark('instance-id')) !== null || !(await fileKeysIn(database.kysely).written()).size) return
  throw new CannotBeDone(
    `The uploaded files of this instance are not in ${uploads.name}. Is its disk mounted? Put them back, or make a backup with --without-files.`,
  )
}

/** The keys that the instance still uses. */
async function stillKnown({ database: target }: Place, keys: readonly string[]): Promise<string[]> {
  if (!keys.length) return []
  const referenced = await withDatabase(target, async ({ kysely }) => new Set(await fileKeysIn(kysely).all()))
  return keys.filter((key) => referenced.has(key))
}

/** Throws if this program could not read the backup, or if the instance is no longer in use. */
async function refuseUnreadable(
  database: OpenDatabase,
  { migrations = MIGRATIONS, replaced = false }: Wanted,
): Promise<void> {
  await migrationsOf(database, migrations)
  if (!replaced) await refuseMovedAway(database)
}

/** A consistent copy as a SQLite database of the same schema, from either engine. */
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

/** The destination of the backup. A folder gets a file name with the time. */
async function newPlaceFor(
  settings: Place,
  to: string,
  now: Date,
  named: (at: Date) => string,
): Promise<{ place: BackupsPlace; name: string }> {
  const { place, name } = placeAndName(to, settings)
  const problem = await place.problem()
  if (problem) throw new CannotBeDone(problem)
  if (name === null) return { place, name: await newNameIn(place, now, named) }
  if (await place.has(name)) {
    throw new CannotBeDone(`${place.pathOf(name)} already exists. Give another name, or move it away first.`)
  }
  return { place, name }
}

/** If the second is taken, uses the next one. */
async function newNameIn(place: BackupsPlace, now: Date, named: (at: Date) => string): Promise<string> {
  const name = named(now)
  return (await place.has(name)) ? newNameIn(place, new Date(now.getTime() + 1000), named) : name
}

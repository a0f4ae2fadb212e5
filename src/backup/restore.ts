import {
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { filesFolder, syncFolder } from '../adapters/files.ts'
import { digestOf, type FilesPlace, filesPlace } from '../adapters/files-place.ts'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { beginHistory, epochOf, forgetFilesPlace } from '../db/epoch.ts'
import { leaseOnFile } from '../db/leases.ts'
import { appliedMigrations, isEmpty, migrate, migrateIn } from '../db/migrate.ts'
import { foldClosed, indexOf, logOf, sizeOf } from '../db/sqlite-copy.ts'
import { dropTables, tableNames, transferInto } from '../db/transfer.ts'
import type { BackupEvent } from '../identity/server/audit/events.ts'
import { insertAudit } from '../identity/server/audit/store.ts'
import { fingerprintOf, keyFile } from '../identity/server/secrets.ts'
import { missingUploads } from '../instance-files.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import type { Seal } from './encryption.ts'
import { makeBackup } from './make.ts'
import { DATABASE, FILES, KEY, type Manifest } from './manifest.ts'
import {
  CannotBeDone,
  inWorkFolder,
  isThere,
  type Place,
  refuseWhileServed,
  restoredIn,
  setAsideIn,
  syncTree,
  withDatabase,
} from './place.ts'
import { type Unpacked, unpack } from './read.ts'

interface Plan {
  /** The folder for replaced data. */
  readonly before: string
  /** Of the restored database: it shows an interrupted restore how far it came. */
  readonly epoch: string
  /** Of the restored instance. */
  readonly instanceId: string
  /** Of the encryption key that it needs; null if it never had one. */
  readonly keyFingerprint: string | null
  /** The keys of uploads that were damaged when the backup was made. Plans of earlier versions do not have them. */
  readonly damaged?: readonly string[]
}

const PLAN = 'plan.json'

export interface Wanted {
  readonly seal: Seal | null
  /** Whether an existing instance can be replaced. The old data is kept. */
  readonly replace: boolean
}

export interface Restored extends Unpacked {
  /** The folder with the old data; null if there was none. */
  readonly before: string | null
  /** The keys of uploads that the rows name but that are now missing or different. */
  readonly missing: readonly string[]
}

/** Replaces this instance with a backup. Changes nothing until all of it has been read and verified. */
export async function restore(place: Place, file: string, { seal, replace }: Wanted): Promise<Restored> {
  await finishRestore(place)
  const wasThere =
    (await isThere(place)) || existsSync(filesFolder(place.dataDir)) || existsSync(keyFile(place.dataDir))
  if (wasThere && !replace) {
    throw new CannotBeDone(
      'There is already an instance here. With --replace the backup replaces it, and its data is kept in a separate folder.',
    )
  }
  await refuseWhileServed(place)
  if (isPostgres(place.database)) await refuseNewer(place)
  const unpacked = await inWorkFolder(place, async (work) => {
    const staged = join(work, 'instance')
    mkdirSync(staged, { mode: 0o700 })
    const unpacked = await unpack(place, file, seal, staged, { whole: true })
    await refuseForeignBucket(place, unpacked.manifest)
    const epoch = await prepare(join(staged, DATABASE), basename(file))
    const before = basename(setAsideIn(place.dataDir))
    const { instance_id: instanceId, key_fingerprint: keyFingerprint } = unpacked.manifest
    const plan: Plan = { before, epoch, instanceId, keyFingerprint, damaged: unpacked.incomplete }
    writeFileSync(join(staged, PLAN), JSON.stringify(plan), { mode: 0o600 })
    await syncTree(staged)
    renameSync(staged, restoredIn(place))
    await syncFolder(place.dataDir)
    return { ...unpacked, before }
  })
  await finishRestore(place)
  const before = join(place.dataDir, unpacked.before)
  return {
    ...unpacked,
    before: existsSync(before) ? before : null,
    missing: unpacked.incomplete.length ? await missingHere(place) : [],
  }
}

/** The old data is kept as a backup, which this program cannot make of rows of a newer version. */
async function refuseNewer({ database: target }: Place): Promise<void> {
  const names = await withDatabase(target, appliedMigrations)
  if (names.every((name) => MIGRATIONS[name])) return
  throw new CannotBeDone(
    'The database of DATABASE_URL contains rows of a newer TREK, which this version cannot back up. Restore with that version, or set ' +
      'DATABASE_URL to an empty database.',
  )
}

/** Uploads that the rows name but that are missing: the backup may have been made without files. */
async function missingHere(place: Place): Promise<string[]> {
  const uploads = filesPlace(place)
  try {
    return await withDatabase(place.database, (database) => missingUploads(database, uploads))
  } finally {
    await uploads.close()
  }
}

/** Migrates the database of a backup, gives it a history of its own, and records there that it was restored. */
async function prepare(file: string, name: string): Promise<string> {
  return withDatabase(file, async (database) => {
    await migrate(database, MIGRATIONS)
    await forgetFilesPlace(database.kysely)
    await insertAudit(database.kysely, [restoredNow(name)], [])
    return beginHistory(database.kysely)
  })
}

/**
 * Finishes a restore that was interrupted after its backup had been read in full. If several servers start at once, one
 * does it and the others wait. Returns the folder with the old data; null if there was none or nothing to finish.
 */
export async function finishRestore(place: Place): Promise<string | null> {
  if (!existsSync(restoredIn(place))) return null
  const lease = leaseOnFile(join(place.dataDir, 'trek'), 'restore')
  while (!(await lease.hold())) await pause(RETRY_MS)
  try {
    return existsSync(restoredIn(place)) ? await finish(place, restoredIn(place)) : null
  } finally {
    await lease.release()
  }
}

const RETRY_MS = 100

/** Each step may already have been done. */
async function finish(place: Place, staged: string): Promise<string | null> {
  const plan = JSON.parse(readFileSync(join(staged, PLAN), 'utf8')) as Plan
  const before = join(place.dataDir, plan.before)
  mkdirSync(before, { recursive: true, mode: 0o700 })
  await putFiles(place, staged, before, plan)
  putKey(place, staged, before, plan.keyFingerprint)
  if (isPostgres(place.database)) await putRows(place, staged, before, plan)
  else putFile(place, staged, before)
  await syncFolder(place.dataDir)
  // The plan last, so that an interrupted removal can be repeated.
  for (const name of readdirSync(staged)) if (name !== PLAN) rmSync(join(staged, name), { recursive: true })
  rmSync(staged, { recursive: true })
  const isEmptyHanded = !readdirSync(before).length
  if (isEmptyHanded) rmSync(before, { recursive: true })
  await syncFolder(place.dataDir)
  return isEmptyHanded ? null : before
}

/** Adds missing files. Existing ones that are not in the backup stay, in case the restore was a mistake. */
async function putFiles(
  place: Place,
  staged: string,
  before: string,
  { instanceId, damaged = [] }: Plan,
): Promise<void> {
  const source = join(staged, FILES)
  if (!existsSync(source)) return
  const uploads = filesPlace(place)
  try {
    if (!place.filesUrl && (await isForeign(uploads, instanceId))) {
      renameSync(filesFolder(place.dataDir), join(before, basename(filesFolder(place.dataDir))))
    }
    for (const key of readdirSync(source)) {
      await putUpload(place, uploads, { key, path: join(source, key), before, isDamaged: damaged.includes(key) })
    }
    if (uploads.setting === 'DATA_DIR' && existsSync(uploads.name)) await syncFolder(uploads.name)
    // A start accepts only a place marked for this database.
    await uploads.setMark('instance-id', instanceId)
  } finally {
    await uploads.close()
  }
}

/** Whether a place has the uploads of another instance. */
async function isForeign(uploads: FilesPlace, instanceId: string): Promise<boolean> {
  const owner = await uploads.readMark('instance-id')
  return owner !== null && owner !== instanceId
}

/** Throws if a bucket holds another instance's uploads: they cannot be moved aside there. */
async function refuseForeignBucket(place: Place, { instance_id }: Manifest): Promise<void> {
  if (!place.filesUrl) return
  const uploads = filesPlace(place)
  try {
    if (!(await isForeign(uploads, instance_id))) return
  } finally {
    await uploads.close()
  }
  throw new CannotBeDone(`${place.filesUrl} contains the uploads of another instance. Set FILES_URL to another place.`)
}

interface Upload {
  readonly key: string
  readonly path: string
  readonly before: string
  /** Whether it was damaged when the backup was made. */
  readonly isDamaged: boolean
}

async function putUpload(
  { dataDir }: Place,
  uploads: FilesPlace,
  { key, path, before, isDamaged }: Upload,
): Promise<void> {
  const size = sizeOf(path)
  const file = { key, size, quarantinedAt: null }
  const digest = await digestOf(createReadStream(path))
  const existing = await uploads.digestOf(file)
  if (existing === digest || (isDamaged && existing !== null)) return
  const target = join(filesFolder(dataDir), key)
  if (uploads.setting === 'DATA_DIR') {
    // The existing entry of this key is damaged, or not a file.
    if (existsSync(target)) renameSync(target, join(before, key))
    if (moved(path, target)) return
  }
  await uploads.put(file, { size, digest, open: () => createReadStream(path) })
}

/** Moves a file within its disk, which needs no room. Returns whether it could. */
function moved(from: string, to: string): boolean {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EXDEV') return false
    throw error
  }
}

/**
 * Restores the key of a backup even if ENCRYPTION_KEY gives another one: there may be no other copy. The key of another
 * instance is kept with the old data.
 */
function putKey({ dataDir, encryptionKey }: Place, staged: string, before: string, needed: string | null): void {
  const [from, to] = [join(staged, KEY), keyFile(dataDir)]
  const isNeeded = (key: string) => needed === null || fingerprintOf(Buffer.from(key.trim(), 'hex')) === needed
  if (existsSync(to) && !isNeeded(readFileSync(to, 'utf8'))) renameSync(to, join(before, basename(to)))
  if (!existsSync(from) || existsSync(to) || (encryptionKey && isNeeded(encryptionKey))) return
  renameSync(from, to)
}

/** Replaces the old file in one step; by then it has a second name. */
function putFile({ database }: Place, staged: string, before: string): void {
  const from = join(staged, DATABASE)
  if (!existsSync(from)) return
  if (sizeOf(database)) {
    try {
      foldClosed(database)
    } catch {
      // It is damaged, perhaps the reason for the restore. Keep its log with it.
    }
    const target = join(before, basename(database))
    if (!existsSync(target)) linkSync(database, target)
    for (const beside of [logOf(database), indexOf(database)]) {
      if (existsSync(beside)) renameSync(beside, join(before, basename(beside)))
    }
  }
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 })
  renameSync(from, database)
}

/** In one transaction. The old data is kept as a backup. */
async function putRows(place: Place, staged: string, before: string, { epoch }: Plan): Promise<void> {
  const copy = join(before, 'database.tar.zst')
  await withDatabase(place.database, async (target) => {
    const wasThere = !(await isEmpty(target))
    if (wasThere && (await epochOf(target.kysely)) === epoch) return
    if (wasThere && !existsSync(copy)) await makeBackup(place, copy, { seal: null, withFiles: false, replaced: true })
    await withDatabase(join(staged, DATABASE), async (source) => {
      const ours = wasThere ? await tablesIn(copy, place) : []
      await target.unhurried((kysely) =>
        kysely.transaction().execute(async (tx) => {
          await target.dialect.lockSchema(tx)
          await dropTables(tx, ours)
          await migrateIn(tx, target, MIGRATIONS)
          await transferInto(source, target, tx)
        }),
      )
    })
  })
}

/** Our tables in the backed-up database: other programs can use the same schema. */
const tablesIn = (backup: string, place: Place): Promise<string[]> =>
  inWorkFolder(place, async (work) => {
    await unpack(place, backup, null, work, { whole: false })
    return withDatabase(join(work, DATABASE), (database: OpenDatabase) => tableNames(database))
  })

/** An entry for the audit log. */
const restoredNow = (name: string): Parameters<typeof insertAudit>[1][number] => ({
  at: new Date().toISOString(),
  event: 'backup_restored' satisfies BackupEvent,
  subject: name,
  outcome: 'ok',
  way: 'cli',
  user_id: null,
  client: null,
  grant_id: null,
  ip_address: null,
})

import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { filesFolder, syncFolder } from '../adapters/files.ts'
import { filesPlace } from '../adapters/files-place.ts'
import { isPostgres } from '../db/connect.ts'
import { beginHistory, forgetFilesPlace } from '../db/epoch.ts'
import { appliedMigrations, migrate } from '../db/migrate.ts'
import type { BackupEvent } from '../identity/server/audit/events.ts'
import { insertAudit } from '../identity/server/audit/store.ts'
import { keyFile } from '../identity/server/secrets.ts'
import { endWebSessions } from '../identity/server/store.ts'
import { missingUploads } from '../instance-files.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { alone } from './alone.ts'
import type { Seal } from './encryption.ts'
import { finishNow, finishRestore } from './finish-restore.ts'
import { leadsNowhere } from './folder-problems.ts'
import { DATABASE, type Manifest } from './manifest.ts'
import { whereItWent } from './moved.ts'
import {
  CannotBeDone,
  inWorkFolder,
  isCutOff,
  isThere,
  PLAN,
  type Place,
  refuseWhileServed,
  restoredIn,
  setAsideIn,
  syncTree,
  withDatabase,
} from './place.ts'
import { type Plan, targetOf } from './plan.ts'
import { isForeign } from './put-uploads.ts'
import { type Unpacked, unpack } from './read.ts'

export interface Wanted {
  readonly seal: Seal | null
  /** Whether an existing instance can be replaced. The old data is kept. */
  readonly replace: boolean
}

export interface Restored extends Unpacked {
  /** The folders with the old data. */
  readonly kept: readonly string[]
  /** The keys of uploads that the rows name but that are now missing or different. */
  readonly missing: readonly string[]
}

/**
 * Replaces this instance with a backup. Changes nothing until all of it has been read and verified. Nobody else can begin
 * to use the instance meanwhile: what they write would be lost.
 */
export async function restore(place: Place, file: string, wanted: Wanted): Promise<Restored> {
  await finishRestore(place)
  await refuseUnasked(place, wanted)
  const { unpacked, kept } = await alone(place, [place.database], async (confirm) => {
    await refuseUnasked(place, wanted)
    await refuseHere(place)
    const unpacked = await stage(place, file, wanted.seal, async () => {
      await confirm()
      await refuseWhileServed(place)
    })
    return { unpacked, kept: await finishNow(place) }
  })
  return { ...unpacked, kept, missing: unpacked.incomplete.length ? await missingHere(place) : [] }
}

/** Throws if the instance is elsewhere, or if there is one here that is not to be replaced. */
async function refuseUnasked(place: Place, { replace }: Wanted): Promise<void> {
  const isInstance = await isThere(place)
  const elsewhere = isPostgres(place.database) ? null : whereItWent(place, isInstance)
  if (elsewhere) throw new CannotBeDone(elsewhere)
  if ((isInstance || existsSync(filesFolder(place.dataDir)) || existsSync(keyFile(place.dataDir))) && !replace) {
    throw new CannotBeDone(
      'There is already an instance here. With --replace the backup replaces it, and its data is kept in a separate folder.',
    )
  }
}

/** Throws if no backup can be restored here. */
async function refuseHere(place: Place): Promise<void> {
  await refuseWhileServed(place)
  if (isPostgres(place.database)) await refuseNewer(place)
  const leads = await leadsNowhere(filesFolder(place.dataDir))
  if (leads) throw new CannotBeDone(`${leads} Mount its disk, or remove the link.`)
  const staged = restoredIn(place)
  if (existsSync(staged) && readdirSync(staged).length && !isCutOff(place)) {
    throw new CannotBeDone(`${staged} is not from a restore of TREK, which needs that name. Move it away first.`)
  }
}

/** Reads a backup into the folder from which it replaces the instance. `check` throws if it must not any more. */
const stage = (place: Place, file: string, seal: Seal | null, check: () => Promise<void>): Promise<Unpacked> =>
  inWorkFolder(place, async (work) => {
    const staged = join(work, 'instance')
    mkdirSync(staged, { mode: 0o700 })
    const unpacked = await unpack(place, file, seal, staged, { whole: true })
    await refuseForeignBucket(place, unpacked.manifest)
    const epoch = await prepare(join(staged, DATABASE), basename(file))
    const before = basename(setAsideIn(place.dataDir))
    const { instance_id: instanceId, key_fingerprint: keyFingerprint } = unpacked.manifest
    const { incomplete: damaged } = unpacked
    const plan: Plan = { before, epoch, instanceId, keyFingerprint, damaged, target: targetOf(place) }
    writeFileSync(join(staged, PLAN), JSON.stringify(plan), { mode: 0o600 })
    await syncTree(staged)
    await check()
    renameSync(staged, restoredIn(place))
    await syncFolder(place.dataDir)
    return unpacked
  })

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

/**
 * Migrates the database of a backup, gives it a history of its own, ends the sessions that it brings back, and records
 * there that it was restored.
 */
async function prepare(file: string, name: string): Promise<string> {
  return withDatabase(file, async (database) => {
    await migrate(database, MIGRATIONS)
    await forgetFilesPlace(database.kysely)
    await endWebSessions(database.kysely)
    await insertAudit(database.kysely, [restoredNow(name)], [])
    return beginHistory(database.kysely)
  })
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

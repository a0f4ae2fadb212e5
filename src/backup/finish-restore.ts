import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { syncFolder } from '../adapters/files.ts'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { epochOf } from '../db/epoch.ts'
import { isEmpty, migrateIn } from '../db/migrate.ts'
import { dropTables, FLEETING, tableNames, transferInto } from '../db/transfer.ts'
import { fingerprintOf, keyFile } from '../identity/server/secrets.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { alone } from './alone.ts'
import { keepAside } from './aside.ts'
import { makeBackup } from './make.ts'
import { DATABASE, KEY } from './manifest.ts'
import {
  Busy,
  CannotBeDone,
  inWorkFolder,
  isCutOff,
  PLAN,
  type Place,
  refuseWhileServed,
  restoredIn,
  withDatabase,
} from './place.ts'
import { type Plan, planIn, SQLITE, targetOf } from './plan.ts'
import { placeFile } from './put-file.ts'
import { placeUploads } from './put-uploads.ts'
import { unpack } from './read.ts'

const RETRY_MS = 100

/**
 * Finishes a restore that was interrupted after its backup had been read in full. If several servers start at once, one
 * does it and the others wait. Returns the folders with the old data.
 */
export async function finishRestore(place: Place): Promise<string[]> {
  while (isCutOff(place)) {
    refuseOtherTarget(place)
    try {
      return await alone(place, [place.database], () => finishAlone(place))
    } catch (error) {
      // Another process has finished it and may already serve.
      if (!isCutOff(place)) break
      if (!(error instanceof Busy)) throw error
      await pause(RETRY_MS)
    }
  }
  return []
}

/** Throws if the cut-off restore replaces another database than that of the settings. */
function refuseOtherTarget(place: Place): void {
  const { target } = planIn(restoredIn(place))
  if (target === undefined || target === targetOf(place)) return
  const remedy = target === SQLITE ? 'Remove DATABASE_URL' : 'Set DATABASE_URL to the address of that database'
  throw new CannotBeDone(
    `A restore into ${target} was cut off, and DATABASE_URL now leads to ${targetOf(place)}. ${remedy}, and run this again: it ` +
      `finishes the restore first. To give that restore up, delete ${restoredIn(place)}.`,
  )
}

/** The same for a caller that has the instance alone. */
async function finishAlone(place: Place): Promise<string[]> {
  if (!isCutOff(place)) return []
  const staged = restoredIn(place)
  if (!(await isSwapped(place, staged, planIn(staged)))) await refuseWhileServed(place)
  return finishNow(place)
}

/** The same for a caller that has also looked for servers. */
export async function finishNow(place: Place): Promise<string[]> {
  const staged = restoredIn(place)
  const plan = planIn(staged)
  try {
    return await finish(place, staged, plan)
  } catch (error) {
    throw new CannotBeDone(
      `The restore is not finished: ${(error as Error).message}. Remedy that and start the server, which finishes it: the whole ` +
        `backup is in ${staged}, and what was replaced so far is in ${join(place.dataDir, plan.before)}.`,
      { cause: error },
    )
  }
}

/** Whether the database is already the restored one: a server can then run beside the rest of the work. */
async function isSwapped({ database: target }: Place, staged: string, { epoch }: Plan): Promise<boolean> {
  if (!isPostgres(target)) return !existsSync(join(staged, DATABASE))
  return withDatabase(
    target,
    async (database) => !(await isEmpty(database)) && (await epochOf(database.kysely)) === epoch,
  )
}

/** Each step may already have been done. */
async function finish(place: Place, staged: string, plan: Plan): Promise<string[]> {
  const before = join(place.dataDir, plan.before)
  mkdirSync(before, { recursive: true, mode: 0o700 })
  const inFiles = await placeUploads(place, staged, before, plan)
  putKey(place, staged, before, plan.keyFingerprint)
  if (isPostgres(place.database)) await putRows(place, staged, before, plan)
  else placeFile(place.database, join(staged, DATABASE), before)
  await syncFolder(place.dataDir)
  // The plan last, so that an interrupted removal can be repeated.
  for (const name of readdirSync(staged)) if (name !== PLAN) rmSync(join(staged, name), { recursive: true })
  rmSync(staged, { recursive: true })
  const isEmptyHanded = !readdirSync(before).length
  if (isEmptyHanded) rmSync(before, { recursive: true })
  await syncFolder(place.dataDir)
  return [...(isEmptyHanded ? [] : [before]), ...inFiles]
}

/**
 * Restores the key of a backup even if ENCRYPTION_KEY gives another one: there may be no other copy. The key of another
 * instance is kept with the old data.
 */
function putKey({ dataDir, encryptionKey }: Place, staged: string, before: string, needed: string | null): void {
  const [from, to] = [join(staged, KEY), keyFile(dataDir)]
  const isNeeded = (key: string) => needed === null || fingerprintOf(Buffer.from(key.trim(), 'hex')) === needed
  if (existsSync(to) && !isNeeded(readFileSync(to, 'utf8'))) keepAside(to, before)
  if (!existsSync(from) || existsSync(to) || (encryptionKey && isNeeded(encryptionKey))) return
  renameSync(from, to)
}

/** In one transaction, which first stops all writers. The old data is kept as a backup. */
async function putRows(place: Place, staged: string, before: string, plan: Plan): Promise<void> {
  if (await isSwapped(place, staged, plan)) return
  const copy = join(before, 'database.tar.zst')
  await withDatabase(place.database, (target) =>
    withDatabase(join(staged, DATABASE), async (source) => {
      const names = await tableNames(source)
      await target.unhurried((kysely) =>
        kysely.transaction().execute(async (tx) => {
          await target.dialect.lockSchema(tx)
          if (!(await isEmpty(target))) {
            const there = await tableNames(target)
            await target.dialect.stopWriters(
              tx,
              names.filter((name) => there.includes(name) && !FLEETING.includes(name)),
            )
            await keepRows(place, copy)
            await dropTables(tx, await tablesIn(copy, place))
          }
          await migrateIn(tx, target, MIGRATIONS)
          await transferInto(source, target, tx)
        }),
      )
    }),
  )
}

/** Backs up the rows that are about to be replaced. A copy of an interrupted attempt can be older than they are. */
async function keepRows(place: Place, copy: string): Promise<void> {
  const made = `${copy}.part`
  rmSync(made, { force: true })
  await whenFree(() => makeBackup(place, made, { seal: null, withFiles: false, replaced: true }))
  renameSync(made, copy)
}

/** Our tables in the backed-up database: other programs can use the same schema. */
const tablesIn = (backup: string, place: Place): Promise<string[]> =>
  whenFree(() =>
    inWorkFolder(place, async (work) => {
      await unpack(place, backup, null, work, { whole: false })
      return withDatabase(join(work, DATABASE), (database: OpenDatabase) => tableNames(database))
    }),
  )

/** Waits for a backup that somebody makes meanwhile. */
async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Busy)) throw error
      await pause(RETRY_MS)
    }
  }
}

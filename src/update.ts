import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { backupsInFolder } from './backup/folder.ts'
import { Busy, type Place } from './backup/place.ts'
import { isAlongside } from './core/data/migration.ts'
import type { OpenDatabase } from './db/connect.ts'
import { instanceIdOf } from './db/epoch.ts'
import { type Migrations, migrate, pendingMigrations } from './db/migrate.ts'

interface Updating {
  warn(what: string): void
  /** Whether to update without a backup. */
  readonly withoutBackup?: boolean
}

/**
 * Updates an instance's database to this version. Backs up its rows before. While servers of the previous version run,
 * makes only changes they tolerate. For a single command, `server` is null: it changes nothing.
 */
export async function update(
  database: OpenDatabase,
  place: Place,
  server: Updating | null,
  all: Migrations,
): Promise<void> {
  const pending = await pendingMigrations(database, all)
  if (!pending.length) return
  if (!server) {
    throw new Error(
      'The database is one of an older version of TREK, and only the start of the server brings it to this one. Start the server first.',
    )
  }
  await refuseBesideOld(database, pending, all)
  const kept = server.withoutBackup ? null : await backUp(database, place, all)
  try {
    await migrate(database, all)
  } catch (error) {
    const { message } = error as Error
    throw new Error(`${message}. ${wayBack(kept)}`, { cause: error })
  }
  if (kept) server.warn(`The database was brought to this version of TREK. What it was before is kept in ${kept}.`)
}

const wayBack = (kept: string | null): string =>
  'Start the version of TREK that ran before: what people have entered is as it was' +
  (kept ? `, and also in the backup ${kept}.` : '.')

/** The time in which running servers must show that they are alive. */
const ANSWER_WITHIN_MS = 3000

async function refuseBesideOld(
  { processes }: OpenDatabase,
  pending: readonly string[],
  all: Migrations,
): Promise<void> {
  const breaking = pending.filter((name) => !isAlongside(all[name]))
  if (!breaking.length) return
  await processes.enter()
  if (!(await processes.answer(ANSWER_WITHIN_MS))) return
  await processes.leave()
  throw new Error(
    'Another server of this instance is running, and this version of TREK changes tables in a way that an older version cannot work ' +
      `with (${breaking.join(', ')}). Stop all servers of the older version first, then start this one.`,
  )
}

const RETRY_MS = 250

/** If several servers start at once, one backs up and migrates while the others wait. */
async function backUp(database: OpenDatabase, place: Place, all: Migrations): Promise<string | null> {
  const { makeBackup } = await import('./backup/make.ts')
  const { fingerprintOfRows, keepOfEachVersion, newestWith } = await import('./backup/updates.ts')
  const folder = updatesIn(place)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const updates = backupsInFolder(folder, place.dataDir)
  for (;;) {
    try {
      const instanceId = await instanceIdOf(database.kysely)
      const rows = await fingerprintOfRows(database)
      const same = await newestWith(rows, updates, instanceId)
      if (same !== null) return updates.pathOf(same)
      const { file } = await makeBackup(place, `${folder}/`, {
        seal: null,
        withFiles: false,
        rows,
        migrations: all,
      })
      await keepOfEachVersion(updates, instanceId)
      return file
    } catch (error) {
      if (!(error instanceof Busy)) {
        throw new Error(
          `TREK makes a backup before it changes the database, and could not: ${(error as Error).message} Nothing was changed. Clear ` +
            'the way for it, or start the server with --without-backup.',
          { cause: error },
        )
      }
      await pause(RETRY_MS)
      if (!(await pendingMigrations(database, all)).length) return null
    }
  }
}

const updatesIn = ({ dataDir }: Place): string => join(dataDir, 'updates')

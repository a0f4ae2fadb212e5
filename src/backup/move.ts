import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { syncFolder } from '../adapters/files.ts'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { beginHistory } from '../db/epoch.ts'
import { isEmpty, migrateIn, migrationsOf } from '../db/migrate.ts'
import { makeForOwner } from '../db/owner-only.ts'
import { foldClosed, sqliteFilesOf } from '../db/sqlite-copy.ts'
import { type Contents, contentsOf, differencesOf, transferInto } from '../db/transfer.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import {
  CannotBeDone,
  inWorkFolder,
  isThere,
  type Place,
  refuseWhileServed,
  setAsideIn,
  withDatabase,
} from './place.ts'

export interface Moved {
  readonly rows: number
  readonly tables: number
  /** Where the file of SQLite was moved away to, so that no server goes on with it; null where it was no file. */
  readonly before: string | null
}

/**
 * Copies all rows into the database of the other engine, compares both, and puts the old file away. Each step may have been done by a
 * move that was cut off. Uploaded files stay where they are.
 */
export async function move(place: Place, to: string): Promise<Moved> {
  const target = isPostgres(to) ? to : join(place.dataDir, 'trek.db')
  if (isPostgres(to) === isPostgres(place.database)) {
    throw new CannotBeDone(
      isPostgres(to)
        ? 'The instance is on PostgreSQL already. To move it to another server, use the tools of PostgreSQL, or trek backup and trek restore.'
        : 'The instance is on SQLite already.',
    )
  }
  if (!(await isThere(place)))
    throw new CannotBeDone('There is no instance here to be moved. Look at DATA_DIR and DATABASE_URL.')
  await refuseWhileServed(place)
  const copied = await withDatabase(place.database, async (from) => {
    await refuseOther(from, { ...place, database: target })
    if (!(await isThere({ ...place, database: target }))) {
      if (isPostgres(target)) await withDatabase(target, (into) => copyInto(from, into))
      else await copyToFile(place, from, target)
    }
    return compared(from, target)
  })
  return { ...copied, before: isPostgres(place.database) ? null : await putAway(place) }
}

/** Fails where something else is in the place to which the instance is to go. */
async function refuseOther(from: OpenDatabase, target: Place): Promise<void> {
  if (!(await isThere(target))) return
  const problems = await withDatabase(target.database, async (database) =>
    differencesOf(comparable(await contentsOf(from)), comparable(await contentsOf(database))),
  )
  if (problems.length) {
    throw new CannotBeDone(
      'There is an instance in the database to which this one is to go, and it holds something else. Give an empty one.',
    )
  }
}

/** In one transaction: all of it is there, or nothing. */
async function copyInto(from: OpenDatabase, into: OpenDatabase): Promise<void> {
  if (!(await isEmpty(into))) throw new Error(`${into.title} holds an instance`)
  const migrations = await migrationsOf(from, MIGRATIONS)
  await into.unhurried((kysely) =>
    kysely.transaction().execute(async (tx) => {
      await migrateIn(tx, into, migrations)
      await transferInto(from, into, tx)
      // Whoever goes on with the old database has another history from then on.
      await beginHistory(tx)
    }),
  )
}

const copyToFile = (place: Place, from: OpenDatabase, file: string): Promise<void> =>
  inWorkFolder(place, async (work) => {
    const copy = join(work, basename(file))
    makeForOwner(copy)
    await withDatabase(copy, (into) => copyInto(from, into))
    await syncFolder(copy)
    renameSync(copy, file)
    await syncFolder(place.dataDir)
  })

async function compared(from: OpenDatabase, target: string): Promise<{ rows: number; tables: number }> {
  const expected = await contentsOf(from)
  const found = await withDatabase(target, contentsOf)
  const different = differencesOf(comparable(expected), comparable(found))
  if (different.length) {
    throw new Error(`The copy is not what was copied, in ${different.join(', ')}. The instance is still where it was.`)
  }
  const tables = Object.values(expected)
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), tables: tables.length }
}

/** Which copy a database is differs in every copy. */
const comparable = ({ instance: _, ...contents }: Contents): Contents => contents

async function putAway({ dataDir, database }: Place): Promise<string> {
  foldClosed(database)
  const before = setAsideIn(dataDir)
  mkdirSync(before, { mode: 0o700 })
  // The database last: until then the move can be repeated.
  for (const path of [...sqliteFilesOf(database), database]) {
    if (existsSync(path)) renameSync(path, join(before, basename(path)))
  }
  await syncFolder(dataDir)
  return before
}

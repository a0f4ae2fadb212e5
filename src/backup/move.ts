import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { syncFolder } from '../adapters/files.ts'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { beginHistory, markMoved, movedAway } from '../db/epoch.ts'
import { appliedMigrations, isEmpty, migrateIn, migrationsOf } from '../db/migrate.ts'
import { makeForOwner } from '../db/owner-only.ts'
import { foldClosed, sqliteFilesOf } from '../db/sqlite-copy.ts'
import { type Contents, contentsOf, differencesOf, tableNames, transferInto } from '../db/transfer.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { removeMoveNote, whereItWent, writeMoveNote } from './moved.ts'
import {
  CannotBeDone,
  inWorkFolder,
  isThere,
  type Place,
  refuseWhileServed,
  setAsideIn,
  withDatabase,
} from './place.ts'
import { reach, saidOf } from './reach.ts'

export interface Moved {
  readonly rows: number
  readonly tables: number
  /** The new path of the old SQLite file, moved so that no server uses it; null if there was none. */
  readonly before: string | null
}

/**
 * Copies all rows into the database of the other engine, compares both, and retires the old one: a SQLite file is moved
 * aside, and rows in PostgreSQL are marked. Each step may already have been done by an interrupted move. Uploads stay
 * where they are.
 */
export async function move(place: Place, to: string): Promise<Moved> {
  const target = isPostgres(to) ? to : join(place.dataDir, 'trek.db')
  await refuseNowhere(place, target)
  if (isPostgres(target)) await reach(target, '--to')
  const copied = await withDatabase(place.database, async (from) => {
    await migrationsOf(from, MIGRATIONS)
    await refuseOlder(from, place)
    await refuseWhileServed(place)
    await refuseOther(from, { ...place, database: target })
    if (!(await isThere({ ...place, database: target }))) {
      if (isPostgres(target)) await withDatabase(target, (into) => copyInto(from, into))
      else await copyToFile(place, from, target)
    }
    return compared(from, target)
  })
  return { ...copied, before: await leave(place, target) }
}

/** Throws if there is nothing to move to the other engine. */
async function refuseNowhere(place: Place, target: string): Promise<void> {
  if (isPostgres(place.database) && isPostgres(target)) {
    throw new CannotBeDone(
      'The instance is already on PostgreSQL. To move it to another server, use the tools of PostgreSQL, or trek backup and trek restore.',
    )
  }
  if (isPostgres(place.database)) await reach(place.database, 'DATABASE_URL')
  if (!(await isThere(place))) {
    throw new CannotBeDone(whereItWent(place) ?? 'There is no instance here to move. Check DATA_DIR and DATABASE_URL.')
  }
  if (!isPostgres(target) && !isPostgres(place.database)) throw new CannotBeDone('The instance is already on SQLite.')
}

/** Throws if the instance came back from there and has since moved to another database. */
async function refuseOlder(from: OpenDatabase, place: Place): Promise<void> {
  const elsewhere = whereItWent(place)
  if (elsewhere && (await movedAway(from.kysely))) throw new CannotBeDone(elsewhere)
}

/**
 * Prevents accidental use of the old database. After an interruption, the instance can start in one of the two places.
 */
async function leave(place: Place, target: string): Promise<string | null> {
  const at = new Date().toISOString()
  if (isPostgres(place.database)) {
    removeMoveNote(place.dataDir)
    await withDatabase(place.database, ({ kysely }) => markMoved(kysely, { to: saidTo(target), at }))
    return null
  }
  await withDatabase(target, async ({ kysely }) => {
    // The instance may have been moved away from here before.
    if (await movedAway(kysely)) await beginHistory(kysely)
  })
  const before = setAsideIn(place.dataDir)
  await writeMoveNote(place.dataDir, { to: saidTo(target), at, before })
  await putAway(place, before)
  return before
}

const saidTo = (target: string): string =>
  isPostgres(target) ? `PostgreSQL at ${saidOf(target)}` : `the file ${target}`

/** Throws if the target holds something else. */
async function refuseOther(from: OpenDatabase, target: Place): Promise<void> {
  if (!isPostgres(target.database) && !existsSync(target.database)) return
  if (!(await isThere(target))) return withDatabase(target.database, refuseFull)
  await withDatabase(target.database, async (into) => {
    if (await holdsTheSame(from, into)) return
    throw new CannotBeDone(await whyOther(from, into))
  })
}

/** Throws if a database without an instance holds another program's tables. */
async function refuseFull({ kysely, title }: OpenDatabase): Promise<void> {
  const tables = (await kysely.introspection.getTables()).filter(({ isView }) => !isView)
  const [first, ...more] = tables
  if (!first) return
  const others = more.length ? `, and ${more.length} more` : ''
  throw new CannotBeDone(
    `${isPostgres(title) ? saidOf(title) : title} is not empty: it contains the table ${first.name}${others}. ${
      isPostgres(title) ? 'Give an empty database.' : 'Move it away.'
    }`,
  )
}

async function holdsTheSame(from: OpenDatabase, into: OpenDatabase): Promise<boolean> {
  const [had, has] = [await appliedMigrations(from), await appliedMigrations(into)]
  return had.join() === has.join() && !differencesOf(...(await contentsOfBoth(from, into))).length
}

/** Explains which database is current if one was moved into the other before. */
async function whyOther(from: OpenDatabase, into: OpenDatabase): Promise<string> {
  const [left, came] = [await movedAway(from.kysely), await movedAway(into.kysely)]
  if (left) {
    return (
      `The instance was moved to ${left.to} on ${left.at}, and one of the two has changed since. To continue there, remove ` +
      'DATABASE_URL. To continue with the older rows of this database, move that file away, and run this again.'
    )
  }
  if (came) {
    return (
      `The database still contains the rows of the instance that was moved from there to ${came.to} on ${came.at}, and the instance has ` +
      'changed since. Give an empty database: another one, or this one after its owner has dropped and recreated it.'
    )
  }
  return 'The target database contains another instance. Give an empty database.'
}

/** In one transaction: copies everything or nothing. */
async function copyInto(from: OpenDatabase, into: OpenDatabase): Promise<void> {
  if (!(await isEmpty(into))) throw new Error(`${into.title} holds an instance`)
  const migrations = await migrationsOf(from, MIGRATIONS)
  await into.unhurried((kysely) =>
    kysely.transaction().execute(async (tx) => {
      await migrateIn(tx, into, migrations)
      await transferInto(from, into, tx)
      // The copy gets a history of its own, in case the old database is used further.
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
  const [expected, actual] = await withDatabase(target, (into) => contentsOfBoth(from, into))
  const different = differencesOf(expected, actual)
  if (different.length) {
    throw new Error(
      `The copy differs from the original in ${different.join(', ')}. The instance is still where it was.`,
    )
  }
  const tables = Object.values(expected)
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), tables: tables.length }
}

/** The contents of both in the tables of an instance: a PostgreSQL schema can contain others, a file does not. */
async function contentsOfBoth(from: OpenDatabase, into: OpenDatabase): Promise<[Contents, Contents]> {
  const names = await tableNames(isPostgres(from.title) ? into : from)
  // The table `instance` differs in every copy.
  const ours = names.filter((name) => name !== 'instance')
  return [await contentsOf(from, ours), await contentsOf(into, ours)]
}

async function putAway({ dataDir, database }: Place, before: string): Promise<void> {
  foldClosed(database)
  mkdirSync(before, { mode: 0o700 })
  // The database last: until then the move can be repeated.
  for (const path of [...sqliteFilesOf(database), database]) {
    if (existsSync(path)) renameSync(path, join(before, basename(path)))
  }
  await syncFolder(dataDir)
}

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { syncFolder } from '../adapters/files.ts'
import { isPostgres, type OpenDatabase } from '../db/connect.ts'
import { beginHistory, instanceIdOf, isArriving, markArriving, markMoved, movedAway } from '../db/epoch.ts'
import { appliedMigrations, isEmpty, migrateIn, migrationsOf } from '../db/migrate.ts'
import { makeForOwner } from '../db/owner-only.ts'
import { foldClosed, indexOf, sqliteFilesOf } from '../db/sqlite-copy.ts'
import { type Contents, contentsOf, differencesOf, dropTables, tableNames, transferInto } from '../db/transfer.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { alone } from './alone.ts'
import { finishRestore } from './finish-restore.ts'
import { readMoveNote, removeMoveNote, whereItWent, writeMoveNote } from './moved.ts'
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
 * aside, and rows in PostgreSQL are marked. Until then no server starts on the copy, so that at every moment at most one
 * of the two is in use. Each step may already have been done by an interrupted move. Uploads stay where they are.
 */
export async function move(place: Place, to: string): Promise<Moved> {
  await finishRestore(place)
  const target = isPostgres(to) ? to : join(place.dataDir, 'trek.db')
  await refuseNowhere(place, target)
  if (isPostgres(target)) await reach(target, '--to')
  return alone(place, [place.database, target], async (confirm) => {
    await refuseWhileServed(place)
    if (await hasLeft(place, target)) return { ...(await countedIn(place, target)), before: await putAway(place) }
    const copied = await copy(place, target)
    await confirm()
    await refuseWhileServed(place)
    return { ...copied, before: await leave(place, target) }
  })
}

/** Copies all rows, unless an interrupted move has done so, and compares them. */
const copy = (place: Place, target: string): Promise<Counted> =>
  withDatabase(place.database, async (from) => {
    await migrationsOf(from, MIGRATIONS)
    await refuseOlder(from, place)
    await refuseOther(from, { ...place, database: target })
    if (!(await holdsAll(from, { ...place, database: target }))) {
      if (isPostgres(target)) await withDatabase(target, (into) => copyInto(from, into))
      else await copyToFile(place, from, target)
    }
    return compared(from, target)
  })

/** Whether an interrupted move has handed over to the target, which may have changed since. Only the old file remains. */
async function hasLeft(place: Place, target: string): Promise<boolean> {
  const note = readMoveNote(place.dataDir)
  if (isPostgres(place.database) || !note?.leaving || note.to !== saidTo(target)) return false
  if (!(await isThere({ ...place, database: target }))) return false
  return withDatabase(place.database, (from) =>
    withDatabase(target, async (into) => (await isSame(from, into)) && !(await isArriving(into.kysely))),
  )
}

/** Whether both hold the same instance, at whatever time. */
const isSame = async (from: OpenDatabase, into: OpenDatabase): Promise<boolean> =>
  (await instanceIdOf(from.kysely)) === (await instanceIdOf(into.kysely))

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

/** Prevents accidental use of the old database, then allows that of the new one. */
async function leave(place: Place, target: string): Promise<string | null> {
  const at = new Date().toISOString()
  if (isPostgres(place.database)) {
    removeMoveNote(place.dataDir)
    await withDatabase(place.database, ({ kysely }) => markMoved(kysely, { to: saidTo(target), at }))
    await arrive(target)
    return null
  }
  const before = setAsideIn(place.dataDir)
  await writeMoveNote(place.dataDir, { to: saidTo(target), at, before, leaving: true })
  await arrive(target)
  return putAway(place)
}

/** The copy may carry the mark of this move, or of an earlier one that led away from it. */
const arrive = (target: string): Promise<void> =>
  withDatabase(target, async ({ kysely }) => {
    if ((await isArriving(kysely)) || (await movedAway(kysely))) await beginHistory(kysely)
  })

const saidTo = (target: string): string =>
  isPostgres(target) ? `PostgreSQL at ${saidOf(target)}` : `the file ${target}`

/** Throws if the target holds something else. */
async function refuseOther(from: OpenDatabase, target: Place): Promise<void> {
  if (!isPostgres(target.database) && !existsSync(target.database)) return
  if (!(await isThere(target))) return withDatabase(target.database, refuseFull)
  await withDatabase(target.database, async (into) => {
    if (await holdsTheSame(from, into)) return
    // The copy of an interrupted move, which nobody has used.
    if ((await isSame(from, into)) && (await isArriving(into.kysely))) return
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

const holdsAll = async (from: OpenDatabase, target: Place): Promise<boolean> =>
  (await isThere(target)) && withDatabase(target.database, (into) => holdsTheSame(from, into))

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
  if (await isSame(from, into)) {
    return (
      'The target database contains other rows of this same instance: a copy that an earlier move or restore has made. If nobody needs ' +
      'those, drop and recreate that database, and run this again. Otherwise give an empty database.'
    )
  }
  return 'The target database contains another instance. Give an empty database.'
}

/** In one transaction: copies everything or nothing. */
async function copyInto(from: OpenDatabase, into: OpenDatabase): Promise<void> {
  const migrations = await migrationsOf(from, MIGRATIONS)
  // Of the copy of an interrupted move.
  const old = (await isEmpty(into)) ? [] : await tableNames(from)
  await into.unhurried((kysely) =>
    kysely.transaction().execute(async (tx) => {
      await dropTables(tx, old)
      await migrateIn(tx, into, migrations)
      await transferInto(from, into, tx)
      // The copy gets a history of its own, in case the old database is used further.
      await beginHistory(tx)
      await markArriving(tx)
    }),
  )
}

const copyToFile = (place: Place, from: OpenDatabase, file: string): Promise<void> =>
  inWorkFolder(place, async (work) => {
    const copy = join(work, basename(file))
    makeForOwner(copy)
    await withDatabase(copy, (into) => copyInto(from, into))
    await syncFolder(copy)
    for (const path of [...sqliteFilesOf(file), indexOf(file)]) rmSync(path, { force: true })
    renameSync(copy, file)
    await syncFolder(place.dataDir)
  })

type Counted = Pick<Moved, 'rows' | 'tables'>

async function compared(from: OpenDatabase, target: string): Promise<Counted> {
  const [expected, actual] = await withDatabase(target, (into) => contentsOfBoth(from, into))
  const different = differencesOf(expected, actual)
  if (different.length) {
    throw new Error(
      `The copy differs from the original in ${different.join(', ')}. The instance is still where it was.`,
    )
  }
  return countsOf(expected)
}

const countedIn = (place: Place, target: string): Promise<Counted> =>
  withDatabase(place.database, (from) =>
    withDatabase(target, async (into) => countsOf((await contentsOfBoth(from, into))[1])),
  )

function countsOf(contents: Contents): Counted {
  const tables = Object.values(contents)
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), tables: tables.length }
}

/** The contents of both in the tables of an instance: a PostgreSQL schema can contain others, a file does not. */
async function contentsOfBoth(from: OpenDatabase, into: OpenDatabase): Promise<[Contents, Contents]> {
  const names = await tableNames(isPostgres(from.title) ? into : from)
  // The table `instance` differs in every copy.
  const ours = names.filter((name) => name !== 'instance')
  return [await contentsOf(from, ours), await contentsOf(into, ours)]
}

/** Puts the old file where the note says. Returns that folder. */
async function putAway({ dataDir, database }: Place): Promise<string> {
  const note = readMoveNote(dataDir)
  if (!note) throw new Error(`There is no note of a move in ${dataDir}`)
  const { leaving: _, ...left } = note
  foldClosed(database)
  mkdirSync(left.before, { recursive: true, mode: 0o700 })
  // The database last: until then the move can be repeated.
  for (const path of [...sqliteFilesOf(database), database]) {
    if (existsSync(path)) renameSync(path, join(left.before, basename(path)))
  }
  await writeMoveNote(dataDir, left)
  return left.before
}

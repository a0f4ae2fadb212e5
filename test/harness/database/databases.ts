import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../../src/db/connect.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server of this test run, without a database name. */
    postgres: string
    /** What the databases of suites are copied from: a database of that server, and a file. Both have had every migration. */
    templates: { postgres: string; sqlite: string }
  }
}

/** A place where a fresh database can be opened, more than once and from more than one process. */
export interface Place {
  /** What `DATABASE_URL` or the SQLite file would be. */
  target: string
  /** A folder for what belongs to this database: DATA_DIR. */
  folder: string
  /** Keeps the database as it is now; while nobody has it open. Gives how to put it back, in place of what is there then. */
  backUp(): Promise<() => Promise<void>>
  remove(): Promise<void>
}

interface Wanted {
  /** With every migration done: a copy of a database in which they were done once. */
  readonly migrated?: boolean
}

async function sqlitePlace({ migrated }: Wanted = {}): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'trek-test-'))
  const target = join(folder, 'trek.db')
  if (migrated) copyFileSync(inject('templates').sqlite, target)
  return {
    target,
    folder,
    async backUp() {
      const kept = `${target}.backup`
      copyFileSync(target, kept)
      return async () => {
        for (const more of ['-wal', '-shm']) rmSync(`${target}${more}`, { force: true })
        // As people do it: over the file that is there.
        copyFileSync(kept, target)
      }
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function postgresPlace({ migrated }: Wanted = {}): Promise<Place> {
  const server = inject('postgres')
  const name = `trek_${randomUUID().replaceAll('-', '')}`
  const admin = async (text: string) => {
    const client = new pg.Client({ connectionString: `${server}/postgres` })
    await client.connect()
    await client.query(text)
    await client.end()
  }
  // Copied as files: nothing here must survive, and writing it all into the log takes ten times as long.
  await admin(
    `create database ${name}${migrated ? ` template ${inject('templates').postgres} strategy file_copy` : ''}`,
  )
  const folder = mkdtempSync(join(tmpdir(), 'trek-test-'))
  return {
    target: `${server}/${name}`,
    folder,
    async backUp() {
      await admin(`create database ${name}_backup template ${name}`)
      return async () => {
        await admin(`drop database ${name} with (force)`)
        await admin(`alter database ${name}_backup rename to ${name}`)
      }
    },
    async remove() {
      await admin(`drop database ${name} with (force)`)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const ENGINES = [
  { engine: 'sqlite', place: sqlitePlace },
  { engine: 'postgres', place: postgresPlace },
] as const

/** Runs a suite on both engines, each with a fresh, migrated database of its own. */
export function eachDatabase(suite: (database: () => OpenDatabase, place: () => Place) => void): void {
  for (const { engine, place: makePlace } of ENGINES) {
    describe(`on ${engine}`, () => {
      let place: Place
      let database: OpenDatabase
      beforeAll(async () => {
        place = await makePlace({ migrated: true })
        database = openDatabase(place.target)
      })
      afterAll(async () => {
        await database.close()
        await place.remove()
      })
      suite(
        () => database,
        () => place,
      )
    })
  }
}

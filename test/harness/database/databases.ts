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
    /** The fully migrated templates for the databases of suites: a database of that server, and a file. */
    templates: { postgres: string; sqlite: string }
  }
}

/** A place for a fresh database. It can be opened more than once, and from more than one process. */
export interface Place {
  /** The value of `DATABASE_URL`, or the SQLite file. */
  target: string
  /** The DATA_DIR of this database. */
  folder: string
  /** Backs up the database, which no process may have open. Returns a function that restores it. */
  backUp(): Promise<() => Promise<void>>
  remove(): Promise<void>
}

interface Wanted {
  /** Whether the database is a copy of the fully migrated template. */
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
      const copy = `${target}.backup`
      copyFileSync(target, copy)
      return async () => {
        for (const more of ['-wal', '-shm']) rmSync(`${target}${more}`, { force: true })
        // Overwrites the file, as people do.
        copyFileSync(copy, target)
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
  // A copy through the write-ahead log takes ten times as long, and this data need not survive a crash.
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

/** Runs a suite on both engines, each with a fresh, migrated database. */
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

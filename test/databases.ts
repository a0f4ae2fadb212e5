import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { type OpenDatabase, openDatabase } from '../src/db/connect.ts'
import { migrate } from '../src/db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server of this test run, without a database name. */
    postgres: string
  }
}

/** A place where a fresh database can be opened, more than once and from more than one process. */
export interface Place {
  /** What `DATABASE_URL` or the SQLite file would be. */
  target: string
  remove(): Promise<void>
}

async function sqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'trek-test-'))
  return { target: join(folder, 'trek.db'), remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

async function postgresPlace(): Promise<Place> {
  const server = inject('postgres')
  const name = `trek_${randomUUID().replaceAll('-', '')}`
  const admin = async (text: string) => {
    const client = new pg.Client({ connectionString: `${server}/postgres` })
    await client.connect()
    await client.query(text)
    await client.end()
  }
  await admin(`create database ${name}`)
  return { target: `${server}/${name}`, remove: () => admin(`drop database ${name} with (force)`) }
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
        place = await makePlace()
        database = openDatabase(place.target)
        await migrate(database)
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

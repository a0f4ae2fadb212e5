import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { INSTANCE } from '../core/data/space.ts'
import { Setting } from '../core/run/settings.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { type OpenDatabase, openDatabase } from './connect.ts'
import { migrate } from './migrate.ts'

/** A database whose file can grow by two pages. */
async function nearlyFull() {
  const folder = mkdtempSync(join(tmpdir(), 'trek-full-'))
  const database = openDatabase(join(folder, 'trek.db'))
  await migrate(database, MIGRATIONS)
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.kysely)
  await sql`pragma max_page_count = ${sql.lit((rows[0]?.page_count ?? 0) + 2)}`.execute(database.kysely)
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const set = (key: string, value: string) => database.write(INSTANCE, (tx) => tx.insert(Setting, { key, value }))
  return {
    set,
    tooLarge: () =>
      expect(set('large', 'x'.repeat(100_000))).rejects.toMatchObject({
        code: 'unavailable',
        outage: 'full',
        retryAfter: 60,
      }),
    keys: async () => (await database.read((tx) => tx.list(Setting, {}))).map(({ key }) => key),
  }
}

test('a full disk is reported as such, and nothing of the write is left', async () => {
  const { set, tooLarge, keys } = await nearlyFull()
  await tooLarge()
  await set('small', 'x')
  expect(await keys()).toEqual(['small'])
})

test('writes that share a commit with one that does not fit are kept', async () => {
  const { set, tooLarge, keys } = await nearlyFull()
  await Promise.all([tooLarge(), set('a', 'a'), tooLarge(), tooLarge()])
  await set('b', 'b')
  expect(await keys()).toEqual(['a', 'b'])
})

test('no other user of the machine can read the database, even one created before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trek-mode-'))
  const file = join(folder, 'trek.db')
  const files = ['trek.db', 'trek.db-wal', 'trek.db-shm']
  const modes = () => files.map((name) => statSync(join(folder, name)).mode & 0o777)
  for (const time of ['new', 'old']) {
    const database = openDatabase(file)
    await migrate(database, MIGRATIONS)
    expect(modes(), time).toEqual([0o600, 0o600, 0o600])
    await database.close()
    chmodSync(file, 0o644)
  }
  rmSync(folder, { recursive: true, force: true })
})

describe('while another process writes to the same file', () => {
  let folder: string
  let database: OpenDatabase
  let other: Sqlite.Database
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trek-sqlite-'))
    database = openDatabase(join(folder, 'trek.db'), { tries: 2 })
    await migrate(database, MIGRATIONS)
    other = new Sqlite(join(folder, 'trek.db'))
  })
  afterAll(async () => {
    other.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const set = (key: string) => database.write(INSTANCE, (tx) => tx.insert(Setting, { key, value: true }))
  const keys = async () => (await database.read((tx) => tx.list(Setting, {}))).map(({ key }) => key)

  test('a write waits, and reads continue', async () => {
    other.exec('begin immediate')
    const pendingWrite = set('waits')
    expect(await keys()).toEqual([])
    other.exec('commit')
    await pendingWrite
    expect(await keys()).toEqual(['waits'])
  })

  test('a write that waits too long gets 503, and so are those beside it', async () => {
    other.exec('begin immediate')
    const refused = { code: 'unavailable', outage: 'busy', retryAfter: 3 }
    await Promise.all([
      expect(set('one')).rejects.toMatchObject(refused),
      expect(set('two')).rejects.toMatchObject(refused),
    ])
    other.exec('commit')
    await set('three')
    expect(await keys()).toEqual(['waits', 'three'])
  })
})

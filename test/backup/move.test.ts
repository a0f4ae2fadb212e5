import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { openInstance } from '../../src/instance.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { createInstanceWithTrip, filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { assistantOf, databaseOf, end, type InstanceData, serve } from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'

const [sqlite, postgres] = ENGINES
const RELEASE = join(import.meta.dirname, '../fixtures/releases/0.1.0.tar.zst')

test('an instance moves to PostgreSQL and back with every row, and its files stay in place', async () => {
  const instance = await placeOn(sqlite)
  const server = await placeOn(postgres)
  const backup = `${instance.dataDir}.tar.zst`
  const { serving, tripId } = await createInstanceWithTrip(instance)
  const refused = await trek(instance.env, 'move', '--to', server.url as string)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/server of this instance is running/) })
  await end(serving)
  const [rows, files] = [await rowsOf(instance), filesOf(instance)]

  const moveResult = await trek(instance.env, 'move', '--to', server.url as string)
  expect(moveResult).toMatchObject({ code: 0, stderr: '' })
  expect(moveResult.stdout).toMatch(/Set DATABASE_URL/)
  expect(readdirSync(instance.dataDir)).not.toContain('trek.db')
  const target = {
    ...instance,
    url: server.url as string,
    env: { ...instance.env, DATABASE_URL: server.url as string },
  }
  // Without DATABASE_URL, a command names the new place of the instance, and never the password.
  for (const words of [['addon', 'list'], ['doctor'], ['backup', backup], ['move', '--to', 'sqlite']]) {
    const result = await trek(instance.env, ...words)
    expect(result.code).toBe(1)
    expect(result.stdout + result.stderr).toMatch(
      /moved to PostgreSQL at 127\.0\.0\.1:\d+\/trek_\w+ on 20.*Set DATABASE_URL/,
    )
    expect(result.stdout + result.stderr).not.toContain('trek:trek')
  }
  expect(await rowsOf(target)).toEqual(rows)
  expect(filesOf(target)).toEqual(files)
  const targetServer = await serve(target)
  const assistant = await assistantOf(targetServer)
  expect(await assistant.tool('get_trip_summary', { tripId })).toContain('ticket.txt')
  await assistant.tool('create_place', { tripId, name: 'On PostgreSQL' })
  await end(targetServer)
  const rowsLater = await rowsOf(target)
  // A foreign table in the database stays, and does not hinder the move.
  await inDatabase(target, sql`create table foo (id int)`)

  expect(await trek(target.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  expect(await rowsOf(instance)).toEqual(rowsLater)
  // A repeated move succeeds, for a caller that missed the first result.
  expect(await trek(target.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  // No command uses the rows left in the old database.
  for (const words of [['serve'], ['doctor'], ['backup', backup]]) {
    const result = await trek(target.env, ...words)
    expect(result.code).toBe(1)
    expect(result.stdout + result.stderr).toMatch(/was moved to the file .*trek\.db on 20.*remove DATABASE_URL/)
  }
  const sourceServer = await serve(instance)
  expect(await (await assistantOf(sourceServer)).tool('list_places', { tripId })).toContain('On PostgreSQL')
  await end(sourceServer)
  // The two databases now differ.
  expect(await trek(target.env, 'move', '--to', 'sqlite')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/was moved to the file .*one of the two has changed since/),
  })
  expect(await trek(instance.env, 'move', '--to', target.url)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/moved from there to .*Give an empty database/),
  })
  expect(await trek(instance.env, 'move', '--to', 'sqlite')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is already on SQLite/),
  })
  // To continue with the older rows on purpose, they are moved once more.
  const file = join(instance.dataDir, 'trek.db')
  for (const name of ['trek.db-mark', 'trek.db'])
    renameSync(join(instance.dataDir, name), `${instance.dataDir}-${name}`)
  expect(await trek(target.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  expect(await trek(instance.env, 'move', '--to', target.url)).toMatchObject({ code: 0, stderr: '' })
  expect(existsSync(file)).toBe(false)
  const { foo: _, ...targetRows } = await rowsOf(target)
  expect(targetRows).toEqual(rowsLater)
  // PostgreSQL then holds the rows that the restored backup replaces.
  expect(await trek(target.env, 'backup', backup)).toMatchObject({ code: 0, stderr: '' })
  expect(await trek(target.env, 'move', '--to', 'sqlite')).toMatchObject({ code: 0, stderr: '' })
  expect(await trek(target.env, 'restore', backup, '--replace')).toMatchObject({ code: 0, stderr: '' })
  expect(await trek(target.env, 'addon', 'list')).toMatchObject({ code: 0, stderr: '' })
}, 180_000)

test('a move that cannot be done names the obstacle, the option or setting it came from, and the remedy', async () => {
  const instance = await placeOn(sqlite)
  const server = await placeOn(postgres)
  const url = new URL(server.url as string)
  const at = (change: Partial<URL>) => Object.assign(new URL(url), change).href
  await createBackup(instance)
  const rows = await rowsOf(instance)
  const refused = async (to: string, expectedError: RegExp, code = 1) => {
    const result = await trek(instance.env, 'move', '--to', to)
    expect(result.stderr).toMatch(expectedError)
    expect(result.code).toBe(code)
    expect(result.stderr).not.toMatch(/trek:trek|secret/)
  }

  await inDatabase(server, sql`create table foo (id int)`)
  await refused(url.href, /127\.0\.0\.1:\d+\/trek_\w+ is not empty: it contains the table foo\. Give an empty database/)
  await inDatabase(server, sql`drop table foo`)

  const role = url.pathname.slice(1).replace('trek', 'lim')
  await inDatabase(server, sql`create role ${sql.id(role)} login password 'secret'`)
  try {
    const limited = at({ username: role, password: 'secret' })
    await refused(
      limited,
      new RegExp(`${role} may not create tables.*grant usage, create on schema public to ${role};`),
    )
    await inDatabase(server, sql`grant create on schema public to ${sql.id(role)}`)
    expect(await trek(instance.env, 'move', '--to', limited)).toMatchObject({ code: 0, stderr: '' })
    expect(await trek({ ...instance.env, DATABASE_URL: limited }, 'move', '--to', 'sqlite')).toMatchObject({ code: 0 })
    expect(await rowsOf(instance)).toEqual(rows)
  } finally {
    await inDatabase(server, sql`drop owned by ${sql.id(role)}`)
    await inDatabase(server, sql`drop role ${sql.id(role)}`)
  }

  await refused(at({ port: '1' }), /127\.0\.0\.1:1\/trek_\w+, which --to names, .*nothing listens there/i)
  await refused(at({ hostname: 'nowhere.invalid' }), /nowhere\.invalid:\d+.*--to.*cannot be (resolved|looked up)/)
  await refused(at({ pathname: '/nothing' }), /--to.*PostgreSQL says: database "nothing" does not exist/)
  await refused(at({ username: 'nobody', password: 'secret' }), /--to.*PostgreSQL says: .*"nobody"/)
  await refused('postgres://', /--to must be an address like postgres:/, 2)
  await refused('postgres://trek:secret#1@db/trek', /--to must be an address like postgres:.*%23/, 2)
  const unreachableEnv = { ...instance.env, DATABASE_URL: at({ port: '1' }) }
  expect((await trek(unreachableEnv, 'move', '--to', 'sqlite')).stderr).toMatch(
    /127\.0\.0\.1:1.*DATABASE_URL names.*nothing listens/i,
  )
}, 120_000)

test.each(ENGINES)(
  'an older version reads nothing from a database of a newer one on $engine',
  async (engine) => {
    const instance = await placeOn(engine)
    const other = await placeOn(postgres)
    await createBackup(instance)
    await inDatabase(instance, sql`insert into kysely_migration values ('9999_future', '2030-01-01')`)
    const to = instance.url ? 'sqlite' : (other.url as string)
    for (const words of [
      ['move', '--to', to],
      ['backup', `${instance.dataDir}.tar.zst`],
      ['doctor'],
      ['addon', 'list'],
    ]) {
      const result = await trek(instance.env, ...words)
      expect(result.code).toBe(1)
      expect(result.stdout + result.stderr).toMatch(
        /does not know \(9999_future\): a newer TREK has used it\. Start that version/,
      )
    }
    // A file can be set aside whatever its contents.
    const restored = await trek(instance.env, 'restore', RELEASE, '--replace')
    if (instance.url) expect(restored).toMatchObject({ code: 1, stderr: expect.stringMatching(/rows of a newer TREK/) })
    else expect(restored).toMatchObject({ code: 0, stderr: '' })
  },
  60_000,
)

/** A new instance without any data. */
const createBackup = async (instance: InstanceData & { env: Record<string, string> }) =>
  (await openInstance(readConfig(instance.env), { warn: () => {}, newInstance: false })).close()

async function inDatabase(instance: InstanceData, statement: ReturnType<typeof sql>): Promise<void> {
  const database = openDatabase(databaseOf(instance))
  try {
    await statement.execute(database.kysely)
  } finally {
    await database.close()
  }
}

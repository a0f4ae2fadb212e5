import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { whyNot } from './cannot-start.ts'
import { type Environment, readConfig } from './config/index.ts'
import { DatabaseUnavailable } from './core/data/database.ts'
import { openProduct } from './product.ts'

let folder: string
/** A valid instance. */
let startedFolder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trek-start-'))
  startedFolder = join(folder, 'fine')
  await (await open({ DATA_DIR: startedFolder })).close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open = (env: Environment) =>
  openProduct(readConfig(env), { onError: () => {}, server: { warn: () => {}, newInstance: false } })

/** The message of a start that fails. */
async function readError(env: Environment): Promise<string> {
  const product = await open(env).catch((error: unknown) => whyNot(error, readConfig(env)))
  if (typeof product === 'string') return product
  await product.close()
  throw new Error('The start succeeded')
}

/** A copy of the valid instance with a change. */
function spoilFile(name: string, spoil: (dataDir: string) => void): string {
  const copy = join(folder, name)
  cpSync(startedFolder, copy, { recursive: true })
  spoil(copy)
  return copy
}

const SITUATIONS: readonly [what: string, make: () => string, says: RegExp][] = [
  [
    'DATA_DIR is a file',
    () => {
      const file = join(folder, 'file')
      writeFileSync(file, '')
      return file
    },
    /file is not a folder\. Look at DATA_DIR, which is .*file\./,
  ],
  [
    'the database is a folder',
    () => {
      const dataDir = join(folder, 'database-folder')
      mkdirSync(join(dataDir, 'trek.db'), { recursive: true })
      return dataDir
    },
    /trek\.db is a folder, where a file is expected\. Look at DATA_DIR/,
  ],
  [
    'the database is another file',
    () => spoilFile('other-file', (dataDir) => writeFileSync(join(dataDir, 'trek.db'), 'x'.repeat(5000))),
    /trek\.db is not a SQLite database\. Move it away, or look at DATA_DIR\./,
  ],
  [
    'the database is that of another program',
    () =>
      spoilFile('foreign', (dataDir) => {
        for (const name of ['trek.db', 'trek.db-wal', 'trek.db-shm', 'trek.db-mark']) {
          rmSync(join(dataDir, name), { force: true })
        }
        const database = new Sqlite(join(dataDir, 'trek.db'))
        database.exec('create table users (id integer)')
        database.close()
      }),
    /trek\.db is a database of another program: it has a table users, and nothing of TREK\. Move it away, or look at DATA_DIR\./,
  ],
  [
    'the database is damaged',
    () =>
      spoilFile('damaged', (dataDir) => {
        const file = openSync(join(dataDir, 'trek.db'), 'r+')
        for (let page = 2; page < 12; page++) writeSync(file, Buffer.alloc(4096, 0x5e), 0, 4096, page * 4096)
      }),
    /trek\.db is damaged \(database disk image is malformed\)\. Put a backup in its place; docs\/database\.md says how\./,
  ],
  [
    'the database was truncated',
    () => spoilFile('cut', (dataDir) => truncateSync(join(dataDir, 'trek.db'), 20_000)),
    /trek\.db is damaged \(/,
  ],
  [
    'the database is from a newer version',
    () =>
      spoilFile('newer', (dataDir) => {
        const database = new Sqlite(join(dataDir, 'trek.db'))
        database.prepare('insert into kysely_migration values (?, ?)').run('9999_future', '2030-01-01')
        database.close()
      }),
    /does not know \(9999_future\): a newer TREK has used it\. Start that version, or put back a backup/,
  ],
  [
    'the key is invalid',
    () => spoilFile('key', (dataDir) => writeFileSync(join(dataDir, 'encryption.key'), 'spoiled')),
    /encryption\.key does not hold a key of 64 hexadecimal digits/,
  ],
  [
    'the key is a folder',
    () =>
      spoilFile('key-folder', (dataDir) => {
        rmSync(join(dataDir, 'encryption.key'))
        mkdirSync(join(dataDir, 'encryption.key'))
      }),
    /encryption\.key is a folder, where a file is expected\. Look at DATA_DIR/,
  ],
  [
    'the folder of uploads is a file',
    () =>
      spoilFile('uploads', (dataDir) => {
        rmSync(join(dataDir, 'files'), { recursive: true })
        writeFileSync(join(dataDir, 'files'), '')
      }),
    /files.* is not a folder.*\. Look at DATA_DIR/,
  ],
]

test.each(SITUATIONS)('when %s, the start says what is wrong, where, and what to do', async (_, make, expectedText) => {
  expect(await readError({ DATA_DIR: make() })).toMatch(expectedText)
})

describe('errors that this test cannot cause on every machine', () => {
  const settings = { host: '127.0.0.1', port: 80, dataDir: '/srv/trek', database: '/srv/trek/trek.db' }
  const of = (code: string, more: object = {}) => Object.assign(new Error(`${code}: something`), { code, ...more })
  const file = (code: string) => of(code, { path: '/srv/trek/files', syscall: 'mkdir' })
  const disk = (code: string) => new DatabaseUnavailable('disk', of(code))

  test.each<[Error, RegExp]>([
    [
      file('EACCES'),
      /^\/srv\/trek\/files may not be read or written by the user that runs the server\. Look at DATA_DIR, /,
    ],
    [file('EROFS'), /lies on a disk that takes no writes\. Look at DATA_DIR/],
    [file('ENOSPC'), /lies on a disk that has no room left\. Look at DATA_DIR/],
    [of('EACCES', { syscall: 'listen' }), /may not listen on port 80\. Set PORT to one from 1024/],
    [disk('SQLITE_READONLY'), /trek\.db cannot be opened for reading and writing .* Look at DATA_DIR/],
    [disk('SQLITE_CANTOPEN'), /trek\.db cannot be opened for reading and writing/],
    [of('SQLITE_FULL'), /The disk of \/srv\/trek\/trek\.db has no room left/],
    [of('SQLITE_BUSY'), /Another program holds \/srv\/trek\/trek\.db/],
    [new Error('A sentence of ours.'), /^A sentence of ours\.$/],
  ])('get a message: %s', (error, expectedText) => {
    expect(whyNot(error, settings)).toMatch(expectedText)
  })

  test('an error of PostgreSQL is quoted, without the address and its password', () => {
    const database = 'postgres://trek:hush@db.lan/trek'
    const error = new DatabaseUnavailable('refused', new Error('database "trek" does not exist'))
    expect(whyNot(error, { ...settings, database })).toBe(
      'The database refuses the log-in of this server (database "trek" does not exist). Look at DATABASE_URL.',
    )
  })
})

describe('listening', () => {
  let server: Server
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => server.close())

  test.each([
    ['127.0.0.1', 'used', /^Another program listens on port \d+ of 127\.0\.0\.1 already, perhaps TREK itself\./],
    [
      '192.0.2.7',
      'free',
      /^HOST is "192\.0\.2\.7", which is no address of this machine\. Leave it out, or set 0\.0\.0\.0/,
    ],
    ['nowhere.invalid', 'free', /^HOST is "nowhere\.invalid", which is a name that this machine does not know\./],
  ])('on %s, which is %s, fails with the setting to change', async (host, state, says) => {
    const { port: used } = server.address() as { port: number }
    const port = state === 'used' ? used : 0
    const [error] = await once(createServer().listen(port, host), 'error').catch((thrown) => [thrown])
    expect(whyNot(error, { host, port, dataDir: folder, database: '' })).toMatch(says)
  })
})

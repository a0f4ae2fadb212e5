import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scrypt, secretsOf } from '../../src/identity/server/index.ts'
import { PASSWORDS, playSecrets } from '../fixtures/secret-story.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { everyOperation } from '../harness/operations.ts'
import { Browser } from '../harness/rigs/oauth.ts'
import { type Running, startRunning } from '../harness/rigs/running.ts'
import { Vault } from '../harness/secret-scanner.ts'
import { until } from '../harness/until.ts'

/** Uses every secret that grants access, rightly and wrongly, then searches for it where it must not be. */

/** The purposes of derived keys. */
const KEYS = [
  'web sessions',
  'web tokens',
  'oauth cookies',
  'oauth refresh tokens',
  'oauth signatures',
  'share links',
  'doctor',
  'remembered calls',
]

/** Every write has a key, so that its answer is remembered. */
const withKeys =
  (send: typeof fetch): typeof fetch =>
  (url, init = {}) => {
    const headers = new Headers(init.headers)
    if ((init.method ?? 'GET') !== 'GET') headers.set('idempotency-key', randomUUID())
    return send(url, { ...init, headers })
  }

describe.each(ENGINES)('on $engine', ({ engine, place: find }) => {
  const vault = new Vault()
  const outer = globalThis.fetch
  const log: string[] = []
  const encryptionKey = randomBytes(32).toString('hex')
  let place: Place
  let running: Running
  let root: Browser

  beforeAll(async () => {
    place = await find()
    const env = { ENCRYPTION_KEY: encryptionKey, LOG_LEVEL: 'trace' }
    running = await startRunning(place.target, env, {
      log: { write: (line) => void log.push(line) },
      passwords: scrypt,
    })
    globalThis.fetch = withKeys(vault.fetch(outer))
    vault.add('password', ...Object.values(PASSWORDS))
    vault.add('key of the instance', encryptionKey, Buffer.from(encryptionKey, 'hex').toString('base64'))
    const secretFor = secretsOf({ encryptionKey, dataDir: '' })
    for (const purpose of KEYS) vault.add(`key for ${purpose}`, secretFor(purpose))
    root = await playSecrets(running, vault)
  }, 120_000)

  afterAll(async () => {
    globalThis.fetch = outer
    await running.close()
    await place.remove()
  })

  /** Every row of every table, as text. */
  async function rows(): Promise<Record<string, string>> {
    const { kysely } = running.database
    const tables = await kysely.introspection.getTables()
    const rowsByTable = await Promise.all(
      tables.map(async ({ name }) => {
        const { rows: rowsOfTable } = await sql`select * from ${sql.table(name)}`.execute(kysely)
        return [`table ${name}`, rowsOfTable.map((row) => JSON.stringify(row)).join('\n')] as const
      }),
    )
    return Object.fromEntries(rowsByTable)
  }

  test('the scenario has many secrets, and the search finds a planted one in every encoding', async () => {
    expect(vault.size).toBeGreaterThan(80)
    const secret = `trekoa_${'7e'.repeat(32)}`
    vault.add('planted', secret)
    for (const text of [
      `x${secret}y`,
      Buffer.from(`ab:${secret}:c`).toString('base64'),
      Buffer.from(`b${secret}`).toString('base64url'),
      Buffer.from(secret).toString('hex').toUpperCase(),
      secret.slice(7),
    ]) {
      expect(vault.find(text)).toEqual([expect.stringContaining('planted')])
    }
  })

  test('no row of the database contains a secret', async () => {
    await until(async () => (await running.database.kysely.selectFrom('audit').select('id').execute()).length > 50)
    const allRows = await rows()
    expect(Object.keys(allRows).length).toBeGreaterThan(30)
    expect(allRows['table audit']).toContain('oauth_replay')
    vault.expectNowhere(allRows)
    if (engine === 'postgres') return
    // Nor the remains of deleted rows.
    const files = [place.target, `${place.target}-wal`].filter(existsSync)
    vault.expectNowhere(Object.fromEntries(files.map((file) => [file, readFileSync(file, 'latin1')])))
  })

  test('no line of the log contains a secret, even at level trace', () => {
    expect(log.length).toBeGreaterThan(200)
    expect(log.filter((line) => line.includes('"level":50')).length).toBeGreaterThan(2)
    for (const path of ['/oauth/consent/[hidden]/request', '/api/trips/1/share-link', '/mcp/[hidden]']) {
      expect(log.join('\n')).toContain(`"path":"${path}"`)
    }
    expect(running.failures.length).toBeGreaterThan(0)
    vault.expectNowhere({
      log: log.join('\n'),
      // What `main` would have logged.
      failures: running.failures.map((failure) => inspect(failure, { depth: 6, showHidden: true })).join('\n'),
    })
  })

  test('no list contains a secret', async () => {
    const lists = everyOperation
      .map(({ operation }) => operation)
      .filter(
        ({ expose, method, path }) => expose.includes('rest') && method === 'GET' && /^\/(admin|me)\b[^:]*$/.test(path),
      )
    expect(lists.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['list_audit', 'list_oauth_grants', 'list_users']),
    )
    const own = new Browser(running.url)
    await own.logIn('ana', PASSWORDS.next)
    for (const { path, name } of lists) {
      for (const browser of [root, own]) {
        const answer = await browser.fetch(`/api${path}`)
        vault.expectNowhere({ [name]: await answer.text() })
      }
    }
  })
})

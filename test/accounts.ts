import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import pino from 'pino'
import { type Config, type Environment, readConfig } from '../src/config.ts'
import { Catalogue } from '../src/core/catalogue.ts'
import { Feed } from '../src/core/feed.ts'
import { addon } from '../src/core/operation.ts'
import { Pipeline } from '../src/core/pipeline.ts'
import { Settings } from '../src/core/settings.ts'
import type { Caller } from '../src/core/space.ts'
import { type OpenDatabase, openDatabase } from '../src/db/connect.ts'
import { adminFeature } from '../src/features/admin/index.ts'
import { createIdentity, type Identity } from '../src/identity/index.ts'
import { createHttp } from '../src/transports/http.ts'
import { rest } from '../src/transports/rest/rest.ts'

/** One server of an instance, as `main` wires it but with accounts alone; for tests. */
export interface TestServer {
  readonly app: FastifyInstance
  readonly database: OpenDatabase
  readonly identity: Identity
  readonly pipeline: Pipeline
  readonly config: Config
  readonly failures: unknown[]
  /** Everything the server has written to its log. */
  readonly log: string[]
  logIn(identifier: string, password: string, more?: object): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

/** What `main` builds before it opens any way in, with accounts alone. */
export function accountParts(config: Config, failed: (error: unknown) => void) {
  const database = openDatabase(config.database)
  const feed = new Feed(database, failed)
  const identity = createIdentity({ database, feed, config, failed })
  const catalogue: Catalogue = new Catalogue([identity.feature, adminFeature(() => catalogue)], [assistants])
  const settings = new Settings(database)
  const { observe } = identity
  const pipeline = new Pipeline({ catalogue, database, settings, feed, checkOutput: true, observe })
  return { database, identity, pipeline }
}

const assistants = addon({ name: 'mcp', title: 'Assistants', description: 'Lets assistants in.', default: false })

export async function testServer(target: string, env: Environment = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'trek-identity-'))
  const config = { ...readConfig({ DATA_DIR: folder, ENCRYPTION_KEY: '5e'.repeat(32), ...env }), database: target }
  const failures: unknown[] = []
  const { database, identity, pipeline } = accountParts(config, (error) => void failures.push(error))
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const { appUrl, allowedHosts } = config
  const app = await createHttp({ log, database, appUrl, allowedHosts, trustProxy: true, web: null })
  await rest(app, {
    pipeline,
    door: identity.door,
    about: { title: 'TREK', version: '0', url: null, sessionCookie: 'trek_session' },
  })
  identity.routes(app)
  await app.ready()
  return {
    app,
    database,
    identity,
    pipeline,
    config,
    failures,
    log: lines,
    logIn: (identifier, password, more = {}) =>
      app.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { host: 'localhost', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0' },
        payload: { identifier, password },
        ...more,
      }),
    async close() {
      await app.close()
      await identity.close()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const commandLine: Caller = {
  userId: 0,
  name: 'command line',
  admin: true,
  way: 'cli',
  client: null,
  grant: null,
  scopes: 'all',
  readOnly: null,
}

/** What the browser would send back after an answer. */
export const cookieOf = (answer: LightMyRequestResponse): string =>
  answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')

/** Waits until something holds, and fails after five seconds if it never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('It did not come about within five seconds')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

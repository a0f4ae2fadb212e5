import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import pino from 'pino'
import { expect } from 'vitest'
import { type Environment, readConfig } from '../../../src/config/index.ts'
import type { Caller } from '../../../src/core/data/space.ts'
import type { Input, Output } from '../../../src/core/declare/operation.ts'
import { create_user } from '../../../src/features/admin/contract/index.ts'
import { create_static_token } from '../../../src/identity/contract/index.ts'
import type { Passwords } from '../../../src/identity/server/index.ts'
import { openProduct, type Product } from '../../../src/product.ts'
import { createHttp } from '../../../src/transports/http/index.ts'
import { rest } from '../../../src/transports/rest/index.ts'
import { eachDatabase } from '../database/databases.ts'
import { quickPasswords } from './passwords.ts'

export const PASSWORD = 'walnut-lantern-42'
export const HOST = { host: 'localhost' }

type User = Output<typeof create_user>['user']

/** A server with log-in and REST operations, called without a network. */
export interface TestServer extends Product {
  readonly app: FastifyInstance
  readonly failures: unknown[]
  /** Everything the server has written to its log. */
  readonly log: string[]
  logIn(identifier: string, password: string, more?: object): Promise<LightMyRequestResponse>
  /** The account that this cookie belongs to, or null. */
  whoIs(cookie: string): Promise<User | null>
  newUser(more?: Partial<Input<typeof create_user>>): Promise<User>
  newToken(userId: number): Promise<Output<typeof create_static_token>>
}

export async function testServer(
  target: string,
  env: Environment = {},
  passwords: Passwords = quickPasswords,
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'trek-accounts-'))
  const config = { ...readConfig({ DATA_DIR: folder, ENCRYPTION_KEY: '5e'.repeat(32), ...env }), database: target }
  const failures: unknown[] = []
  const onError = (error: unknown) => void failures.push(error)
  const product = await openProduct(config, { onError, checkOutput: true, passwords })
  const { pipeline, database, identity, services } = product
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const { appUrl, allowedHosts } = config
  const app = await createHttp({ log, database, appUrl, allowedHosts, trustProxy: false, web: null })
  const about = { title: 'TREK', version: '0', url: null, sessionCookie: identity.sessionCookie }
  await rest(app, { pipeline, authenticator: identity.authenticator, files: services.files, about })
  await identity.routes(app)
  await app.ready()
  return {
    ...product,
    app,
    failures,
    log: lines,
    logIn: (identifier, password, more = {}) =>
      app.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { ...HOST, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0' },
        payload: { identifier, password },
        ...more,
      }),
    whoIs: async (cookie) => (await app.inject({ url: '/api/auth/me', headers: { ...HOST, cookie } })).json().user,
    async newUser(more = {}) {
      const username = `person${++people}`
      const account = { username, email: `${username}@example.org`, password: PASSWORD, ...more }
      return (await pipeline.run(create_user, account, commandLine)).user
    },
    newToken: (userId) =>
      pipeline.run(create_static_token, { name: 'laptop' }, { ...commandLine, userId, admin: false }),
    async close() {
      await app.close()
      await product.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

let people = 0

interface Instance {
  /** Runs work with a fresh server of this instance, and asserts that nothing failed in the background. */
  withServer(work: (server: TestServer) => Promise<void>, env?: Environment, passwords?: Passwords): Promise<void>
  /** Another server of the same instance. It shares only the database. */
  another(env?: Environment): Promise<TestServer>
}

/** Runs a suite on both engines, each with its own instance. */
export function eachInstance(suite: (instance: Instance) => void): void {
  eachDatabase((_, place) => {
    const servers: TestServer[] = []
    async function start(env: Environment = {}, passwords?: Passwords): Promise<TestServer> {
      const server = await testServer(place().target, env, passwords)
      servers.push(server)
      return server
    }
    suite({
      another: start,
      async withServer(work, env, passwords) {
        const server = await start(env, passwords)
        try {
          await work(server)
          expect(server.failures).toEqual([])
        } finally {
          for (const open of servers.splice(0)) await open.close()
        }
      },
    })
  })
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

/** The Cookie header that a browser sends after this answer. */
export const cookieOf = (answer: LightMyRequestResponse): string =>
  answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('; ')

export { until } from '../until.ts'

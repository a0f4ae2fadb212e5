import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { Feed } from '../../../src/core/data/feed.ts'
import type { Caller } from '../../../src/core/data/space.ts'
import type { Authenticator, Identity } from '../../../src/core/run/authentication.ts'
import { Catalogue } from '../../../src/core/run/catalogue.ts'
import { Pipeline } from '../../../src/core/run/pipeline.ts'
import { Settings } from '../../../src/core/run/settings.ts'
import { openDatabase } from '../../../src/db/connect.ts'
import { createHttp } from '../../../src/transports/http/index.ts'
import { type Fixtures, type McpLimits, mcp, mcpAddon } from '../../../src/transports/mcp/index.ts'
import { switch_addon } from '../../fixtures/toy/contract/index.ts'
import { toy } from '../../fixtures/toy/server/index.ts'
import { migrateToy } from '../rigs/toy-rig.ts'
import { until as wait } from '../until.ts'

export const PUBLIC_URL = 'https://trek.example.org'

const LIMITS: McpLimits = {
  requestsPerMinute: 10_000,
  sessionsPerUser: 20,
  sessionSeconds: 3600,
  keepAliveSeconds: 25,
  compareMs: 50,
}

/** The tokens and their users. They outlive the server, as rows do. */
export function makeKeys() {
  const identities = new Map<string, Identity>()
  const endedGrants = new Set<string>()
  const authenticator: Authenticator = {
    identifyBearer: async (token, audience) => {
      const identity = audience === 'mcp' ? identities.get(token) : undefined
      return identity && !endedGrants.has(identity.grant) ? identity : null
    },
    identifyCookie: async () => null,
    isActive: async (grant) => !endedGrants.has(grant),
  }
  return {
    authenticator,
    end: (grant: string) => endedGrants.add(grant),
    /** Accepts these tokens, which another process has issued. */
    copy(tokens: Record<string, Identity>): void {
      for (const [token, identity] of Object.entries(tokens)) identities.set(token, identity)
    },
    all: (): Record<string, Identity> => Object.fromEntries(identities),
    /** A new token of that user, with a new grant unless `more` names one. */
    issue(userId: number, more: Partial<Identity> = {}): string {
      const token = `trekoa_${randomBytes(12).toString('hex')}`
      identities.set(token, {
        userId,
        name: `user ${userId}`,
        admin: false,
        scopes: 'all',
        grant: `grant:${token.slice(7, 15)}`,
        client: null,
        clientId: null,
        notice: null,
        readOnly: null,
        ...more,
      })
      return token
    },
  }
}

export type Keys = ReturnType<typeof makeKeys>

export const callerFor = (userId: number): Caller => ({
  userId,
  name: `user ${userId}`,
  admin: false,
  way: 'rest',
  client: null,
  grant: null,
  scopes: 'all',
  readOnly: null,
})

/** A server that listens on a free port. Two of them over one database act as two processes. */
export async function startServer(
  target: string,
  keys: Keys,
  more: { limits?: Partial<McpLimits>; fixtures?: Fixtures } = {},
) {
  const database = openDatabase(target)
  await migrateToy(database)
  const logged: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => logged.push(line) })
  const failures: unknown[] = []
  const pipeline = new Pipeline({
    catalogue: new Catalogue([toy], [mcpAddon]),
    database,
    settings: new Settings(database),
    feed: new Feed(database, (error) => failures.push(error)),
    checkOutput: true,
  })
  const administrator = { ...callerFor(1), admin: true }
  const switchAddon = (addon: 'stickers' | 'mcp', on: boolean) =>
    pipeline.run(switch_addon, { addon, on }, administrator)
  await switchAddon('mcp', true)
  const app = await createHttp({
    log,
    database,
    appUrl: PUBLIC_URL,
    allowedHosts: [],
    trustProxy: false,
    web: null,
  })
  await mcp(app, {
    pipeline,
    authenticator: keys.authenticator,
    publicUrl: () => PUBLIC_URL,
    version: '1.2.3',
    limits: { ...LIMITS, ...more.limits },
    ...(more.fixtures && { fixtures: more.fixtures }),
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return {
    database,
    pipeline,
    app,
    logged,
    failures,
    switchAddon,
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    async stop() {
      await app.close()
      await database.close()
    },
  }
}

export type TestServer = Awaited<ReturnType<typeof startServer>>

/** Waits until a condition holds; the error names the condition. */
export const until = (condition: () => boolean | Promise<boolean>, description: string, ms = 5000): Promise<unknown> =>
  wait(condition, ms, description)

import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import packageJson from '../package.json' with { type: 'json' }
import { fileKeysIn } from './db/file-keys.ts'
import { isMigrated } from './db/migrate.ts'
import { MIGRATIONS } from './migrations.generated.ts'
import type { Product } from './product.ts'
import { createHttp, tellMetrics } from './transports/http/index.ts'
import { live } from './transports/live/index.ts'
import { type Fixtures, mcp } from './transports/mcp/index.ts'
import { rest } from './transports/rest/index.ts'

export interface Server {
  readonly app: FastifyInstance
  /** The URL on which it listens, without a trailing slash. */
  readonly url: string
  /** Closes streams and sockets with a reason, then stops listening. The product stays open. */
  close(): Promise<void>
}

/** The folder of the built app; null if it was not built. */
function builtApp(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('#app/index.html'))
  } catch {
    return null
  }
}

/** Starts all transports of the product on one port: the app, REST, live updates and MCP. */
export async function startServer(product: Product, log: Logger, fixtures?: Fixtures): Promise<Server> {
  const { config, pipeline, database, identity, presence, services, doctor, jobs, observing } = product
  const { authenticator } = identity
  const app = await createHttp({
    log,
    database,
    isMigrated: () => isMigrated(database, MIGRATIONS),
    appUrl: config.appUrl,
    allowedHosts: config.allowedHosts,
    trustProxy: config.trustProxy,
    web: builtApp(),
    observer: observing?.observer ?? null,
  })
  const { version } = packageJson
  await identity.routes(app)
  doctor.routes(app)
  await rest(app, {
    pipeline,
    authenticator,
    files: services.files,
    about: { title: 'TREK', version, url: config.appUrl, sessionCookie: identity.sessionCookie },
  })
  const liveStats = await live(app, { pipeline, authenticator, presence })
  const mcpStats = await mcp(app, {
    pipeline,
    authenticator,
    publicUrl: identity.publicUrl,
    version,
    limits: {
      requestsPerMinute: config.mcpRateLimit,
      sessionsPerUser: config.mcpMaxSessionPerUser,
      sessionSeconds: config.mcpSessionTtl,
      keepAliveSeconds: config.mcpSseKeepalive,
    },
    fixtures,
  })
  if (config.metricsToken && observing?.metrics) {
    const scrape = observing.metrics({
      ready: async () => (await app.readiness.look()) === null,
      database: () => database.stats(),
      uploads: () => fileKeysIn(database.kysely).totals(),
      websockets: liveStats.websockets,
      unread: () => liveStats.unread() + mcpStats.unread(),
      streams: mcpStats.streams,
      sessions: mcpStats.sessions,
      backlog: () => pipeline.parts.feed.backlog,
    })
    tellMetrics(app, { token: config.metricsToken, scrape })
  }
  // Suppresses Fastify's JSON line; the greeting reports the URL in words.
  const { level } = log
  log.level = 'silent'
  await app.listen({ port: config.port, host: config.host })
  log.level = level
  const { address, port, family } = app.server.address() as AddressInfo
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(config.host)
    ? 'localhost'
    : family === 'IPv6'
      ? `[${address}]`
      : address
  jobs.start()
  return { app, url: `http://${host}:${port}`, close: () => app.close() }
}

import packageJson from '../package.json' with { type: 'json' }
import { type ExternalServices, openExternalServices } from './adapters/external-services.ts'
import { createSsrfGuard, mayCall, resolveName } from './adapters/http/ssrf-guard.ts'
import { type Observing, type ObservingOptions, observed, openObserving } from './adapters/observing/index.ts'
import { backupToolsFor } from './backup/tools.ts'
import type { Config } from './config/index.ts'
import { Feed } from './core/data/feed.ts'
import { sealingWith } from './core/data/sealing.ts'
import { Catalogue } from './core/run/catalogue.ts'
import { endsWithin } from './core/run/deadline.ts'
import type { Log } from './core/run/feature.ts'
import { Jobs } from './core/run/jobs.ts'
import { forgetting } from './core/run/once.ts'
import { Pipeline } from './core/run/pipeline.ts'
import { Settings } from './core/run/settings.ts'
import { isPostgres, type OpenDatabase } from './db/connect.ts'
import { fileKeysIn } from './db/file-keys.ts'
import { retentionIn } from './db/retention.ts'
import { adminFeature } from './features/admin/server/index.ts'
import { Backups, backupsFeature } from './features/backups/server/index.ts'
import { createDoctor, type Doctor, Probes } from './features/doctor/server/index.ts'
import { historyFeature } from './features/history/server/index.ts'
import { features } from './features/index.ts'
import { createIdentity, type Identity, type Passwords, scrypt, secretsOf } from './identity/server/index.ts'
import { type Opening, openInstance } from './instance.ts'
import { Presence } from './transports/live/presence.ts'
import { mcpAddon } from './transports/mcp/addon.ts'
import { typedCommandsFor } from './typed-commands.ts'

/** The product without transports: the base of the server and the command line. */
export interface Product {
  readonly config: Config
  readonly database: OpenDatabase
  readonly identity: Identity
  readonly pipeline: Pipeline
  readonly presence: Presence
  readonly services: ExternalServices
  /** Checks whether people and programs can connect. */
  readonly doctor: Doctor
  /** Scheduled jobs, once they are started. */
  readonly jobs: Jobs
  /** Metrics and traces; null if off, and for the command line. */
  readonly observing: Observing | null
  /** Writes pending data and closes the database. */
  close(): Promise<void>
}

export interface Conditions {
  /** Receives errors for which no caller waits. */
  readonly onError: (error: unknown) => void
  /** Receives log entries of scheduled jobs. */
  readonly log?: Log
  /** Set for a server: it waits for its database and can create a new instance. */
  readonly server?: Opening
  /** For tests: checks outputs against their declarations. */
  readonly checkOutput?: boolean
  /** The current time; replaced in tests. */
  readonly clock?: () => Date
  /** Password hashing; replaced in tests, for speed. */
  readonly passwords?: Passwords
}

/** Opens the database, updates its schema and builds the pipeline. */
export async function openProduct(
  config: Config,
  { onError, log = () => {}, server, checkOutput = false, clock = () => new Date(), passwords = scrypt }: Conditions,
): Promise<Product> {
  const opened = await openInstance(config, server ?? null)
  const observing = server ? await openObserving(whatIsObserved(config, opened, server)) : null
  const observer = observing?.observer ?? null
  const database = observer ? observed(opened, observer) : opened
  const feed = new Feed(database, onError)
  const settings = new Settings(database)
  const secretFor = secretsOf(config)
  const services = openExternalServices(config, {
    fileKeys: fileKeysIn(database.kysely),
    secretFor,
    isServer: server !== undefined,
    traceHeaders: () => observer?.traceHeaders() ?? {},
    servers: () => 1 + database.processes.living().length,
    warn: server?.warn ?? (() => {}),
  })
  const probes = new Probes(secretFor('doctor'), clock)
  const identity = createIdentity({
    database,
    feed,
    config,
    onError,
    clock,
    fetch: (url, init) => services.http.fetch(url, init),
    // Strangers can name only public addresses, whatever users may name.
    checkAddress: createSsrfGuard({ allowInternal: false, resolve: resolveName, mayCall }).check,
    catalogue: () => catalogue,
    assistantsOn: async () => (await settings.current()).addonOn(mcpAddon),
    credentialKinds: [probes.credentialKind],
    passwords,
  })
  const doctor = createDoctor({ database, identity, probes, config, clock })
  // The file that started this process also runs the command line.
  const entry = process.argv[1] ?? ''
  const backups = new Backups({
    tools: backupToolsFor(config, database.kysely, entry),
    commands: typedCommandsFor(config, entry),
    everySeconds: config.backupEvery,
    keep: config.backupKeep,
    encrypted: config.backupPassphrase !== null || config.backupRecipient !== null,
    clock,
    record: (entry) => identity.note(entry),
    warn: server?.warn ?? (() => {}),
    onError,
  })
  const sealing = sealingWith(secretFor('kept secrets'))
  const catalogue: Catalogue = new Catalogue(
    [
      ...identity.features,
      ...features(services),
      adminFeature(() => catalogue, services, passwords),
      historyFeature(() => ({ catalogue, sealing }), retentionIn(database), config.historyDays),
      doctor.feature,
      backupsFeature(backups),
      forgetting(database.calls, config.idempotencyDuration, clock),
    ],
    [mcpAddon],
  )
  const presence = new Presence(database, { onError })
  const pipeline = new Pipeline({
    catalogue,
    database,
    settings,
    feed,
    checkOutput,
    observer,
    clock,
    secret: secretFor('remembered calls'),
    sealing,
    observe(finished) {
      identity.observe(finished)
      presence.observe(finished)
    },
  })
  const jobs = new Jobs({ features: catalogue.features, lease: database.lease('jobs'), pipeline, onError, log })
  return {
    config,
    database,
    identity,
    pipeline,
    presence,
    services,
    doctor,
    jobs,
    observing,
    async close() {
      await endsWithin(2000, 'The backup', () => backups.close(), onError)
      await endsWithin(1000, 'The last job', () => jobs.close(), onError)
      await endsWithin(1000, 'Writing what has gathered', () => identity.close(), onError)
      await endsWithin(1000, 'Telling the other servers', () => leave(presence, database), onError)
      await endsWithin(3000, 'Closing the database', () => database.close(), onError)
      await endsWithin(1000, 'Sending the last traces', async () => observing?.close(), onError)
    },
  }
}

function whatIsObserved(config: Config, { processes }: OpenDatabase, { warn }: Opening): ObservingOptions {
  const { version } = packageJson
  const { metricsToken, otelExporterOtlpEndpoint: endpoint } = config
  const traces = endpoint
    ? {
        endpoint,
        headers: config.otelExporterOtlpHeaders,
        service: config.otelServiceName,
        version,
        process: processes.id,
        part: config.otelTracesSamplerArg,
        sentEvery: config.otelBspScheduleDelay,
        engine: isPostgres(config.database) ? ('postgresql' as const) : ('sqlite' as const),
        warn,
      }
    : null
  return { version, metrics: metricsToken !== null, traces }
}

/** Other processes see at once that this one has gone. */
async function leave(presence: Presence, { processes }: OpenDatabase): Promise<void> {
  await presence.close()
  await processes.leave()
}

import type { ExternalServices } from '../../../src/adapters/external-services.ts'
import { readConfig } from '../../../src/config/index.ts'
import { type Batch, positionOf } from '../../../src/core/data/database.ts'
import { Feed } from '../../../src/core/data/feed.ts'
import { sealingWith } from '../../../src/core/data/sealing.ts'
import type { Caller, SpaceRef } from '../../../src/core/data/space.ts'
import { visibleChangeOf } from '../../../src/core/data/visibility.ts'
import { TrekError } from '../../../src/core/declare/errors.ts'
import { Catalogue } from '../../../src/core/run/catalogue.ts'
import { Pipeline } from '../../../src/core/run/pipeline.ts'
import { Settings } from '../../../src/core/run/settings.ts'
import type { Finished } from '../../../src/core/run/steps.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import { retentionIn } from '../../../src/db/retention.ts'
import { adminFeature } from '../../../src/features/admin/server/index.ts'
import { Backups, backupsFeature } from '../../../src/features/backups/server/index.ts'
import { doctorFeature } from '../../../src/features/doctor/server/index.ts'
import { historyFeature } from '../../../src/features/history/server/index.ts'
import { features } from '../../../src/features/index.ts'
import { createIdentity, secretsOf } from '../../../src/identity/server/index.ts'
import type { Product } from '../../../src/product.ts'
import { typedCommandsFor } from '../../../src/typed-commands.ts'
import { testMessage } from '../error-texts.ts'
import { services as noServices } from '../network/outside-address.ts'

let names = 0

/** Creates an account and returns its caller. */
export async function makeUser(database: OpenDatabase, name: string, more: Partial<Caller> = {}): Promise<Caller> {
  const username = `${name.toLowerCase()}${++names}`
  const at = new Date(0).toISOString()
  const { id } = await database.kysely
    .insertInto('users')
    .values({
      username,
      name,
      email: `${username}@example.org`,
      email_verified: 0,
      banned: false,
      role: more.admin ? 'admin' : 'user',
      created_at: at,
      updated_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return {
    userId: id,
    name,
    admin: false,
    way: 'rest',
    client: null,
    grant: null,
    scopes: 'all',
    readOnly: null,
    ...more,
  }
}

/** Backups without a folder. */
const noBackups = new Backups({
  commands: typedCommandsFor(readConfig({}), ''),
  tools: null,
  everySeconds: 86_400,
  keep: 7,
  encrypted: false,
  clock: () => new Date(),
  record: () => {},
  warn: () => {},
  onError: () => {},
})

/** The product over one database, without transports. */
export function makeWorld(database: OpenDatabase, services: ExternalServices = noServices) {
  const failures: unknown[] = []
  const finished: Finished[] = []
  const onError = (error: unknown) => void failures.push(error)
  const feed = new Feed(database, onError)
  const config = readConfig({ ENCRYPTION_KEY: '5e'.repeat(32) })
  const identity = createIdentity({
    database,
    feed,
    config,
    onError,
    fetch: (url, init) => services.http.fetch(url, init),
    checkAddress: () => {},
    catalogue: () => catalogue,
    assistantsOn: async () => false,
  })
  const sealing = sealingWith(secretsOf(config)('kept secrets'))
  const catalogue: Catalogue = new Catalogue([
    ...identity.features,
    ...features(services),
    adminFeature(() => catalogue, services),
    historyFeature(() => ({ catalogue, sealing }), retentionIn(database), config.historyDays),
    doctorFeature(async () => Promise.reject(new TrekError('unavailable', testMessage('There is no server to call')))),
    backupsFeature(noBackups),
  ])
  const pipeline = new Pipeline({
    catalogue,
    database,
    settings: new Settings(database),
    feed,
    checkOutput: true,
    sealing,
    observe: (one) => finished.push(one),
  })
  return { ...makeWorldOf({ database, pipeline, services }), failures, finished }
}

/** The same for a running product. */
export function makeWorldOf({
  database,
  pipeline,
  services = noServices,
}: Pick<Product, 'database' | 'pipeline'> & Partial<Pick<Product, 'services'>>) {
  const { catalogue, feed } = pipeline.parts
  const run = pipeline.run.bind(pipeline)

  /** The changes of a space that one person sees from now on, as `action entity` lines. */
  async function watch(ref: SpaceRef, caller: Caller) {
    const lines: string[] = []
    const rows: unknown[] = []
    const { role } = await pipeline.membership(ref, caller)
    const stop = await feed.follow(ref, await positionOf(database, ref), hear, () => {})
    function hear(batch: Batch): void {
      for (const change of batch.changes) {
        const visible = visibleChangeOf(change, { userId: caller.userId, role }, catalogue.canSee(change.entity))
        if (!visible) continue
        lines.push(`${visible.action} ${visible.entity}`)
        rows.push(visible)
      }
    }
    return { lines, rows, stop: () => stop?.() }
  }

  return { database, catalogue, pipeline, services, feed, run, watch }
}

export type World = ReturnType<typeof makeWorldOf>

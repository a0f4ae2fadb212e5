import { Feed } from '../../../src/core/data/feed.ts'
import type { Caller } from '../../../src/core/data/space.ts'
import { type Authenticator, grantTopic, type Identity } from '../../../src/core/run/authentication.ts'
import { Catalogue } from '../../../src/core/run/catalogue.ts'
import { Pipeline } from '../../../src/core/run/pipeline.ts'
import { Settings } from '../../../src/core/run/settings.ts'
import { type OpenDatabase, type Opening, openDatabase } from '../../../src/db/connect.ts'
import { migrate } from '../../../src/db/migrate.ts'
import { MIGRATIONS } from '../../../src/migrations.generated.ts'
import { Presence } from '../../../src/transports/live/presence.ts'
import { toy } from '../../fixtures/toy/server/index.ts'
import { toyTables } from '../../fixtures/toy/server/migrations/9001_toy.ts'

/** Adds the tables of the toy feature once; several processes can call it. */
export const migrateToy = (database: OpenDatabase): Promise<void> =>
  migrate(database, { ...MIGRATIONS, '9001_toy': toyTables })

/** Opens the toy feature over a database. Two of them over one database act as two processes. */
export async function openToy(target: string, opening: Opening = {}) {
  const database = openDatabase(target, opening)
  await migrateToy(database)
  await database.processes.enter()
  const failures: unknown[] = []
  const onError = (error: unknown) => void failures.push(error)
  const presence = new Presence(database, { onError, assistantStaysMs: 400 })
  const pipeline = new Pipeline({
    catalogue: new Catalogue([toy]),
    database,
    settings: new Settings(database),
    feed: new Feed(database, onError),
    checkOutput: true,
    observe: (finished) => presence.observe(finished),
  })
  async function close() {
    await presence.close()
    await database.close()
  }
  return { database, pipeline, presence, failures, close, ...testDoor(database) }
}

/** The caller who creates crates over REST. */
export const TOY_OWNER: Caller = {
  userId: 2,
  name: 'user 2',
  admin: false,
  way: 'rest',
  client: null,
  grant: null,
  scopes: 'all',
  readOnly: null,
}

/** Authentication for tests: `session=5` is user 5, `token-5` is a program of user 5, and user 1 is the administrator. */
function testDoor(database: OpenDatabase) {
  const endedGrants = new Set<string>()
  const identity = (userId: number, grant: string, client: string | null): Identity | null =>
    endedGrants.has(grant)
      ? null
      : {
          userId,
          name: `user ${userId}`,
          admin: userId === 1,
          scopes: 'all',
          grant,
          client,
          clientId: null,
          notice: null,
          readOnly: null,
        }
  const authenticator: Authenticator = {
    async identifyBearer(token, audience) {
      const user = /^token-(\d+)$/.exec(token)?.[1]
      return user && audience === 'rest' ? identity(Number(user), `token:${user}`, 'laptop') : null
    },
    async identifyCookie(cookie) {
      const user = /(?:^|; )session=(\d+)/.exec(cookie ?? '')?.[1]
      return user ? identity(Number(user), `session:${user}`, null) : null
    },
    isActive: async (grant) => !endedGrants.has(grant),
  }
  return {
    authenticator,
    /** Ends a grant without a notification, as expiry does. */
    expire: (grant: string) => void endedGrants.add(grant),
    async end(grant: string) {
      endedGrants.add(grant)
      await database.notifier.publish(grantTopic(grant))
    },
  }
}

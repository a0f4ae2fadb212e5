import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Setting } from '../../src/core/run/settings.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { migrate } from '../../src/db/migrate.ts'
import { MIGRATIONS } from '../../src/migrations.generated.ts'
import { startPostgres } from '../harness/database/postgres.ts'
import { Relay } from '../harness/network/relay.ts'
import {
  assistantOf,
  attempt,
  end,
  health,
  isHealthy,
  killServers,
  launch,
  serve,
  tripIdOf,
} from '../harness/processes/serving.ts'
import { times } from '../harness/prove.ts'
import { until } from '../harness/until.ts'
import { defectsAt } from './checker.ts'

/** Outages of PostgreSQL and of the way to it: they must cost no saved change and no process. */

type Postgres = Awaited<ReturnType<typeof startPostgres>>

let postgres: Postgres
let relay: Relay
let databases = 0
let folder: string

beforeAll(async () => {
  postgres = await startPostgres()
  relay = await new Relay(postgres.port).open()
  folder = mkdtempSync(join(tmpdir(), 'trek-outages-'))
})
afterAll(async () => {
  killServers()
  await relay.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a statement on the server directly, past the relay. */
async function query(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: `${postgres.url}/postgres` })
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.query(text, values)
  } finally {
    await client.end()
  }
}

async function newDatabase(): Promise<{ name: string; direct: string; relayed: string }> {
  const name = `outage${++databases}`
  await query(`create database ${name}`)
  return { name, direct: `${postgres.url}/${name}`, relayed: `postgres://trek:trek@127.0.0.1:${relay.port}/${name}` }
}

const endBackendsOf = (name: string) =>
  query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])

let folders = 0
/** A server on this database with a folder of its own. The URL decides whether it uses the relay. */
const instanceAt = (url: string) => ({ url, dataDir: join(folder, `data-${++folders}`) })

describe('a lost connection', () => {
  test('causes no error if it happens between requests: all backends ended', {
    timeout: times(60_000, 300_000),
  }, async () => {
    const { name, direct, relayed } = await newDatabase()
    const serving = await serve(instanceAt(relayed))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    for (let round = 0; round < times(2, 25); round++) {
      await endBackendsOf(name)
      expect(await attempt(assistant, 'create_trip', { title: `Trip ${round}` })).toBe('done')
      relay.cut()
      expect(await attempt(assistant, 'list_trips', {})).toBe('done')
    }
    expect(await end(serving)).toBe(0)
  })

  test('loses no acknowledged write of many writers, and each gets success or 503', {
    timeout: times(120_000, 600_000),
  }, async () => {
    const { name, direct, relayed } = await newDatabase()
    const serving = await serve(instanceAt(relayed))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    const trips = await Promise.all(
      Array.from({ length: 6 }, async (_, at) =>
        tripIdOf(await assistant.tool('create_trip', { title: `Trip ${at}` })),
      ),
    )
    const answers: string[] = []
    const placesWritten: string[] = []
    let isWriting = true
    const writers = trips.map(async (tripId, writer) => {
      for (let at = 0; isWriting; at++) {
        const place = `Place ${writer}-${at}`
        const answer = await attempt(assistant, 'create_place', { tripId, name: place })
        answers.push(answer)
        if (answer === 'done') placesWritten.push(place)
      }
    })
    for (let round = 0; round < times(4, 60); round++) {
      const reached = answers.length + 30
      await until(() => answers.length >= reached, 20_000, 'the writers go on')
      if (round % 3 === 2) relay.cut()
      else await endBackendsOf(name)
    }
    isWriting = false
    await Promise.all(writers)
    expect([...new Set(answers)].filter((answer) => answer !== 'done' && answer !== 'later')).toEqual([])
    expect(placesWritten.length).toBeGreaterThan(times(50, 500))
    const database = openDatabase(direct)
    const names = new Set(
      (
        await database.kysely
          .selectFrom('places' as never)
          .select('name' as never)
          .execute()
      ).map((row) => (row as { name: string }).name),
    )
    await database.close()
    expect(placesWritten.filter((place) => !names.has(place))).toEqual([])
    expect(await end(serving)).toBe(0)
    expect(await defectsAt(direct)).toEqual([])
  })

  test('during a commit is reported as unknown, and a retry with the same key gets the outcome', {
    timeout: 60_000,
  }, async () => {
    const { direct, relayed } = await newDatabase()
    const serving = await serve(instanceAt(relayed))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    const key = randomUUID()
    // The bytes of a simple query in the protocol (PostgreSQL, Message Formats).
    relay.cutAnswer('\u000bcommit\u0000', 0)
    await expect(assistant.tool('create_trip', { title: 'Kyoto' }, key)).rejects.toThrow(
      /The connection to the database was lost while the change was being saved.*Check whether the change was made/s,
    )
    const repeatedAnswer = await assistant.tool('create_trip', { title: 'Kyoto' }, key)
    expect(repeatedAnswer).toContain('Kyoto')
    expect((await assistant.tool('list_trips', {})).match(/"title":"Kyoto"/g)).toHaveLength(1)
    expect(await end(serving)).toBe(0)
  })

  test('at the end of a read causes no error, because no change can be in doubt', async () => {
    const { direct, relayed } = await newDatabase()
    const otherDatabase = openDatabase(direct)
    await migrate(otherDatabase, MIGRATIONS)
    await otherDatabase.close()
    const database = openDatabase(relayed)
    relay.cutAnswer('\u000bcommit\u0000', 0)
    expect(await database.read((tx) => tx.list(Setting, {}))).toEqual([])
    await database.close()
  })

  test('during a restart of the database requests get 503, and afterwards they succeed', {
    timeout: times(120_000, 400_000),
  }, async () => {
    const { direct, relayed } = await newDatabase()
    const serving = await serve(instanceAt(relayed))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    for (let round = 0; round < times(1, 10); round++) {
      await postgres.down()
      await until(async () => (await health(serving)).status === 503, 10_000, 'it says that the database is away')
      const answer = await health(serving)
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
      // A restart of the server would not bring the database back.
      expect((await fetch(`http://127.0.0.1:${serving.port}/api/health`)).status).toBe(200)
      const refused = await assistant.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' })
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
      const token = await fetch(`http://127.0.0.1:${serving.port}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'y' }),
      })
      expect([token.status, token.headers.get('retry-after')]).toEqual([503, '1'])
      await postgres.up()
      await isHealthy(serving)
      expect(await attempt(assistant, 'create_place', { tripId, name: `Place ${round}` })).toBe('done')
    }
    expect(await end(serving)).toBe(0)
  })

  test('a start waits for the database and says so', { timeout: 60_000 }, async () => {
    const { relayed } = await newDatabase()
    await postgres.down()
    const serving = await launch(instanceAt(relayed))
    await until(() => /Waiting for the database/.test(serving.printed()), 20_000, 'it says that it waits')
    expect(serving.child.exitCode).toBe(null)
    await postgres.up()
    await isHealthy(serving)
    expect(await end(serving)).toBe(0)
  })

  test('a start during which the database is lost is repeated', { timeout: times(90_000, 300_000) }, async () => {
    const { relayed } = await newDatabase()
    const serving = await launch(instanceAt(relayed))
    for (let round = 0; round < times(3, 20); round++) {
      const reached = relay.connections
      await until(() => relay.connections !== reached || serving.child.exitCode !== null, 20_000, 'it connects')
      relay.switchTo(1)
      await new Promise((resolve) => setTimeout(resolve, 50 * round))
      relay.switchTo(postgres.port)
    }
    await isHealthy(serving)
    expect(await end(serving)).toBe(0)
  })

  test('a wrong password stops the start, because waiting would not help', { timeout: 60_000 }, async () => {
    const { relayed } = await newDatabase()
    const serving = await launch(instanceAt(relayed.replace('trek:trek', 'trek:wrong')))
    if (serving.child.exitCode === null) await once(serving.child, 'exit')
    expect(serving.child.exitCode).toBe(1)
    expect(serving.printed()).toMatch(/password authentication failed/)
  })

  test('a server follows a proxy that switches to a second database server', { timeout: 60_000 }, async () => {
    const { direct, relayed } = await newDatabase()
    const serving = await serve(instanceAt(relayed))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    await assistant.tool('create_trip', { title: 'Kyoto' })
    const second = await postgres.move()
    relay.switchTo(second.port)
    await isHealthy(serving)
    expect(await attempt(assistant, 'create_trip', { title: 'Nara' })).toBe('done')
    expect(await assistant.tool('list_trips', {})).toMatch(/Kyoto/)
    expect(await end(serving)).toBe(0)
    await postgres.up()
    relay.switchTo(postgres.port)
  })
})

describe('a database server without a free connection', () => {
  test('is waited for, and requests meanwhile get 503', { timeout: 60_000 }, async () => {
    const { name, direct, relayed } = await newDatabase()
    const serving = await serve(instanceAt(relayed))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    // A superuser bypasses the limit of connections, so all connections are forbidden.
    await query(`alter database ${name} allow_connections false`)
    try {
      await endBackendsOf(name)
      await until(async () => (await health(serving)).status === 503, 10_000, 'it says that the database is away')
      expect(await attempt(assistant, 'create_place', { tripId, name: 'Gion' })).toBe('later')
    } finally {
      await query(`alter database ${name} allow_connections true`)
    }
    await isHealthy(serving)
    expect(await attempt(assistant, 'create_place', { tripId, name: 'Gion' })).toBe('done')
    expect(await end(serving)).toBe(0)
    expect(serving.printed()).not.toContain('bug')
  })
})

describe('a server whose log-in the database refuses', () => {
  test('says so, and continues as soon as the log-in works', { timeout: 60_000 }, async () => {
    const { name, direct } = await newDatabase()
    await query(`create role guest${name} login password 'first'`)
    await query(`alter database ${name} owner to guest${name}`)
    const serving = await serve(instanceAt(direct.replace('trek:trek', `guest${name}:first`)))
    const assistant = await assistantOf(serving)
    await query(`alter role guest${name} password 'second'`)
    await endBackendsOf(name)
    const reply = await until(
      async () => {
        const answer = await assistant.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' })
        return answer.status === 200 ? null : answer
      },
      10_000,
      'it is let in no more',
    )
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '10'])
    expect(reply.text).toContain('The database refuses the log-in of this server')
    await query(`alter role guest${name} password 'first'`)
    await isHealthy(serving)
    expect(await attempt(assistant, 'create_trip', { title: 'Kyoto' })).toBe('done')
    expect(await end(serving)).toBe(0)
  })
})

describe('one stuck transaction', () => {
  test('delays only the writers of its trip', { timeout: 60_000 }, async () => {
    const { direct } = await newDatabase()
    const serving = await serve(instanceAt(direct))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    const [stuck, free] = [
      tripIdOf(await assistant.tool('create_trip', { title: 'Stuck' })),
      tripIdOf(await assistant.tool('create_trip', { title: 'Free' })),
    ]
    const holder = new pg.Client({ connectionString: direct })
    await holder.connect()
    await holder.query('begin')
    await holder.query(`select seq from spaces where space = 'trip' and id = $1 for update`, [stuck])

    let waiting = 0
    const writers = Array.from({ length: 30 }, async (_, at) => {
      waiting++
      const answer = await attempt(assistant, 'create_place', { tripId: stuck, name: `Place ${at}` })
      waiting--
      return answer
    })
    // Each of these is answered while all writers still wait.
    for (let at = 0; at < 10; at++) {
      expect(await attempt(assistant, 'create_place', { tripId: free, name: `Place ${at}` })).toBe('done')
      expect(await attempt(assistant, 'get_trip_summary', { tripId: stuck })).toBe('done')
      expect((await health(serving)).status).toBe(200)
    }
    expect(waiting).toBe(30)
    // All writers then get the answer later, although the trip is still locked.
    expect(new Set(await Promise.all(writers))).toEqual(new Set(['later']))
    await holder.query('rollback')
    await holder.end()
    expect(await attempt(assistant, 'create_place', { tripId: stuck, name: 'Place' })).toBe('done')
    expect(await end(serving)).toBe(0)
  })

  test('of a process that stopped responding is ended by the database', async () => {
    const { direct } = await newDatabase()
    const space = { space: 'trip', id: 1 }
    const frozen = openDatabase(direct, { limits: { idleInTransaction: 200 } })
    await migrate(frozen, MIGRATIONS)
    const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
    const { promise: thawed, resolve: thaw } = Promise.withResolvers<void>()
    const never = frozen.write(space, async () => {
      enter()
      await thawed
      return 'written'
    })
    await entered
    const other = openDatabase(direct)
    expect(await other.write(space, async () => 'written')).toBe('written')
    thaw()
    // Nothing of it was committed, so it could start again.
    expect(await never).toBe('written')
    await Promise.all([frozen.close(), other.close()])
  })
})

describe('a connection that goes silent', () => {
  test('is noticed by the listening process, which then delivers the missed changes', { timeout: 30_000 }, async () => {
    const { direct, relayed } = await newDatabase()
    const warnings: string[] = []
    const listening = openDatabase(relayed, { warn: (warning) => warnings.push(warning) })
    // Stands for another process.
    const other = new pg.Client({ connectionString: direct })
    await other.connect()
    const notifications: string[] = []
    listening.notifier.subscribe((topic) => notifications.push(topic))
    const isNotified = async () => {
      await other.query(`select pg_notify('trek_doorbell', 'other hello')`)
      return notifications.includes('hello')
    }
    await until(isNotified, 10_000, 'it listens')
    notifications.length = 0
    relay.silence()
    await other.query(`select pg_notify('trek_doorbell', 'other trip:1')`)
    await until(() => notifications.includes('*'), 20_000, 'it notices that it may have missed something')
    notifications.length = 0
    await until(isNotified, 10_000, 'it hears again')
    expect(warnings[0]).toMatch(/was lost/)
    expect(warnings.at(-1)).toBe('The database answers again.')
    await other.end()
    await listening.close()
  })

  test('does not keep a process from ending', { timeout: 60_000 }, async () => {
    const { direct, relayed } = await newDatabase()
    const serving = await serve(instanceAt(relayed))
    const assistant = await assistantOf(serving, { ...serving, url: direct })
    await assistant.tool('create_trip', { title: 'Kyoto' })
    relay.silence()
    const pendingAnswer = attempt(assistant, 'list_trips', {}).catch(() => 'cut')
    expect(await end(serving)).toBe(0)
    await pendingAnswer
  })
})

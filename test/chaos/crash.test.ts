import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { Client, structured } from '../../bench/client.ts'
import { freePort, SERVER, start } from '../../bench/processes.ts'
import { readConfig } from '../../src/config/index.ts'
import { create_user } from '../../src/features/admin/contract/index.ts'
import { Assignment } from '../../src/features/assignments/contract/index.ts'
import { Day } from '../../src/features/days/contract/index.ts'
import { Place } from '../../src/features/places/contract/index.ts'
import { Trip, TripMember } from '../../src/features/trips/contract/index.ts'
import { create_static_token } from '../../src/identity/contract/index.ts'
import { openProduct } from '../../src/product.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { PROVING, times } from '../harness/prove.ts'
import { commandLine, PASSWORD } from '../harness/rigs/accounts.ts'

const WRITERS = 6
/** Milliseconds from the start of the writers to the kill: each time at another point of their work. */
const MOMENTS = PROVING ? Array.from({ length: 24 }, (_, at) => 60 + ((at * 97) % 700)) : [140, 410]

eachDatabase((database, place) => {
  test('a server killed at any moment loses no acknowledged write, leaves no half operation and keeps its sessions', {
    timeout: times(120_000, 600_000),
  }, async () => {
    const port = await freePort()
    const env = {
      PORT: String(port),
      ENCRYPTION_KEY: '5e'.repeat(32),
      LOG_LEVEL: 'error',
      MCP_RATE_LIMIT: '1000000',
      DATA_DIR: place().folder,
      DATABASE_URL: database().dialect.name === 'postgres' ? place().target : '',
    }
    const serve = () =>
      start(
        SERVER,
        ['serve', '--enable', 'mcp'],
        env,
        async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok,
      )
    const token = await tokenFor(env)
    let { child } = await serve()
    const clients = Array.from({ length: WRITERS }, () => new Client(port, token))
    for (const client of clients) await client.handshake()
    const acknowledged = { trips: new Set<number>(), places: new Set<number>(), stops: new Set<number>() }

    for (const moment of MOMENTS) {
      const writing = clients.map((client) => write(client, acknowledged))
      await new Promise((resolve) => setTimeout(resolve, moment))
      const died = once(child, 'exit')
      child.kill('SIGKILL')
      await died
      const broken = await Promise.all(writing)
      ;({ child } = await serve())
      // The same sessions continue: no client has to log in or initialise again.
      for (const client of clients) await client.tool('list_trips', { limit: 1 })
      await expectWhole(acknowledged)
      // An interrupted write is sent again under its key: its row exists once, whether or not the write had been done.
      for (const [at, client] of clients.entries()) {
        const key = broken[at] as string
        const { trip } = structured<Made>(await client.tool('create_trip', tripOf(key), key))
        acknowledged.trips.add(trip.id)
        const named = await database().read((tx) => tx.list(Trip, { title: key }))
        expect(named.map(({ id }) => id)).toEqual([trip.id])
      }
    }
    expect(acknowledged.trips.size).toBeGreaterThan(WRITERS)
    for (const client of clients) client.close()
    const died = once(child, 'exit')
    child.kill('SIGTERM')
    await died
  })

  async function expectWhole(acknowledged: Acknowledged): Promise<void> {
    const rows = await database().read(async (tx) => ({
      trips: await tx.list(Trip, {}),
      members: await tx.list(TripMember, {}),
      days: await tx.list(Day, {}),
      places: await tx.list(Place, {}),
      stops: await tx.list(Assignment, {}),
    }))
    for (const kind of ['trips', 'places', 'stops'] as const) {
      const storedIds = new Set(rows[kind].map((row) => row.id))
      expect([...acknowledged[kind]].filter((id) => !storedIds.has(id))).toEqual([])
    }
    const daysOf = Map.groupBy(rows.days, (day) => day.trip_id)
    for (const trip of rows.trips) {
      expect(
        daysOf
          .get(trip.id)
          ?.map((day) => day.day_number)
          .sort(),
      ).toEqual([1, 2, 3])
      expect(rows.members.filter((member) => member.trip_id === trip.id)).toHaveLength(1)
      const log = (await database().changesSince({ space: 'trip', id: trip.id }, 0)).flatMap((batch) => batch.changes)
      expect(log.length).toBe(await database().head({ space: 'trip', id: trip.id }))
      const writtenCount = [...rows.places, ...rows.stops].filter((row) => row.trip_id === trip.id).length
      expect(log.filter(({ entity }) => entity === 'place' || entity === 'assignment')).toHaveLength(writtenCount)
    }
  }
})

interface Acknowledged {
  trips: Set<number>
  places: Set<number>
  stops: Set<number>
}

interface Made {
  trip: { id: number }
}

/** A trip with its key as the title. */
const tripOf = (key: string) => ({ title: key, start_date: '2027-04-05', end_date: '2027-04-07' })

/**
 * Creates trips with places on their days until the server is gone, and remembers the acknowledged rows. Returns the
 * key of the last trip, which may be unfinished.
 */
async function write(client: Client, acknowledged: Acknowledged): Promise<string> {
  let key = ''
  try {
    for (;;) {
      key = randomUUID()
      const { trip } = structured<Made>(await client.tool('create_trip', tripOf(key), key))
      acknowledged.trips.add(trip.id)
      const { days } = structured<{ days: { id: number }[] }>(
        await client.tool('get_trip_summary', { tripId: trip.id }),
      )
      for (const day of days) {
        const { place } = structured<{ place: { id: number } }>(
          await client.tool('create_place', { tripId: trip.id, name: 'Gion' }),
        )
        acknowledged.places.add(place.id)
        const { assignment } = structured<{ assignment: { id: number } }>(
          await client.tool('assign_place_to_day', { tripId: trip.id, dayId: day.id, placeId: place.id }),
        )
        acknowledged.stops.add(assignment.id)
      }
    }
  } catch (error) {
    // Only a broken connection is expected; a wrong answer is a failure.
    if (!/ECONNRESET|ECONNREFUSED|socket hang up|EPIPE/.test(String(error))) throw error
    return key
  }
}

async function tokenFor(env: Record<string, string>): Promise<string> {
  const product = await openProduct(readConfig(env), { onError: () => {} })
  const account = { username: 'ana', email: 'ana@example.org', password: PASSWORD }
  const { user } = await product.pipeline.run(create_user, account, commandLine)
  const caller = { ...commandLine, userId: user.id, admin: false }
  const { token } = await product.pipeline.run(create_static_token, { name: 'laptop' }, caller)
  await product.close()
  return token
}

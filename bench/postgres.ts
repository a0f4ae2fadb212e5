import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startPostgres } from '../test/harness/database/postgres.ts'
import { structured } from './client.ts'
import { middle, rate } from './measure.ts'
import { SERVER, stop } from './processes.ts'
import { openProduct } from './product.ts'

/**
 * Reads and writes of one server on PostgreSQL with `fsync`, and writers of one trip compared with writers of many trips.
 * `node bench/postgres.ts [--before ../before/dist/server/trek.js]` also measures another build alternately in the same run.
 */
const SECONDS = 2
const RUNS = 3
const WRITERS = 16

const at = process.argv.indexOf('--before')
const builds = { 'this build': SERVER, ...(at > 0 && { before: resolve(process.argv[at + 1] ?? '') }) }

const postgres = await startPostgres({ durable: true })
const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const opened = await Promise.all(Object.entries(builds).map(([name, entry], nth) => open(name, entry, `bench${nth}`)))

async function open(name: string, entry: string, database: string) {
  await postgres.createDatabase(database)
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const { child, client } = await openProduct(entry, dataDir, { DATABASE_URL: `${postgres.url}/${database}` })
  const trips: number[] = []
  for (let trip = 0; trip < WRITERS; trip++) {
    const made = await client.tool('create_trip', {
      title: `Trip ${trip}`,
      start_date: '2027-04-05',
      end_date: '2027-04-11',
    })
    trips.push(structured<{ trip: { id: number } }>(made).trip.id)
  }
  return { name, child, client, trips }
}

type Opened = (typeof opened)[number]
let next = 0
const place = ({ client, trips }: Opened, trip: number) =>
  client.tool('create_place', { tripId: trips[trip], name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292 })

const CALLS: Record<string, (one: Opened) => Promise<unknown>> = {
  list_trips: ({ client }) => client.tool('list_trips', {}),
  get_trip_summary: ({ client, trips }) => client.tool('get_trip_summary', { tripId: trips.at(-1) }),
  'create_place in one trip': (one) => place(one, 0),
  'create_place in many trips': (one) => place(one, 1 + (next++ % (WRITERS - 2))),
}

const found = new Map<string, number>()
for (const [what, call] of Object.entries(CALLS)) {
  const figures = opened.map(() => [] as number[])
  for (let run = 0; run < RUNS; run++) {
    for (const [nth, one] of opened.entries()) figures[nth]?.push(await rate(WRITERS, SECONDS, () => call(one)))
  }
  const middles = figures.map(middle)
  for (const [nth, { name }] of opened.entries()) found.set(`${what}, ${name}`, middles[nth] ?? 0)
  const ratio = middles.length > 1 ? `, ${((middles[0] ?? 0) / (middles[1] ?? 0)).toFixed(2)} ×` : ''
  console.log(`${what}: ${middles.map(Math.round).join(' and ')} a second${ratio}`)
}
for (const { name } of opened) {
  const [one = 0, many = 0] = ['one trip', 'many trips'].map((where) => found.get(`create_place in ${where}, ${name}`))
  console.log(`writers of one trip, ${name}: ${(one / many).toFixed(2)} of writers of many`)
}

for (const { client, child } of opened) {
  client.close()
  await stop(child)
}
await postgres.stop()
rmSync(folder, { recursive: true, force: true })

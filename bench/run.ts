import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Client, structured } from './client.ts'
import { median, middle, rate } from './measure.ts'
import { cpuOf, freePort, memoryOf, SERVER, start, stop } from './processes.ts'
import { openProduct } from './product.ts'

/**
 * Measures a fresh server over real HTTP, alternating with a minimal server for the same calls (`floor.ts`) and optionally
 * with another build. Absolute numbers depend on the machine; the ratios of one run can be compared.
 * `npm run bench -- --seconds 1 --runs 1` is a quick overview; `--before ../before/dist/server/trek.js` names the other build.
 */
function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const SECONDS = Number(option('seconds') ?? 3)
const RUNS = Number(option('runs') ?? 3)
const ROUNDS = 400
const IN_FLIGHT = 16
const SESSIONS = 1000
const floorPort = await freePort()

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))

/** A measured server. All have the same trips. */
interface Measured {
  readonly name: string
  readonly child: Awaited<ReturnType<typeof start>>['child']
  readonly client: Client
  readonly ms: number
  readonly memory: number
  readonly small: number
  readonly large: number
  /** Whether it supports more than the three calls. */
  readonly isProduct: boolean
}

async function openServer(name: string, entry: string): Promise<Measured & { dataDir: string; token: string }> {
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const opened = await openProduct(entry, dataDir, { DATABASE_URL: '' })
  return { name, ...opened, isProduct: true, dataDir, ...(await seed(opened.client)) }
}

/** Starts the minimal server on a copy of the database. */
async function openFloor(ours: Awaited<ReturnType<typeof openServer>>): Promise<Measured> {
  const database = join(folder, 'floor.db')
  const source = new Sqlite(join(ours.dataDir, 'trek.db'))
  source.prepare('vacuum into ?').run(database)
  source.close()
  const answers: Record<string, string> = {}
  for (const [name, call] of Object.entries(CALLS)) answers[name] = await call(ours)
  const answersFile = join(folder, 'answers.json')
  writeFileSync(answersFile, JSON.stringify(answers))
  const isReady = async () => (await new Client(floorPort).post('/', {})).status === 200
  const { child, ms } = await start('bench/floor.ts', [String(floorPort), database, answersFile], {}, isReady)
  const { small, large } = ours
  const client = new Client(floorPort, ours.token)
  return { name: 'floor', child, client, ms, memory: memoryOf(child), isProduct: false, small, large }
}

type Call = (one: Measured) => Promise<string>
const CALLS = {
  list_trips: ({ client }) => client.tool('list_trips', {}),
  get_trip_summary: ({ client, small }) => client.tool('get_trip_summary', { tripId: small }),
  create_place: ({ client, large }) =>
    client.tool('create_place', { tripId: large, name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292 }),
} satisfies Record<string, Call>

const rows: string[][] = []

/** Measures all servers alternately. Adds a row with the medians, and the ratios of the first server to the others. */
async function compare(
  what: string,
  unit: string,
  all: readonly Measured[],
  figure: (one: Measured) => Promise<number>,
) {
  const figures = all.map(() => [] as number[])
  for (let run = 0; run < RUNS; run++) for (const [at, one] of all.entries()) figures[at]?.push(await figure(one))
  const middles = figures.map((found) => middle(found))
  const [ours = 0, ...others] = middles
  const shown = (value: number) => (value >= 100 ? String(Math.round(value)) : value.toFixed(2))
  rows.push([
    `${what}, ${unit}`,
    ...servers.map((one) => (all.includes(one) ? shown(middles[all.indexOf(one)] ?? 0) : '')),
    others.map((other) => (ours / other).toFixed(2)).join(' and '),
  ])
  return ours
}

const before = option('before')
const ours = await openServer('this build', SERVER)
const servers: Measured[] = [
  ours,
  ...(before ? [await openServer('before', resolve(before))] : []),
  await openFloor(ours),
]
const products = servers.filter(({ isProduct }) => isProduct)

await compare('start to first answer', 'ms', servers, async ({ ms }) => ms)
await compare('memory after the start', 'MB', servers, async ({ memory }) => memory)
await compare('session handshake, p50', 'ms', products, ({ client }) => median(ROUNDS, () => client.handshake()))
await compare('tools/list, p50', 'ms', products, ({ client }) => median(ROUNDS, () => client.call('tools/list', {})))
for (const [name, call] of Object.entries(CALLS)) {
  await compare(`${name}, p50`, 'ms', servers, (one) => median(ROUNDS, () => call(one)))
}
const summaryOfLarge = ({ client, large }: Measured) => client.tool('get_trip_summary', { tripId: large })
await compare('get_trip_summary of 2,000 places, p50', 'ms', products, (one) => median(50, () => summaryOfLarge(one)))
for (const [name, call] of Object.entries(CALLS)) {
  const cpu = new Map<Measured, number[]>()
  await compare(`${name}, ${IN_FLIGHT} in flight`, 'a second', servers, async (one) => {
    const began = cpuOf(one.child)
    const speed = await rate(IN_FLIGHT, SECONDS, () => call(one))
    cpu.set(one, [...(cpu.get(one) ?? []), (cpuOf(one.child) - began) / (speed * SECONDS)])
    return speed
  })
  const spent = new Map([...cpu].map(([one, runs]) => [one, middle(runs)]))
  rows.push([`  CPU of a call, µs`, ...servers.map((one) => String(Math.round(spent.get(one) ?? 0))), ''])
}
const stranger = new Client(floorPort)
const constant = await rate(IN_FLIGHT, SECONDS, () => stranger.post('/', {}))
stranger.close()
const under = memoryOf(ours.child)
for (let session = 0; session < SESSIONS; session++) await ours.client.handshake()
const withSessions = memoryOf(ours.child)

for (const { client, child } of servers) {
  client.close()
  await stop(child)
}
rmSync(folder, { recursive: true, force: true })

const table = [['', ...servers.map(({ name }) => name), 'ratio'], ...rows]
const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
console.log(`\na constant reply, ${IN_FLIGHT} in flight: ${Math.round(constant)} a second`)
console.log(`memory after all of it ${under} MB, with ${SESSIONS} more sessions ${withSessions} MB`)

/** Creates twenty trips: a small one with a plan, a large one with thousands of places, and eighteen empty ones. */
async function seed(client: Client): Promise<{ small: number; large: number }> {
  const ids: number[] = []
  for (let trip = 0; trip < 20; trip++) {
    const dates = { start_date: '2027-04-05', end_date: '2027-04-11' }
    const { trip: made } = structured<{ trip: { id: number } }>(
      await client.tool('create_trip', { title: `Trip ${trip}`, ...dates }),
    )
    ids.push(made.id)
  }
  const [small, large] = [ids[0] as number, ids[1] as number]
  await fill(client, small, 20)
  await fill(client, large, 2000)
  return { small, large }
}

async function fill(client: Client, tripId: number, places: number): Promise<void> {
  const { days } = structured<{ days: { id: number }[] }>(await client.tool('get_trip_summary', { tripId }))
  for (let place = 0; place < places; place++) {
    const { place: made } = structured<{ place: { id: number } }>(
      await client.tool('create_place', {
        tripId,
        name: `Place ${place}`,
        lat: 35 + place / 1e4,
        lng: 135.7,
        notes: 'Go early.',
      }),
    )
    if (place % 2 === 0)
      await client.tool('assign_place_to_day', { tripId, dayId: days[(place / 2) % days.length]?.id, placeId: made.id })
    if (place % 4 === 0) await client.tool('create_packing_item', { tripId, name: `Thing ${place}` })
  }
}

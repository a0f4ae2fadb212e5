import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, structured } from './client.ts'
import { median, middle, rate } from './measure.ts'
import { freePort, memoryOf, SERVER, start, stop } from './processes.ts'

/**
 * Measures a fresh server over real HTTP next to a bare handler in the same run, and prints both with their ratio. Figures of
 * one machine say little; ratios of one run can be compared. `npm run bench -- --seconds 1 --runs 1` is the quick look.
 */
const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? usual : Number(process.argv[at + 1])
}
const SECONDS = option('seconds', 3)
const RUNS = option('runs', 3)
const ROUNDS = 400

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const [port, floorPort] = [await freePort(), await freePort()]
const env = { DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'warn', MCP_RATE_LIMIT: '1000000', DATABASE_URL: '' }
const answers = (on: number) => async () => (await fetch(`http://127.0.0.1:${on}/api/health`)).ok

const server = await start(SERVER, ['serve', '--enable', 'mcp'], env, answers(port))
const afterStart = memoryOf(server.child)
const floor = await start(
  'bench/floor.ts',
  [String(floorPort)],
  {},
  async () => (await new Client(floorPort).post('/', {})).status === 200,
)

const made = execFileSync(
  process.execPath,
  [SERVER, 'token', 'create', '--user', 'admin', '--name', 'bench', '--json'],
  {
    env: { ...process.env, ...env },
  },
)
const { token } = JSON.parse(String(made)) as { token: string }
const ours = new Client(port, token)
const bare = new Client(floorPort)
await ours.handshake()

const { small, large } = await seed()
const warm = memoryOf(server.child)
const rows: [what: string, ours: string, bare: string, ratio: string][] = []

const times = async (what: string, mine: () => Promise<unknown>, theirs: () => Promise<unknown>, rounds = ROUNDS) => {
  const pairs: [number, number][] = []
  for (let run = 0; run < RUNS; run++) pairs.push([await median(rounds, mine), await median(rounds, theirs)])
  const [a, b] = [middle(pairs.map(([time]) => time)), middle(pairs.map(([, time]) => time))]
  rows.push([`${what}, p50`, `${a.toFixed(2)} ms`, `${b.toFixed(2)} ms`, `${(a / b).toFixed(1)} ×`])
}
const rates = async (what: string, mine: () => Promise<unknown>, theirs: () => Promise<unknown>) => {
  const pairs: [number, number][] = []
  for (let run = 0; run < RUNS; run++) pairs.push([await rate(16, SECONDS, mine), await rate(16, SECONDS, theirs)])
  const [a, b] = [middle(pairs.map(([speed]) => speed)), middle(pairs.map(([, speed]) => speed))]
  rows.push([`${what}, 16 in flight`, `${Math.round(a)} /s`, `${Math.round(b)} /s`, `${(a / b).toFixed(2)} ×`])
}
const bareRead = () => bare.tool('list_trips', {})
const bareWrite = () => bare.tool('create_place', { tripId: 1, name: 'Kinkaku-ji' })

const visitor = new Client(port, token)
await times('session handshake', () => visitor.handshake(), bareRead)
// A user has so many sessions at most: those just opened have ended ours.
await ours.handshake()
await times('tools/list', () => ours.call('tools/list', {}), bareRead)
await times('list_trips (20 trips)', () => ours.tool('list_trips', {}), bareRead)
await times('get_trip_summary, small trip', () => ours.tool('get_trip_summary', { tripId: small }), bareRead)
await times('get_trip_summary, large trip', () => ours.tool('get_trip_summary', { tripId: large }), bareRead, 50)
await times(
  'create_place',
  () => ours.tool('create_place', { tripId: large, name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292 }),
  bareWrite,
)
await rates('list_trips', () => ours.tool('list_trips', {}), bareRead)
await rates('get_trip_summary, small trip', () => ours.tool('get_trip_summary', { tripId: small }), bareRead)
await rates(
  'create_place',
  () => ours.tool('create_place', { tripId: large, name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292 }),
  bareWrite,
)

const before = memoryOf(server.child)
for (let session = 0; session < 500; session++) await visitor.handshake()
const after = memoryOf(server.child)

for (const client of [ours, bare, visitor]) client.close()
await Promise.all([stop(server.child), stop(floor.child)])
rmSync(folder, { recursive: true, force: true })

const table = [['', 'TREK', 'bare node:http + SQLite', 'ratio'], ...rows]
const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] as string).length)))
for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
console.log(`\nstart to first answer ${Math.round(server.ms)} ms (bare ${Math.round(floor.ms)} ms)`)
console.log(
  `memory after start ${afterStart} MB, with the trips ${warm} MB, before 500 sessions ${before} MB, after ${after} MB`,
)

/** Twenty trips: a small one with a plan, a large one with thousands of places, and eighteen that are only listed. */
async function seed(): Promise<{ small: number; large: number }> {
  const ids: number[] = []
  for (let trip = 0; trip < 20; trip++) {
    const dates = { start_date: '2027-04-05', end_date: '2027-04-11' }
    const { trip: made } = structured<{ trip: { id: number } }>(
      await ours.tool('create_trip', { title: `Trip ${trip}`, ...dates }),
    )
    ids.push(made.id)
  }
  const [small, large] = [ids[0] as number, ids[1] as number]
  await fill(small, 20)
  await fill(large, 2000)
  return { small, large }
}

async function fill(tripId: number, places: number): Promise<void> {
  const { days } = structured<{ days: { id: number }[] }>(await ours.tool('get_trip_summary', { tripId }))
  for (let place = 0; place < places; place++) {
    const { place: made } = structured<{ place: { id: number } }>(
      await ours.tool('create_place', {
        tripId,
        name: `Place ${place}`,
        lat: 35 + place / 1e4,
        lng: 135.7,
        notes: 'Go early.',
      }),
    )
    if (place % 2 === 0)
      await ours.tool('assign_place_to_day', { tripId, dayId: days[(place / 2) % days.length]?.id, placeId: made.id })
    if (place % 4 === 0) await ours.tool('create_packing_item', { tripId, name: `Thing ${place}` })
  }
}

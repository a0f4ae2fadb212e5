import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { structured } from './client.ts'
import { middle, rate } from './measure.ts'
import { cpuOf, memoryOf, SERVER, stop } from './processes.ts'
import { openProduct } from './product.ts'

/**
 * The memory that limits of V8's young space save under load, and their cost in CPU time: `node bench/memory.ts`. The
 * settings are measured alternately; the first one is Node's default.
 */
const SECONDS = 2
const RUNS = 3
const IN_FLIGHT = 16
/** Sets the flag while the program starts, as the program itself would. */
const atStart = (flag: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`import v8 from 'node:v8'; v8.setFlagsFromString('${flag}')`)}`
const SETTINGS: Record<string, string> = {
  default: '',
  'grows slowly': atStart('--semi-space-growth-factor=1'),
  'starts small': atStart('--min-semi-space-size=1'),
  ...Object.fromEntries([4, 8, 16, 24].map((size) => [`at most ${size} MB`, `--max-semi-space-size=${size}`])),
  ...Object.fromEntries(
    [8, 16].map((size) => [`at most ${size} MB, set at the start`, atStart(`--max-semi-space-size=${size}`)]),
  ),
}

interface Figures {
  readonly memory: number[]
  readonly cpu: number[]
}

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const found = new Map<string, Figures>(Object.keys(SETTINGS).map((name) => [name, { memory: [], cpu: [] }]))
for (let run = 0; run < RUNS; run++) {
  for (const [name, options] of Object.entries(SETTINGS)) {
    const { memory, cpu } = await underLoad(options)
    found.get(name)?.memory.push(memory)
    found.get(name)?.cpu.push(cpu)
  }
}
rmSync(folder, { recursive: true, force: true })

const cpuOfFirst = middle([...found.values()][0]?.cpu ?? [])
for (const [name, { memory, cpu }] of found) {
  console.log(`${name}: ${middle(memory)} MB, ${(middle(cpu) / cpuOfFirst).toFixed(2)} × the CPU of a call`)
}

/** The peak memory under load, in megabytes, and the CPU time of a call, in microseconds. */
async function underLoad(options: string): Promise<{ memory: number; cpu: number }> {
  const env = { DATABASE_URL: '', NODE_OPTIONS: options }
  const { child, client } = await openProduct(SERVER, mkdtempSync(join(folder, 'data-')), env)
  const made = await client.tool('create_trip', { title: 'Kyoto', start_date: '2027-04-05', end_date: '2027-04-11' })
  const tripId = structured<{ trip: { id: number } }>(made).trip.id
  const place = { tripId, name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292 }
  for (let times = 0; times < 200; times++) await client.tool('create_place', place)
  let memory = 0
  const looking = setInterval(() => (memory = Math.max(memory, memoryOf(child))), 50)
  const began = cpuOf(child)
  let calls = 0
  for (const [name, input] of [
    ['list_trips', {}],
    ['get_trip_summary', { tripId }],
    ['create_place', place],
  ] as const) {
    calls += SECONDS * (await rate(IN_FLIGHT, SECONDS, () => client.tool(name, input)))
  }
  const cpu = (cpuOf(child) - began) / calls
  clearInterval(looking)
  client.close()
  await stop(child)
  return { memory, cpu }
}

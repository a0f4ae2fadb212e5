import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, structured } from './client.ts'
import { rate } from './measure.ts'
import { cpuOf, freePort, memoryOf, SERVER, start, stop } from './processes.ts'

/**
 * The cost of metrics and traces: the CPU time of a call on three servers of the same build, measured alternately: with both
 * off, with metrics, and with metrics and traces. `--before ../before/dist/server/trek.js` adds another build with both off.
 */
const at = process.argv.indexOf('--before')
const before = at < 0 ? undefined : process.argv[at + 1]
const RUNS = 25
const SECONDS = 0.6
const IN_FLIGHT = 16

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const collector = createServer((request, response) => {
  request.resume().once('end', () => response.end('{}'))
}).listen(0, '127.0.0.1')
await once(collector, 'listening')
const METRICS = { METRICS_TOKEN: '4c'.repeat(32) }
const TRACES = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` }

async function open(name: string, entry: string, more: Record<string, string>) {
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const port = await freePort()
  const env = { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn', MCP_RATE_LIMIT: '1000000', DATABASE_URL: '' }
  const answers = async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok
  const { child } = await start(entry, ['serve', '--enable', 'mcp'], { ...env, ...more }, answers)
  const memory = memoryOf(child)
  const words = ['token', 'create', '--user', 'admin', '--name', 'bench', '--json']
  const made = execFileSync(process.execPath, [entry, ...words], { env: { ...process.env, ...env } })
  const client = new Client(port, (JSON.parse(String(made)) as { token: string }).token)
  await client.handshake()
  const { trip } = structured<{ trip: { id: number } }>(await client.tool('create_trip', { title: 'Trip' }))
  return { name, child, client, memory, trip: trip.id }
}

type Opened = Awaited<ReturnType<typeof open>>
const servers = [
  ...(before ? [await open('before', before, {})] : []),
  await open('off', SERVER, {}),
  await open('figures', SERVER, METRICS),
  await open('figures and traces', SERVER, { ...METRICS, ...TRACES }),
]
const calls: Record<string, (one: Opened) => Promise<string>> = {
  list_trips: ({ client }) => client.tool('list_trips', {}),
  get_trip_summary: ({ client, trip }) => client.tool('get_trip_summary', { tripId: trip }),
  update_trip: ({ client, trip }) => client.tool('update_trip', { tripId: trip, title: 'Kyoto' }),
}

/** The CPU time of one call, in microseconds. */
async function cost(one: Opened, call: (one: Opened) => Promise<string>, seconds = SECONDS): Promise<number> {
  const began = cpuOf(one.child)
  const speed = await rate(IN_FLIGHT, seconds, () => call(one))
  return (cpuOf(one.child) - began) / (speed * seconds)
}

for (const [name, call] of Object.entries(calls)) {
  const costs = servers.map(() => [] as number[])
  for (const one of servers) await cost(one, call, 1)
  for (let run = 0; run < RUNS; run++) {
    for (const [index, one] of servers.entries()) costs[index]?.push(await cost(one, call))
  }
  // Other load on the machine can only increase a result, so the minimum counts.
  const [first = 1, ...others] = costs.map((runs) => Math.min(...runs))
  for (const [index, spent] of [first, ...others].entries()) {
    const more = ((spent / first - 1) * 100).toFixed(1)
    console.log(`${name}, ${servers[index]?.name}: ${spent.toFixed(0)} µs of CPU (${more} % more)`)
  }
}
for (const { name, memory, child } of servers) {
  console.log(`memory, ${name}: ${memory} MB after the start, ${memoryOf(child)} MB after all of it`)
}

for (const { client, child } of servers) {
  client.close()
  await stop(child)
}
collector.close()
rmSync(folder, { recursive: true, force: true })

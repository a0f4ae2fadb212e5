import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { WebSocket, WebSocketServer } from 'ws'
import { readConfig } from '../src/config/index.ts'
import { openProduct } from '../src/product.ts'
import { createHttp, createLog } from '../src/transports/http/index.ts'
import type { FromServer } from '../src/transports/live/contract.ts'
import { live } from '../src/transports/live/index.ts'
import { makeSamples } from '../test/fixtures/samples.ts'
import { SlowLine } from '../test/harness/network/slow-line.ts'
import { makeUser, makeWorldOf } from '../test/harness/rigs/world.ts'
import { fillLargeTrip } from './large-trip.ts'
import { middle } from './measure.ts'

/**
 * The time until all rows of a very large trip have arrived: in pages, compressed and not, compared with one frame in the same
 * run: `node bench/snapshots.ts`. Client and server run in one process.
 */
const RUNS = 5
const SLOW = 1_000_000

const folder = mkdtempSync(join(tmpdir(), 'trek-snapshots-'))
const config = readConfig({ DATA_DIR: folder })
const server = { warn: console.error, newInstance: false }
const product = await openProduct(config, { onError: console.error, server })
const { database, pipeline, presence } = product
const [ana, ben] = [await makeUser(database, 'Ana'), await makeUser(database, 'Ben')]
const { tripId } = await makeSamples(makeWorldOf(product), ana, ben)
await fillLargeTrip(database, tripId as number, [ana.userId, ben.userId])
const trip = { space: 'trip', id: tripId as number }

const app = await createHttp({
  log: createLog('error'),
  database,
  appUrl: null,
  allowedHosts: [],
  trustProxy: false,
  web: null,
})
const identity = { ...ana, grant: 'session:1', clientId: null, notice: null, scopes: 'all' as const }
const authenticator = {
  identifyBearer: async () => null,
  identifyCookie: async () => identity,
  isActive: async () => true,
}
await live(app, { pipeline, presence, authenticator })
const inPages = join(folder, 'pages.sock')
await app.listen({ path: inPages })

const bare = createServer()
new WebSocketServer({ server: bare }).on('connection', (socket) =>
  socket.on('message', async () => {
    const { rows, ...position } = await pipeline.snapshot(trip, ana)
    socket.send(JSON.stringify({ type: 'snapshot', ...trip, ...position, view: '', page: 0, more: false, rows }))
  }),
)
const inOne = join(folder, 'one.sock')
await new Promise<void>((resolve) => bare.listen(inOne, resolve))

const ways: [what: string, path: string, gzip: boolean][] = [
  ['one frame', inOne, false],
  ['pages', inPages, false],
  ['pages, packed', inPages, true],
]
const measured = ways.map(([what]) => ({ what, fast: [] as Taken[], slow: [] as Taken[] }))
for (let run = 0; run < RUNS; run++) {
  for (const [at, [, path, gzip]] of ways.entries()) measured[at]?.fast.push(await take(`ws+unix:${path}:/ws`, gzip))
}
for (const [at, [, path, gzip]] of ways.entries()) {
  const line = await SlowLine.to(path, SLOW)
  measured[at]?.slow.push(await take(`${line.base.replace('http', 'ws')}/ws`, gzip))
  await line.close()
}

const [first] = measured
for (const { what, fast, slow } of measured) {
  const [now, then] = [fast, slow].map((taken) => middle(taken.map(({ ms }) => ms))) as [number, number]
  const [nowThere, thenThere] = [first?.fast, first?.slow].map((taken = []) => middle(taken.map(({ ms }) => ms))) as [
    number,
    number,
  ]
  const bytes = fast[0]?.bytes ?? 0
  console.log(
    [
      what.padEnd(14),
      `${fast[0]?.frames} frames`.padStart(10),
      `${Math.round(bytes / 1000)} kB`.padStart(9),
      `${(bytes / (first?.fast[0]?.bytes ?? 1)).toFixed(2)} ×`.padStart(8),
      `rows after ${Math.round(now)} ms`.padStart(20),
      `${(now / nowThere).toFixed(2)} ×`.padStart(8),
      `at ${SLOW / 1e6} MB/s ${Math.round(then)} ms`.padStart(22),
      `${(then / thenThere).toFixed(2)} ×`.padStart(8),
    ].join(''),
  )
}
bare.closeAllConnections()
bare.close()
await app.close()
await product.close()
rmSync(folder, { recursive: true, force: true })

interface Taken {
  readonly ms: number
  readonly bytes: number
  readonly frames: number
}

/** Subscribes to the trip; resolves when all rows have arrived. */
function take(url: string, gzip: boolean): Promise<Taken> {
  const socket = new WebSocket(url, { headers: { host: 'localhost', cookie: 'session=1' } })
  return new Promise((resolve, reject) => {
    let [start, bytes, frames] = [0, 0, 0]
    socket.on('open', () => {
      start = performance.now()
      socket.send(JSON.stringify({ type: 'subscribe', ...trip, gzip }))
    })
    socket.on('message', (data: Buffer, packed) => {
      const frame = JSON.parse(String(packed ? gunzipSync(data) : data)) as FromServer
      bytes += data.length
      frames++
      if (frame.type !== 'snapshot') reject(new Error(`Received an unexpected frame: ${frame.type}`))
      else if (!frame.more) {
        resolve({ ms: performance.now() - start, bytes, frames })
        socket.terminate()
      }
    })
    socket.on('error', reject)
  })
}

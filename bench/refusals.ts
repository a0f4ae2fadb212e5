import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { middle } from './measure.ts'
import { freePort, SERVER, start, stop } from './processes.ts'

/**
 * The cost of refusing a megabyte of unknown names, compared with an empty object of the same size, on a fresh server over
 * real HTTP: `node bench/refusals.ts`. Also the longest wait of another client for `GET /api/health` meanwhile.
 */
const RUNS = 7
const BYTES = 950_000

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const port = await freePort()
const env = { DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'warn', MCP_RATE_LIMIT: '1000000', DATABASE_URL: '' }
const server = await start(
  SERVER,
  ['serve', '--enable', 'mcp'],
  env,
  async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok,
)
const made = execFileSync(
  process.execPath,
  [SERVER, 'token', 'create', '--user', 'admin', '--name', 'bench', '--json'],
  { env: { ...process.env, ...env } },
)
const { token } = JSON.parse(String(made)) as { token: string }

/** Sends a request on its own connection; returns the time of the answer, in milliseconds, and its status. */
function timed(method: string, path: string, body: string, headers: Record<string, string> = {}) {
  const began = performance.now()
  const length = String(Buffer.byteLength(body))
  return new Promise<{ ms: number; status: number }>((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': length, ...headers },
    })
    sent.on('error', reject)
    sent.on('response', (answer) => {
      answer.resume()
      answer.on('end', () => resolve({ ms: performance.now() - began, status: answer.statusCode ?? 0 }))
    })
    sent.end(body)
  })
}

/** The same, and the longest time that others waited for an answer meanwhile. */
async function beside(path: string, body: string, headers: Record<string, string>) {
  let over = false
  const asked = timed('POST', path, body, headers).finally(() => {
    over = true
  })
  let waited = 0
  while (!over) waited = Math.max(waited, (await timed('GET', '/api/health', '')).ms)
  return { ...(await asked), waited }
}

const names = (bytes: number) => {
  const count = Math.floor(bytes / 10)
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index.toString(36)}`, 1]))
}
const hostile = JSON.stringify(names(BYTES))
const harmless = `{${' '.repeat(hostile.length - 2)}}`
const bearer = { authorization: `Bearer ${token}` }
const accept = { accept: 'application/json, text/event-stream' }
const opened = await fetch(`http://127.0.0.1:${port}/mcp`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...bearer, ...accept },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
  }),
})
const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': '2025-11-25' }
const call = (input: string) =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_transport","arguments":${input}}}`

const CASES: [what: string, path: string, headers: Record<string, string>, wrap?: (input: string) => string][] = [
  ['log-in, a stranger', '/api/auth/login', {}],
  ['consent decision, a stranger', '/oauth/consent/1/decision', {}],
  ['create_transport, a stranger', '/api/trips/1/transports', {}],
  ['create_transport, a member', '/api/trips/1/transports', bearer],
  ['create_transport over /mcp', '/mcp', { ...bearer, ...accept, ...session }, call],
]

const table = [['', 'harmless', 'hostile', 'ratio', 'others wait', '']]
for (const [what, path, headers, wrap = (input: string) => input] of CASES) {
  const figures: Record<'harmless' | 'hostile', { ms: number[]; waited: number[]; status: number }> = {
    harmless: { ms: [], waited: [], status: 0 },
    hostile: { ms: [], waited: [], status: 0 },
  }
  for (let run = 0; run < RUNS; run++) {
    for (const [kind, body] of [['harmless', harmless] as const, ['hostile', hostile] as const]) {
      const { ms, waited, status } = await beside(path, wrap(body), headers)
      figures[kind].ms.push(ms)
      figures[kind].waited.push(waited)
      figures[kind].status = status
    }
  }
  const [usual, worst] = [middle(figures.harmless.ms), middle(figures.hostile.ms)]
  table.push([
    what,
    `${usual.toFixed(1)} ms (${figures.harmless.status})`,
    `${worst.toFixed(1)} ms (${figures.hostile.status})`,
    `${(worst / usual).toFixed(1)} ×`,
    `${middle(figures.harmless.waited).toFixed(1)} ms`,
    `${middle(figures.hostile.waited).toFixed(1)} ms`,
  ])
}
await stop(server.child)
rmSync(folder, { recursive: true, force: true })

const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...table.map((row) => (row[column] as string).length)))
for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Browser, newVerifier, Program, type Tokens } from '../test/harness/rigs/oauth.ts'
import { Client } from './client.ts'
import { median, middle, rate } from './measure.ts'
import { freePort, SERVER, start, stop } from './processes.ts'

/**
 * The cost of the authorization server on a fresh server over real HTTP: `node bench/oauth.ts`. An OAuth token is looked up
 * like a static one, so `/mcp` should cost the same with either.
 */
const SECONDS = 2
const RUNS = 3
const ROUNDS = 100
const IN_FLIGHT = 16

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const port = await freePort()
const base = `http://localhost:${port}`
const password = 'walnut-lantern-42'
const env = {
  DATA_DIR: folder,
  PORT: String(port),
  DATABASE_URL: '',
  LOG_LEVEL: 'warn',
  MCP_RATE_LIMIT: '1000000',
  ADMIN_PASSWORD: password,
  // Each request names its own address, because the server limits strangers by address.
  TRUST_PROXY: 'true',
}
const server = await start(
  SERVER,
  ['serve', '--enable', 'mcp'],
  env,
  async () => (await fetch(`${base}/api/health`)).ok,
)
const made = execFileSync(
  process.execPath,
  [SERVER, 'token', 'create', '--user', 'admin', '--name', 'bench', '--json'],
  { env: { ...process.env, ...env } },
)
const { token: fixed } = JSON.parse(String(made)) as { token: string }

let asked = 0
class Elsewhere extends Browser {
  override fetch(url: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const address = `10.${++asked >> 16}.${(asked >> 8) & 255}.${asked & 255}`
    const headers: Record<string, string> = {
      ...(init.headers as Record<string, string> | undefined),
      'x-forwarded-for': address,
    }
    return super.fetch(url, { ...init, headers })
  }
}
const browser = new Elsewhere(base)
await browser.logIn('admin', password)
const program = await new Program(base).register()

const tokensOf = async (answer: Response): Promise<Tokens> => {
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Tokens
}
const verifier = newVerifier()
const codes = async (count: number) => {
  const fresh: string[] = []
  for (let one = 0; one < count; one++) fresh.push((await program.consent(browser, verifier)).code)
  return fresh
}
const rotation = async () => {
  let { refresh_token: token = '' } = await program.connect(browser)
  return async () => {
    ;({ refresh_token: token = '' } = await tokensOf(await program.refresh(token)))
  }
}

const rows: [what: string, p50: string, inFlight: string][] = []
const told = (what: string, ms: number[], perSecond: number[]) =>
  rows.push([what, `${middle(ms).toFixed(2)} ms`, `${Math.round(middle(perSecond))} /s`])

const refreshed: { ms: number[]; perSecond: number[] } = { ms: [], perSecond: [] }
for (let run = 0; run < RUNS; run++) {
  refreshed.ms.push(await median(ROUNDS, await rotation()))
  const chains = await Promise.all(Array.from({ length: IN_FLIGHT }, rotation))
  refreshed.perSecond.push(await rate(IN_FLIGHT, SECONDS, inTurn(chains)))
}
told('token refresh', refreshed.ms, refreshed.perSecond)

const exchanged: { ms: number[]; perSecond: number[] } = { ms: [], perSecond: [] }
for (let run = 0; run < RUNS; run++) {
  const waiting = await codes(ROUNDS + 50)
  exchanged.ms.push(
    await median(ROUNDS, async () => tokensOf(await program.exchange(waiting.pop() as string, verifier))),
  )
  const many = await codes(ROUNDS)
  const began = performance.now()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let code = many.pop(); code; code = many.pop()) await tokensOf(await program.exchange(code, verifier))
    }),
  )
  exchanged.perSecond.push((ROUNDS * 1000) / (performance.now() - began))
}
told('code exchange', exchanged.ms, exchanged.perSecond)

const clients = {
  oauth: new Client(port, (await program.connect(browser)).access_token),
  fixed: new Client(port, fixed),
}
const ways = ['oauth', 'fixed'] as const
const ms: Record<string, number[]> = { oauth: [], fixed: [] }
const perSecond: Record<string, number[]> = { oauth: [], fixed: [] }
for (const way of ways) await clients[way].handshake()
for (let run = 0; run < RUNS; run++) {
  for (const way of ways) {
    const list = () => clients[way].tool('list_trips', {})
    ms[way]?.push(await median(400, list))
    perSecond[way]?.push(await rate(IN_FLIGHT, SECONDS, list))
  }
}
for (const way of ways) {
  told(`list_trips over /mcp, ${way === 'fixed' ? 'static' : 'OAuth'} token`, ms[way] ?? [], perSecond[way] ?? [])
}
const ratioOf = (figures: Record<string, number[]>) =>
  `${(middle(figures.oauth ?? []) / middle(figures.fixed ?? [])).toFixed(2)} ×`
rows.push(['  OAuth to static', ratioOf(ms), ratioOf(perSecond)])

for (const way of ways) clients[way].close()
await stop(server.child)
rmSync(folder, { recursive: true, force: true })

const table = [['', 'p50', `${IN_FLIGHT} in flight`], ...rows]
const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => (row[column] as string).length)))
for (const row of table) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))

/** Spreads calls over the chains, with at most one call at a time on each. */
function inTurn(work: readonly (() => Promise<void>)[]): () => Promise<void> {
  const free = [...work]
  return async () => {
    const one = free.pop()
    if (!one) throw new Error('There are more calls in flight than chains')
    await one()
    free.push(one)
  }
}

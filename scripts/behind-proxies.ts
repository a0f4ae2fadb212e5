import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { Agent, FormData, fetch } from 'undici'
import { WebSocket } from 'ws'
import { freePort, memoryOf, SERVER, start, stop } from '../bench/processes.ts'
import { startPostgres } from '../test/harness/database/postgres.ts'
import { makeCertificate } from '../test/harness/network/certificate.ts'
import { until } from '../test/harness/until.ts'
import { ROOT } from './freshness.js'

/**
 * Runs the recipes of docs/reverse-proxy.md and deploy/cluster/Caddyfile in real proxies, in front of real servers, and uses
 * TREK through each: `node scripts/behind-proxies.ts --caddy /usr/bin/caddy --nginx /usr/sbin/nginx`. It changes only the names,
 * ports and certificates of a recipe.
 */
const { values: programs } = parseArgs({ options: { caddy: { type: 'string' }, nginx: { type: 'string' } } })
const PASSWORD = 'walnut-lantern-42'
const MEGABYTES = 50

const certificate = await makeCertificate(['localhost'])
const folder = mkdtempSync(join(tmpdir(), 'trek-proxies-'))
const certFile = join(folder, 'cert.pem')
const keyFile = join(folder, 'key.pem')
writeFileSync(certFile, certificate.cert)
writeFileSync(keyFile, certificate.key)
const dispatcher = new Agent({ connect: { ca: certificate.cert } })
const run = promisify(execFile)

function say(ok: boolean, what: string): void {
  console.log(`${ok ? '  ok    ' : '  FAILED'} ${what}`)
  if (!ok) process.exitCode = 1
}

/** The first code block of a section of docs/reverse-proxy.md. */
function recipe(section: string): string {
  const page = readFileSync(join(ROOT, 'docs/reverse-proxy.md'), 'utf8')
  return new RegExp(`^## ${section}\\n[\\s\\S]*?\`\`\`\\n([\\s\\S]*?)\`\`\``, 'm').exec(page)?.[1] ?? ''
}

interface Site {
  readonly port: number
  readonly servers: readonly number[]
}

const inCaddy = (text: string, names: string, { port, servers }: Site): string[] => {
  let next = 0
  const config = text
    .replace(names, `https://localhost:${port}`)
    .replace(/ \{\n/, ` {\n  tls ${certFile} ${keyFile}\n`)
    .replace(/[\w.-]+:3000/g, () => `127.0.0.1:${servers[next++]}`)
  const file = join(folder, `Caddyfile-${port}`)
  writeFileSync(file, `{\n  admin off\n  auto_https disable_redirects\n}\n${config}`)
  return [programs.caddy as string, 'run', '--adapter', 'caddyfile', '--config', file]
}

const inNginx = (text: string, { port, servers }: Site, plain: number): string[] => {
  const config = text
    .replaceAll('trek.example.org', 'localhost')
    .replace('listen 80;', `listen 127.0.0.1:${plain};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace('/etc/letsencrypt/live/localhost/fullchain.pem', certFile)
    .replace('/etc/letsencrypt/live/localhost/privkey.pem', keyFile)
    .replace(':3000', `:${servers[0]}`)
  const at = join(folder, `nginx-${port}`)
  mkdirSync(at)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(at, name)};`)
    .join('\n')
  // If root starts nginx, its workers run as another user by default, who cannot read this folder.
  const user = process.getuid?.() === 0 ? 'user root;\n' : ''
  const main = 'daemon off;\npid nginx.pid;\nerror_log stderr warn;\nevents {}\n'
  writeFileSync(join(at, 'nginx.conf'), `${user}${main}http {\naccess_log off;\n${temporary}\n${config}\n}\n`)
  return [programs.nginx as string, '-p', at, '-c', join(at, 'nginx.conf'), '-e', 'stderr']
}

/** Starts `count` processes of TREK on one database, with a proxy in front of them. */
async function behind(
  name: string,
  { database, count, proxy }: { database: string; count: number; proxy(site: Site): string[] },
  more: (scene: Scene) => Promise<void> = async () => {},
): Promise<void> {
  console.log(`\n${name}`)
  const port = await freePort()
  const base = `https://localhost:${port}`
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const env = {
    APP_URL: base,
    HOST: '127.0.0.1',
    TRUST_PROXY: 'loopback',
    DATA_DIR: dataDir,
    DATABASE_URL: database,
    ENCRYPTION_KEY: '5e'.repeat(32),
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
    NODE_EXTRA_CA_CERTS: certFile,
  }
  const ports = await Promise.all(Array.from({ length: count }, freePort))
  const answers = (url: string) => async () => (await fetch(url, { dispatcher })).ok
  const servers: ChildProcess[] = []
  for (const own of ports) {
    const words = ['serve', '--enable', 'mcp']
    const ready = answers(`http://127.0.0.1:${own}/api/health`)
    servers.push((await start(SERVER, words, { ...env, PORT: `${own}` }, ready)).child)
  }
  const [program = '', ...args] = proxy({ port, servers: ports })
  const front = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder } })
  let printed = ''
  front.stderr.on('data', (chunk) => (printed += chunk))
  try {
    await until(() => answers(`${base}/api/health`)().catch(() => false), 10_000, 'the proxy answers')
    const scene = await use(base, { ...env, PORT: `${ports[0]}` })
    await more({ ...scene, servers })
    console.log(`  memory: ${servers.map(memoryOf).join(', ')} MB`)
  } catch (error) {
    say(false, `${(error as Error).stack}\n${printed.slice(-4000)}`)
  } finally {
    front.kill()
    await once(front, 'exit')
    for (const server of servers) {
      server.kill('SIGCONT')
      await stop(server)
    }
  }
}

interface Scene {
  readonly base: string
  readonly tripId: number
  readonly servers: readonly ChildProcess[]
  call(path: string, body?: object): Promise<Record<string, unknown>>
}

/** Uses TREK through the proxy as people, programs and assistants do. */
async function use(base: string, env: Record<string, string>): Promise<Omit<Scene, 'servers'>> {
  const enter = () =>
    fetch(`${base}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: base },
      body: JSON.stringify({ identifier: 'admin', password: PASSWORD }),
      dispatcher,
    })
  // The server already answers before it has created the first administrator.
  const logIn = await until(async () => {
    const answer = await enter()
    return answer.status === 401 ? null : answer
  })
  const set = logIn.headers.getSetCookie()
  const cookie = set.map((one) => one.split(';')[0]).join('; ')
  say(
    logIn.status === 200 && set.every((one) => /; Secure/i.test(one)),
    'a person logs in, with a cookie for https alone',
  )

  const call = async (path: string, body?: object) => {
    const answer = await fetch(`${base}/api${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { cookie, origin: base, ...(body && { 'content-type': 'application/json' }) },
      dispatcher,
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  const { trip } = (await call('/trips', { title: 'Kyoto' })) as { trip: { id: number } }
  say(JSON.stringify(await call('/trips')).includes('Kyoto'), 'a trip is made and read over REST')

  await upload(base, cookie, trip.id)
  await follow(base, cookie, trip.id, () => call(`/trips/${trip.id}/places`, { name: 'Nijo Castle' }))

  const trek = (...words: string[]) =>
    run(process.execPath, [SERVER, ...words], { env: { ...process.env, ...env }, maxBuffer: 2 ** 24 }).catch(
      (error: { stdout: string }) => error,
    )
  const made = await trek('token', 'create', '--user', 'admin', '--name', 'laptop', '--json')
  const { token } = JSON.parse(made.stdout) as { token: string }
  await assist(base, token, trip.id, () => call(`/trips/${trip.id}/places`, { name: 'Fushimi Inari' }))

  const examined = JSON.parse((await trek('doctor', '--json')).stdout) as {
    ok: boolean
    connection: { says: string; findings: { outcome: string; title: string; saw: string }[] } | null
  }
  const findings = examined.connection?.findings.filter(({ outcome }) => outcome !== 'ok') ?? []
  say(examined.ok && examined.connection !== null, `trek doctor: ${examined.connection?.says}`)
  for (const { outcome, title, saw } of findings) console.log(`           ${outcome}: ${title} (${saw})`)
  return { base, tripId: trip.id, call }
}

async function upload(base: string, cookie: string, tripId: number): Promise<void> {
  const head = Buffer.from('%PDF-1.4\n')
  const bytes = Buffer.concat([head, randomBytes(MEGABYTES * 2 ** 20 - head.length)])
  const sent = async (content: Buffer) => {
    const body = new FormData()
    body.append('file', new Blob([new Uint8Array(content)], { type: 'application/pdf' }), 'pass.pdf')
    const headers = { cookie, origin: base }
    return fetch(`${base}/api/trips/${tripId}/files`, { method: 'POST', headers, body, dispatcher })
  }
  const answer = await sent(bytes)
  const text = await answer.text()
  if (answer.status !== 201) return say(false, `an upload of ${MEGABYTES} MB was answered ${answer.status}: ${text}`)
  const { file } = JSON.parse(text) as { file: { id: number } }
  const back = await fetch(`${base}/api/trips/${tripId}/files/${file.id}/content`, { headers: { cookie }, dispatcher })
  const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
  const same = digest(new Uint8Array(await back.arrayBuffer())) === digest(bytes)
  say(same, `a file of ${MEGABYTES} MB goes in and comes out as it was`)
  const refused = await sent(Buffer.concat([bytes, Buffer.alloc(2 ** 20)]))
  const words = await refused.text()
  say(refused.status === 413 && words.startsWith('{'), 'one of 51 MB is refused by TREK, in its words')
}

async function follow(base: string, cookie: string, tripId: number, change: () => Promise<unknown>): Promise<void> {
  const socket = new WebSocket(`${base.replace('https', 'wss')}/ws`, {
    headers: { cookie, origin: base },
    ca: certificate.cert,
  })
  let heard = ''
  socket.on('message', (data) => (heard += String(data)))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'subscribe', space: 'trip', id: tripId }))
  await until(() => heard.includes('"snapshot"'), 10_000, 'a snapshot comes')
  await change()
  await until(() => heard.includes('Nijo Castle'), 5000, 'the change comes')
  say(true, 'a screen hears of a change over its websocket')
  socket.terminate()
}

/** A session of an assistant that receives changes over a stream, and whose calls can reach any process. */
async function assist(base: string, token: string, tripId: number, change: () => Promise<unknown>): Promise<void> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  }
  let id = 0
  const ask = async (method: string, params?: object) => {
    const isRequest = !method.startsWith('notifications/')
    const answer = await fetch(`${base}/mcp`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ jsonrpc: '2.0', method, ...(isRequest && { id: ++id }), ...(params && { params }) }),
      dispatcher,
    })
    if (!answer.ok) throw new Error(`${method} answered ${answer.status}: ${await answer.text()}`)
    return { session: answer.headers.get('mcp-session-id'), text: await answer.text() }
  }
  const about = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'proxies', version: '1' } }
  const { session } = await ask('initialize', about)
  headers['mcp-session-id'] = session ?? ''
  headers['mcp-protocol-version'] = '2025-11-25'
  await ask('notifications/initialized')
  const ending = new AbortController()
  const stream = await fetch(`${base}/mcp`, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: ending.signal,
    dispatcher,
  })
  let heard = ''
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) heard += Buffer.from(chunk).toString()
  })().catch(() => {})
  await ask('resources/subscribe', { uri: `trek://trips/${tripId}/places` })
  await change()
  await until(
    () => heard.includes('notifications/resources/updated'),
    5000,
    'the stream says that a resource has changed',
  )
  say(true, 'an assistant hears of a change over its stream, which stays open')
  const trips = await Promise.all(
    Array.from({ length: 12 }, () => ask('tools/call', { name: 'list_trips', arguments: {} })),
  )
  say(
    trips.every(({ text }) => text.includes('Kyoto')),
    'its calls are answered, side by side',
  )
  ending.abort()
  await reading
}

/** Kills one of three processes and freezes another: all requests must still succeed. */
async function loseOne({ servers, call, tripId }: Scene): Promise<void> {
  const [, frozen, killed] = servers as [ChildProcess, ChildProcess, ChildProcess]
  const many = async (what: string) => {
    const took: number[] = []
    let failed = 0
    for (let round = 0; round < 40; round++) {
      const begun = performance.now()
      const asked = Array.from({ length: 3 }, () => call(`/trips/${tripId}/places`))
      failed += (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected').length
      took.push(performance.now() - begun)
    }
    say(failed === 0, `${what}: ${failed} of 120 requests failed, the slowest took ${Math.round(Math.max(...took))} ms`)
  }
  await many('three processes')
  killed.kill('SIGKILL')
  await many('one of three was killed')
  frozen.kill('SIGSTOP')
  await pause(12_000)
  await many('another is frozen for twelve seconds')
  frozen.kill('SIGCONT')
}

const postgres = await startPostgres()
await postgres.createDatabase('cluster')
const newest = async (program: string, flag: string) => {
  const { stdout, stderr } = await run(program, [flag])
  return (stdout + stderr).trim()
}
try {
  if (programs.caddy) {
    const version = await newest(programs.caddy, 'version')
    await behind(`Caddy ${version}, docs/reverse-proxy.md, SQLite`, {
      database: '',
      count: 1,
      proxy: (site) => inCaddy(recipe('Caddy'), 'trek.example.org', site),
    })
    const cluster = readFileSync(join(ROOT, 'deploy/cluster/Caddyfile'), 'utf8')
    const proxy = (site: Site) => inCaddy(cluster, '{$TREK_HOST}', site)
    const many = { database: `${postgres.url}/cluster`, count: 3, proxy }
    await behind(`Caddy ${version}, deploy/cluster/Caddyfile, three processes on PostgreSQL`, many, loseOne)
  }
  if (programs.nginx) {
    const version = await newest(programs.nginx, '-v')
    const plain = await freePort()
    await behind(`${version}, docs/reverse-proxy.md, SQLite`, {
      database: '',
      count: 1,
      proxy: (site) => inNginx(recipe('nginx'), site, plain),
    })
  }
} finally {
  await dispatcher.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

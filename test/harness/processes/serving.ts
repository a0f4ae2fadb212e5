import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Client, structured } from '../../../bench/client.ts'
import { freePort, SERVER } from '../../../bench/processes.ts'
import { readConfig } from '../../../src/config/index.ts'
import { create_static_token, User } from '../../../src/identity/contract/index.ts'
import { openProduct } from '../../../src/product.ts'
import { commandLine } from '../rigs/accounts.ts'
import { until } from '../until.ts'

const KEY = '5e'.repeat(32)

/** Where a server keeps its data. */
export interface InstanceData {
  readonly dataDir: string
  /** `DATABASE_URL`; without it the database is a file in `dataDir`. */
  readonly url?: string
}

interface Wanted extends InstanceData {
  readonly env?: Record<string, string>
  /** The port to listen on; a free one by default. */
  readonly port?: number
  /** The program to start; the build of this checkout by default. */
  readonly program?: string
  /** A module of `preloads/` that changes the server's environment, such as its clock. */
  readonly preload?: string
  /** A command that runs the server, for example in a namespace; the command of the server is appended to it. */
  readonly through?: readonly [string, ...string[]]
}

/** A server of the product in its own process. */
export interface Serving extends InstanceData {
  readonly port: number
  readonly child: ChildProcess
  /** Its output so far. */
  readonly printed: () => string
}

const settingsOf = ({ dataDir, url = '' }: InstanceData) => ({
  DATABASE_URL: url,
  DATA_DIR: dataDir,
  ENCRYPTION_KEY: KEY,
})

/** The database of such a server, as an argument of `openDatabase`. */
export const databaseOf = (instance: InstanceData): string => instance.url || readConfig(settingsOf(instance)).database

const running = new Set<ChildProcess>()

/** Kills the servers that a failed test has left. */
export function killServers(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Starts a server without waiting until it is ready. */
export async function launch({
  env = {},
  program: entry = SERVER,
  through,
  preload,
  port: requestedPort,
  ...instance
}: Wanted): Promise<Serving> {
  const port = requestedPort ?? (await freePort())
  const before = preload ? ['--import', join(import.meta.dirname, '../preloads', preload)] : []
  const words = [process.execPath, ...before, entry, 'serve', '--enable', 'mcp']
  const [program = process.execPath, ...args] = [...(through ?? []), ...words]
  const child = spawn(program, args, {
    env: {
      ...process.env,
      ...settingsOf(instance),
      PORT: String(port),
      MCP_RATE_LIMIT: '1000000',
      LOG_LEVEL: 'warn',
      ...env,
    },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk))
  return { ...instance, port, child, printed: () => text }
}

/** The answer of its readiness check. */
export const health = ({ port }: Serving) => fetch(`http://127.0.0.1:${port}/api/ready`)

export const isHealthy = (serving: Serving) =>
  until(
    async () => {
      if (serving.child.exitCode !== null) throw new Error(`The server has ended:\n${serving.printed()}`)
      return (await health(serving).catch(() => null))?.ok
    },
    30_000,
    'the server is healthy',
  )

/** Starts a server and waits until it is ready and has printed so. */
export async function serve(settings: Wanted): Promise<Serving> {
  const serving = await launch(settings)
  await isHealthy(serving)
  await until(() => serving.printed().includes('TREK is running'))
  return serving
}

/** Ends a server and returns its exit code. */
export async function end({ child }: Serving, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  const ended = child.exitCode === null && child.signalCode === null && once(child, 'exit')
  child.kill(signal)
  await ended
  return child.exitCode
}

/** An assistant of the administrator. Its token is created directly in the database at `instance`. */
export async function assistantOf({ port, ...serving }: Serving, instance: InstanceData = serving): Promise<Client> {
  const client = new Client(port, await tokenFor(instance))
  await client.handshake()
  return client
}

/** Opens the product over the same database in this process, as a command does while a server runs. */
export const openBeside = (instance: InstanceData) =>
  openProduct(readConfig(settingsOf(instance)), { onError: () => {} })

/** A token of the administrator. */
export async function tokenFor(instance: InstanceData): Promise<string> {
  const product = await openBeside(instance)
  const admin = await product.database.read((tx) => tx.find(User, { username: 'admin' }))
  const caller = { ...commandLine, userId: (admin as { id: number }).id }
  const { token } = await product.pipeline.run(create_static_token, { name: 'laptop' }, caller)
  await product.close()
  return token
}

export const tripIdOf = (text: string): number => structured<{ trip: { id: number } }>(text).trip.id

/** All pages of the places of a trip, as one text of JSON. */
export async function namesIn(assistant: Client, tripId: number): Promise<string> {
  let names = ''
  let cursor: string | undefined
  do {
    const text = await assistant.tool('list_places', { tripId, limit: 200, ...(cursor && { cursor }) })
    names += text
    cursor = /"next_cursor":"([^"]+)"/.exec(text)?.[1]
  } while (cursor)
  return names
}

/** Makes one tool call: `done`, `later` if the server asks to try again, or else its answer. */
export async function attempt(client: Client, tool: string, args: object): Promise<'done' | 'later' | string> {
  const reply = await client.post('/mcp', {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: tool, arguments: args },
  })
  if (reply.status === 200 && !reply.text.includes('"isError":true')) return 'done'
  const mayRetry = reply.text.includes('"code":"unavailable"') || reply.text.includes('Try again in')
  return mayRetry ? 'later' : `${reply.status} ${reply.text.slice(0, 400)}`
}

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client } from '../../bench/client.ts'
import { freePort } from '../../bench/processes.ts'
import { type StartedCommand, startCommand } from '../harness/processes/command.ts'
import { until } from '../harness/until.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  (block as string).trim().split('\n'),
)
/** The commands that `test/house/release.test.ts` runs. */
const RELEASE = ['npm run build && npm pack ./dist', 'npm install ./trek-0.1.0.tgz', 'npx trek serve']
const ofTrek = commands.filter((command) => command.startsWith('npm run -s trek -- '))

let env: NodeJS.ProcessEnv
let folder: string
let server: StartedCommand

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trek-readme-'))
  env = { ...process.env, DATA_DIR: folder, PORT: String(await freePort()), DATABASE_URL: '', LOG_LEVEL: 'error' }
  server = await startCommand(['npm', 'start', '--', '--enable', 'mcp'], { env, ready: 'Assistants connect to' })
})

afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the README has two commands for a checkout: one starts TREK, one tests it', () => {
  expect(commands.filter((command) => ![...ofTrek, ...RELEASE].includes(command))).toEqual([
    'npm ci && npm start -- --enable mcp',
    'npm ci && npm test',
  ])
})

test('the start prints the address, the first account, and the address for assistants', async () => {
  const url = `http://localhost:${env.PORT}`
  expect(server.printed()).toContain(`TREK is running: ${url}\n`)
  expect(server.printed()).toContain(`Assistants connect to ${url}/mcp`)
  const password = /password\s+(\S+)/.exec(server.printed())?.[1]
  const answer = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier: 'admin', password }),
  })
  expect(answer.status).toBe(200)
  expect(await (await fetch(url, { headers: { accept: 'text/html' } })).text()).toContain('<title>TREK')
})

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'the server ends with the npm process that started it: %s',
  {
    timeout: 30_000,
  },
  async (signal) => {
    const port = String(await freePort())
    const own = { ...env, PORT: port, DATA_DIR: join(folder, signal) }
    const started = await startCommand(['npm', 'start'], { env: own, ready: 'TREK is running' })
    process.kill(started.pid, signal)
    const listens = () =>
      fetch(`http://localhost:${port}/api/health`).then(
        () => true,
        () => false,
      )
    await until(async () => !(await listens()), 20_000, 'the port is free')
    await started.stop()
  },
)

test.each(ofTrek)('%s', { timeout: 30_000 }, async (command) => {
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], { env })
  expect(stderr.replace(/npm warn .*\n/g, '')).toBe('')
  expect(stdout).toMatch(/\S/)
})

test('a token that is created while the server runs works at once', { timeout: 30_000 }, async () => {
  const command = 'npm run -s trek -- token create --user admin --name tablet --json'
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env })
  const client = new Client(Number(env.PORT), (JSON.parse(stdout) as { token: string }).token)
  await client.handshake()
  expect(await client.tool('list_trips', {})).toContain('"trips":[]')
  client.close()
})

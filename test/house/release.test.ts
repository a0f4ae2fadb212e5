import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client } from '../../bench/client.ts'
import { freePort } from '../../bench/processes.ts'
import { type StartedCommand, startCommand } from '../harness/processes/command.ts'

/** The release: `npm run build && npm pack ./dist`, installed into an empty folder. */

const root = join(import.meta.dirname, '../..')
let folder: string
let trek: string
let env: NodeJS.ProcessEnv
let server: StartedCommand

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trek-release-'))
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8' })
  const [packed] = JSON.parse(npm('pack', join(root, 'dist'), '--json')) as [{ filename: string }]
  npm('install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed.filename))
  rmSync(join(folder, packed.filename))
  trek = join(folder, 'node_modules/trek/bin/trek.js')
  env = {
    ...process.env,
    DATA_DIR: join(folder, 'data'),
    PORT: String(await freePort()),
    DATABASE_URL: '',
    LOG_LEVEL: 'error',
  }
  server = await startCommand(['npx', 'trek', 'serve', '--enable', 'mcp'], {
    cwd: folder,
    env,
    ready: 'Assistants connect to',
  })
}, 120_000)

afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => execFileSync(process.execPath, [trek, ...args], { env, encoding: 'utf8' })

test('the app is built for production, even when a test run builds it', () => {
  const page = readFileSync(join(root, 'dist/web/index.html'), 'utf8')
  const scripts = [...page.matchAll(/assets\/[\w.-]+\.js/g)].map(([path]) =>
    readFileSync(join(root, 'dist/web', path), 'utf8'),
  )
  expect(scripts.length).toBeGreaterThan(0)
  // Only the development build of React contains this text.
  expect(scripts.filter((script) => script.includes('Hooks can only be called inside'))).toEqual([])
})

test('the release is smaller than 60 MB, with at most 12 packages of less than 60 MB in total', () => {
  const megabytes = (...paths: string[]) =>
    paths
      .map((path) => statSync(join(folder, path)))
      .reduce((sum, file) => sum + (file.isFile() ? file.size / 2 ** 20 : 0), 0)
  const installed = globSync('node_modules/**/*', { cwd: folder })
  const isOwn = (path: string) => path.startsWith('node_modules/trek/')
  expect(megabytes(...installed.filter(isOwn))).toBeLessThan(60)
  expect(megabytes(...installed.filter((path) => !isOwn(path)))).toBeLessThan(60)
  expect(installed.filter(isPackage).length).toBeLessThanOrEqual(12)
})

const isPackage = (path: string): boolean => /node_modules\/(@[^/]+\/)?[^/]+\/package[.]json$/.test(path)

test('the release contains no path of the build machine and no test', () => {
  for (const name of readdirSync(join(folder, 'node_modules/trek/server'))) {
    if (!/[.](js|map|json)$/.test(name)) continue
    const text = readFileSync(join(folder, 'node_modules/trek/server', name), 'utf8')
    expect(text.includes(root), name).toBe(false)
    expect(/[.]test[.]ts"/.test(text), name).toBe(false)
  }
})

test('the server serves the app, the pages of the API and assistants, and finds the files beside its program', async () => {
  const url = `http://localhost:${env.PORT}`
  expect(await (await fetch(url, { headers: { accept: 'text/html' } })).text()).toContain('<title>TREK')
  expect((await fetch(`${url}/api/docs`)).status).toBe(200)
  expect((await fetch(`${url}/.well-known/oauth-authorization-server`)).status).toBe(200)
  const created = run('token', 'create', '--user', 'admin', '--name', 'laptop', '--json')
  const assistant = new Client(Number(env.PORT), (JSON.parse(created) as { token: string }).token)
  await assistant.handshake()
  expect(await assistant.tool('search_place', { query: 'Kyoto' })).toContain('Kyoto')
  expect(await assistant.tool('search_airports', { query: 'KIX' })).toContain('Kansai')
  assistant.close()
})

test('a command prints only its result', () => {
  expect(run('user', 'list')).toMatch(/\badmin@/)
  expect(run('--help')).toMatch(/^Usage: trek <command>/)
})

test('a built checkout starts without its development tools', { timeout: 60_000 }, async () => {
  const checkout = join(folder, 'checkout')
  for (const part of ['bin', 'dist', 'scripts', 'package.json', 'package-lock.json']) {
    cpSync(join(root, part), join(checkout, part), { recursive: true, preserveTimestamps: true })
  }
  execFileSync('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: checkout })
  const port = String(await freePort())
  const own = { ...env, PORT: port, DATA_DIR: join(checkout, 'data') }
  const started = await startCommand(['npm', 'start'], { cwd: checkout, env: own, ready: 'TREK is running' })
  expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200)
  await started.stop()
})

test('on an older Node the command prints the required version in one sentence', () => {
  const oldNode = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.20.2' })`
  const { status, stderr } = spawnSync(process.execPath, ['--import', oldNode, trek, 'serve'], {
    env,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([1, 'TREK needs Node 22.19 or newer, and this is 20.20.2: install a newer Node.\n'])
  const { engines } = JSON.parse(readFileSync(join(folder, 'node_modules/trek/package.json'), 'utf8'))
  expect(engines).toEqual({ node: '>=22.19' })
})

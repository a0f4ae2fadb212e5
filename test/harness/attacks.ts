import { beforeAll, beforeEach, expect } from 'vitest'
import { INSTANCE } from '../../src/core/data/space.ts'
import type { Input } from '../../src/core/declare/operation.ts'
import { setAddon } from '../../src/core/run/settings.ts'
import { create_oauth_client } from '../../src/identity/contract/oauth.ts'
import { hashToken } from '../../src/identity/server/tokens.ts'
import { mcpAddon } from '../../src/transports/mcp/addon.ts'
import { bearer, call, initialize, openStream, post, reading } from './mcp/wire.ts'
import { type Browser, browserOf, Program, type Tokens } from './rigs/oauth.ts'
import type { Person, Running } from './rigs/running.ts'
import { until } from './until.ts'

/** The set-up, assertions and steps for attacks on the authorization server. */

/** Ana, and a browser in which she is logged in. Failed attempts of earlier tests do not count. */
export function withAna(running: () => Running) {
  let ana: Person
  let browser: Browser
  beforeAll(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
  })
  beforeEach(() => forgetFailedAttempts(running()))
  return { ana: () => ana, browser: () => browser }
}

/** The same, and a program that has registered itself. `connect` gives it access to Ana's account. */
export function withAnaAndProgram(running: () => Running, redirectUri?: string) {
  const { ana, browser } = withAna(running)
  let program: Program
  beforeAll(async () => {
    program = await new Program(running().url, redirectUri).register()
  })
  const connect = async (more: Record<string, string | null> = {}) =>
    (await program.connect(browser(), more)) as Required<Tokens>
  return { ana, browser, program: () => program, connect }
}

/** Everything that gives access: grants, codes and tokens. */
async function issued({ database: { kysely } }: Running): Promise<string[]> {
  const grants = await kysely.selectFrom('oauth_grants').select(['id', 'client_name', 'scopes']).execute()
  const artifacts = await kysely
    .selectFrom('oauth_artifacts')
    .select(['model', 'id_hash'])
    .where('model', 'in', ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'ClientCredentials'])
    .execute()
  return [
    ...grants.map(({ id, client_name, scopes }) => `grant ${id} of ${client_name}: ${scopes}`),
    ...artifacts.map(({ model, id_hash }) => `${model} ${id_hash}`),
  ]
}

/** Runs an attack and asserts that the server issued no grant, code or token. */
export async function issuesNothing<T>(running: Running, attack: () => Promise<T>): Promise<T> {
  const before = new Set(await issued(running))
  const outcome = await attack()
  expect((await issued(running)).filter((one) => !before.has(one))).toEqual([])
  return outcome
}

/** Asserts that an answer is this OAuth error, without caching, redirect or internal details. */
export async function expectRefused(answer: Response, status: number, error: string): Promise<void> {
  const text = await answer.text()
  expect([answer.status, text]).toEqual([status, expect.stringContaining(`"error":"${error}"`)])
  const { headers } = answer
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('location')).toBeNull()
  expect(text).not.toMatch(/ at .+:\d+|node_modules|stack|ECONN|127\.0\.0\.\d|select |insert /i)
}

/** Whether `/mcp` accepts this token. */
export async function opensMcp({ url }: Running, token: string): Promise<boolean> {
  const { status } = await post(new URL(`${url}/mcp`), call('ping'), bearer(token))
  // 400: the token is accepted, but the session is missing.
  expect([400, 401]).toContain(status)
  return status === 400
}

/** A session of `/mcp` with an open stream, and assertions on its state. */
export async function openMcpSession(running: Running, token: string) {
  const url = new URL(`${running.url}/mcp`)
  const id = await initialize(url, token)
  const stream = reading(await openStream(url, token, id))
  const isThere = async () => {
    const { kysely } = running.database
    return (await kysely.selectFrom('mcp_sessions').select('id').where('id', '=', id).execute()).length > 0
  }
  expect(await isThere()).toBe(true)
  return {
    async expectOpen(): Promise<void> {
      expect(stream.ended).toBe(false)
      expect((await post(url, call('ping'), bearer(token, id))).status).toBe(200)
    },
    async expectOver(): Promise<void> {
      await until(() => stream.ended, 10_000, 'the end of the stream')
      await until(async () => !(await isThere()), 10_000, 'the end of the session')
      expect((await post(url, call('ping'), bearer(token, id))).status).toBe(401)
    },
  }
}

/** A program that this person registered in the settings. */
export async function registerProgram(
  { pipeline, url }: Running,
  { caller }: Person,
  more: Partial<Input<typeof create_oauth_client>> = {},
) {
  const input = { name: 'Written down', redirect_uris: ['http://localhost'], scopes: ['trips:read'], ...more }
  const created = await pipeline.run(create_oauth_client, input, { ...caller, way: 'web' })
  const program = new Program(url)
  program.clientId = created.client.client_id
  program.secret = created.client_secret
  return { program, client: created.client }
}

/** Forgets the failed attempts of all strangers, as a quarter of an hour does. */
export async function forgetFailedAttempts({ database: { kysely } }: Running): Promise<void> {
  await kysely.deleteFrom('guesses').execute()
}

/** Turns the access of assistants on or off for the whole instance. */
export async function switchAssistants({ database }: Running, on: boolean): Promise<void> {
  await database.write(INSTANCE, (tx) => setAddon(tx, mcpAddon, on))
  await database.notifier.publish('instance:0')
}

/** Asserts that a decision about a request is refused with this status, has no effect, and yields no code. */
export async function expectUndecided(
  running: Running,
  browser: Browser,
  uid: string,
  status: number,
  attack: () => Promise<Response>,
): Promise<void> {
  await issuesNothing(running, async () => {
    const answer = await attack()
    expect([answer.status, answer.headers.get('location')]).toEqual([status, null])
    expect(await answer.text()).not.toContain('redirect')
    const resumed = await browser.fetch(`/oauth/authorize/${uid}`)
    expect(resumed.headers.get('location') ?? '').not.toContain('code=')
  })
}

/** The token with which a page of this browser calls `/mcp`. */
export async function webToken(browser: Browser): Promise<string> {
  const answer = await browser.post('/api/me/web-token', {})
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { token: string }).token
}

/** Another person, just logged in. Each person can register ten programs. */
export async function addPerson(running: Running, name = 'Dan') {
  const person = await running.person(name)
  return { person, browser: await browserOf(running, person) }
}

/** The tokens of a successful answer. */
export async function tokensOf(answer: Response): Promise<Required<Tokens>> {
  expect(answer.status).toBe(200)
  return (await answer.json()) as Required<Tokens>
}

/** Sets the time of use or the expiry of this token to so many seconds ago. */
export async function setTokenTime(
  { database: { kysely } }: Running,
  token: string,
  column: 'consumed_at' | 'expires_at',
  seconds: number,
): Promise<void> {
  await kysely
    .updateTable('oauth_artifacts')
    .set({ [column]: new Date(Date.now() - seconds * 1000).toISOString() })
    .where('id_hash', '=', hashToken(token))
    .execute()
}

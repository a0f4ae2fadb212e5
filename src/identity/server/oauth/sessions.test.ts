import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ACCEPT,
  bearer,
  call,
  initialize,
  MODERN,
  openStream,
  post,
  reading,
} from '../../../../test/harness/mcp/wire.ts'
import { commandLine, PASSWORD } from '../../../../test/harness/rigs/accounts.ts'
import { type Browser, browserOf, Program, type Tokens } from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person, type Running } from '../../../../test/harness/rigs/running.ts'
import { until } from '../../../../test/harness/until.ts'
import type { Caller } from '../../../core/data/space.ts'
import { set_user_password, update_addon, update_user } from '../../../features/admin/contract/index.ts'
import { create_static_token, revoke_static_token } from '../../contract/index.ts'
import {
  create_oauth_client,
  delete_oauth_client,
  list_oauth_grants,
  revoke_oauth_grant,
} from '../../contract/oauth.ts'

/** Sessions of `/mcp` and the grants that they depend on. */

eachRunning((running) => {
  let ana: Person
  let browser: Browser
  let mcp: URL

  beforeAll(async () => {
    mcp = new URL(`${running().url}/mcp`)
  })
  beforeEach(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
  })

  const run: Running['pipeline']['run'] = (...args) => running().pipeline.run(...args)
  const inApp = ({ caller }: Person): Caller => ({ ...caller, way: 'web' })
  const registered = (more: object = {}) => new Program(running().url).register({ ...more })
  const grantsOf = async ({ clientId }: Program, { caller }: Person) =>
    (await run(list_oauth_grants, {}, caller)).grants.filter(({ client_id }) => client_id === clientId)

  /** Opens a session with its stream, with any kind of token. */
  async function open(token: string) {
    const id = await initialize(mcp, token)
    const stream = reading(await openStream(mcp, token, id))
    return { id, stream, status: async (as = token) => (await post(mcp, call('ping'), bearer(as, id))).status }
  }

  const isThere = async (id: string) =>
    (await running().database.kysely.selectFrom('mcp_sessions').select('id').where('id', '=', id).execute()).length > 0

  /** Opens a stream of the newest revision, which has no sessions. */
  async function listen(token: string) {
    const headers = {
      'content-type': 'application/json',
      ...ACCEPT,
      ...bearer(token),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    }
    const params = { notifications: { toolsListChanged: true }, _meta: MODERN }
    const body = JSON.stringify(call('subscriptions/listen', params))
    const stream = reading(await fetch(mcp, { method: 'POST', headers, body }))
    await until(() => stream.messages().length > 0)
    return stream
  }

  describe('a session', () => {
    test('continues when its token is refreshed, together with its stream', async () => {
      const program = await registered()
      const first = await program.connect(browser)
      const session = await open(first.access_token)
      const next = (await (await program.refresh(first.refresh_token as string)).json()) as Tokens
      expect([await session.status(next.access_token), await session.status()]).toEqual([200, 200])
      expect(session.stream.ended).toBe(false)
    })

    test('continues when its program is granted more, uses the new grant, and ends with it', async () => {
      const program = await registered()
      const narrowTokens = await program.connect(browser, { scope: 'trips:read' })
      const session = await open(narrowTokens.access_token)
      const wideTokens = await program.connect(browser, { scope: 'trips:read trips:write' })
      const toolList = await post(mcp, call('tools/list'), bearer(wideTokens.access_token, session.id))
      expect(JSON.stringify(toolList.body)).toContain('create_trip')
      const [older, newer] = (await grantsOf(program, ana)).sort((a, b) => a.id - b.id)
      expect([newer?.scopes, older?.scopes]).toEqual([['trips:read', 'trips:write'], ['trips:read']])
      // The session no longer depends on the first grant.
      await run(revoke_oauth_grant, { grantId: older?.id as number }, ana.caller)
      expect(await session.status(wideTokens.access_token)).toBe(200)
      const stream = reading(await openStream(mcp, wideTokens.access_token, session.id))
      await run(revoke_oauth_grant, { grantId: newer?.id as number }, ana.caller)
      await until(() => stream.ended)
      await until(async () => !(await isThere(session.id)))
    })

    test('ends with its open stream when its new grant ends', async () => {
      const program = await registered()
      const narrowTokens = await program.connect(browser, { scope: 'trips:read' })
      const session = await open(narrowTokens.access_token)
      const wideTokens = await program.connect(browser, { scope: 'trips:read trips:write' })
      expect(await session.status(wideTokens.access_token)).toBe(200)
      await program.post({ token: wideTokens.access_token }, '/oauth/revoke')
      await until(() => session.stream.ended)
      expect(await session.status()).toBe(404)
    })

    test('refuses another program, and another person with the same program', async () => {
      const program = await registered()
      const session = await open((await program.connect(browser)).access_token)
      const ben = await running().person('Ben')
      const elsewhere = await browserOf(running(), ben)
      const strangers = [
        (await (await registered()).connect(browser)).access_token,
        (await program.connect(elsewhere)).access_token,
        ana.token,
        ben.token,
      ]
      for (const token of strangers) {
        expect(await session.status(token)).toBe(403)
        expect((await openStream(mcp, token, session.id)).status).toBe(403)
        expect((await fetch(mcp, { method: 'DELETE', headers: bearer(token, session.id) })).status).toBe(403)
      }
      expect([await session.status(), session.stream.ended]).toEqual([200, false])
    })
  })

  describe('ending', () => {
    /** A user with a session for every kind of token. */
    async function everyWayIn() {
      const program = await registered()
      const [one, other] = [await program.connect(browser), await program.connect(browser)]
      const { token: fixed } = await run(create_static_token, { name: 'desktop' }, inApp(ana))
      const { token: page } = (await (await browser.post('/api/me/web-token', {})).json()) as { token: string }
      const tokens = { one: one.access_token, other: other.access_token, laptop: ana.token, fixed, page }
      const entries = Object.entries(tokens).map(async ([way, token]) => [way, await open(token)] as const)
      const sessions = Object.fromEntries(await Promise.all(entries)) as Record<
        keyof typeof tokens,
        Awaited<ReturnType<typeof open>>
      >
      const listening = await listen(tokens.one)
      const ended = () =>
        Object.entries(sessions)
          .filter(([, { stream }]) => stream.ended)
          .map(([way]) => way)
      return { program, refreshToken: one.refresh_token as string, sessions, listening, ended }
    }

    test('one grant ends its sessions and streams, and no others', async () => {
      const { program, sessions, listening, ended } = await everyWayIn()
      const { grant_id } = (await running()
        .database.kysely.selectFrom('mcp_sessions')
        .select('grant_id')
        .where('id', '=', sessions.one.id)
        .executeTakeFirst()) as { grant_id: string }
      const grantId = Number(grant_id.split(':')[1])
      expect((await grantsOf(program, ana)).map(({ id }) => id)).toContain(grantId)
      await run(revoke_oauth_grant, { grantId }, ana.caller)
      await until(() => sessions.one.stream.ended && listening.ended)
      expect(ended()).toEqual(['one'])
      expect([await sessions.one.status(), await sessions.other.status()]).toEqual([401, 200])
      expect([await sessions.laptop.status(), await sessions.fixed.status(), await sessions.page.status()]).toEqual([
        200, 200, 200,
      ])
      expect(await isThere(sessions.one.id)).toBe(false)
    })

    test('one static token ends only its sessions', async () => {
      const { sessions, listening, ended } = await everyWayIn()
      const { id } = (await running()
        .database.kysely.selectFrom('static_tokens')
        .select('id')
        .where('user_id', '=', ana.caller.userId)
        .where('name', '=', 'desktop')
        .executeTakeFirst()) as { id: number }
      await run(revoke_static_token, { tokenId: id }, ana.caller)
      await until(() => sessions.fixed.stream.ended)
      expect(ended()).toEqual(['fixed'])
      expect(listening.ended).toBe(false)
      expect([await sessions.fixed.status(), await sessions.laptop.status()]).toEqual([401, 200])
    })

    test('the log-in of a browser ends the sessions of its pages', async () => {
      const { sessions, ended } = await everyWayIn()
      expect((await browser.post('/api/auth/logout', {})).status).toBe(200)
      await until(() => sessions.page.stream.ended)
      expect(ended()).toEqual(['page'])
      expect([await sessions.page.status(), await sessions.one.status()]).toEqual([401, 200])
    })

    test('a client that a user added ends all its grants', async () => {
      const input = { name: 'Mine', redirect_uris: ['http://localhost'], scopes: ['trips:read'], machine: true }
      const { client, client_secret } = await run(create_oauth_client, input, inApp(ana))
      const ownProgram = new Program(running().url)
      ownProgram.clientId = client.client_id
      ownProgram.secret = client_secret
      const { access_token } = await ownProgram.connect(browser, { scope: 'trips:read' })
      const machine = (await (await ownProgram.post({ grant_type: 'client_credentials' })).json()) as Tokens
      const sessions = [await open(access_token), await open(machine.access_token)]
      const { sessions: otherSessions, ended } = await everyWayIn()
      await run(delete_oauth_client, { clientId: client.id }, inApp(ana))
      await until(() => sessions.every(({ stream }) => stream.ended))
      expect(await Promise.all(sessions.map(({ status }) => status()))).toEqual([401, 401])
      expect([ended(), await otherSessions.one.status()]).toEqual([[], 200])
    })

    test.each([
      ['blocking', () => run(update_user, { userId: ana.caller.userId, banned: true }, commandLine)],
      [
        'another password from an administrator',
        () => run(set_user_password, { userId: ana.caller.userId, password: `${PASSWORD}-new` }, commandLine),
      ],
    ])('access by %s ends all sessions of that person, and none of another', async (_what, strike) => {
      const ben = await running().person('Ben')
      const bens = await open(ben.token)
      const { program, refreshToken, sessions, listening, ended } = await everyWayIn()
      await strike()
      await until(() => ended().length === 5 && listening.ended)
      for (const { status } of Object.values(sessions)) expect(await status()).toBe(401)
      expect((await program.refresh(refreshToken)).status).toBe(400)
      expect([await bens.status(), bens.stream.ended]).toEqual([200, false])
    })

    test('access by changing one’s password ends all access except that of the browser in which it was changed', async () => {
      const { sessions, listening, ended } = await everyWayIn()
      const passwords = { current_password: PASSWORD, new_password: `${PASSWORD}-new` }
      expect((await browser.post('/api/me/password', passwords)).status).toBe(200)
      await until(() => ended().length === 4 && listening.ended)
      expect(ended().sort()).toEqual(['fixed', 'laptop', 'one', 'other'])
      expect(await sessions.page.status()).toBe(200)
    })

    test('an add-on ends no session: they are suspended and resumed, and streams without a session stay', async () => {
      const { sessions, listening, ended } = await everyWayIn()
      const admin = { ...commandLine, userId: ana.caller.userId }
      const off = [...running().pipeline.parts.catalogue.addons.keys()].find((name) => name !== 'mcp') as string
      await run(update_addon, { name: off, enabled: false }, admin)
      await until(() => ended().length === 5)
      for (const { status } of Object.values(sessions)) expect(await status()).toBe(200)
      expect(listening.ended).toBe(false)
      expect(listening.heard).toContain('tools/list_changed')
      await run(update_addon, { name: off, enabled: true }, admin)
      expect(await sessions.one.status()).toBe(200)
    })
  })
})

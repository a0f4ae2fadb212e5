import { beforeAll, describe, expect, test, vi } from 'vitest'
import { Client } from '../../../../bench/client.ts'
import { type Browser, browserOf, decide, newVerifier, Program } from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../test/harness/rigs/running.ts'
import { update_trip } from '../../../features/trips/contract/index.ts'
import { list_grant_changes, list_oauth_grants, revoke_oauth_grant } from '../../contract/oauth.ts'

eachRunning((running) => {
  let ana: Person
  let browser: Browser

  beforeAll(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
  })

  /** The answer of `/mcp` to opening a session with this token. */
  const initialize = (token: string) =>
    fetch(`${running().url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      }),
    })

  describe('an assistant that connects', () => {
    test('gets from the 401 to its tokens, and connects', async () => {
      const refused = await initialize('')
      expect(refused.status).toBe(401)
      const metadataUrl = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? ''
      const resource = await (await fetch(metadataUrl)).json()
      expect(resource).toMatchObject({ resource: `${running().url}/mcp`, authorization_servers: [running().url] })
      const server = await (await fetch(`${running().url}/.well-known/oauth-authorization-server`)).json()
      expect(server).toMatchObject({ issuer: running().url, code_challenge_methods_supported: ['S256'] })

      const tokens = await (await new Program(running().url).register()).connect(browser)
      expect(tokens).toMatchObject({
        access_token: expect.stringMatching(/^trekoa_[0-9a-f]{64}$/),
        refresh_token: expect.stringMatching(/^trekrf_[0-9a-f]{64}$/),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'trips:read places:read',
      })
      expect((await initialize(tokens.access_token)).status).toBe(200)
      const headers = { authorization: `Bearer ${tokens.access_token}` }
      const userInfo = await (await fetch(server.userinfo_endpoint, { headers })).json()
      expect(userInfo).toEqual({ sub: String(ana.caller.userId), name: 'Ana' })
      expect((await fetch(server.userinfo_endpoint)).status).toBe(401)
    })

    test('is sent back with its state and the issuer', async () => {
      const { landed } = await (await new Program(running().url).register()).consent(browser, newVerifier())
      expect(Object.fromEntries(landed.searchParams)).toEqual({
        code: expect.any(String),
        state: 'xyz',
        iss: running().url,
      })
    })

    test('gets access without an id token if it also asks for a log-in', async () => {
      const program = await new Program(running().url).register()
      const params = { scope: 'openid profile trips:read', nonce: 'n', max_age: '60', claims: '{}', acr_values: 'x' }
      const tokens = await program.connect(browser, params)
      expect(tokens).not.toHaveProperty('id_token')
      expect(tokens.scope).toBe('trips:read')
    })

    test('is refused if the person denies', async () => {
      const program = await new Program(running().url).register()
      const started = await browser.fetch(program.authorizeUrl(newVerifier()))
      const uid = started.headers.get('location')?.split('/').at(-1) ?? ''
      const landed = await decide(browser, uid, false)
      expect(Object.fromEntries(landed.searchParams)).toMatchObject({ error: 'access_denied', state: 'xyz' })
    })

    test('is listed as connected, and is out at once when it is disconnected', async () => {
      const tokens = await (await new Program(running().url).register({ client_name: 'Goner' })).connect(browser)
      const { grants } = await running().pipeline.run(list_oauth_grants, {}, ana.caller)
      const grant = grants.find(({ client_name }) => client_name === 'Goner')
      expect(grant).toMatchObject({
        kind: 'consent',
        scopes: ['trips:read', 'places:read'],
        redirect_host: '127.0.0.1:43210',
      })
      expect((await initialize(tokens.access_token)).status).toBe(200)
      await running().pipeline.run(revoke_oauth_grant, { grantId: grant?.id as number }, ana.caller)
      expect((await initialize(tokens.access_token)).status).toBe(401)
    })

    test('has its changes listed: each call once, with its trip', async () => {
      const program = await new Program(running().url).register({ client_name: 'Planner' })
      const { access_token } = await program.connect(browser, { scope: 'trips:write' })
      const assistant = new Client(running().port, access_token)
      await assistant.handshake()
      const answer = JSON.parse(await assistant.tool('create_trip', { title: 'Lisbon' }))
      const { trip } = answer.result.structuredContent as { trip: { id: number } }
      assistant.close()
      const { grants } = await running().pipeline.run(list_oauth_grants, {}, ana.caller)
      const grant = grants.find(({ client_name }) => client_name === 'Planner')
      expect(grant?.changes).toBeGreaterThan(0)
      const input = { grantId: grant?.id as number }
      const { changes } = await running().pipeline.run(list_grant_changes, input, ana.caller)
      expect(changes).toMatchObject([{ operation: 'create_trip', title: 'Create a trip', trip_id: trip.id }])

      // Two equal calls count as two, even in one millisecond.
      vi.useFakeTimers({ toFake: ['Date'], now: new Date() })
      const renames = ['Porto', 'Faro'].map((title) =>
        running().pipeline.run(
          update_trip,
          { tripId: trip.id, title },
          { ...ana.caller, way: 'mcp', grant: `grant:${grant?.id}` },
        ),
      )
      await Promise.all(renames).finally(() => vi.useRealTimers())
      const after = await running().pipeline.run(list_grant_changes, input, ana.caller)
      expect(after.changes.map(({ operation, rows }) => [operation, rows])).toEqual([
        ['update_trip', 1],
        ['update_trip', 1],
        ['create_trip', expect.any(Number)],
      ])
    })
  })
})

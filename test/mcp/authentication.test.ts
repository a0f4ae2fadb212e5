import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { fixtures } from '../conformance/fixtures.ts'
import { create_crate, create_thing, list_things } from '../fixtures/toy/contract/index.ts'
import { appraiser } from '../fixtures/toy/server/appraiser.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { callerFor, makeKeys, PUBLIC_URL, startServer, type TestServer, until } from '../harness/mcp/rig.ts'
import {
  ACCEPT,
  answerOf,
  bearer,
  call,
  INITIALIZE,
  initialize,
  MODERN,
  openStream,
  post,
  postModern,
  reading,
} from '../harness/mcp/wire.ts'

/** Who is let in, who is refused, and with which answers. */

const keys = makeKeys()

eachDatabase((_database, place) => {
  let server: TestServer
  let token: string

  beforeAll(async () => {
    server = await startServer(place().target, keys)
  })
  afterAll(async () => {
    expect(server.logged).toEqual([])
    await server.stop()
  })
  beforeEach(() => {
    token = keys.issue(1)
  })

  const ping = (session: string, as = token) => post(server.url, call('ping'), bearer(as, session))

  describe('authentication', () => {
    test('the refusal of a missing, changed or foreign token says where to get a valid one', async () => {
      const changed = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`
      const metadata = `resource_metadata="${PUBLIC_URL}/.well-known/oauth-protected-resource/mcp"`
      const withoutToken = await post(server.url, INITIALIZE, {})
      expect([withoutToken.status, withoutToken.headers.get('www-authenticate')]).toEqual([
        401,
        `Bearer ${metadata}, scope="crates:write things:delete things:read things:write"`,
      ])
      expect(withoutToken.body).toMatchObject({ jsonrpc: '2.0', error: { message: expect.any(String) } })
      for (const authorization of [
        `Bearer ${changed}`,
        `Basic ${token}`,
        `Token ${token}`,
        `Bearer  ${token}`,
        token,
        `Bearer ${token} ${token}`,
      ]) {
        const { status, headers } = await post(server.url, INITIALIZE, { authorization })
        expect([authorization, status]).toEqual([authorization, 401])
        expect(headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=".*", error="invalid_token"/)
      }
      expect((await post(server.url, INITIALIZE, { cookie: `session=${token}` })).status).toBe(401)
      expect((await post(server.url, INITIALIZE, { authorization: `bearer ${token}` })).status).toBe(200)
    })

    test('an add-on that is off refuses everybody, before any token is checked', async () => {
      await server.switchAddon('mcp', false)
      for (const headers of [{}, bearer(token)]) {
        const { status, body } = await post(server.url, INITIALIZE, headers)
        expect([status, body.error.message]).toEqual([403, expect.stringMatching(/switched off/)])
      }
      await server.switchAddon('mcp', true)
    })

    test('requests beyond the limit of one client are refused, and those of another client are not', async () => {
      const slow = await startServer(place().target, keys, { limits: { requestsPerMinute: 3 } })
      const [a, b] = ['a', 'b'].map((clientId) => keys.issue(1, { clientId })) as [string, string]
      for (let count = 0; count < 3; count++) expect((await post(slow.url, INITIALIZE, bearer(a))).status).toBe(200)
      const over = await post(slow.url, INITIALIZE, bearer(a, 'nonsense'))
      expect(over.status).toBe(429)
      expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(50)
      expect(Number(over.headers.get('retry-after'))).toBeLessThanOrEqual(60)
      expect((await post(slow.url, INITIALIZE, bearer(b))).status).toBe(200)
      await slow.stop()
    })

    test('all tokens of a person that are not from OAuth count as one client', async () => {
      const slow = await startServer(place().target, keys, { limits: { requestsPerMinute: 3 } })
      const status = async (heldToken: string) => (await post(slow.url, INITIALIZE, bearer(heldToken))).status
      const tokens = ['laptop', 'desktop'].map((client, index) => keys.issue(1, { client, grant: `token:${index}` }))
      const page = keys.issue(1, { client: null, grant: 'session:1' })
      for (const heldToken of [...tokens, page]) expect(await status(heldToken)).toBe(200)
      for (const heldToken of [...tokens, page]) expect(await status(heldToken)).toBe(429)
      expect(await status(keys.issue(1, { clientId: 'program' }))).toBe(200)
      expect(await status(keys.issue(2, { client: 'laptop', grant: 'token:9' }))).toBe(200)
      await slow.stop()
    })

    test('pages of other sites and unknown host names are refused in JSON', async () => {
      const { status, body } = await post(server.url, INITIALIZE, { ...bearer(token), origin: 'https://evil.example' })
      expect([status, body.error.message]).toEqual([403, expect.any(String)])
      const socket = connect(Number(server.url.port), '127.0.0.1')
      socket.end('POST /mcp HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}')
      let streamText = ''
      socket.on('data', (part) => {
        streamText += part
      })
      await once(socket, 'close')
      expect(streamText).toMatch(/^HTTP\/1\.1 403 /)
      expect(JSON.parse(streamText.split('\r\n\r\n')[1] as string)).toMatchObject({ jsonrpc: '2.0', error: {} })
    })

    test('a browser can read the headers it needs', async () => {
      const preflight = await fetch(server.url, {
        method: 'OPTIONS',
        headers: { origin: PUBLIC_URL, 'access-control-request-method': 'POST' },
      })
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
      expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Authorization/)
      for (const headers of [{ origin: PUBLIC_URL }, { ...bearer(token), origin: PUBLIC_URL }]) {
        const { headers: answerHeaders } = await post(server.url, INITIALIZE, headers)
        expect(answerHeaders.get('access-control-allow-origin')).toBe('*')
        expect(answerHeaders.get('access-control-expose-headers')).toMatch(/Mcp-Session-Id.*WWW-Authenticate/)
      }
    })
  })

  describe('an invalid request', () => {
    test.each([
      ['a text that is not JSON', '{"jsonrpc":', {}, 400, -32_700],
      ['an object that tries to change its kind', '{"__proto__":{"a":1}}', {}, 400, -32_000],
      ['nothing', '', {}, 400, -32_600],
      ['a number', '5', {}, 400, -32_600],
      ['an object that is no message', '{"a":1}', {}, 400, -32_600],
      ['a batch', JSON.stringify([call('ping'), call('ping')]), {}, 400, -32_600],
      ['an empty batch', '[]', {}, 400, -32_600],
      ['another kind of body', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, -32_000],
      ['a client that does not read what is answered', '{}', { accept: 'text/html' }, 406, -32_000],
      ['a request that needs a session', JSON.stringify(call('logging/setLevel', { level: 'info' })), {}, 400, -32_600],
      ['an answer without a session', '{"jsonrpc":"2.0","id":1,"result":{}}', {}, 400, -32_600],
    ])('%s', async (_what, body, headers, status, code) => {
      const answer = await post(server.url, body, { ...bearer(token), ...headers })
      expect([answer.status, answer.body?.error?.code]).toEqual([status, code])
      expect(answer.body.error.message).toEqual(expect.any(String))
    })

    test('a body of 10 MB is refused in JSON, with and without a token', async () => {
      const body = JSON.stringify(call('tools/call', { name: 'create_thing', arguments: { name: 'x'.repeat(1e7) } }))
      const answer = await post(server.url, body, bearer(token))
      expect([answer.status, answer.body.error.code]).toEqual([413, -32_000])
      expect((await post(server.url, body, {})).status).toBe(401)
    })

    test('other methods are refused with the list of allowed ones', async () => {
      for (const method of ['PUT', 'PATCH']) {
        const answer = await answerOf(await fetch(server.url, { method, headers: bearer(token) }))
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST, DELETE, OPTIONS'])
      }
      for (const method of ['GET', 'DELETE']) {
        const headers = { ...bearer(token), accept: 'text/event-stream' }
        expect((await fetch(server.url, { method, headers })).status).toBe(400)
        const modern = { ...headers, 'mcp-protocol-version': '2026-07-28' }
        expect((await fetch(server.url, { method, headers: modern })).status).toBe(405)
      }
    })
  })

  describe('a session', () => {
    test('is opened in the requested revision, or in the newest one that has sessions', async () => {
      const session = await initialize(server.url, token)
      for (const [requested, expected] of [
        ['2025-03-26', '2025-03-26'],
        ['2025-06-18', '2025-06-18'],
        ['2024-11-05', '2025-11-25'],
        ['1999-01-01', '2025-11-25'],
      ]) {
        const params = { ...INITIALIZE.params, protocolVersion: requested }
        const { body } = await post(server.url, { ...INITIALIZE, params }, bearer(token))
        expect(body.result).toMatchObject({ protocolVersion: expected, serverInfo: { name: 'TREK', version: '1.2.3' } })
      }
      const { status } = await post(server.url, call('ping'), {
        ...bearer(token, session),
        'mcp-protocol-version': '2024-01-01',
      })
      expect(status).toBe(400)
    })

    test('is not found if it is unknown, has ended or has an invalid id', async () => {
      const session = await initialize(server.url, token)
      expect((await ping(session)).status).toBe(200)
      const endAnswer = await fetch(server.url, { method: 'DELETE', headers: bearer(token, session) })
      expect(endAnswer.status).toBe(204)
      for (const id of [session, crypto.randomUUID(), 'nonsense', "' or 1=1 --", session.toUpperCase()]) {
        const { status, body } = await ping(id)
        expect([id, status, body.error.code]).toEqual([id, 404, -32_001])
      }
    })

    test('belongs to one user and one authorization; a new token of the same authorization can continue it', async () => {
      const ownToken = keys.issue(1, { grant: 'grant:mine' })
      const session = await initialize(server.url, ownToken)
      for (const other of [keys.issue(2), keys.issue(2, { grant: 'grant:mine' }), keys.issue(1)]) {
        expect((await ping(session, other)).status).toBe(403)
        expect((await openStream(server.url, other, session)).status).toBe(403)
        const endAnswer = await fetch(server.url, { method: 'DELETE', headers: bearer(other, session) })
        expect(endAnswer.status).toBe(403)
      }
      const refreshed = keys.issue(1, { grant: 'grant:mine', scopes: new Set(['crates:read']) })
      const { body } = await post(server.url, call('tools/list'), bearer(refreshed, session))
      expect(body.result.tools.map(({ name }: { name: string }) => name)).not.toContain('create_thing')
    })

    test('has one stream: a new one replaces the old one', async () => {
      const session = await initialize(server.url, token)
      const oldStream = reading(await openStream(server.url, token, session))
      const fresh = reading(await openStream(server.url, token, session))
      await until(() => oldStream.ended, 'the end of the old stream')
      expect(fresh.ended).toBe(false)
      await fetch(server.url, { method: 'DELETE', headers: bearer(token, session) })
      await until(() => fresh.ended, 'the end of the session’s stream')
    })

    test('can cancel its requests', async () => {
      const askingServer = await startServer(place().target, keys, { fixtures })
      const session = await initialize(askingServer.url, token)
      const request = call('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } })
      const response = await fetch(askingServer.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...ACCEPT, ...bearer(token, session) },
        body: JSON.stringify(request),
      })
      const stream = reading(response)
      await until(() => stream.messages().length === 1, 'the question')
      const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: request.id } }
      expect((await post(askingServer.url, cancelled, bearer(token, session))).status).toBe(202)
      await until(() => stream.ended, 'the end of the call')
      expect(stream.messages()).toHaveLength(1)
      await askingServer.stop()
    })

    test('gets no answer to a cancelled call, and the tool completes', async () => {
      const session = await initialize(server.url, token)
      const { crate } = await server.pipeline.run(create_crate, { label: 'Attic' }, callerFor(1))
      const { thing } = await server.pipeline.run(create_thing, { crateId: crate.id, name: 'Lamp' }, callerFor(1))
      const { promise: worth, resolve: resolveWorth } = Promise.withResolvers<number>()
      const worthSpy = vi.spyOn(appraiser, 'worth').mockReturnValueOnce(worth)
      const args = { crateId: crate.id, thingId: thing.id }
      const request = call('tools/call', { name: 'appraise_thing', arguments: args })
      const response = fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...ACCEPT, ...bearer(token, session) },
        body: JSON.stringify(request),
      })
      await until(() => worthSpy.mock.calls.length === 1, 'the tool runs')
      worthSpy.mockRestore()
      const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: request.id } }
      expect((await post(server.url, cancelled, bearer(token, session))).status).toBe(202)
      const stream = reading(await response)
      await until(() => stream.ended, 'the end of the call')
      expect(stream.messages()).toEqual([])
      resolveWorth(700)
      const things = () => server.pipeline.run(list_things, { crateId: crate.id }, callerFor(1))
      await vi.waitFor(async () => expect(await things()).toMatchObject({ things: [{ name: 'Lamp', price: 700 }] }))
    })

    test('accepts notifications and answers with 202, and knows which resources it can follow', async () => {
      const session = await initialize(server.url, token)
      const send = (body: object) => post(server.url, body, bearer(token, session))
      expect((await send({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
      expect((await send({ jsonrpc: '2.0', id: 'who asked?', result: {} })).status).toBe(202)
      expect((await send(call('logging/setLevel', { level: 'error' }))).body.result).toEqual({})
      expect((await send(call('nonsense/method'))).body.error.code).toBe(-32_601)
      for (const uri of ['toy://crates/999999/things', 'toy://nothing']) {
        expect((await send(call('resources/read', { uri }))).body.error).toMatchObject({ code: -32_002, data: { uri } })
        expect((await send(call('resources/subscribe', { uri }))).body.error.code).toBe(-32_602)
      }
    })
  })

  describe('the newest revision', () => {
    test('needs no session, and states how long its answers are valid and for whom', async () => {
      const list = await postModern(server.url, token, 'tools/list')
      expect(list.headers.get('mcp-session-id')).toBeNull()
      expect(list.body.result).toMatchObject({
        resultType: 'complete',
        ttlMs: 60_000,
        cacheScope: 'private',
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'TREK', version: '1.2.3' } },
      })
      const discovered = await postModern(server.url, token, 'server/discover')
      expect(discovered.body.result).toMatchObject({ supportedVersions: ['2026-07-28'], cacheScope: 'private' })
      expect(discovered.body.result.instructions).toMatch(/^Crates hold things\.\n\n/)
      const missing = await postModern(server.url, token, 'resources/read', { uri: 'toy://nothing' })
      expect(missing.body.error).toMatchObject({ code: -32_602, data: { uri: 'toy://nothing' } })
      expect((await postModern(server.url, token, 'nonsense/method')).status).toBe(404)
    })

    test('checks the headers against the body', async () => {
      const body = { ...call('tools/call', { name: 'list_crates', arguments: {}, _meta: MODERN }) }
      const headers = { ...bearer(token), 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' }
      for (const name of [{}, { 'mcp-name': 'create_crate' }]) {
        const answer = await post(server.url, body, { ...headers, ...name })
        expect([answer.status, answer.body.error.code]).toEqual([400, -32_020])
      }
      expect((await post(server.url, body, { ...headers, 'mcp-name': 'list_crates' })).status).toBe(200)
    })

    test('asks a client with an OAuth token for the scopes it lacks, together with those it has', async () => {
      const narrowToken = keys.issue(1, { scopes: new Set(['things:read']) })
      const answer = await postModern(server.url, narrowToken, 'tools/call', { name: 'create_crate', arguments: {} })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('www-authenticate')).toMatch(
        /^Bearer resource_metadata="[^"]+", error="insufficient_scope", scope="crates:write things:read", error_description="/,
      )
      const blind = keys.issue(1, { scopes: new Set(['crates:read']) })
      for (const [method, params] of [
        ['resources/read', { uri: 'toy://memos' }],
        ['prompts/get', { name: 'crate-summary', arguments: { crateId: '1' } }],
      ] as const) {
        expect((await postModern(server.url, blind, method, params)).status).toBe(403)
      }
    })

    test('acknowledges only the resources that the caller may follow', async () => {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...ACCEPT,
          ...bearer(token),
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'subscriptions/listen',
        },
        body: JSON.stringify(
          call('subscriptions/listen', {
            notifications: { resourceSubscriptions: ['toy://crates/999999/things', 'toy://nothing', 'toy://memos'] },
            _meta: MODERN,
          }),
        ),
      })
      const stream = reading(response)
      await until(() => stream.messages().length > 0, 'the acknowledgement')
      expect(stream.messages()[0].params.notifications).toEqual({ resourceSubscriptions: ['toy://memos'] })
      await response.body?.cancel().catch(() => {})
    })
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eachDatabase } from '../harness/database/databases.ts'
import { makeKeys, startServer, type TestServer } from '../harness/mcp/rig.ts'
import { type Answer, answerOf, bearer, call, INITIALIZE, initialize, MODERN, post } from '../harness/mcp/wire.ts'

/** The answers to a client that names an unsupported version of the protocol. */

const UNSUPPORTED = -32_022
const SPOKEN = ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26']
/** The versions that a message can name for itself, and those of sessions. */
const STATELESS = ['2026-07-28']
const SESSIONS = SPOKEN.slice(1)
const SPEAKS = `This server speaks ${SPOKEN.join(', ')}`
const KEY = 'io.modelcontextprotocol/protocolVersion'

const keys = makeKeys()

eachDatabase((_database, place) => {
  let server: TestServer
  let token: string
  let session: string
  beforeAll(async () => {
    server = await startServer(place().target, keys)
    token = keys.issue(1)
    session = await initialize(server.url, token)
  })
  afterAll(async () => {
    expect(server.logged).toEqual([])
    await server.stop()
  })

  const version = (named: string) => ({ 'mcp-protocol-version': named })
  const crates = (protocolVersion?: unknown) =>
    call('tools/call', {
      name: 'list_crates',
      ...(protocolVersion !== undefined && { _meta: { ...MODERN, [KEY]: protocolVersion } }),
    })
  const versionError = (message: string, requested: string, id: unknown, supported = SPOKEN) => ({
    jsonrpc: '2.0',
    id,
    error: { code: UNSUPPORTED, message, data: { supported, requested } },
  })
  const NOTICE = { jsonrpc: '2.0', method: 'notifications/initialized' }
  const method = (name: string, headers: Record<string, string>): Promise<Answer> =>
    fetch(server.url, { method: name, headers: { accept: 'text/event-stream', ...headers } }).then(answerOf)

  describe.each(['2025-12-31', '2026-01-01', '2024-11-05', '2027-01-01', 'latest', '7', '2025-11-25, 2025-11-25', ''])(
    'version "%s"',
    (named) => {
      const sentence = `There is no version ${JSON.stringify(named)} of the protocol here. ${SPEAKS}`

      test('in a header, with and without a session', async () => {
        for (const headers of [bearer(token), bearer(token, session)]) {
          const request = crates()
          const answer = await post(server.url, request, { ...headers, ...version(named) })
          expect([answer.status, answer.body]).toEqual([400, versionError(sentence, named, request.id)])
        }
      })

      test('in a header without a request', async () => {
        const headers = { ...bearer(token, session), ...version(named) }
        const notice = await post(server.url, NOTICE, headers)
        expect([notice.status, notice.body]).toEqual([400, versionError(sentence, named, null)])
        for (const { status, body } of [await method('GET', headers), await method('DELETE', headers)]) {
          expect([status, body]).toEqual([400, versionError(sentence, named, null, SESSIONS)])
        }
        // The session still exists.
        expect((await post(server.url, call('ping'), bearer(token, session))).status).toBe(200)
      })

      test('in the message, with the same version in the header and with none', async () => {
        for (const headers of [version(named), {}]) {
          const request = crates(named)
          const answer = await post(server.url, request, {
            ...bearer(token),
            'mcp-method': 'tools/call',
            'mcp-name': 'list_crates',
            ...headers,
          })
          expect([answer.status, answer.body]).toEqual([400, versionError(sentence, named, request.id, STATELESS)])
        }
      })

      test('in initialize, which settles on the newest version with sessions', async () => {
        const params = { ...INITIALIZE.params, protocolVersion: named }
        for (const headers of [version(named), {}]) {
          const answer = await post(server.url, { ...INITIALIZE, params }, { ...bearer(token), ...headers })
          expect([answer.status, answer.body.result?.protocolVersion]).toEqual([200, '2025-11-25'])
          expect(answer.headers.get('mcp-session-id')).not.toBeNull()
        }
      })
    },
  )

  test.each(['2025-11-25', '2025-06-18', '2025-03-26'])('initialize is answered with %s on request', async (named) => {
    const params = { ...INITIALIZE.params, protocolVersion: named }
    const answer = await post(server.url, { ...INITIALIZE, params }, { ...bearer(token), ...version('latest') })
    expect(answer.body.result.protocolVersion).toBe(named)
  })

  test('initialize for a version without sessions settles on the newest with sessions', async () => {
    const params = { ...INITIALIZE.params, protocolVersion: '2026-07-28' }
    const { body } = await post(server.url, { ...INITIALIZE, params }, bearer(token))
    expect(body.result.protocolVersion).toBe('2025-11-25')
  })

  test.each([[7], [null], [{ a: 1 }], [true]])(
    'initialize with the version %j is answered with the supported ones',
    async (named) => {
      const params = { ...INITIALIZE.params, protocolVersion: named }
      const { status, body } = await post(server.url, { ...INITIALIZE, params }, bearer(token))
      expect([status, body.error.code]).toEqual([200, -32_602])
      expect(body.error.message).toMatch(/^initialize: protocolVersion must be a text such as "2025-11-25"/)
      expect(body.error.message).toMatch(/2025-06-18.*2025-03-26/)
    },
  )

  test.each([
    [7, '7'],
    [{ a: 1 }, '[object Object]'],
    [true, 'true'],
  ])('a message with the version %j is answered with the supported ones', async (named, requested) => {
    for (const headers of [version('2026-07-28'), {}]) {
      const request = crates(named)
      const answer = await post(server.url, request, { ...bearer(token), ...headers })
      const sentence = `_meta["${KEY}"] must be a text that names a version of the protocol. ${SPEAKS}`
      expect([answer.status, answer.body]).toEqual([400, versionError(sentence, requested, request.id, STATELESS)])
    }
  })

  test('the refusal of a message outside a session that names a version with sessions says to start with initialize', async () => {
    for (const headers of [version('2025-11-25'), {}, bearer(token, session)]) {
      const request = crates('2025-11-25')
      const { status, body } = await post(server.url, request, { ...bearer(token), ...headers })
      const sentence = `Version 2025-11-25 of the protocol is spoken in sessions: send initialize, and no version in _meta. ${SPEAKS}`
      expect([status, body]).toEqual([400, versionError(sentence, '2025-11-25', request.id, STATELESS)])
    }
  })

  test('the stream of a session refuses a version without sessions', async () => {
    for (const name of ['GET', 'DELETE']) {
      const { status, body } = await method(name, { ...bearer(token, session), ...version('2026-07-28') })
      expect([status, body.error.code, body.error.message]).toEqual([
        400,
        UNSUPPORTED,
        expect.stringMatching(/^Version 2026-07-28 of the protocol has no sessions: leave out Mcp-Session-Id/),
      ])
    }
  })

  test('the answer does not repeat a long version in full', async () => {
    const { body } = await post(server.url, crates(), { ...bearer(token), ...version('x'.repeat(4000)) })
    expect(JSON.stringify(body).length).toBeLessThan(500)
  })

  test('discovery lists the versions without sessions', async () => {
    const { body } = await post(server.url, call('server/discover', { _meta: MODERN }), {
      ...bearer(token),
      ...version('2026-07-28'),
      'mcp-method': 'server/discover',
    })
    expect(body.result.supportedVersions).toEqual(STATELESS)
  })
})

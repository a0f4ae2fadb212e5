import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtures } from '../conformance/fixtures.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { makeKeys, startServer, type TestServer } from '../harness/mcp/rig.ts'
import { bearer, call, INITIALIZE, initialize, MODERN } from '../harness/mcp/wire.ts'

/** Clients state in many ways what they read, and each gets an answer that it reads. */

const JSON_ALONE = 'application/json'
const STREAM_ALONE = 'text/event-stream'

const keys = makeKeys()

eachDatabase((_database, place) => {
  let server: TestServer
  let token: string
  beforeAll(async () => {
    server = await startServer(place().target, keys, { fixtures })
    token = keys.issue(1)
  })
  afterAll(async () => {
    expect(server.logged).toEqual([])
    await server.stop()
  })

  /** Sends a message; an empty `accept` stands for no such header. */
  async function send(body: object, accept: string, headers: Record<string, string> = {}) {
    // `fetch` always sends the header, so an omitted one is sent empty, which means the same (RFC 9110, 12.5.1).
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...bearer(token), ...headers },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    const type = answer.headers.get('content-type')?.split(';')[0]
    const json = type === STREAM_ALONE ? /^data: (.+)$/m.exec(text)?.[1] : text
    return {
      status: answer.status,
      type,
      session: answer.headers.get('mcp-session-id'),
      message: JSON.parse(json ?? ''),
    }
  }

  const KINDS: [string, string][] = [
    [JSON_ALONE, JSON_ALONE],
    [STREAM_ALONE, STREAM_ALONE],
    ['application/json, text/event-stream', JSON_ALONE],
    ['text/event-stream, application/json', JSON_ALONE],
    ['APPLICATION/JSON', JSON_ALONE],
    ['application/json; charset=utf-8', JSON_ALONE],
    ['application/*', JSON_ALONE],
    ['text/*', STREAM_ALONE],
    ['*/*', JSON_ALONE],
    ['text/html, */*;q=0.8', JSON_ALONE],
    ['', JSON_ALONE],
  ]

  describe.each(KINDS)('a client that reads "%s" is answered with %s', (accept, type) => {
    test('in a session', async () => {
      const initialized = await send(INITIALIZE, accept)
      expect(initialized).toMatchObject({ status: 200, type, message: { result: { serverInfo: { name: 'TREK' } } } })
      const inSession = { 'mcp-session-id': initialized.session as string }
      const toolList = await send(call('tools/list'), accept, inSession)
      expect([toolList.status, toolList.type, toolList.message.result.tools.length > 10]).toEqual([200, type, true])
      const called = await send(call('tools/call', { name: 'list_crates' }), accept, inSession)
      expect(called).toMatchObject({ status: 200, type, message: { result: { structuredContent: {} } } })
      const refused = await send(call('tools/call'), accept, inSession)
      expect(refused).toMatchObject({ status: 200, type, message: { error: { code: -32_602 } } })
    })

    test('in the newest revision', async () => {
      const modern = (method: string, params: object = {}) =>
        send(call(method, { ...params, _meta: MODERN }), accept, {
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': method,
          ...('name' in params && { 'mcp-name': String(params.name) }),
        })
      expect(await modern('server/discover')).toMatchObject({ status: 200, type, message: { result: {} } })
      const toolList = await modern('tools/list')
      expect([toolList.status, toolList.type, toolList.message.result.tools.length > 10]).toEqual([200, type, true])
      const called = await modern('tools/call', { name: 'list_crates' })
      expect(called).toMatchObject({ status: 200, type, message: { result: { structuredContent: {} } } })
    })
  })

  test('the refusal of a client that reads neither says what to accept', async () => {
    const { status, message } = await send(INITIALIZE, 'text/html')
    expect([status, message.error.message]).toEqual([406, expect.stringMatching(/one of the two is enough/)])
  })

  test('a client that reads no streams gets no stream and no question', async () => {
    const initialized = await send(INITIALIZE, JSON_ALONE)
    const inSession = { 'mcp-session-id': initialized.session as string }
    const logs = await send(call('tools/call', { name: 'test_tool_with_logging' }), JSON_ALONE, inSession)
    expect(logs).toMatchObject({ status: 200, type: JSON_ALONE, message: { result: { content: expect.any(Array) } } })
    const elicitationCall = call('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } })
    const answer = await send(elicitationCall, JSON_ALONE, inSession)
    expect([answer.status, answer.type]).toEqual([200, JSON_ALONE])
    expect(JSON.stringify(answer.message)).toMatch(/does not read text\/event-stream/)
  })

  test('a stream is opened on request, whatever the client accepts', async () => {
    const session = await initialize(server.url, token)
    for (const accept of [STREAM_ALONE, '*/*', '', JSON_ALONE, 'application/json, text/event-stream']) {
      const stream = await fetch(server.url, { headers: { ...bearer(token, session), accept } })
      expect([accept, stream.status, stream.headers.get('content-type')]).toEqual([accept, 200, STREAM_ALONE])
      await stream.body?.cancel()
    }
  })
})

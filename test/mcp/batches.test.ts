import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtures } from '../conformance/fixtures.ts'
import { textResult, tool } from '../conformance/tool.ts'
import { create_crate, list_things } from '../fixtures/toy/contract/index.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { callerFor, makeKeys, startServer, type TestServer, until } from '../harness/mcp/rig.ts'
import { bearer, call, INITIALIZE, initialize, post, reading } from '../harness/mcp/wire.ts'

/** Sessions of 2025-03-26 can send several messages at once; no other version can. */

const REQUEST = -32_600
const PARAMS = -32_602
const ONE_AT_A_TIME = 'Send one message at a time, not a batch'

const keys = makeKeys()

/** A tool that runs until the test opens the gate. */
const gate = { begun: 0, open: () => {}, closed: Promise.resolve() }
const closeGate = () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  Object.assign(gate, { open: resolve, closed: promise })
}
const wait = tool('test_wait', async () => {
  gate.begun++
  await gate.closed
  return textResult('Waited')
})

const longTool = tool('test_long', async () => textResult('x'.repeat(1_000_000)))

eachDatabase((_database, place) => {
  let server: TestServer
  let token: string
  let session: string
  let crateId: number
  beforeAll(async () => {
    server = await startServer(place().target, keys, {
      fixtures: { ...fixtures, tools: [...fixtures.tools, wait, longTool] },
    })
    token = keys.issue(1)
    session = await open()
    crateId = (await server.pipeline.run(create_crate, { label: 'Attic' }, callerFor(1))).crate.id
  })
  afterAll(async () => {
    expect(server.logged).toEqual([])
    await server.stop()
  })

  async function open(protocolVersion = '2025-03-26', url = server.url): Promise<string> {
    const params = { ...INITIALIZE.params, protocolVersion }
    const { headers, body } = await post(url, { ...INITIALIZE, params }, bearer(token))
    expect(body.result.protocolVersion).toBe(protocolVersion)
    return headers.get('mcp-session-id') as string
  }
  const send = (messages: unknown, headers: Record<string, string> = {}) =>
    post(server.url, messages, { ...bearer(token, session), ...headers })
  const add = (name: string, id: unknown = name) => ({
    ...call('tools/call', { name: 'create_thing', arguments: { crateId, name } }),
    id,
  })
  const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' })
  const NOTICE = { jsonrpc: '2.0', method: 'notifications/initialized' }
  const named = async (name: string): Promise<number> =>
    (await server.pipeline.run(list_things, { crateId, names: [name] }, callerFor(1))).things.length
  const refused = (code: number, message: unknown, id: unknown = null) => ({
    jsonrpc: '2.0',
    id,
    error: expect.objectContaining({ code, message }),
  })

  test('each request is answered, in its order and under its id, and notifications are not', async () => {
    const answer = await send([
      add('Lamp', 'a'),
      NOTICE,
      add('Rug', 2),
      { jsonrpc: '2.0', id: 9, result: {} },
      ping('c'),
    ])
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    expect(answer.body).toEqual([
      expect.objectContaining({ id: 'a', result: expect.objectContaining({ structuredContent: expect.any(Object) }) }),
      expect.objectContaining({ id: 2, result: expect.objectContaining({ structuredContent: expect.any(Object) }) }),
      { jsonrpc: '2.0', id: 'c', result: {} },
    ])
    expect([await named('Lamp'), await named('Rug')]).toEqual([1, 1])
  })

  test('a batch of one message is answered with a list of one, and lists of tools are complete', async () => {
    const { body } = await send([call('tools/list')])
    expect(body).toHaveLength(1)
    expect(body[0].result.tools.length).toBeGreaterThan(10)
  })

  test('a batch of notifications gets no answer', async () => {
    const answer = await send([NOTICE, { jsonrpc: '2.0', id: 9, result: {} }])
    expect([answer.status, answer.body]).toEqual([202, ''])
  })

  test('the header of the version is allowed', async () => {
    expect((await send([ping(1)], { 'mcp-protocol-version': '2025-03-26' })).status).toBe(200)
  })

  test('a message sees the changes of the one before it', async () => {
    const level = call('logging/setLevel', { level: 'error' })
    const loggingCall = call('tools/call', { name: 'test_tool_with_logging' })
    const other = await open()
    const answer = await post(server.url, [level, loggingCall], bearer(token, other))
    // The tool logs nothing at this level, so the answer is no stream.
    expect(answer.body).toHaveLength(2)
  })

  describe('an invalid message among others is answered with its error', () => {
    test.each<[string, unknown, unknown]>([
      ['a number', 5, refused(REQUEST, expect.stringMatching(/JSON object/))],
      ['null', null, refused(REQUEST, expect.stringMatching(/JSON object/))],
      ['another object', { id: 4, a: 1 }, refused(REQUEST, expect.stringMatching(/jsonrpc must be "2\.0"/), 4)],
      ['a batch', [ping(1)], refused(REQUEST, 'A batch holds messages, and no other batch')],
      ['an empty batch', [], refused(REQUEST, 'A batch holds messages, and no other batch')],
      ['an unknown method', call('nonsense'), refused(-32_601, expect.any(String), expect.any(Number))],
      ['a tool without a name', { ...call('tools/call'), id: 'x' }, refused(PARAMS, expect.any(String), 'x')],
      [
        'a notification whose parameters are a text',
        { ...NOTICE, params: 'x' },
        refused(PARAMS, expect.stringMatching(/params must be an object/)),
      ],
      [
        'a message of the newest revision',
        { ...call('tools/list', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }), id: 6 },
        refused(REQUEST, expect.stringMatching(/by itself, not in a batch/), 6),
      ],
    ])('%s', async (_what, wrong, error) => {
      const answer = await send([ping(1), wrong, ping(2)])
      expect(answer.status).toBe(200)
      expect(answer.body).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }, error, { jsonrpc: '2.0', id: 2, result: {} }])
    })

    test('a tool that fails', async () => {
      const { body } = await send([call('tools/call', { name: 'create_thing', arguments: {} }), ping(2)])
      expect(body).toMatchObject([{ result: { isError: true } }, { id: 2, result: {} }])
    })

    test('a batch without requests is refused as a whole', async () => {
      const answer = await send([NOTICE, { ...NOTICE, params: 5 }])
      expect([answer.status, answer.body]).toEqual([400, [refused(PARAMS, expect.any(String))]])
    })
  })

  test('two requests with one id are both answered', async () => {
    const { body } = await send([add('Twin', 1), add('Twin', 1), ping(1)])
    expect(body.map(({ id }: { id: unknown }) => id)).toEqual([1, 1, 1])
    expect(await named('Twin')).toBe(2)
  })

  describe('nothing is done for', () => {
    test.each<[string, () => unknown[], RegExp]>([
      ['an empty batch', () => [], /^The batch is empty; send at least one message$/],
      [
        '21 messages',
        () => Array.from({ length: 21 }, () => add('Crowd')),
        /^The batch has 21 messages; send at most 20/,
      ],
      ['a batch with initialize in it', () => [add('Crowd'), INITIALIZE], /^Send initialize by itself, not in a batch/],
      ['initialize alone in a batch', () => [INITIALIZE], /^Send initialize by itself/],
    ])('%s', async (_what, messages, expectedText) => {
      const answer = await send(messages())
      expect([answer.status, answer.body]).toEqual([400, refused(REQUEST, expect.stringMatching(expectedText))])
      expect(answer.headers.get('mcp-session-id')).toBeNull()
      expect(await named('Crowd')).toBe(0)
    })

    test('a batch of 20 messages is accepted', async () => {
      expect((await send(Array.from({ length: 20 }, (_, id) => ping(id)))).body).toHaveLength(20)
    })
  })

  describe('a batch is refused', () => {
    test.each(['2025-06-18', '2025-11-25'])('in a session of %s', async (version) => {
      const answer = await post(server.url, [add('Late')], bearer(token, await open(version)))
      expect([answer.status, answer.body]).toEqual([400, refused(REQUEST, ONE_AT_A_TIME)])
      expect(await named('Late')).toBe(0)
    })
    test.each([
      ['without a session', () => bearer(token)],
      ['of the newest revision', () => ({ ...bearer(token), 'mcp-protocol-version': '2026-07-28' })],
      [
        'under the header of a later version',
        () => ({ ...bearer(token, session), 'mcp-protocol-version': '2025-11-25' }),
      ],
    ])('%s', async (_what, headers) => {
      for (const messages of [[ping(1)], [], [INITIALIZE]]) {
        const answer = await post(server.url, messages, headers())
        expect([answer.status, answer.body]).toEqual([400, refused(REQUEST, ONE_AT_A_TIME)])
      }
    })
    test('of a missing session, or of another person', async () => {
      const unknown = await send([ping(1)], { 'mcp-session-id': '00000000-0000-4000-8000-000000000000' })
      expect(unknown.status).toBe(404)
      expect((await send([ping(1)], bearer(keys.issue(2)))).status).toBe(403)
    })
  })

  test('each message counts against the limit', async () => {
    const limitedServer = await startServer(place().target, keys, { limits: { requestsPerMinute: 5 } })
    const id = await open('2025-03-26', limitedServer.url)
    const { status, body } = await post(limitedServer.url, [1, 2, 3, 4, 5, 6].map(ping), bearer(token, id))
    expect([status, body.slice(0, 4)]).toEqual([
      200,
      [1, 2, 3, 4].map((one) => ({ jsonrpc: '2.0', id: one, result: {} })),
    ])
    expect(body.slice(4)).toEqual(
      [5, 6].map((one) => refused(-32_000, expect.stringMatching(/^Too many requests/), one)),
    )
    expect((await post(limitedServer.url, [ping(1)], bearer(token, id))).status).toBe(429)
    await limitedServer.stop()
  })

  describe('on a stream', () => {
    test('a client that reads only streams gets each answer as an event', async () => {
      const answer = await send([ping(1), NOTICE, call('tools/list'), 5], { accept: 'text/event-stream' })
      expect(answer.headers.get('content-type')).toBe('text/event-stream')
      const events = [...answer.body.matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json as string))
      expect(events).toEqual([
        { jsonrpc: '2.0', id: 1, result: {} },
        expect.objectContaining({ result: { tools: expect.any(Array) } }),
        refused(REQUEST, expect.any(String)),
      ])
    })

    test('a slow reader gets all answers, however long they are', async () => {
      const calls = Array.from({ length: 20 }, (_, id) => ({ ...call('tools/call', { name: 'test_long' }), id }))
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(token, session) },
        body: JSON.stringify(calls),
      })
      // Nothing is read until the answers far exceed the buffer of a stream.
      await new Promise((resolve) => setTimeout(resolve, 1000))
      const stream = reading(response)
      await until(() => stream.ended, 'the stream has ended', 15_000)
      expect(stream.messages().map(({ id }) => id)).toEqual(calls.map(({ id }) => id))
    })

    test('notifications of a tool come after the answers of earlier messages', async () => {
      const loggingCall = {
        ...call('tools/call', { name: 'test_tool_with_progress', _meta: { progressToken: 'p' } }),
        id: 't',
      }
      const answer = await send([ping(1), loggingCall, ping(2)])
      const events = [...answer.body.matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json as string))
      expect(events.map(({ id, method }) => id ?? method)).toEqual([
        1,
        ...Array(3).fill('notifications/progress'),
        't',
        2,
      ])
    })

    test('a question of a tool is answered in another batch', async () => {
      const elicitationCall = {
        ...call('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } }),
        id: 'q',
      }
      const response = await fetch(server.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...bearer(token, session),
        },
        body: JSON.stringify([elicitationCall, ping(2)]),
      })
      const stream = reading(response)
      await until(() => stream.messages().length === 1, 'the question has come')
      const [{ id }] = stream.messages()
      const result = { action: 'accept', content: { username: 'ana', email: 'a@example.org' } }
      expect((await send([NOTICE, { jsonrpc: '2.0', id, result }])).status).toBe(202)
      await until(() => stream.ended, 'the stream has ended')
      expect(stream.messages().map((message) => message.id)).toEqual([id, 'q', 2])
    })

    test('a cancelled request is left out of the answers', async () => {
      closeGate()
      const { begun } = gate
      const running = send([ping(1), { ...call('tools/call', { name: 'test_wait' }), id: 'w' }, ping(2)])
      await until(() => gate.begun > begun, 'the tool has begun')
      await send([{ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'w' } }])
      const { body } = await running
      expect(body.map(({ id }: { id: unknown }) => id)).toEqual([1, 2])
      gate.open()
    })
  })

  describe('when the client disconnects during a batch', () => {
    /** Sends these messages around a tool that waits, and disconnects meanwhile. */
    async function leave(before: object[], after: object[]): Promise<void> {
      closeGate()
      const { begun } = gate
      const leaving = new AbortController()
      const pendingAnswer = fetch(server.url, {
        method: 'POST',
        signal: leaving.signal,
        headers: { 'content-type': 'application/json', accept: 'application/json', ...bearer(token, session) },
        body: JSON.stringify([...before, call('tools/call', { name: 'test_wait' }), ...after]),
      })
      await until(() => gate.begun > begun, 'the tool has begun')
      leaving.abort()
      await expect(pendingAnswer).rejects.toThrow()
      gate.open()
    }

    test('the rest is done, and a repeated batch gets the answers', async () => {
      await leave([add('Globe')], [add('Atlas')])
      await until(async () => (await named('Atlas')) === 1, 'the last message was handled')
      const { body } = await send([add('Globe'), add('Atlas')])
      expect(body.map(({ result }: { result: { _meta: object } }) => result._meta)).toEqual([
        expect.objectContaining({ 'trek/replayed': expect.any(String) }),
        expect.objectContaining({ 'trek/replayed': expect.any(String) }),
      ])
      expect([await named('Globe'), await named('Atlas')]).toEqual([1, 1])
    })

    test('two equal messages in one batch are done twice', async () => {
      await leave([], [add('Cup'), add('Cup')])
      await until(async () => (await named('Cup')) === 2, 'both were handled')
    })
  })

  test('other sessions continue unaffected', async () => {
    const other = await initialize(server.url, token)
    expect((await post(server.url, ping(1), bearer(token, other))).body).toEqual({ jsonrpc: '2.0', id: 1, result: {} })
  })
})

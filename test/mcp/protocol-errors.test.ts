import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eachDatabase } from '../harness/database/databases.ts'
import { makeKeys, startServer, type TestServer } from '../harness/mcp/rig.ts'
import { type Answer, bearer, INITIALIZE, initialize, MODERN, post } from '../harness/mcp/wire.ts'

/** Every error in a message is answered with a sentence, under the error code of JSON-RPC. */

const ERAS = ['sessions', 'stateless'] as const
type Era = (typeof ERAS)[number]

const PARSE = -32_700
const REQUEST = -32_600
const METHOD = -32_601
const PARAMS = -32_602
const NOT_FOUND = -32_002

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

  const isPlain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)

  /** Sends a request as a client of this era does; `params` may be anything. */
  async function send(era: Era, method: string, params: unknown): Promise<Answer> {
    const message = (sentParams: unknown) => ({
      jsonrpc: '2.0',
      id: 7,
      method,
      ...(sentParams !== undefined && { params: sentParams }),
    })
    if (era === 'sessions') return post(server.url, message(params), bearer(token, session))
    const requestParams = isPlain(params)
      ? { ...params, _meta: isPlain(params._meta) ? { ...params._meta, ...MODERN } : MODERN }
      : params
    const name = isPlain(params) ? (params.name ?? params.uri) : undefined
    return post(server.url, message(requestParams), {
      ...bearer(token),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(name !== undefined && { 'mcp-name': String(name) }),
    })
  }

  /** Expects an error in words. */
  function expectSentence({ body }: Answer, code: number, expectedText: RegExp): void {
    expect(body).toMatchObject({ jsonrpc: '2.0', error: { code, message: expect.stringMatching(expectedText) } })
    expect(body.error.message).not.toMatch(/"code"|invalid_type|Invalid input|expected|\n|[[\]]/)
  }

  const summary = { name: 'crate-summary' }

  describe.each(ERAS)('of a request in the era of %s', (era) => {
    test.each<[string, string, unknown, number, RegExp]>([
      ['an unknown method', 'nonsense', {}, METHOD, /^There is no method nonsense\. There are .*tools\/call/],
      ['a misspelt method', 'tool/call', {}, METHOD, /Did you mean tools\/call\?/],
      ['params that are a list', 'tools/list', [], PARAMS, /^tools\/list: params must be an object, not a list$/],
      [
        'params that are a text',
        'tools/call',
        'x',
        PARAMS,
        /^tools\/call: params must be an object, not the text "x"$/,
      ],
      ['a tool without a name', 'tools/call', {}, PARAMS, /^tools\/call: name is required$/],
      [
        'a tool whose name is a number',
        'tools/call',
        { name: 5 },
        PARAMS,
        /^tools\/call: name must be a text, not a number$/,
      ],
      [
        'a tool that does not exist',
        'tools/call',
        { name: 'list_crate' },
        PARAMS,
        /no tool "list_crate"\. Did you mean list_crates\?/,
      ],
      [
        'arguments that are a list',
        'tools/call',
        { name: 'list_crates', arguments: [] },
        PARAMS,
        /arguments must be an object/,
      ],
      [
        'arguments that are a text',
        'tools/call',
        { name: 'list_crates', arguments: 'x' },
        PARAMS,
        /arguments must be an object/,
      ],
      [
        'a progress token that is an object',
        'tools/list',
        { _meta: { progressToken: {} } },
        PARAMS,
        /_meta\.progressToken must be a text or a whole number/,
      ],
      [
        'a cursor that is a number',
        'tools/list',
        { cursor: 5 },
        PARAMS,
        /^tools\/list: cursor must be a text, not a number$/,
      ],
      ['an unknown cursor', 'resources/list', { cursor: 'x' }, PARAMS, /one page; leave cursor out/],
      ['a resource without a URI', 'resources/read', {}, PARAMS, /^resources\/read: uri is required$/],
      [
        'a resource whose URI is a number',
        'resources/read',
        { uri: 5 },
        PARAMS,
        /^resources\/read: uri must be a text, not a number$/,
      ],
      [
        'a resource that does not exist',
        'resources/read',
        { uri: 'toy://nothing' },
        era === 'sessions' ? NOT_FOUND : PARAMS,
        /^There is no such resource\. Take the URI from resources\/list/,
      ],
      ['a prompt without a name', 'prompts/get', {}, PARAMS, /^prompts\/get: name is required$/],
      [
        'a prompt that does not exist',
        'prompts/get',
        { name: 'crate' },
        PARAMS,
        /^There is no such prompt\. There are crate-summary\./,
      ],
      ['a prompt without its argument', 'prompts/get', summary, PARAMS, /^crate-summary: crateId is required\./],
      [
        'a prompt whose argument is null',
        'prompts/get',
        { ...summary, arguments: { crateId: null } },
        PARAMS,
        /^crate-summary: crateId is required\./,
      ],
      [
        'a prompt whose arguments are null',
        'prompts/get',
        { ...summary, arguments: null },
        PARAMS,
        /^crate-summary: crateId is required\./,
      ],
      [
        'a prompt whose argument is an object',
        'prompts/get',
        { ...summary, arguments: { crateId: {} } },
        PARAMS,
        /^prompts\/get: arguments\.crateId must be a text, not an object$/,
      ],
      [
        'a prompt whose argument is no number',
        'prompts/get',
        { ...summary, arguments: { crateId: true } },
        PARAMS,
        /^crate-summary: crateId must be a number, not the text "[^"]+"\./,
      ],
      ['a completion of nothing', 'completion/complete', {}, PARAMS, /ref is required; argument is required/],
      [
        'a completion of something else',
        'completion/complete',
        { ref: { type: 'x' }, argument: { name: 'a', value: '' } },
        PARAMS,
        /ref\.type must be "ref\/prompt" or "ref\/resource"/,
      ],
      [
        'a completion of no value',
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'crate-summary' }, argument: { name: 'crateId' } },
        PARAMS,
        /argument\.value is required/,
      ],
    ])('%s', async (_what, method, params, code, expectedText) => {
      const answer = await send(era, method, params)
      expectSentence(answer, code, expectedText)
      expect([answer.status, answer.body.id]).toEqual([era === 'stateless' && code === METHOD ? 404 : 200, 7])
    })

    test.each<[string, string, unknown, object]>([
      [
        'null for the arguments means none',
        'tools/call',
        { name: 'list_crates', arguments: null },
        { structuredContent: { crates: expect.any(Array) } },
      ],
      ['null for a cursor means none', 'tools/list', { cursor: null }, { tools: expect.any(Array) }],
      ['an unknown parameter is dropped', 'tools/list', { task: 5 }, { tools: expect.any(Array) }],
    ])('%s', async (_what, method, params, result) => {
      expect((await send(era, method, params)).body.result).toMatchObject(result)
    })

    test('numbers as arguments of prompts and completions are understood as text', async () => {
      const created = await send(era, 'tools/call', { name: 'create_crate', arguments: { label: '2026' } })
      const { crate } = created.body.result.structuredContent
      const prompt = await send(era, 'prompts/get', { ...summary, arguments: { crateId: crate.id } })
      expect(prompt.body.result.messages).toHaveLength(1)
      const completed = await send(era, 'completion/complete', {
        ref: { type: 'ref/prompt', name: 'crate-summary' },
        argument: { name: 'crateId', value: 2026 },
      })
      expect(completed.body.result.completion.values).toContain(String(crate.id))
    })

    /** Valid requests, of which every part is then made wrong. */
    const RIGHT: [string, Record<string, unknown>][] = [
      ['tools/list', { cursor: 'x', _meta: { progressToken: 1 } }],
      ['tools/call', { name: 'list_crates', arguments: {}, _meta: { progressToken: 1 } }],
      ['resources/list', { cursor: 'x' }],
      ['resources/templates/list', { cursor: 'x' }],
      ['resources/read', { uri: 'toy://memos' }],
      ['prompts/list', { cursor: 'x' }],
      ['prompts/get', { name: 'crate-summary', arguments: { crateId: '1' } }],
      [
        'completion/complete',
        {
          ref: { type: 'ref/prompt', name: 'x' },
          argument: { name: 'x', value: 'x' },
          context: { arguments: { a: 'b' } },
        },
      ],
      ...(era === 'sessions'
        ? ([
            ['ping', { _meta: { 'io.modelcontextprotocol/related-task': { taskId: 'x' } } }],
            ['resources/subscribe', { uri: 'toy://memos' }],
            ['resources/unsubscribe', { uri: 'toy://memos' }],
            ['logging/setLevel', { level: 'info' }],
            ['initialize', INITIALIZE.params as Record<string, unknown>],
            [
              'initialize',
              {
                ...INITIALIZE.params,
                capabilities: { elicitation: { form: {} }, sampling: {}, roots: {}, experimental: {} },
              },
            ],
          ] satisfies [string, Record<string, unknown>][])
        : ([['server/discover', { _meta: { progressToken: 1 } }]] satisfies [string, Record<string, unknown>][])),
    ]
    const WRONG = [undefined, null, 1.5, true, 'x', [1], { a: 1 }]

    /** This value, with every part of it in turn replaced by every wrong value. */
    function* variants(value: unknown): Generator<unknown> {
      if (!isPlain(value)) return
      for (const key of Object.keys(value)) {
        for (const wrong of WRONG) yield { ...value, [key]: wrong }
        for (const inner of variants(value[key])) yield { ...value, [key]: inner }
      }
    }

    test.each(RIGHT)(
      'whichever part of %s %j is wrong, the answer contains no dump of a validator',
      async (method, right) => {
        const check = async (params: unknown) => {
          const { status, body } = await send(era, method, params)
          const description = `${method} ${JSON.stringify(params)}`
          expect([description, status, typeof body]).toEqual([description, 200, 'object'])
          if (!body.error) return
          expect([description, body.error.code]).toEqual([
            description,
            body.error.code === NOT_FOUND ? NOT_FOUND : PARAMS,
          ])
          expect([description, body.error.message]).toEqual([
            description,
            expect.not.stringMatching(/"code"|Invalid input|\n|^\[/),
          ])
        }
        await Promise.all([...variants(right)].map(check))
      },
    )
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', {}, /^subscriptions\/listen: notifications is required$/],
    ['a number', { notifications: 5 }, /notifications must be an object/],
    [
      'resources that are a text',
      { notifications: { resourceSubscriptions: 'x' } },
      /resourceSubscriptions must be a list/,
    ],
    [
      'a resource that is a number',
      { notifications: { resourceSubscriptions: [5] } },
      /resourceSubscriptions\.0 must be a text/,
    ],
    ['a wish that is a text', { notifications: { toolsListChanged: 'x' } }, /toolsListChanged must be true or false/],
  ])('listening to %s is answered with the problem', async (_what, params, expectedText) => {
    expectSentence(await send('stateless', 'subscriptions/listen', params), PARAMS, expectedText)
  })

  test.each([
    ['server/discover', 'sessions'],
    ['subscriptions/listen', 'sessions'],
    ['ping', 'stateless'],
    ['initialize', 'stateless'],
    ['resources/subscribe', 'stateless'],
    ['logging/setLevel', 'stateless'],
  ] as const)('%s is no method in the era of %s', async (method, era) => {
    expectSentence(await send(era, method, {}), METHOD, new RegExp(`^There is no method ${method}\\.`))
  })

  describe('of initialize', () => {
    const { params } = INITIALIZE as { params: Record<string, unknown> }
    const without = (name: string) => Object.fromEntries(Object.entries(params).filter(([key]) => key !== name))

    test.each<[string, unknown, RegExp]>([
      [
        'nothing',
        undefined,
        /^initialize: protocolVersion is required; capabilities is required; clientInfo is required$/,
      ],
      ['params that are null', null, /protocolVersion is required/],
      ['params that are a list', [], /^initialize: params must be an object, not a list$/],
      ['no clientInfo', without('clientInfo'), /^initialize: clientInfo is required$/],
      [
        'clientInfo that is null',
        { ...params, clientInfo: null },
        /^initialize: clientInfo must be an object, not null$/,
      ],
      [
        'clientInfo without a version',
        { ...params, clientInfo: { name: 'x' } },
        /^initialize: clientInfo\.version is required$/,
      ],
      ['no capabilities', without('capabilities'), /^initialize: capabilities is required$/],
      [
        'a capability that is a number',
        { ...params, capabilities: { elicitation: 5 } },
        /capabilities\.elicitation must be an object/,
      ],
      ['no version of the protocol', without('protocolVersion'), /^initialize: protocolVersion is required$/],
      [
        'a version of the protocol that is a number',
        { ...params, protocolVersion: 5 },
        /protocolVersion must be a text/,
      ],
    ])('with %s', async (_what, sentMessage, expectedText) => {
      const answer = await post(server.url, { ...INITIALIZE, params: sentMessage }, bearer(token))
      expectSentence(answer, PARAMS, expectedText)
      expect([answer.status, answer.body.id, answer.headers.get('mcp-session-id')]).toEqual([200, INITIALIZE.id, null])
    })

    test('initialize succeeds whatever other properties a client sends', async () => {
      const odd = {
        ...params,
        capabilities: { experimental: 5, tasks: 'x', elicitation: {} },
        clientInfo: { name: 'n8n', version: 2, icons: 'none', title: null },
      }
      const answer = await post(server.url, { ...INITIALIZE, params: odd }, bearer(token))
      expect(answer.body.result).toMatchObject({ serverInfo: { name: 'TREK' } })
    })
  })

  describe.each(ERAS)('of an invalid message, in the era of %s', (era) => {
    test.each<[string, string, number, RegExp]>([
      ['a text that is not JSON', '{"jsonrpc":', PARSE, /^The body is not valid JSON$/],
      ['nothing', '', REQUEST, /^The body is empty; send one JSON-RPC message/],
      ['a batch', `[${JSON.stringify(INITIALIZE)}]`, REQUEST, /^Send one message at a time, not a batch$/],
      ['an empty batch', '[]', REQUEST, /not a batch/],
      ['null', 'null', REQUEST, /^Send one JSON-RPC message, which is a JSON object$/],
      ['a number', '5', REQUEST, /which is a JSON object/],
      ['another object', '{"a":1}', REQUEST, /jsonrpc must be "2\.0"/],
      ['an older version', '{"jsonrpc":"1.0","id":1,"method":"ping"}', REQUEST, /jsonrpc must be "2\.0"/],
      ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":5}', REQUEST, /^method must be a text$/],
      [
        'an id that is null',
        '{"jsonrpc":"2.0","id":null,"method":"ping"}',
        REQUEST,
        /^id must be a text or a whole number/,
      ],
      [
        'an id that is a fraction',
        '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
        REQUEST,
        /^id must be a text or a whole number/,
      ],
      [
        'an id that is an object',
        '{"jsonrpc":"2.0","id":{},"method":"ping"}',
        REQUEST,
        /^id must be a text or a whole number/,
      ],
      ['neither method nor result', '{"jsonrpc":"2.0","id":1}', REQUEST, /a request has a method/],
      [
        'a result that is a number',
        '{"jsonrpc":"2.0","id":1,"result":5}',
        REQUEST,
        /an answer has an id and a result or an error/,
      ],
    ])('%s', async (_what, body, code, expectedText) => {
      const headers =
        era === 'sessions' ? bearer(token, session) : { ...bearer(token), 'mcp-protocol-version': '2026-07-28' }
      const answer = await post(server.url, body, headers)
      expectSentence(answer, code, expectedText)
      expect(answer.status).toBe(400)
    })
  })

  test('a notification with null for its params, or with additional ones, is accepted', async () => {
    for (const more of [{ params: null }, { extra: 1 }, { params: { requestId: null, reason: 5 } }]) {
      const notification = { jsonrpc: '2.0', method: 'notifications/cancelled', ...more }
      expect((await post(server.url, notification, bearer(token, session))).status).toBe(202)
    }
  })
})

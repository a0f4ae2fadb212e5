import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from '../../src/core/data/space.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import type { Place } from '../harness/database/databases.ts'
import { Steps } from '../harness/database/steps.ts'
import { some } from '../harness/prove.ts'
import type { Running } from '../harness/rigs/running.ts'

// The modules under measurement must be loaded after counting has begun.
const steps = new Steps()
const { ENGINES } = await import('../harness/database/databases.ts')
const { fullest, MOST_PARSED, nested, unknownNames, wrongFields, wrongTexts } = await import(
  '../harness/network/hostile-bodies.ts'
)
const { LiveClient } = await import('../harness/rigs/live-client.ts')
const { browserOf } = await import('../harness/rigs/oauth.ts')
const { everyOperation, named } = await import('../harness/operations.ts')
const { raw } = await import('../harness/network/raw-http.ts')
const { startRunning } = await import('../harness/rigs/running.ts')
const { create_trip } = await import('../../src/features/trips/contract/index.ts')

const MEGABYTE = 950_000
const QUARTER = MEGABYTE / 4
const KILOBYTE = 1000
/** Steps of a refusal that reads nothing of the body; an honest request takes as many. */
const LITTLE = 20_000
/** Steps of a refusal after the names in the body were counted. */
const COUNTED = 100_000
/** A wrong entry of a list costs more than a right one, because of its error message. */
const TIMES = 8
/** Slightly below the limits on bodies from strangers, and from programs at the authorization server. */
const STRANGERS = 15_000
const PROGRAMS = 50_000

interface Route {
  readonly method: string
  readonly url: string
}

/** Every route of the servers started here. */
const routes = new Map<string, Route>()
const remember = ({ method, url }: RouteOptions) => {
  for (const one of [method].flat()) routes.set(`${one} ${url}`, { method: one, url })
}
const onMade = (message: unknown) => {
  ;(message as { fastify: FastifyInstance }).fastify.addHook('onRoute', remember)
}
subscribe('fastify.initialization', onMade)
afterAll(() => {
  unsubscribe('fastify.initialization', onMade)
  steps.end()
})

const JSON_BODY = { 'content-type': 'application/json' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const FORM_DATA = { 'content-type': 'multipart/form-data; boundary=x' }

type Headers = Record<string, string>

interface Asked {
  readonly running: Running
  readonly route: Route
  readonly body: string
  readonly headers?: Headers
}

function sendRequest({ running, route: { method, url }, body, headers = {} }: Asked) {
  const length = String(Buffer.byteLength(body))
  const path = url.replace(/:\w+/g, '999999').replace('*', 'nothing')
  return raw(running.url, path, { method, body, headers: { ...JSON_BODY, 'content-length': length, ...headers } })
}

/** Expects a refusal with a short answer. A tool refuses in its result. */
function expectRefused({ status, text }: { status: number; text: string }): void {
  expect(text.length, 'characters in the answer').toBeLessThan(10_000)
  expect(status, text).toBeLessThan(500)
  if (status < 400) expect(text).toMatch(/"isError":true|"error":\{/)
}

/** Expects a refusal in fewer than `most` steps: those of the whole process, the sender included. */
async function expectCheap(asked: Asked, most: number): Promise<void> {
  steps.takeSteps()
  await expectNextCheap(asked, most)
}

/** Expects the same, right after another measurement. */
async function expectNextCheap(asked: Asked, most: number): Promise<void> {
  const { stepCount, answer } = await steps.next(() => sendRequest(asked), most)
  expect(stepCount, `steps for ${answer.status} ${answer.text.slice(0, 300)}`).toBeLessThan(most)
  expectRefused(answer)
}

/** Expects a hostile request to cost about as much as a valid one of the same size. */
async function expectAsCheap(hostile: Asked, right: Asked, allowance: number): Promise<void> {
  const usual = await steps.of(() => sendRequest(right))
  await expectNextCheap(hostile, TIMES * usual.stepCount + allowance)
}

function use(engine: (typeof ENGINES)[number]) {
  let place: Place
  const setup = {} as { running: Running; caller: Caller; bearer: Headers; cookie: Headers }
  beforeAll(async () => {
    place = await engine.place()
    const running = await startRunning(place.target)
    const ana = await running.person('Ana', 'admin')
    const browser = await browserOf(running, ana)
    Object.assign(setup, {
      running,
      caller: ana.caller,
      bearer: { authorization: `Bearer ${ana.token}` },
      cookie: { cookie: browser.cookieFor('/'), origin: running.url },
    })
  })
  afterAll(async () => {
    await setup.running.close()
    await place.remove()
    expect(setup.running.failures).toEqual([])
  })
  return setup
}

// A stranger is refused before the database is asked for anything but the caller.
describe.each(some(ENGINES))('on $engine, a stranger', (engine) => {
  const setup = use(engine)
  const elsewhere = () => ({ ...setup.cookie, origin: 'https://evil.example' })
  /** Routes open to anybody: they refuse a body only because of its size. */
  const OPEN = /^POST (\/api\/auth\/log(in|out)|(\/oauth)?\/(token|register)|\/oauth\/(revoke|introspect))$|^OPTIONS /

  test('costs no more with a megabyte than with a kilobyte, on any route and from any page, and the body stays unread', async () => {
    expect(routes.size).toBeGreaterThan(300)
    const expectBothCheap = async (route: Route, body: string) => {
      const answers = [
        await sendRequest({ running: setup.running, route, body }),
        await sendRequest({ running: setup.running, route, body, headers: elsewhere() }),
      ]
      return answers.map(({ status, text }) => ({ status, text }))
    }
    const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status)
    // HEAD uses the GET of the same address.
    const routesToTest = [...routes].filter(([, { method }]) => method !== 'HEAD')
    // The first requests create everything that is created lazily.
    const small = new Map<string, unknown>()
    for (const [name, route] of routesToTest)
      small.set(name, statuses(await expectBothCheap(route, unknownNames(KILOBYTE))))
    steps.takeSteps()
    for (const [name, route] of routesToTest) {
      // Invalid JSON, so that a route that parses it reports that.
      const { stepCount, answer } = await steps.next(() => expectBothCheap(route, `${unknownNames(MEGABYTE)}}`), LITTLE)
      expect(stepCount, `${name} ${JSON.stringify(answer)}`).toBeLessThan(LITTLE)
      if (OPEN.test(name)) expect(JSON.stringify(answer), name).not.toContain('not valid JSON')
      else expect(statuses(answer), name).toEqual(small.get(name))
    }
  }, 60_000)

  test.each([
    ['POST', '/api/auth/login', JSON_BODY, unknownNames(STRANGERS)],
    ['POST', '/api/auth/login', JSON_BODY, `{"identifier":"${'x'.repeat(STRANGERS)}"}`],
    ['POST', '/api/auth/login', JSON_BODY, `{"identifier":${nested(STRANGERS)}}`],
    ['POST', '/oauth/token', JSON_BODY, unknownNames(PROGRAMS)],
    ['POST', '/oauth/token', JSON_BODY, `{"client_id":${nested(PROGRAMS)}}`],
    ['POST', '/oauth/token', FORM, `client_id=x&${'resource=a&'.repeat(PROGRAMS / 12)}`],
    ['POST', '/oauth/revoke', FORM, `client_id=x&scope=${'a+'.repeat(PROGRAMS / 3)}`],
    ['POST', '/oauth/introspect', FORM, `client_id=x&${'a&'.repeat(PROGRAMS / 3)}`],
    ['POST', '/oauth/register', JSON_BODY, unknownNames(PROGRAMS)],
    ['POST', '/oauth/register', JSON_BODY, `{"redirect_uris":[${'1,'.repeat(PROGRAMS / 3)}1]}`],
    ['POST', '/oauth/register', JSON_BODY, `{"redirect_uris":["http://localhost"],"x":${nested(PROGRAMS)}}`],
  ])('costs little with a body that is read: %s %s', async (method, url, headers, body) => {
    const asked = { running: setup.running, route: { method, url }, headers, body }
    await sendRequest(asked)
    await expectCheap(asked, 50_000)
  })

  test('is refused at /ws at little cost', async () => {
    for (const headers of [{}, elsewhere()]) {
      const knock = () => LiveClient.open(setup.running.url, 0, { headers }).catch((error) => String(error))
      const { stepCount, answer } = await steps.of(knock, LITTLE)
      expect(answer).toMatch(/40[13]/)
      expect(stepCount).toBeLessThan(LITTLE)
    }
  })
})

// Input is checked before the database is asked for anything but the caller: one engine shows the cost.
describe('a member', () => {
  const setup = use(ENGINES[0])
  const overRest = everyOperation.filter(({ operation }) => operation.expose.includes('rest'))
  const routeOf = ({ method, path }: AnyOperation): Route => ({ method, url: `/api${path}` })

  const withBody = named(
    overRest.filter(({ operation: { method, upload } }) => method !== 'GET' && upload === undefined),
  )

  test.each(withBody)(
    'costs %s no more with a hostile megabyte than with the largest valid body, whatever its size',
    async (_, operation) => {
      const send = (body: string) => ({
        running: setup.running,
        route: routeOf(operation),
        headers: setup.bearer,
        body,
      })
      const hostile = wrongFields(operation, MEGABYTE, 1000, 7000)
      await expectAsCheap(send(hostile), send(fullest(operation, MEGABYTE)), 10_000)
    },
  )

  test('costs every operation little with a megabyte of unknown names', async () => {
    const asked = { running: setup.running, headers: setup.bearer, body: unknownNames(MEGABYTE) }
    steps.takeSteps()
    for (const [, operation] of withBody) await expectNextCheap({ ...asked, route: routeOf(operation) }, COUNTED)
  }, 60_000)

  test('costs every operation little with a long query', async () => {
    const asked = { running: setup.running, headers: setup.bearer, body: '' }
    const routes = overRest.map(({ operation }) => {
      const knownNames = Object.keys(operation.input.shape)
      const names = Array.from(
        { length: 1200 },
        (_, at) => `${knownNames[at % knownNames.length] ?? 'x'}${at.toString(36)}`,
      )
      const { method, url } = routeOf(operation)
      return { method, url: `${url}?${names.join('=&').slice(0, 12_000)}` }
    })
    steps.takeSteps()
    for (const route of routes) if (route.method === 'GET') await expectNextCheap({ ...asked, route }, 150_000)
  }, 60_000)

  const forms = {
    'a thousand fields': Array.from({ length: 1000 }, (_, at) => field(`x${at}`, 'x')).join(''),
    'a long name': field('x'.repeat(100_000), 'x'),
    'long fields': Array.from({ length: 20 }, (_, at) => field(`x${at}`, 'x'.repeat(60_000))).join(''),
    'a long list': field('place_ids', '1,'.repeat(30_000)),
    'many files': Array.from({ length: 1000 }, () => field('file"; filename="x', 'x')).join(''),
  }
  test.each(
    named(overRest.filter(({ operation: { upload } }) => upload !== undefined)).flatMap(([name, operation]) => [
      ...Object.entries(forms).map(([formName, form]) => [name, formName, operation, FORM_DATA, form] as const),
      [name, 'no form at all', operation, JSON_BODY, unknownNames(MEGABYTE)] as const,
    ]),
  )('costs %s little with %s', async (_name, _what, operation, headers, body) => {
    const { trip } = await setup.running.pipeline.run(create_trip, { title: 'Kyoto', day_count: 1 }, setup.caller)
    const route = { method: operation.method, url: routeOf(operation).url.replace(':tripId', String(trip.id)) }
    const send = (kind: Headers, body: string) => ({
      running: setup.running,
      route,
      headers: { ...setup.bearer, ...kind },
      body,
    })
    // The names and texts of a form are read byte by byte, unlike files.
    const right = send(FORM_DATA, `${field('file"; filename="x.txt', 'x'.repeat(body.length))}--x--`)
    await expectAsCheap(send(headers, body), right, body.length + 500_000)
  })

  test.each([
    ['unknown names', unknownNames(STRANGERS), 30_000],
    ['a text', `{"scopes":"${'x'.repeat(STRANGERS)}"}`, 30_000],
    ['a list', `{"scopes":[${'"",'.repeat(STRANGERS / 4)}1]}`, 30_000],
    ['a megabyte', unknownNames(MEGABYTE), 30_000],
  ])('costs a consent little with %s', async (_what, body, most) => {
    const route = { method: 'POST', url: '/oauth/consent/:uid/decision' }
    await expectCheap({ running: setup.running, route, headers: setup.cookie, body }, most)
  })

  test.each([
    ['unknown names', unknownNames(60_000)],
    ['unknown names beside others', `{"type":"here","space":"user","id":1,${unknownNames(60_000).slice(1)}`],
    ['a text', `{"type":"here","space":"${'x'.repeat(60_000)}","id":1}`],
    ['lists in lists', `{"type":"here","space":${nested(60_000)},"id":1}`],
    ['another type', `{"type":"${'x'.repeat(60_000)}"}`],
    ['no JSON', 'x'.repeat(60_000)],
  ])('costs a socket little with a frame of %s', async (_what, frame) => {
    const client = await LiveClient.open(setup.running.url, 0, { headers: setup.cookie })
    const refused = async (text: string) => {
      client.frames.length = 0
      client.send(text)
      return client.first('error')
    }
    // Unmasking every byte of a frame has a cost of its own.
    const usual = await steps.of(() => refused(`{${' '.repeat(frame.length)}}`))
    const { stepCount } = await steps.of(() => refused(frame), usual.stepCount + LITTLE)
    expect(stepCount).toBeLessThan(usual.stepCount + LITTLE)
    expect(JSON.stringify(client.frames).length).toBeLessThan(2000)
    await client.close()
  })
})

describe('an assistant', () => {
  const setup = use(ENGINES[0])
  const route = { method: 'POST', url: '/mcp' }
  const ACCEPT = { accept: 'application/json, text/event-stream' }
  const META = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  let session: Headers
  beforeAll(async () => {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
    const initialized = await sendRequest({ ...send('initialize', params), headers: { ...ACCEPT, ...setup.bearer } })
    session = { 'mcp-session-id': String(initialized.headers['mcp-session-id']), 'mcp-protocol-version': '2025-11-25' }
  })

  /** A message; `json` replaces the text `@` in it. */
  const send = (method: string, params: object, more: object = {}, json = '0') => ({
    running: setup.running,
    route,
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params, ...more }).replace('"@"', json),
  })

  test.each(named(everyOperation.filter(({ operation }) => operation.expose.includes('mcp'))))(
    'costs the tool %s no more with hostile arguments than with the largest valid ones',
    async (name, operation) => {
      const call = (json: string) => ({
        ...send('tools/call', { name, arguments: '@' }, {}, json),
        headers: { ...ACCEPT, ...setup.bearer, ...session },
      })
      const right = call(fullest(operation, QUARTER))
      await expectAsCheap(call(wrongFields(operation, QUARTER, 500)), right, 20_000)
      await expectAsCheap(call(wrongTexts(operation, QUARTER, 500)), right, 20_000)
    },
  )

  const names = unknownNames(MEGABYTE)
  /** Slightly below the limit of names that are parsed. */
  const fewer = unknownNames(MOST_PARSED * 7)
  const text = `"${'x'.repeat(MEGABYTE / 2)}"`
  const call = { name: 'list_trips', arguments: {} }
  const message: [what: string, method: string, params: object, json: string, more?: object][] = [
    ['arguments', 'tools/call', { ...call, arguments: '@' }, fewer],
    ['arguments that are a list', 'tools/call', { ...call, arguments: '@' }, `[${'1,'.repeat(MEGABYTE / 3)}1]`],
    // The names are counted once in the message, and once more in the text.
    ['arguments that are JSON text', 'tools/call', { ...call, arguments: '@' }, JSON.stringify(unknownNames(100_000))],
    ['arguments that are other text', 'tools/call', { ...call, arguments: '@' }, text],
    ['params', 'tools/call', { ...call, more: '@' }, fewer],
    ['_meta', 'tools/call', { ...call, _meta: '@' }, fewer],
    ['_meta that is deep', 'tools/call', { ...call, _meta: { x: '@' } }, nested(MOST_PARSED)],
    ['the message', 'tools/call', call, fewer, { more: '@' }],
    ['its id', 'tools/call', call, text, { id: '@' }],
    ['the method', '@', {}, text],
    ['the name of a tool', 'tools/call', { ...call, name: '@' }, text],
    ['the name of a prompt', 'prompts/get', { name: '@' }, text],
    [
      'the arguments of a prompt',
      'prompts/get',
      { name: 'trip-summary', arguments: '@' },
      fewer.replaceAll(':1', ':"1"'),
    ],
    ['an address', 'resources/read', { uri: '@' }, text],
    ['an address to follow', 'resources/subscribe', { uri: '@' }, text],
    ['an address not to follow', 'resources/unsubscribe', { uri: '@' }, text],
    ['the query of an address', 'resources/read', { uri: '@' }, `"trek://trips?${'a&'.repeat(990)}"`],
    [
      'a completion',
      'completion/complete',
      { ref: { type: '@', name: 'x' }, argument: { name: 'x', value: 'x' } },
      text,
    ],
    [
      'the context of a completion',
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'x' }, context: '@' },
      fewer,
    ],
    ['a cursor', 'tools/list', { cursor: '@' }, text],
    ['a level', 'logging/setLevel', { level: '@' }, text],
    ['a version', 'initialize', { protocolVersion: '@', capabilities: {} }, text],
    ['capabilities', 'initialize', { protocolVersion: '2025-11-25', capabilities: { experimental: '@' } }, fewer],
    [
      'addresses to listen to',
      'subscriptions/listen',
      { notifications: { resourceSubscriptions: '@' } },
      `[${'"a",'.repeat(MEGABYTE / 5)}1]`,
    ],
  ]
  test.each(message)('costs little with %s', async (_what, method, params, json, more = {}) => {
    const headers = { ...ACCEPT, ...setup.bearer }
    await expectCheap({ ...send(method, params, more, json), headers: { ...headers, ...session } }, 60_000)
    const meta = { _meta: META, ...params }
    const own = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, 'mcp-name': 'list_trips' }
    await expectCheap({ ...send(method, meta, more, json), headers: { ...headers, ...own } }, 60_000)
  })

  test.each([
    ['a batch', `[${'{"a":1},'.repeat(MEGABYTE / 9)}{}]`],
    ['an object that is no message', fewer],
    ['more names than are parsed', names],
    ['an answer', `{"jsonrpc":"2.0","id":5,"result":${fewer}}`],
    ['a notification', `{"jsonrpc":"2.0","method":"notifications/cancelled","params":${fewer}}`],
    ['lists in lists', nested(MEGABYTE)],
  ])('costs little with %s', async (_what, body) => {
    await expectCheap(
      { running: setup.running, route, body, headers: { ...ACCEPT, ...setup.bearer, ...session } },
      60_000,
    )
  })
})

function field(name: string, value: string): string {
  return `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
}

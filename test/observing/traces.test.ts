import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Tracing } from '../../src/adapters/observing/traces.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { type CollectedSpan, Collector } from '../harness/network/collector.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

const hex = (digit: string, length: number) => digit.repeat(length)
const parentOf = (trace: string, span: string, sampled = true) => `00-${trace}-${span}-0${sampled ? 1 : 0}`

describe.each(ENGINES)('traces on $engine', ({ engine, place: find }) => {
  const collector = new Collector()
  let place: Place
  let running: Running
  let ada: Person
  beforeAll(async () => {
    await collector.up()
    place = await find({ migrated: true })
    running = await startRunning(place.target, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20let%20me%20in,x-tenant=trek',
    })
    ada = await running.person('Wilhelmina')
  })
  afterAll(async () => {
    await running.close()
    await collector.down()
    await place.remove()
    expect(running.failures).toEqual([])
  })

  const ofTrace = (trace: string, isWhole: (spans: CollectedSpan[]) => boolean) =>
    until(() => {
      const spans = collector.spans.filter(({ traceId }) => traceId === trace)
      return isWhole(spans) ? spans : null
    }, 15_000)
  const named = (spans: readonly CollectedSpan[], name: string): CollectedSpan => {
    const spansFound = spans.filter((span) => span.name === name)
    expect(spansFound.map((span) => span.name)).toEqual([name])
    return spansFound[0] as CollectedSpan
  }
  const post = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${running.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ada.token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
    })
  const call = { method: 'tools/call', params: { name: 'create_trip', arguments: { title: 'Samarkand' } } }

  test('a request, its operation and its transaction continue the trace of the traceparent header', async () => {
    const trace = hex('a', 32)
    const answer = await fetch(`${running.url}/api/trips`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ada.token}`,
        'content-type': 'application/json',
        traceparent: parentOf(trace, hex('1', 16)),
      },
      body: JSON.stringify({ title: 'Samarkand' }),
    })
    expect(answer.status).toBe(201)
    const spans = await ofTrace(trace, ({ length }) => length >= 3)
    const request = named(spans, 'POST /api/trips')
    const operation = named(spans, 'create_trip')
    const transaction = named(spans, 'database write')
    expect(request).toMatchObject({
      parentSpanId: hex('1', 16),
      kind: 2,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/trips',
        'http.response.status_code': 201,
        'trek.way': 'rest',
        'trek.request_id': answer.headers.get('x-request-id'),
      },
      resource: { 'service.name': 'trek' },
    })
    expect(operation).toMatchObject({ parentSpanId: request.spanId, attributes: { 'trek.caller.way': 'rest' } })
    expect(transaction).toMatchObject({
      parentSpanId: operation.spanId,
      attributes: { 'db.system.name': engine === 'sqlite' ? 'sqlite' : 'postgresql' },
    })
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer let me in', 'x-tenant': 'trek' })
  })

  test('a call of an assistant continues the trace in its _meta, and links to its HTTP request', async () => {
    const trace = hex('b', 32)
    const carrying = hex('c', 32)
    const meta = { traceparent: parentOf(trace, hex('2', 16)), tracestate: 'vendor=1' }
    const answer = await post(
      { ...call, params: { ...call.params, _meta: meta } },
      { traceparent: parentOf(carrying, hex('3', 16)) },
    )
    expect(answer.status).toBe(200)
    const [ours, http] = [
      await ofTrace(trace, ({ length }) => length >= 3),
      await ofTrace(carrying, ({ length }) => length > 0),
    ]
    const message = named(ours, 'tools/call create_trip')
    const request = named(http, 'POST /mcp')
    expect(message).toMatchObject({
      parentSpanId: hex('2', 16),
      attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'create_trip' },
      links: [{ traceId: carrying, spanId: request.spanId }],
    })
    expect(request.parentSpanId).toBe(hex('3', 16))
    expect(named(ours, 'create_trip').parentSpanId).toBe(message.spanId)
  })

  test.each(['2025-11-25', '2026-07-28'])(
    'without a trace in _meta the HTTP request is the parent of the call, in %s',
    async (version) => {
      const trace = hex(version === '2025-11-25' ? 'd' : 'e', 32)
      const meta = {
        'io.modelcontextprotocol/protocolVersion': version,
        'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      }
      const isNew = version === '2026-07-28'
      const params = { name: 'list_trips', arguments: {}, ...(isNew && { _meta: meta }) }
      const answer = await post(
        { method: 'tools/call', params },
        {
          traceparent: parentOf(trace, hex('4', 16)),
          'mcp-protocol-version': version,
          ...(isNew && { 'mcp-method': 'tools/call', 'mcp-name': 'list_trips' }),
        },
      )
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('"result"')])
      const spans = await ofTrace(trace, ({ length }) => length >= 4)
      const message = named(spans, 'tools/call list_trips')
      expect(message.parentSpanId).toBe(named(spans, 'POST /mcp').spanId)
      expect(named(spans, 'list_trips').parentSpanId).toBe(message.spanId)
    },
  )

  test('an unsampled trace is not sent, and a malformed traceparent begins a new trace', async () => {
    const quiet = hex('7', 32)
    const headers = { authorization: `Bearer ${ada.token}` }
    const getTrip = (traceparent: string) => fetch(`${running.url}/api/trips`, { headers: { ...headers, traceparent } })
    const before = collector.spans.length
    expect((await getTrip(parentOf(quiet, hex('5', 16), false))).status).toBe(200)
    for (const nonsense of ['', 'x', `00-${hex('0', 32)}-${hex('0', 16)}-01`, 'a'.repeat(5000)]) {
      expect((await getTrip(nonsense)).status).toBe(200)
    }
    const fresh = await until(() => {
      const roots = collector.spans
        .slice(before)
        .filter(({ name, parentSpanId }) => name === 'GET /api/trips' && !parentSpanId)
      return roots.length >= 4 ? roots : null
    }, 15_000)
    expect(new Set(fresh.map(({ traceId }) => traceId)).size).toBe(4)
    expect(collector.spans.filter(({ traceId }) => traceId === quiet)).toEqual([])
  })

  test('traces contain no texts, names, ids or tokens of users', async () => {
    await post({ ...call, params: { name: 'create_trip', arguments: { title: 7, nonsense: 'Samarkand' } } })
    await post({ method: 'samarkand/please', params: {} })
    const inNewest = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'samarkand/please' }
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'Samarkand', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    expect((await post({ method: 'samarkand/please', params: { _meta } }, inNewest)).status).toBe(404)
    await post({ method: 'tools/call', params: { name: 'samarkand', arguments: {} } })
    await fetch(`${running.url}/samarkand?samarkand=1`, { headers: { authorization: `Bearer ${ada.token}` } })
    const trace = hex('f', 32)
    await fetch(`${running.url}/api/trips/999999/budget`, {
      headers: { authorization: `Bearer ${ada.token}`, traceparent: parentOf(trace, hex('6', 16)) },
    })
    const spans = await ofTrace(trace, ({ length }) => length >= 3)
    expect(named(spans, 'GET /api/trips/:tripId/budget').status).toBe(0)
    const refused = spans.find(({ attributes }) => attributes['trek.operation'])
    expect(refused).toMatchObject({ status: 0, attributes: { 'error.type': 'not_found' } })
    expect(collector.text).not.toMatch(/samarkand|wilhelmina|999999/i)
    expect(collector.text).not.toContain(ada.token)
  })
})

describe('an unavailable collector', () => {
  test('delays no request, and is logged once a minute and when it is over', { timeout: 90_000 }, async () => {
    const collector = await new Collector().up()
    await collector.down()
    const place = await ENGINES[0].place({ migrated: true })
    const running = await startRunning(place.target, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    })
    const ada = await running.person('Ada')
    const isTold = (words: RegExp) => running.failures.filter((failure) => words.test(String(failure)))
    await until(
      async () => {
        await ada.assistant.tool('list_trips', {})
        return isTold(/does not take traces/).length
      },
      40_000,
      'a warning reports that the collector is unreachable',
    )
    for (let time = 0; time < 50; time++) await ada.assistant.tool('create_trip', { title: `Trip ${time}` })
    await collector.up()
    await until(
      async () => {
        await ada.assistant.tool('list_trips', {})
        return isTold(/takes traces again/).length
      },
      40_000,
      'a warning reports that the collector is back',
    )
    expect(running.failures).toEqual([
      expect.stringMatching(/^The collector at http:\/\/127\.0\.0\.1:\d+ does not take traces \(.+\)\. They are lost/),
      expect.stringMatching(/ takes traces again\.$/),
    ])
    expect(collector.spans.length).toBeGreaterThan(0)
    await collector.down()
    await running.close()
    await place.remove()
  })

  test('bounds the number of waiting spans, and does not keep a server from stopping', {
    timeout: 60_000,
  }, async () => {
    const collector = await new Collector().up()
    collector.answers = 'nothing'
    const traces = new Tracing({
      endpoint: collector.url,
      headers: {},
      service: 'trek',
      version: '1',
      process: 'x',
      part: 1,
      sentEvery: 5000,
      engine: 'sqlite',
      warn: () => {},
    })
    const work = { kind: 'operation', name: 'list_trips', way: 'rest' } as const
    for (let at = 0; at < 20_000; at++)
      await traces.during(
        work,
        async () => at,
        () => 'ok',
      )
    collector.answers = 200
    await traces.close()
    // The spans that were being sent when no answer came, and the spans that can wait.
    expect(collector.spans.length).toBeGreaterThan(0)
    expect(collector.spans.length).toBeLessThanOrEqual(2048)
    await collector.down()
  })
})

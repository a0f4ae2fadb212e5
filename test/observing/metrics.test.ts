import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { structured } from '../../bench/client.ts'
import { type Family, parseScrape, type Sample } from '../harness/network/prometheus.ts'
import { raw } from '../harness/network/raw-http.ts'
import { browserOf } from '../harness/rigs/oauth.ts'
import { eachRunning } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

const TOKEN = '4c'.repeat(32)

/** The names of all samples in the scrapes of this suite. */
const metricNames = new Set<string>()

const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

eachRunning(
  (running) => {
    const scrape = async (): Promise<Map<string, Family>> => {
      const answer = await fetch(`${running().url}/metrics`, withToken(TOKEN))
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
      expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
      const families = parseScrape(await answer.text())
      for (const { samples } of families.values()) for (const { name } of samples) metricNames.add(name)
      return families
    }
    const valueIn = (families: Map<string, Family>, name: string, labels: Record<string, string> = {}): number => {
      const isMeant = (sample: Sample) =>
        sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
      const samplesMeant = [...families.values()].flatMap(({ samples }) => samples.filter(isMeant))
      return samplesMeant.reduce((sum, { value }) => sum + value, 0)
    }

    test('a request without the right token gets no metrics', async () => {
      const tries: Record<string, string>[] = [
        {},
        { authorization: 'Bearer ' },
        { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
        { authorization: `Bearer ${TOKEN}0` },
        { authorization: `Basic ${btoa(`x:${TOKEN}`)}` },
        { authorization: TOKEN },
        { cookie: `token=${TOKEN}` },
      ]
      for (const headers of tries) {
        const answer = await fetch(`${running().url}/metrics`, { headers })
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
        expect(await answer.text()).not.toContain('trek_')
      }
      const ada = await running().person('Ada', 'admin')
      expect((await fetch(`${running().url}/metrics`, withToken(ada.token))).status).toBe(401)
      expect((await fetch(`${running().url}/metrics?token=${TOKEN}`)).status).toBe(401)
    })

    test('a request with the token works with any Host header, as containers send it', async () => {
      const headers = { host: 'trek:3000', authorization: `Bearer ${TOKEN}` }
      expect((await raw(running().url, '/metrics', { headers })).status).toBe(200)
    })

    test('each request, operation and transaction is counted once, with the right labels', async () => {
      const ada = await running().person('Ada')
      const before = await scrape()
      const grew = (after: Map<string, Family>, name: string, labels: Record<string, string>) =>
        valueIn(after, name, labels) - valueIn(before, name, labels)
      for (let time = 0; time < 3; time++) await ada.assistant.tool('create_trip', { title: 'Kyoto' })
      await ada.assistant.tool('create_trip', {}).catch(() => {})
      const trips = await fetch(`${running().url}/api/trips`, withToken(ada.token))
      expect(trips.status).toBe(200)
      await trips.text()
      await fetch(`${running().url}/api/trips/999999/budget`, withToken(ada.token))
      await fetch(`${running().url}/api/nothing-here`)
      const after = await until(async () => {
        const now = await scrape()
        return grew(now, 'trek_http_request_duration_seconds_count', { way: 'rest', status: '4xx' }) === 2 ? now : null
      })
      const requests = 'trek_http_request_duration_seconds_count'
      expect(grew(after, requests, { way: 'mcp', status: '2xx' })).toBe(4)
      expect(grew(after, requests, { way: 'rest', status: '2xx' })).toBe(1)
      const operations = 'trek_operation_duration_seconds_count'
      expect(grew(after, operations, { operation: 'create_trip', way: 'mcp', outcome: 'ok' })).toBe(3)
      expect(grew(after, operations, { operation: 'create_trip', way: 'mcp', outcome: 'invalid' })).toBe(1)
      expect(grew(after, operations, { operation: 'list_trips', way: 'rest', outcome: 'ok' })).toBe(1)
      expect(grew(after, 'trek_database_transaction_duration_seconds_count', { kind: 'write' })).toBe(3)
    })

    test('open websockets, streams and sessions are counted while they are open', async () => {
      const ada = await running().person('Ada')
      const before = await scrape()
      const grew = (after: Map<string, Family>, name: string, labels: Record<string, string> = {}) =>
        valueIn(after, name, labels) - valueIn(before, name, labels)
      const cookie = (await browserOf(running(), ada)).cookieFor('/ws')
      const socket = new WebSocket(`${running().url.replace('http', 'ws')}/ws`, { headers: { cookie } })
      const stop = new AbortController()
      const response = await fetch(`${running().url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ada.token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'initialize',
          params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
        }),
      })
      const session = response.headers.get('mcp-session-id') ?? ''
      await fetch(`${running().url}/mcp`, {
        headers: { authorization: `Bearer ${ada.token}`, accept: 'text/event-stream', 'mcp-session-id': session },
        signal: stop.signal,
      })
      const open = await until(async () => {
        const now = await scrape()
        return grew(now, 'trek_websockets') === 1 && grew(now, 'trek_mcp_streams') === 1 ? now : null
      })
      expect(grew(open, 'trek_mcp_sessions')).toBe(1)
      expect(grew(open, 'trek_http_request_duration_seconds_count', { way: 'live', status: '1xx' })).toBe(1)
      socket.close()
      stop.abort()
      const closed = await until(async () => {
        const now = await scrape()
        const streams = grew(now, 'trek_http_request_duration_seconds_count', { way: 'stream' })
        return grew(now, 'trek_websockets') === 0 && grew(now, 'trek_mcp_streams') === 0 && streams === 1 ? now : null
      })
      expect(grew(closed, 'trek_http_request_duration_seconds_count', { way: 'live' })).toBe(1)
    })

    test('a scrape contains metrics of uploads, the database, the version and the process', async () => {
      const ada = await running().person('Ada')
      const before = await scrape()
      const { trip } = structured<{ trip: { id: number } }>(await ada.assistant.tool('create_trip', { title: 'Kyoto' }))
      const form = new FormData()
      form.append('file', new Blob(['x'.repeat(12_345)], { type: 'text/plain' }), 'notes.txt')
      const url = `${running().url}/api/trips/${trip.id}/files`
      const response = await fetch(url, { method: 'POST', body: form, ...withToken(ada.token) })
      expect(response.status).toBe(201)
      const after = await scrape()
      expect(valueIn(after, 'trek_uploads_bytes') - valueIn(before, 'trek_uploads_bytes')).toBe(12_345)
      expect(valueIn(after, 'trek_uploads') - valueIn(before, 'trek_uploads')).toBe(1)
      expect(valueIn(after, 'trek_ready')).toBe(1)
      expect(valueIn(after, 'trek_database_bytes')).toBeGreaterThan(100_000)
      expect(valueIn(after, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
      expect(after.get('trek_build_info')?.samples[0]?.labels.version).toMatch(/^\d+\.\d+\.\d+/)
      const pools = after.get('trek_database_connections')?.samples ?? []
      const isPostgres = running().config.database.startsWith('postgres')
      expect(pools.map(({ labels }) => labels.state).sort()).toEqual(
        isPostgres ? ['idle', 'idle', 'most', 'most', 'used', 'used', 'waiting', 'waiting'] : [],
      )
    })

    test('a job is counted, and the time of its last success is reported', async () => {
      const before = await scrape()
      const [feature] = running().pipeline.parts.catalogue.features.filter(({ jobs = [] }) => jobs.length)
      const job = feature?.jobs?.[0]?.name as string
      const began = Date.now() / 1000
      await running().jobs.runNow(job)
      const endSeconds = Date.now() / 1000
      const after = await scrape()
      const runs = (families: Map<string, Family>) => valueIn(families, 'trek_job_runs_total', { job, outcome: 'ok' })
      expect(runs(after) - runs(before)).toBe(1)
      const last = valueIn(after, 'trek_job_last_success_timestamp_seconds', { job })
      // The time can be rounded to whole seconds.
      expect([last >= Math.floor(began), last <= Math.ceil(endSeconds)]).toEqual([true, true])
    })

    test('a metric that cannot be measured is left out, and the others remain', async () => {
      const { kysely } = running().database
      await sql`alter table mcp_sessions rename to mislaid`.execute(kysely)
      const figures = await scrape()
      await sql`alter table mislaid rename to mcp_sessions`.execute(kysely)
      expect(figures.get('trek_mcp_sessions')?.samples).toEqual([])
      expect(valueIn(figures, 'trek_ready')).toBe(1)
      expect(valueIn(await scrape(), 'trek_mcp_sessions')).toBeGreaterThan(0)
    })

    test('a scrape contains no text from users, and does not grow with their actions', async () => {
      const ourSamples = async () =>
        [...(await scrape())].filter(([name]) => name.startsWith('trek_')).flatMap(([, { samples }]) => samples)
      const ada = await running().person('Wilhelmina')
      const { trip } = structured<{ trip: { id: number } }>(
        await ada.assistant.tool('create_trip', { title: 'Samarkand' }),
      )
      await ada.assistant.tool('list_trips', {})
      const round = async (at: number) => {
        await ada.assistant.tool('create_trip', { title: `Samarkand ${at}` })
        await ada.assistant.call(`tools/samarkand${at}`, {}).catch(() => {})
        await ada.assistant.tool(`samarkand${at}`, {}).catch(() => {})
        for (const path of [`/samarkand/${at}`, `/api/samarkand/${at}`, `/mcp/${at}`]) {
          await fetch(running().url + path, { method: ['GET', 'PUT', 'PATCH'][at % 3] ?? 'GET' })
        }
      }
      for (let at = 0; at < 3; at++) await round(at)
      await ourSamples()
      const { length } = await ourSamples()
      for (let at = 3; at < 30; at++) await round(at)
      const now = await ourSamples()
      expect(now).toHaveLength(length)
      const values = now.flatMap(({ labels: { le: _, ...others } }) => Object.values(others))
      expect(values.filter((value) => /wilhelmina|samarkand/i.test(value) || value === String(trip.id))).toEqual([])
    })
  },
  { METRICS_TOKEN: TOKEN },
)

describe('without a token', () => {
  eachRunning((running) => {
    test('/metrics does not exist, not even for browsers', async () => {
      for (const headers of [{}, { accept: 'text/html' }, withToken(TOKEN).headers]) {
        expect((await fetch(`${running().url}/metrics`, { headers })).status).toBe(404)
      }
      expect(running().observing).toBeNull()
    })
  })
})

describe('the alerts in the docs', () => {
  const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8')
  const FIGURE = /\b(?:trek|nodejs|process)_[a-z0-9_]+/g

  test('name only metrics that a server reports', () => {
    const rules = /^groups:.*?^```/ms.exec(page)?.[0] ?? ''
    const named = [...rules.matchAll(/expr: (.*)/g)].flatMap(([, expression = '']) => expression.match(FIGURE) ?? [])
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !metricNames.has(name))).toEqual([])
  })

  test('have a table beside them that lists every metric of TREK', () => {
    const listedNames = new Set(page.match(FIGURE))
    const ourNames = [...metricNames].filter((name) => name.startsWith('trek_'))
    expect(ourNames.filter((name) => !listedNames.has(name.replace(/_(bucket|sum|count)$/, '')))).toEqual([])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES, type Place } from '../../../../test/harness/database/databases.ts'
import { EVERYBODY, type Site, startSite, troubles } from '../../../../test/harness/network/proxied-server.ts'
import { browserOf } from '../../../../test/harness/rigs/oauth.ts'
import type { Running } from '../../../../test/harness/rigs/running.ts'
import { messageNamed } from '../../../core/declare/message.ts'
import { secretsOf } from '../../../identity/server/index.ts'
import type { Report } from '../contract/index.ts'
import { judgeAddress } from './checks/address.ts'
import { Probes } from './index.ts'

/** Rows that the doctor could have left behind. */
async function leftBehind({ database }: Running) {
  const tables = ['oauth_registrations', 'oauth_artifacts', 'oauth_grants', 'mcp_sessions', 'static_tokens'] as const
  const counts = await Promise.all(tables.map((table) => database.kysely.selectFrom(table).selectAll().execute()))
  return Object.fromEntries(tables.map((table, index) => [table, counts[index]?.length]))
}

describe.each(ENGINES)('on $engine', ({ place: find }) => {
  let place: Place
  let site: Site
  beforeAll(async () => {
    place = await find()
    site = await startSite(place.target)
  })
  afterAll(async () => {
    await site.close()
    await place.remove()
    expect(site.running.failures).toEqual([])
  })
  beforeEach(() => site.proxy.use({}))

  test('a proxy that forwards everything causes no findings, and every client can connect', async () => {
    const report = await site.examine()
    expect(troubles(report)).toEqual([])
    expect(report).toMatchObject({
      address: site.base,
      outcome: 'ok',
      says: 'Everything works: all 8 known programs can connect.',
    })
    expect(report.clients.map(({ name, works }) => [name, works])).toEqual(EVERYBODY.map((name) => [name, 'wholly']))
  })

  test('the doctor leaves nothing behind, even after failures', async () => {
    const before = await leftBehind(site.running)
    site.proxy.use({ stripsResponse: ['mcp-session-id', 'set-cookie'] })
    await site.examine()
    expect(await leftBehind(site.running)).toEqual(before)
    const guesses = await site.running.database.kysely.selectFrom('guesses').select(['subject', 'count']).execute()
    expect(guesses.filter(({ subject }) => subject.startsWith('registration')).map(({ count }) => count)).toEqual([0])
  })

  test('an administrator runs the doctor in the app', async () => {
    const admin = await site.running.person('Ada', 'admin')
    const request = async (headers: Record<string, string>) =>
      fetch(`${site.running.url}/api/admin/doctor`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ opened_at: 'http://192.168.0.7:3000', clock: new Date(0).toISOString() }),
      })
    const answer = await request({ authorization: `Bearer ${admin.token}` })
    expect(answer.status).toBe(200)
    const { report } = (await answer.json()) as { report: Report }
    // The name is invented and does not resolve, so there are no further checks.
    expect(report).toMatchObject({ address: site.base, outcome: 'failed' })
    expect(report.findings.map(({ check }) => check)).toEqual(['reach', 'address', 'address'])
    // Each text can be translated, by its key and its parameters.
    const texts = report.findings.flatMap(({ title, title_message, saw, saw_message, fix, fix_message }) => [
      [title, title_message] as const,
      [saw, saw_message] as const,
      [fix, fix_message] as const,
    ])
    for (const [text, message] of [...texts, [report.says, report.says_message] as const]) {
      expect(message && messageNamed(message.key, message.params)?.text).toBe(text)
    }
    expect(report.findings.map(({ title }) => title)).toContain('You have opened TREK at another address than APP_URL')
    const ben = await site.running.person('Ben')
    expect((await request({ authorization: `Bearer ${ben.token}` })).status).toBe(403)
    expect((await request({})).status).toBe(401)
  })
})

describe('the monitoring that operators have switched on', () => {
  const TOKEN = '4c'.repeat(32)
  let place: Place
  let site: Site
  beforeAll(async () => {
    place = await ENGINES[0].place({ migrated: true })
    site = await startSite(place.target, { METRICS_TOKEN: TOKEN })
  })
  afterAll(async () => {
    await site.close()
    await place.remove()
  })
  const examineMonitoring = async (watched: { metrics: boolean; traces: string | null }) => {
    const { outcome, findings } = await site.examine(site.base, undefined, { watched })
    const ofThese = findings.filter(({ check }) => check === 'metrics' || check === 'traces')
    return { outcome, found: ofThese.map(({ check, outcome: one, title }) => [check, one, title]) }
  }

  test('is reported, and so is the refusal of strangers', async () => {
    expect(await examineMonitoring({ metrics: true, traces: 'http://collector.lan:4318' })).toEqual({
      outcome: 'ok',
      found: [
        ['metrics', 'ok', 'Metrics for Prometheus are on, and strangers are refused'],
        ['traces', 'ok', 'Traces are on'],
      ],
    })
  })

  test('fails if a proxy lets strangers read the metrics', async () => {
    site.proxy.use({ adds: { at: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } } })
    const { outcome, found } = await examineMonitoring({ metrics: true, traces: null })
    site.proxy.use({})
    expect([outcome, found[0]]).toEqual([
      'failed',
      ['metrics', 'failed', 'Strangers can read the metrics of this server at /metrics'],
    ])
  })
})

test('without APP_URL all names of the machine count as one address', () => {
  const judge = (configured: boolean) =>
    judgeAddress({ base: 'http://localhost:3000', configured, addresses: [], openedAt: 'http://127.0.0.1:3000' })
  expect(judge(false)).toHaveLength(1)
  expect(judge(true)).toHaveLength(2)
})

test('the probe tokens of the doctor are useless to anybody else', async () => {
  const place = await (ENGINES[0] as (typeof ENGINES)[number]).place()
  const site = await startSite(place.target)
  const { url } = site.running
  const echo = (question: string) => fetch(`${url}/api/doctor/echo?question=${question}`)
  const probes = new Probes(secretsOf(site.running.config)('doctor'))
  expect((await echo(probes.question())).status).toBe(200)
  const lateProbes = new Probes(secretsOf(site.running.config)('doctor'), () => new Date(Date.now() - 120_000))
  const foreignProbes = new Probes('another secret')
  const { token } = probes.token()
  for (const question of [
    '',
    'x',
    lateProbes.question(),
    foreignProbes.question(),
    token,
    token.slice('trekdoctor_'.length),
  ]) {
    expect((await echo(question)).status).toBe(404)
  }
  const initialize = (bearer: string) =>
    fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${bearer}` } }).then(({ status }) => status)
  // The token opens nothing but a session at /mcp; probe questions and answers open nothing at all.
  expect(await initialize(token)).toBe(401)
  const list = async (bearer: string) => {
    const answer = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/list',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    })
    const json = (await answer.json()) as { result?: { tools: { name: string }[] } }
    return answer.status === 200 ? json.result?.tools.map(({ name }) => name) : answer.status
  }
  expect(await list(token)).toEqual(['list_trips', 'get_trip_summary', 'read_trip_section'])
  for (const bearer of [lateProbes.token().token, foreignProbes.token().token, `trekdoctor_${probes.question()}`]) {
    expect(await list(bearer)).toBe(401)
  }
  const browser = await browserOf(site.running, await site.running.person('Ada', 'admin'))
  expect((await browser.fetch('/api/doctor/echo')).status).toBe(404)
  await site.close()
  await place.remove()
})

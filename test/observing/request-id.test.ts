import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const lines: string[] = []
let place: Place
let running: Running
let ada: Person

beforeAll(async () => {
  place = await ENGINES[0].place({ migrated: true })
  running = await startRunning(place.target, { LOG_LEVEL: 'warn' }, { log: { write: (line) => void lines.push(line) } })
  ada = await running.person('Ada')
})
afterAll(async () => {
  await running.close()
  await place.remove()
})

interface Told {
  request_id?: string
  data?: Told
  code?: unknown
  message?: string
}
interface Answer {
  detail?: string
  request_id?: string
  error?: Told
  result?: {
    content: { text: string }[]
    structuredContent?: { error?: Told }
    _meta?: { 'trek/error'?: Told }
  }
}

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(running.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ada.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  })
  return {
    status: answer.status,
    id: answer.headers.get('x-request-id') ?? '',
    text: await answer.text().then((text) => text.replace(/^event: message\ndata: /, '')),
    get json() {
      return JSON.parse(this.text) as Answer
    },
  }
}

const create = (more: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'create_trip', arguments: { title: 'Kyoto' }, ...more },
})
const STATELESS = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  },
}
const STATELESS_HEADERS = {
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'create_trip',
}
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
}

const logged = (id: string) => lines.map((line) => JSON.parse(line)).filter(({ request_id }) => request_id === id)

test('every transport reports an outage with the id of its request, which the log contains', {
  timeout: 60_000,
}, async () => {
  // Another program locks the database for longer than a write waits.
  const other = new Sqlite(place.target)
  other.exec('begin immediate')
  const [rest, older, newer, opening] = await Promise.all([
    post('/api/trips', { title: 'Kyoto' }),
    post('/mcp', create()),
    post('/mcp', create(STATELESS), STATELESS_HEADERS),
    post('/mcp', INITIALIZE),
  ])
  other.exec('rollback')
  other.close()
  for (const { id } of [rest, older, newer, opening]) expect(id).toMatch(ID)
  expect([rest.status, rest.json.request_id]).toEqual([503, rest.id])
  expect(older.json.result?._meta?.['trek/error']).toMatchObject({ code: 'unavailable', request_id: older.id })
  expect(newer.json.result?.structuredContent?.error).toMatchObject({ code: 'unavailable', request_id: newer.id })
  for (const { json, id } of [older, newer]) expect(json.result?.content.at(-1)?.text).toContain(`\n(request ${id})`)
  expect([opening.status, opening.json.error?.data?.request_id]).toEqual([503, opening.id])
  expect(opening.json.error?.message).toMatch(new RegExp(` \\(request ${opening.id}\\)$`))
  for (const { id } of [rest, older, newer, opening]) {
    expect(logged(id)).toMatchObject([
      { level: 40, code: 'unavailable', msg: 'The database is busy with another change' },
    ])
  }
})

test('a bug is reported with the id of its request, and the log contains its stack', async () => {
  const other = new Sqlite(place.target)
  other.exec('alter table trips rename to mislaid')
  const [rest, older, newer] = [
    await post('/api/trips', { title: 'Kyoto' }),
    await post('/mcp', create()),
    await post('/mcp', create(STATELESS), STATELESS_HEADERS),
  ]
  other.exec('alter table mislaid rename to trips')
  other.close()
  expect(rest.json).toMatchObject({ status: 500, id: rest.id, request_id: rest.id })
  expect(rest.json.detail).toContain(rest.id)
  expect(older.json.result?._meta?.['trek/error']).toMatchObject({
    code: 'bug',
    request_id: older.id,
    details: { incident: older.id },
  })
  expect(newer.json.result?.structuredContent?.error).toMatchObject({ code: 'bug', request_id: newer.id })
  for (const { json, id } of [older, newer]) expect(json.result?.content.at(-1)?.text).toContain(id)
  for (const { id } of [rest, older, newer]) {
    expect(logged(id)).toMatchObject([{ level: 50, err: { stack: expect.stringContaining('no such table') } }])
  }
})

test('no other answer or log line contains the id of its request', async () => {
  const answers = await Promise.all([
    post('/api/trips', {}),
    post('/api/trips/999999/places', { name: 'Gion' }),
    post('/mcp', create({ arguments: {} })),
    post('/mcp', create({ ...STATELESS, arguments: {} }), STATELESS_HEADERS),
    post('/mcp', { jsonrpc: '2.0', id: 1, method: 'nothing/there' }),
    post('/mcp', create({ name: 'nothing' })),
    post('/mcp', INITIALIZE, { authorization: 'Bearer nobody' }),
    post('/api/trips', { title: 'Kyoto' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([400, 404, 200, 200, 400, 200, 401, 201])
  for (const { text, id } of answers) {
    expect(text).not.toContain(id)
    expect(text).not.toContain('request_id')
    expect(logged(id)).toEqual([])
  }
})

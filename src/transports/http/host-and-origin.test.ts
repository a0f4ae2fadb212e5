import { describe, expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { raw } from '../../../test/harness/network/raw-http.ts'
import { HttpRig } from '../../../test/harness/rigs/http-rig.ts'
import { createHttp, createLog } from './index.ts'

const rig = HttpRig.use()

describe('Host', () => {
  const at = (host: string, path = '/icon.svg') => raw(rig.base, path, { headers: { host } })

  test.each([
    'localhost',
    'localhost:1234',
    '127.0.0.1',
    '[::1]:3000',
    '192.168.7.9:80',
    'trek.example.org',
    'TREK.lan:99',
    'other.lan:8080',
  ])('%s is accepted', async (host) => expect((await at(host)).status).toBe(200))

  test.each([
    'evil.example',
    'trek.example.org.evil.example',
    'localhost.evil.example',
    'other.lan',
    'a@localhost',
    'localhost/x',
  ])('%j is refused', async (host) => {
    for (const path of ['/api/docs', '/', '/mcp', '/assets/app-Ab12.js', '/.well-known/nothing']) {
      const answer = await at(host, path)
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'forbidden'])
    }
  })

  test('health and readiness answer at any host name, such as one from a container platform', async () => {
    for (const [path, expectedText] of [
      ['/api/health', { status: 'ok', version: packageJson.version }],
      ['/api/ready', { status: 'ready' }],
    ] as const) {
      const { status, text } = await at('trek:3000', path)
      expect([status, JSON.parse(text)]).toEqual([200, expectedText])
    }
  })

  test('a forwarded host is ignored without a trusted proxy', async () => {
    const forwarded = (host: string, name: string) =>
      raw(rig.base, '/icon.svg', { headers: { host, 'x-forwarded-host': name } })
    expect((await forwarded('evil.example', 'localhost')).status).toBe(403)
    expect((await forwarded('localhost', 'evil.example')).status).toBe(200)
  })
})

test('behind a trusted proxy both names must be allowed', async () => {
  const serverBehindProxy = await createHttp({
    log: createLog('silent'),
    database: rig.database,
    appUrl: null,
    allowedHosts: ['trek.lan'],
    trustProxy: true,
    web: null,
  })
  const status = async (host: string, forwarded: string) =>
    (await serverBehindProxy.inject({ url: '/nothing', headers: { host, 'x-forwarded-host': forwarded } })).statusCode
  expect(await status('localhost:3000', 'trek.lan')).toBe(404)
  expect(await status('localhost:3000', 'evil.example')).toBe(403)
  expect(await status('evil.example', 'localhost')).toBe(403)
  await serverBehindProxy.close()
})

describe('Origin', () => {
  const post = (origin: string, path = '/api/echo') => raw(rig.base, path, { method: 'POST', headers: { origin } })
  const getFrom = (origin: string, path: string) => raw(rig.base, path, { headers: { origin } })

  test.each([
    'https://trek.example.org',
    'http://localhost:6274',
    'http://127.0.0.1:9',
    'http://trek.lan',
    'http://other.lan:8080',
  ])('%s may write', async (origin) => expect((await post(origin)).status).toBe(200))

  test.each([
    'https://evil.example',
    'null',
    'file://',
    'http://localhost.evil.example',
    'http://other.lan',
    'javascript:1',
  ])('%s may not', async (origin) => {
    const answer = await post(origin)
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'forbidden'])
    expect((await getFrom(origin, '/mcp')).status).toBe(403)
    expect((await getFrom(origin, '/%6dcp')).status).toBe(403)
  })

  test('reading is open, and so is a route that allows it', async () => {
    expect((await getFrom('https://evil.example', '/api/health')).status).toBe(200)
    expect((await post('https://evil.example', '/api/open')).status).toBe(200)
  })
})

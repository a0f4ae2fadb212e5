import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { raw } from '../../../test/harness/raw.ts'
import { rateLimited, TrekError } from '../../core/declare/errors.ts'
import { type OpenDatabase, openDatabase } from '../../db/connect.ts'
import { migrate } from '../../db/migrate.ts'
import { createHttp, createLog } from './index.ts'

let folder: string
let database: OpenDatabase
let app: FastifyInstance
let base: string
const lines: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trek-http-'))
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><title>TREK</title>')
  writeFileSync(join(folder, 'web', 'assets', 'app-Ab12.js'), `export const big = '${'x'.repeat(20_000)}'`)
  writeFileSync(join(folder, 'web', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  database = openDatabase(join(folder, 'trek.db'))
  await migrate(database)
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  app = await createHttp({
    log: createLog('debug', sink),
    database,
    appUrl: 'https://trek.example.org',
    allowedHosts: ['trek.lan', 'other.lan:8080'],
    trustProxy: false,
    web: join(folder, 'web'),
  })
  app.get('/api/echo', async (request) => ({ query: request.query }))
  app.post('/api/echo', async (request) => ({ body: request.body ?? null }))
  app.post('/api/short', { bodyLimit: 2048 }, async () => ({}))
  app.get('/api/things/:id', async () => ({ big: 'y'.repeat(10_000) }))
  app.post('/api/open', { config: { anyOrigin: true } }, async () => ({}))
  app.get('/mcp', async () => ({}))
  app.get('/api/bug', async () => {
    throw new Error('the pass phrase is swordfish')
  })
  app.get('/api/slow-down', async () => {
    throw rateLimited('Slower, please', { retryAfter: 6.2, hint: 'Wait.' })
  })
  app.get('/api/who', async () => {
    throw new TrekError('unauthenticated', 'Log in first')
  })
  base = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await app.close()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const problemAt = async (path: string, init?: RequestInit) => {
  const answer = await fetch(base + path, init)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return { answer, problem: (await answer.json()) as Record<string, unknown> }
}
const json = (body: string, more: RequestInit = {}): RequestInit => ({
  method: 'POST',
  body,
  ...more,
  headers: { 'content-type': 'application/json', ...more.headers },
})

test('health says ok, and is never kept', async () => {
  const answer = await fetch(`${base}/api/health`)
  expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([
    200,
    'no-store',
    { status: 'ok' },
  ])
})

describe('every error has one form', () => {
  test('a known error says what and what next', async () => {
    const { answer, problem } = await problemAt('/api/slow-down')
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(problem).toEqual({
      type: '/api/docs#problem-rate_limited',
      title: 'Too many requests',
      status: 429,
      detail: 'Slower, please',
      code: 'rate_limited',
      hint: 'Wait.',
      retry_after: 6.2,
    })
  })

  test('a bug is logged once, and the answer names the line but nothing of what is in it', async () => {
    const { answer, problem } = await problemAt('/api/bug')
    expect([answer.status, problem.code]).toEqual([500, 'bug'])
    expect(JSON.stringify(problem)).not.toContain('swordfish')
    expect(lines.filter((line) => line.includes(problem.id as string))).toHaveLength(1)
  })

  test.each([
    ['no such address', '/api/nothing', {}, 404, 'not_found'],
    ['no such method', '/api/echo', { method: 'DELETE' }, 405, 'invalid'],
    ['a method of another address', '/api/things/5', { method: 'PATCH' }, 405, 'invalid'],
    ['invalid JSON', '/api/echo', json('{"a":'), 400, 'invalid'],
    ['a poisoned key', '/api/echo', json('{"__proto__":{"admin":true}}'), 400, 'invalid'],
    ['another type', '/api/echo', { method: 'POST', body: 'a=1' }, 415, 'invalid'],
    ['a broken escape', '/api/%zz', {}, 400, 'invalid'],
    ['nobody', '/api/who', {}, 401, 'unauthenticated'],
    ['a well-known address', '/.well-known/nothing', { headers: { accept: 'text/html' } }, 404, 'not_found'],
    ['an API address in a browser', '/api/nothing', { headers: { accept: 'text/html' } }, 404, 'not_found'],
    ['an escaped API address in a browser', '/%61pi/nothing', { headers: { accept: 'text/html' } }, 404, 'not_found'],
  ])('%s', async (_what, path, init, status, code) => {
    const { answer, problem } = await problemAt(path, init as RequestInit)
    expect([answer.status, problem.status, problem.code]).toEqual([status, status, code])
  })

  test('the methods that an address takes are named', async () => {
    const { answer } = await problemAt('/api/echo', { method: 'DELETE' })
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  test('a body of 10 MB is answered, not cut off', async () => {
    for (let round = 0; round < 5; round++) {
      const { answer, problem } = await problemAt('/api/echo', json(JSON.stringify({ a: 'x'.repeat(10_000_000) })))
      expect([answer.status, problem.code]).toEqual([413, 'invalid'])
    }
  })

  test('a body of 10 MB in pieces is answered too', async () => {
    const pieces = new ReadableStream({
      start(controller) {
        for (let piece = 0; piece < 100; piece++) controller.enqueue(new TextEncoder().encode('x'.repeat(100_000)))
        controller.close()
      },
    })
    const { answer } = await problemAt('/api/echo', { ...json(''), body: pieces, duplex: 'half' } as RequestInit)
    expect(answer.status).toBe(413)
  })

  test.each([
    ['names', `{${Array.from({ length: 30_000 }, (_, at) => `"k${at}" :1`).join()}}`],
    ['objects', `[${'{},'.repeat(30_000)}{}]`],
    ['lists in lists', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
  ])('a body of more %s than anything has is not parsed', async (_what, body) => {
    const { answer, problem } = await problemAt('/api/echo', json(body))
    expect([answer.status, problem.detail]).toEqual([400, expect.stringContaining('too many parts')])
  })

  test('a large body of few parts is', async () => {
    const body = JSON.stringify({ text: '[{":'.repeat(4000), list: Array(100_000).fill(1) })
    expect((await fetch(`${base}/api/echo`, json(body))).status).toBe(200)
  })

  test('what is sent to where nothing is, is not parsed, and the sender gets the answer', async () => {
    const broken = json(`{${' '.repeat(900_000)}`)
    expect((await problemAt('/api/nothing', broken)).answer.status).toBe(404)
    expect((await problemAt('/api/bug', broken)).answer.status).toBe(405)
  })

  test('how much is taken is said of the route', async () => {
    const { problem } = await problemAt('/api/short', json(JSON.stringify({ a: 'x'.repeat(3000) })))
    expect([problem.status, problem.hint]).toEqual([413, 'Send at most 2 kB.'])
    expect((await problemAt('/api/echo', json(`"${'x'.repeat(2_000_000)}"`))).problem.hint).toBe('Send at most 1 MB.')
  })

  describe('a body that does not end', () => {
    /** A request whose body is `send`ed bit by bit; what is answered, when the connection has ended. */
    function unending(path: string, send: (socket: Socket) => void): Promise<string> {
      const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: 999999999\r\n\r\n`
      return new Promise((resolve) => {
        let all = ''
        const socket = connect(Number(new URL(base).port), '127.0.0.1', () => {
          socket.write(head)
          send(socket)
        })
        socket.on('data', (chunk) => (all += chunk))
        socket.on('error', () => {})
        socket.on('close', () => resolve(all))
      })
    }

    test.each(['/api/echo', '/api/nothing'])(
      'at %s is read for a while, and then answered and cut off',
      async (path) => {
        const chunk = Buffer.alloc(1024 * 1024)
        let sent = 0
        const text = await unending(path, (socket) => {
          const more = () => {
            while (!socket.destroyed && socket.write(chunk)) sent++
          }
          socket.on('drain', more)
          more()
        })
        expect(sent).toBeLessThan(200)
        // The connection is cut with more on its way, which can take the answer along.
        if (text) expect(text).toMatch(/^HTTP\/1.1 4(15|04) .*\r\nconnection: close/is)
      },
    )

    test('and does not come is waited for, and then answered and cut off', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      try {
        const answered = unending('/api/echo', () => {})
        while (!vi.getTimerCount()) await new Promise(setImmediate)
        vi.advanceTimersByTime(30_000)
        expect(await answered).toMatch(/^HTTP\/1.1 415 .*\r\nconnection: close/is)
      } finally {
        vi.useRealTimers()
      }
    })
  })

  test('what is not even HTTP gets the same form', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let all = ''
      const socket = connect(Number(new URL(base).port), '127.0.0.1', () => socket.write('HELLO THERE\r\n\r\n'))
      socket.on('data', (chunk) => (all += chunk))
      socket.on('end', () => resolve(all))
      socket.on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1.1 400 /)
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ code: 'invalid', status: 400 })
  })
})

test('an empty JSON body is no body', async () => {
  expect(await (await fetch(`${base}/api/echo`, json(''))).json()).toEqual({ body: null })
})

describe('Host', () => {
  const at = (host: string, path = '/api/health') => raw(base, path, { headers: { host } })

  test.each([
    'localhost',
    'localhost:1234',
    '127.0.0.1',
    '[::1]:3000',
    '192.168.7.9:80',
    'trek.example.org',
    'TREK.lan:99',
    'other.lan:8080',
  ])('%s is ours', async (host) => expect((await at(host)).status).toBe(200))

  test.each([
    'evil.example',
    'trek.example.org.evil.example',
    'localhost.evil.example',
    'other.lan',
    'a@localhost',
    'localhost/x',
  ])('%j is not', async (host) => {
    for (const path of ['/api/health', '/', '/mcp', '/assets/app-Ab12.js', '/.well-known/nothing']) {
      const answer = await at(host, path)
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'forbidden'])
    }
  })

  test('a forwarded host counts for nothing without a trusted proxy', async () => {
    const forwarded = (host: string, name: string) =>
      raw(base, '/api/health', { headers: { host, 'x-forwarded-host': name } })
    expect((await forwarded('evil.example', 'localhost')).status).toBe(403)
    expect((await forwarded('localhost', 'evil.example')).status).toBe(200)
  })
})

test('behind a trusted proxy both names must be ours', async () => {
  const behind = await createHttp({
    log: createLog('silent'),
    database,
    appUrl: null,
    allowedHosts: ['trek.lan'],
    trustProxy: true,
    web: null,
  })
  const status = async (host: string, forwarded: string) =>
    (await behind.inject({ url: '/api/health', headers: { host, 'x-forwarded-host': forwarded } })).statusCode
  expect(await status('localhost:3000', 'trek.lan')).toBe(200)
  expect(await status('localhost:3000', 'evil.example')).toBe(403)
  expect(await status('evil.example', 'localhost')).toBe(403)
  await behind.close()
})

describe('Origin', () => {
  const post = (origin: string, path = '/api/echo') => raw(base, path, { method: 'POST', headers: { origin } })
  const get = (origin: string, path: string) => raw(base, path, { headers: { origin } })

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
    expect((await get(origin, '/mcp')).status).toBe(403)
    expect((await get(origin, '/%6dcp')).status).toBe(403)
  })

  test('reading is open, and so is a route that says so', async () => {
    expect((await get('https://evil.example', '/api/health')).status).toBe(200)
    expect((await post('https://evil.example', '/api/open')).status).toBe(200)
  })
})

describe('the web app', () => {
  const browse = (path: string) => fetch(base + path, { headers: { accept: 'text/html,*/*' } })

  test('every page is the app, checked anew each time, and may run nothing that is not ours', async () => {
    for (const path of ['/', '/trips/5', '/trips/5?day=3']) {
      const answer = await browse(path)
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(await answer.text()).toContain('<title>TREK')
      const policy = answer.headers.get('content-security-policy')
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("worker-src 'self' blob:")
      expect(policy).not.toContain('unsafe')
    }
  })

  test('where an assistant asks for access, the pages for people are the app, and cannot be framed', async () => {
    for (const path of ['/oauth/consent/Ab1_x-9', '/oauth/problem', '/oauth/problem?error=invalid_client']) {
      const answer = await browse(path)
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(await answer.text()).toContain('<title>TREK')
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })

  test.each([
    '/oauth',
    '/oauth/',
    '/oauth/authorize',
    '/oauth/token',
    '/oauth/consent',
    '/oauth/consent/',
    '/oauth/consent/Ab1/request',
    '/oauth/consent/Ab1/decision',
    '/oauth/consent/..%2ftoken',
    '/oauth/problem/',
    '/oauth/problems',
    '/%6fauth/token',
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth/problem',
    '/mcp/oauth/problem',
  ])('%s is for programs, whatever a browser wants', async (path) => {
    const answer = await raw(base, path, { headers: { accept: 'text/html,*/*' } })
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([404, 'not_found'])
  })

  test('a program that asks a page for people is told that there is nothing', async () => {
    expect((await raw(base, '/oauth/problem', { headers: { accept: 'application/json' } })).status).toBe(404)
    const posted = { method: 'POST', headers: { accept: 'text/html', origin: base } }
    expect((await raw(base, '/oauth/consent/Ab1', posted)).status).toBe(404)
  })

  test('what has a hash in its name is kept for ever, and sent compressed', async () => {
    const answer = await fetch(`${base}/assets/app-Ab12.js`)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect((await fetch(`${base}/icon.svg`)).headers.get('cache-control')).toBe('no-cache')
  })

  test('a file that is not there is not the app', async () => {
    expect((await fetch(`${base}/assets/gone.js`)).status).toBe(404)
    expect((await raw(base, '/../../etc/passwd')).status).toBe(403)
    expect((await raw(base, '/..%2f..%2ftrek.db', { headers: { accept: 'text/html' } })).text).not.toContain('SQLite')
  })
})

test('a large answer is compressed, a small one is not', async () => {
  expect((await fetch(`${base}/api/things/1`)).headers.get('content-encoding')).toBe('gzip')
  expect((await fetch(`${base}/api/echo?a=1`)).headers.get('content-encoding')).toBeNull()
})

test('no secret reaches the log', async () => {
  const from = lines.length
  await fetch(`${base}/api/echo?token=tiger-lily`, { headers: { authorization: 'Bearer tiger-lily' } })
  // The token of a link is part of its path.
  const token = 'tiger-lily'.repeat(5)
  for (const path of [`/api/things/${token}`, `/shared/${token}`]) await fetch(`${base}${path}`)
  app.log.info({ headers: { authorization: 'tiger-lily', cookie: 'tiger-lily' }, password: 'tiger-lily' }, 'x')
  app.log.info({ req: { headers: { 'set-cookie': 'tiger-lily' } }, token: 'tiger-lily' }, 'x')
  const written = lines.slice(from).join('')
  expect(written).toContain('/api/echo')
  expect(written).not.toContain('tiger-lily')
})

test('a database that does not answer is an unhealthy server', async () => {
  const broken = openDatabase(join(folder, 'broken.db'))
  const other = await createHttp({
    log: createLog('silent'),
    database: broken,
    appUrl: null,
    allowedHosts: [],
    trustProxy: false,
    web: null,
  })
  expect((await other.inject('/api/health')).statusCode).toBe(503)
  expect((await other.inject({ url: '/', headers: { accept: 'text/html' } })).json()).toMatchObject({ status: 404 })
  await other.close()
  await broken.close()
})

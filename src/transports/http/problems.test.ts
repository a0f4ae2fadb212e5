import { connect, type Socket } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { HttpRig, json } from '../../../test/harness/rigs/http-rig.ts'

const rig = HttpRig.use()

const problemAt = async (path: string, init?: RequestInit) => {
  const answer = await fetch(rig.base + path, init)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return { answer, problem: (await answer.json()) as Record<string, unknown> }
}

describe('every error has one form', () => {
  test('a known error names the problem and the next step', async () => {
    const { answer, problem } = await problemAt('/api/slow-down')
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(problem).toEqual({
      type: '/api/docs#problem-rate_limited',
      title: 'Too many requests',
      status: 429,
      detail: 'Slower, please',
      code: 'rate_limited',
      key: 'test.said',
      hint: 'Wait.',
      retry_after: 6.2,
    })
  })

  test('a bug is logged once, and the answer contains only the id of its line in the log', async () => {
    const { answer, problem } = await problemAt('/api/bug')
    expect([answer.status, problem.code]).toEqual([500, 'bug'])
    expect(JSON.stringify(problem)).not.toContain('swordfish')
    const id = answer.headers.get('x-request-id')
    expect([problem.id, problem.request_id]).toEqual([id, id])
    const logged = rig.lines
      .map((line) => JSON.parse(line))
      .filter(({ level, request_id }) => level > 20 && request_id === id)
    expect(logged).toMatchObject([{ level: 50, msg: 'bug', path: '/api/bug' }])
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

  test('the allowed methods of an address are named', async () => {
    const { answer } = await problemAt('/api/echo', { method: 'DELETE' })
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  test('a body of 10 MB is answered, not cut off', async () => {
    for (let round = 0; round < 5; round++) {
      const { answer, problem } = await problemAt('/api/echo', json(JSON.stringify({ a: 'x'.repeat(10_000_000) })))
      expect([answer.status, problem.code]).toEqual([413, 'invalid'])
    }
  })

  test('a body of 10 MB in chunks is answered too', async () => {
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
  ])('a body with more %s than any valid body is not parsed', async (_what, body) => {
    const { answer, problem } = await problemAt('/api/echo', json(body))
    expect([answer.status, problem.detail]).toEqual([400, expect.stringContaining('too many parts')])
  })

  test('a large body of few parts is parsed', async () => {
    const body = JSON.stringify({ text: '[{":'.repeat(4000), list: Array(100_000).fill(1) })
    expect((await fetch(`${rig.base}/api/echo`, json(body))).status).toBe(200)
  })

  test('a body for an unknown address or method is not parsed, and the sender gets the answer', async () => {
    const brokenJson = json(`{${' '.repeat(900_000)}`)
    expect((await problemAt('/api/nothing', brokenJson)).answer.status).toBe(404)
    expect((await problemAt('/api/bug', brokenJson)).answer.status).toBe(405)
  })

  test('the limit of a body is that of its route', async () => {
    const { problem } = await problemAt('/api/short', json(JSON.stringify({ a: 'x'.repeat(3000) })))
    expect([problem.status, problem.hint]).toEqual([413, 'Send at most 2 kB.'])
    expect((await problemAt('/api/echo', json(`"${'x'.repeat(2_000_000)}"`))).problem.hint).toBe('Send at most 1 MB.')
  })

  describe('a body that does not end', () => {
    /** A request whose body is sent by `send`; resolves to the answer when the connection has ended. */
    function unending(path: string, send: (socket: Socket) => void): Promise<string> {
      const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: 999999999\r\n\r\n`
      return new Promise((resolve) => {
        let received = ''
        const socket = connect(Number(new URL(rig.base).port), '127.0.0.1', () => {
          socket.write(head)
          send(socket)
        })
        socket.on('data', (chunk) => (received += chunk))
        socket.on('error', () => {})
        socket.on('close', () => resolve(received))
      })
    }

    test.each(['/api/echo', '/api/nothing'])('at %s is read for a while, then answered and cut off', async (path) => {
      const chunk = Buffer.alloc(1024 * 1024)
      let sentBytes = 0
      const text = await unending(path, (socket) => {
        const more = () => {
          while (!socket.destroyed && socket.write(chunk)) sentBytes++
        }
        socket.on('drain', more)
        more()
      })
      expect(sentBytes).toBeLessThan(200)
      // The cut can lose the answer, since more of the body is on its way.
      if (text) expect(text).toMatch(/^HTTP\/1.1 4(15|04) .*\r\nconnection: close/is)
    })

    test('and does not arrive is waited for, then answered and cut off', async () => {
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

  test('a request that is not HTTP gets the same form', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(Number(new URL(rig.base).port), '127.0.0.1', () => socket.write('HELLO THERE\r\n\r\n'))
      socket.on('data', (chunk) => (received += chunk))
      socket.on('end', () => resolve(received))
      socket.on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1.1 400 /)
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ code: 'invalid', status: 400 })
  })
})

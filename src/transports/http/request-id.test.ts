import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { testMessage } from '../../../test/harness/error-texts.ts'
import { HttpRig } from '../../../test/harness/rigs/http-rig.ts'
import { DatabaseUnavailable } from '../../core/data/database.ts'
import { TrekError } from '../../core/declare/errors.ts'
import { createHttp, createLog } from './index.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const rig = HttpRig.use()

test('every answer has the id of its request', async () => {
  for (const path of [
    '/api/health',
    '/api/ready',
    '/api/echo',
    '/api/bug',
    '/nothing',
    '/api/who',
    '/api/%zz',
    '/mcp',
  ]) {
    const answer = await fetch(rig.base + path)
    await answer.text()
    expect([path, answer.headers.get('x-request-id')]).toEqual([path, expect.stringMatching(UUID)])
  }
})

test('so does the answer to a request that is not HTTP', async () => {
  const socket = connect(Number(new URL(rig.base).port), '127.0.0.1')
  socket.write('this is no request\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += chunk
  expect(text).toMatch(/^HTTP\/1\.1 400 .*\r\nx-request-id: [0-9a-f-]{36}\r\n/s)
})

describe('behind a proxy', () => {
  const toClose: { close(): Promise<void> }[] = []
  afterAll(() => Promise.all(toClose.map((app) => app.close())))

  async function idFor(trustProxy: boolean | string, remoteAddress: string, id: string): Promise<unknown> {
    const { database } = rig
    const app = await createHttp({
      log: createLog('silent'),
      database,
      appUrl: null,
      allowedHosts: [],
      trustProxy,
      web: null,
    })
    toClose.push(app)
    const answer = await app.inject({ url: '/api/health', remoteAddress, headers: { 'x-request-id': id } })
    return answer.headers['x-request-id']
  }

  test.each([
    ['10.0.0.0/8', '10.1.2.3'],
    ['loopback, 192.0.2.7', '192.0.2.7'],
    ['uniquelocal', '192.168.1.1'],
    [true, '203.0.113.9'],
  ] as const)('that is trusted (%s), its id is accepted from %s', async (trusted, from) => {
    expect(await idFor(trusted, from, '5f2c9a7e41b0')).toBe('5f2c9a7e41b0')
  })

  test('that is not trusted, the id of a client is ignored', async () => {
    expect(await idFor('10.0.0.0/8', '203.0.113.9', '5f2c9a7e41b0')).toMatch(UUID)
    expect(await idFor(false, '127.0.0.1', '5f2c9a7e41b0')).toMatch(UUID)
  })

  test.each(['', 'x'.repeat(101), 'a b', '"},{"level":60', 'ä', 'a;b', '../x'])(
    'an id like %j is ignored',
    async (id) => {
      expect(await idFor(true, '10.1.2.3', id)).toMatch(UUID)
    },
  )
})

describe('a request that cannot be served at the moment', () => {
  test('is logged under the id in the answer, with the reason that the answer omits', async () => {
    const lines: string[] = []
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    const app = await createHttp({
      log: createLog('warn', sink),
      database: rig.database,
      appUrl: null,
      allowedHosts: [],
      trustProxy: false,
      web: null,
    })
    app.get('/api/away', async () => {
      throw new DatabaseUnavailable('away', new Error('connect ECONNREFUSED 10.0.0.5:5432'))
    })
    app.get('/api/slower', async () => {
      throw new TrekError('rate_limited', testMessage('Slower, please'))
    })
    const answer = await app.inject('/api/away')
    const problem = answer.json()
    expect(problem).toMatchObject({ status: 503, request_id: answer.headers['x-request-id'] })
    expect(answer.body).not.toContain('10.0.0.5')
    expect((await app.inject('/api/slower')).json()).not.toHaveProperty('request_id')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 40,
        request_id: problem.request_id,
        code: 'unavailable',
        reason: 'connect ECONNREFUSED 10.0.0.5:5432',
        msg: 'The database does not answer',
      },
    ])
    await Promise.all(Array.from({ length: 300 }, () => app.inject('/api/away')))
    expect(lines.length).toBeLessThanOrEqual(100)
    expect(lines.at(-1)).toContain('Further lines like this one are left out for a minute.')
    await app.close()
  })
})

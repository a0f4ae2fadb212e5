import { expect, test } from 'vitest'
import { z } from 'zod'
import { testMessage } from '../../../test/harness/error-texts.ts'
import { route } from '../../core/declare/route.ts'
import { type Authenticator, type Identity, STRANGERS_BODY } from '../../core/run/authentication.ts'
import { createHttp, createLog } from '../../transports/http/index.ts'
import { serve } from './serve.ts'

const contractFields = { title: 'X', description: 'X', output: z.object({ who: z.string().nullable() }) }
const open_route = route({
  ...contractFields,
  name: 'open_route',
  admits: 'anybody',
  route: 'POST /things/:id/open',
  input: z.object({ id: z.string(), name: z.string().optional() }),
})
const guarded_route = route({
  ...contractFields,
  name: 'guarded_route',
  admits: 'person',
  route: 'POST /things/guarded',
  input: z.object({ name: z.string() }),
})

async function rig(isDemo = false) {
  const identity: Identity = {
    userId: 7,
    name: 'Ana',
    admin: false,
    scopes: 'all',
    grant: 'session:1',
    client: null,
    clientId: null,
    notice: null,
    readOnly: isDemo ? testMessage('This is a demo') : null,
  }
  const authenticator: Authenticator = {
    identifyBearer: async () => identity,
    identifyCookie: async (cookie) => (cookie === 'session=7' ? identity : null),
    isActive: async () => true,
  }
  const app = await createHttp({
    log: createLog('silent'),
    database: { notifier: { poll: () => {} } } as never,
    appUrl: null,
    allowedHosts: [],
    trustProxy: false,
    web: null,
  })
  serve(app, authenticator, open_route, async ({ identity }) => ({ body: { who: identity }, cookies: ['a=1'] }))
  serve(app, authenticator, guarded_route, async ({ identity }) => ({ body: { who: identity.name } }))
  const request = async (url: string, payload: object, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ method: 'POST', url, payload, headers: { host: 'localhost', ...headers } })
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
  }
  return request
}

const page = { origin: 'http://localhost' }
const cookie = 'session=7'

test('a public route reads path and body, sets cookies, and is never cached', async () => {
  const request = await rig()
  const { status, headers, body } = await request('/things/5/open', { name: 'x' })
  expect([status, body]).toEqual([200, { who: null }])
  expect([headers['set-cookie'], headers['cache-control']]).toEqual([['a=1'], 'no-store'])
})

test('an undeclared input is refused', async () => {
  const request = await rig()
  expect(await request('/things/5/open', { nmae: 'x' })).toMatchObject({ status: 400, body: { code: 'invalid' } })
  expect(await request('/things/5/open', ['x'])).toMatchObject({ status: 400, body: { code: 'invalid' } })
})

test('a route for users checks first the origin, then the session, then the permission, then the input', async () => {
  const [requestOrdinary, demo] = [await rig(), await rig(true)]
  const refusal = async (request: Promise<{ status: number; body: { code: string } }>) => {
    const { status, body } = await request
    return [status, body.code]
  }
  expect(await refusal(requestOrdinary('/things/guarded', {}))).toEqual([403, 'forbidden'])
  expect(await refusal(requestOrdinary('/things/guarded', {}, { cookie }))).toEqual([403, 'forbidden'])
  expect(await refusal(requestOrdinary('/things/guarded', {}, page))).toEqual([401, 'unauthenticated'])
  expect(await refusal(demo('/things/guarded', {}, { ...page, cookie }))).toEqual([403, 'forbidden'])
  expect(await refusal(requestOrdinary('/things/guarded', {}, { ...page, cookie }))).toEqual([400, 'invalid'])
  expect(await requestOrdinary('/things/guarded', { name: 'x' }, { ...page, cookie })).toMatchObject({
    status: 200,
    body: { who: 'Ana' },
  })
})

test('a stranger is refused before the body is read, and a long body is always refused', async () => {
  const request = await rig()
  const longBody = { name: 'x'.repeat(STRANGERS_BODY) }
  expect((await request('/things/guarded', longBody, page)).status).toBe(401)
  expect((await request('/things/guarded', longBody, { ...page, cookie })).status).toBe(413)
  expect((await request('/things/5/open', longBody)).status).toBe(413)
})

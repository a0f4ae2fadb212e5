import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { HttpRig, json } from '../../../test/harness/rigs/http-rig.ts'
import { openDatabase } from '../../db/connect.ts'
import { createHttp, createLog } from './index.ts'

const rig = HttpRig.use()

test('health answers ok, and is never cached', async () => {
  const answer = await fetch(`${rig.base}/api/health`)
  expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([
    200,
    'no-store',
    { status: 'ok', version: packageJson.version },
  ])
})

test('a server that can serve is ready', async () => {
  const answer = await fetch(`${rig.base}/api/ready`)
  expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([
    200,
    'no-store',
    { status: 'ready' },
  ])
})

test('an empty JSON body counts as no body', async () => {
  expect(await (await fetch(`${rig.base}/api/echo`, json(''))).json()).toEqual({ body: null })
})

test('a large answer is compressed, a small one is not', async () => {
  expect((await fetch(`${rig.base}/api/things/1`)).headers.get('content-encoding')).toBe('gzip')
  expect((await fetch(`${rig.base}/api/echo?a=1`)).headers.get('content-encoding')).toBeNull()
})

test('no secret reaches the log', async () => {
  const from = rig.lines.length
  await fetch(`${rig.base}/api/echo?token=tiger-lily`, { headers: { authorization: 'Bearer tiger-lily' } })
  // The token of a link is part of its path.
  const token = 'tiger-lily'.repeat(5)
  for (const path of [`/api/things/${token}`, `/shared/${token}`]) await fetch(`${rig.base}${path}`)
  rig.app.log.info({ headers: { authorization: 'tiger-lily', cookie: 'tiger-lily' }, password: 'tiger-lily' }, 'x')
  rig.app.log.info({ req: { headers: { 'set-cookie': 'tiger-lily' } }, token: 'tiger-lily' }, 'x')
  const logText = rig.lines.slice(from).join('')
  expect(logText).toContain('/api/echo')
  expect(logText).not.toContain('tiger-lily')
})

test('a server whose database does not answer is not ready, but stays alive', async () => {
  const brokenDatabase = openDatabase(join(rig.folder, 'broken.db'))
  const other = await createHttp({
    log: createLog('silent'),
    database: brokenDatabase,
    appUrl: null,
    allowedHosts: [],
    trustProxy: false,
    web: null,
  })
  expect((await other.inject('/api/health')).statusCode).toBe(200)
  const answer = await other.inject('/api/ready')
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
  expect(answer.json()).toEqual({
    type: '/api/docs#problem-unavailable',
    title: 'Not available right now',
    status: 503,
    detail: 'The database does not answer',
    code: 'unavailable',
    key: 'ready.database',
    reason: 'database',
    retry_after: 1,
  })
  expect((await other.inject({ url: '/', headers: { accept: 'text/html' } })).json()).toMatchObject({ status: 404 })
  await other.close()
  await brokenDatabase.close()
})

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { end, health, killServers, serve } from '../harness/processes/serving.ts'
import { eachRunning } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'trek-ready-'))
afterAll(() => {
  killServers()
  rmSync(dataDir, { recursive: true, force: true })
})

eachRunning((running) => {
  test('a server is not ready while its database lacks a migration, and reports only that', async () => {
    const { kysely } = running().database
    const log = kysely as unknown as import('kysely').Kysely<{ kysely_migration: { name: string; timestamp: string } }>
    const [last] = await log.selectFrom('kysely_migration').selectAll().orderBy('name', 'desc').limit(1).execute()
    if (!last) throw new Error('There is no migration')
    await log.deleteFrom('kysely_migration').where('name', '=', last.name).execute()
    const readHealth = async () => {
      const answer = await fetch(`${running().url}/api/ready`)
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const unready = await until(async () => {
      const health = await readHealth()
      return health.status === 503 ? health : null
    })
    expect(unready.body).toEqual({
      type: '/api/docs#problem-unavailable',
      title: 'Not available right now',
      status: 503,
      detail: 'The database lacks changes that this version of the server needs',
      code: 'unavailable',
      key: 'ready.migrations',
      reason: 'migrations',
      retry_after: 1,
    })
    expect((await fetch(`${running().url}/api/health`)).status).toBe(200)
    await log.insertInto('kysely_migration').values(last).execute()
    const ready = await until(async () => {
      const health = await readHealth()
      return health.status === 200 ? health : null
    })
    expect(ready.body).toEqual({ status: 'ready' })
  })
})

test('a stopping server reports on open connections that it is not ready', {
  timeout: 60_000,
}, async () => {
  const serving = await serve({ dataDir })
  const socket = connect(serving.port, '127.0.0.1')
  // A part of the second request arrives with the first one, so it is pending when the server is told to stop.
  socket.write('GET /api/health HTTP/1.1\r\nhost: trek\r\n\r\nGET /api/ready HTTP/1.1\r\nhost: trek\r\n')
  await once(socket, 'data')
  const ended = end(serving)
  await until(
    () =>
      health(serving).then(
        () => false,
        () => true,
      ),
    5000,
    'new connections are refused',
  )
  socket.write('connection: close\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += chunk
  expect(text).toMatch(/^HTTP\/1\.1 503 /)
  expect(text).toContain('"detail":"The server is shutting down"')
  expect(text).toContain('"reason":"stopping"')
  expect(await ended).toBe(0)
})

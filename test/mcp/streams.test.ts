import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../harness/database/databases.ts'
import { makeKeys, startServer, type TestServer, until } from '../harness/mcp/rig.ts'
import { ACCEPT, bearer, call, initialize, MODERN, openStream, postModern, reading } from '../harness/mcp/wire.ts'

eachDatabase((_database, place) => {
  const keys = makeKeys()
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(place().target, keys, { limits: { streams: 3, sessionsPerUser: 2 } })
  })
  afterAll(async () => {
    await server.stop()
    expect(server.failures).toEqual([])
  })

  const listen = (token: string) => {
    const params = { notifications: { toolsListChanged: true }, _meta: MODERN }
    const headers = {
      'content-type': 'application/json',
      ...ACCEPT,
      ...bearer(token),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    }
    return fetch(server.url, { method: 'POST', headers, body: JSON.stringify(call('subscriptions/listen', params)) })
  }

  test('a process keeps a bounded number of streams of every kind open, and still answers', async () => {
    const [ana, ben, cleo] = [keys.issue(2), keys.issue(3), keys.issue(4)]
    const session = await initialize(server.url, ana)
    const first = reading(await openStream(server.url, ana, session))
    const second = reading(await listen(ana))
    const third = reading(await listen(ben))
    await until(() => [first, second, third].every(({ heard }) => heard), 'all are open')

    const refused = [await openStream(server.url, cleo, await initialize(server.url, cleo)), await listen(cleo)]
    for (const answer of refused) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30'])
      expect((await answer.json()).error.message).toMatch(
        /has 3 open streams, and accepts no more\. Open the stream again in a while\. Everything else/,
      )
    }
    expect((await postModern(server.url, cleo, 'tools/list')).status).toBe(200)

    // A stream that replaces another one does not count as more.
    const reopened = reading(await openStream(server.url, ana, session))
    await until(() => first.ended && reopened.heard !== '', 'it has taken the place of the first')
    const other = reading(await listen(ana))
    await until(() => second.ended && other.heard !== '', 'it has taken the place of the oldest')
    expect([third.ended, reopened.ended]).toEqual([false, false])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { McpParts } from '../../src/transports/mcp/parts.ts'
import { MOST_ASLEEP, Sessions } from '../../src/transports/mcp/sessions.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { makeKeys, PUBLIC_URL, startServer, type TestServer, until } from '../harness/mcp/rig.ts'
import { bearer, call, INITIALIZE, initialize, openStream, post, reading } from '../harness/mcp/wire.ts'

/** Sessions are live or asleep, and no client loses one: none in use has to start again after a 404. */

const MOST = 3
const DAY_MS = 86_400_000

const keys = makeKeys()
let users = 500

eachDatabase((_database, place) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(place().target, keys, { limits: { sessionsPerUser: MOST } })
  })
  afterAll(async () => {
    expect([server.logged, server.failures]).toEqual([[], []])
    await server.stop()
  })

  /** A new person with an assistant and no other sessions. */
  function newPerson(at = server) {
    const userId = ++users
    const token = keys.issue(userId)
    const rows = () => at.database.kysely.selectFrom('mcp_sessions').selectAll().where('user_id', '=', userId).execute()
    return {
      userId,
      token,
      rows,
      open: () => initialize(at.url, token),
      send: (session: string, method = 'ping', params: object = {}) =>
        post(at.url, call(method, params), bearer(token, session)),
      async living() {
        const allSessions = await rows()
        return allSessions.filter(({ slept_at }) => slept_at === null).map(({ id }) => id)
      },
    }
  }

  const set = (id: string, values: { slept_at?: string | null; last_activity?: string; addons?: string }) =>
    server.database.kysely.updateTable('mcp_sessions').set(values).where('id', '=', id).execute()

  const timeAgo = (ms: number) => new Date(Date.now() - ms).toISOString()

  /** The sessions as the upkeep of a process sees them. */
  function upkeepOf({ pipeline }: TestServer): Sessions {
    const limits = { requestsPerMinute: 1, sessionsPerUser: MOST, sessionSeconds: 3600, keepAliveSeconds: 25 }
    const parts: McpParts = {
      pipeline,
      authenticator: keys.authenticator,
      publicUrl: () => PUBLIC_URL,
      version: '1',
      limits,
    }
    return new Sessions(parts, (error) => server.failures.push(error), { isProven: () => true })
  }

  describe('beyond the limit', () => {
    test('the least recently used session falls asleep, its next request wakes it, and then another one sleeps', async () => {
      const { open, send, living } = newPerson()
      const [first, second, third] = [await open(), await open(), await open()] as const
      for (const used of [second, third, first]) expect((await send(used)).status).toBe(200)
      const fourth = await open()
      expect(new Set(await living())).toEqual(new Set([third, first, fourth]))
      expect((await send(second)).status).toBe(200)
      expect(new Set(await living())).toEqual(new Set([first, fourth, second]))
    })

    test('the newest stays live, even if all others were used within the last second', async () => {
      const { open, send, living } = newPerson()
      const manySessions = [await open(), await open(), await open()]
      for (let round = 0; round < 5; round++) {
        // The use is written with a delay, and then looks later than it was.
        for (const session of manySessions) expect((await send(session)).status).toBe(200)
        const newest = await open()
        expect(await living()).toContain(newest)
        expect(await living()).toHaveLength(MOST)
        expect((await send(newest)).status).toBe(200)
        manySessions.splice(0, 1, newest)
      }
    })

    test('all of many sessions opened at once can be used, and no more live than allowed', async () => {
      const { open, send, living } = newPerson()
      const sessions = await Promise.all(Array.from({ length: 20 }, open))
      expect((await Promise.all(sessions.map((session) => send(session)))).map(({ status }) => status)).toEqual(
        sessions.map(() => 200),
      )
      expect((await living()).length).toBeLessThanOrEqual(MOST)
      const last = await open()
      expect(await living()).toContain(last)
      expect(await living()).toHaveLength(MOST)
    })

    test('the stream of a session that falls asleep ends, with a request to reconnect later, and opens again', async () => {
      const { open, send, token, living } = newPerson()
      const first = await open()
      const stream = reading(await openStream(server.url, token, first))
      for (let more = 0; more < MOST; more++) await send(await open())
      await until(() => stream.ended, 'the end of the stream')
      expect(stream.heard).toMatch(/retry: \d{4,}\n\n$/)
      expect(await living()).not.toContain(first)
      const reopened = reading(await openStream(server.url, token, first))
      await until(() => reopened.heard.length > 0, 'the stream')
      expect(await living()).toContain(first)
      expect(reopened.ended).toBe(false)
    })

    test('the sessions of one person do not displace those of another', async () => {
      const [one, other] = [newPerson(), newPerson()]
      const otherSession = await other.open()
      for (let more = 0; more < MOST + 2; more++) await one.open()
      expect(await other.living()).toEqual([otherSession])
    })
  })

  describe('a session that was unused for long', () => {
    test('sleeps, and wakes in the same state', async () => {
      const { open, send, living } = newPerson()
      const session = await open()
      await send(session, 'logging/setLevel', { level: 'error' })
      await set(session, { last_activity: timeAgo(2 * 3_600_000) })
      await upkeepOf(server).tidy()
      expect(await living()).toEqual([])
      expect((await send(session, 'tools/list')).body.result.tools.length).toBeGreaterThan(0)
      expect(await living()).toEqual([session])
    })

    test('stays awake while its stream is open', async () => {
      const brief = await startServer(place().target, keys, { limits: { keepAliveSeconds: 0.1 } })
      const { open, token, living, rows } = newPerson(brief)
      const [idle, listening] = [await open(), await open()] as const
      const stream = reading(await openStream(brief.url, token, listening))
      await until(() => stream.heard.includes('still here'), 'a sign of life')
      // Two hours pass for both, and then one of them gives its next sign of life.
      const before = timeAgo(2 * 3_600_000)
      for (const id of [idle, listening]) await set(id, { last_activity: before })
      const lastOf = async () => (await rows()).find(({ id }) => id === listening)?.last_activity
      await until(async () => (await lastOf()) !== before, 'that the stream is a use')
      await upkeepOf(brief).tidy()
      expect(await living()).toEqual([listening])
      await brief.stop()
    })

    test('wakes even before it was put to sleep', async () => {
      const { open, send, rows } = newPerson()
      const session = await open()
      await set(session, { last_activity: timeAgo(2 * 3_600_000) })
      expect((await send(session)).status).toBe(200)
      expect((await rows())[0]?.last_activity.slice(0, 10)).toBe(new Date().toISOString().slice(0, 10))
    })

    test('stays asleep for another grant, and for another person', async () => {
      const { open, userId, living } = newPerson()
      const session = await open()
      await set(session, { slept_at: timeAgo(1000) })
      for (const token of [keys.issue(userId), keys.issue(++users)]) {
        expect((await post(server.url, call('ping'), bearer(token, session))).status).toBe(403)
      }
      expect(await living()).toEqual([])
    })

    test('can be ended while asleep', async () => {
      const { open, send, token, rows } = newPerson()
      const session = await open()
      await set(session, { slept_at: timeAgo(1000) })
      const endAnswer = await fetch(server.url, { method: 'DELETE', headers: bearer(token, session) })
      expect([endAnswer.status, await rows()]).toEqual([204, []])
      expect((await send(session)).status).toBe(404)
    })

    test('is swept after 30 days of sleep', async () => {
      const { open, rows } = newPerson()
      const [old, young] = [await open(), await open()]
      await set(old, { slept_at: timeAgo(30 * DAY_MS + 60_000) })
      await set(young, { slept_at: timeAgo(30 * DAY_MS - 60_000), last_activity: timeAgo(60 * DAY_MS) })
      await upkeepOf(server).tidy()
      expect((await rows()).map(({ id }) => id)).toEqual([young])
    })

    test('is swept sooner if one grant has very many: the least recently used ones', async () => {
      const { open, userId, rows } = newPerson()
      const other = newPerson()
      const sample = await open()
      await set(sample, { slept_at: timeAgo(1000), last_activity: timeAgo(5 * DAY_MS) })
      const [row] = await rows()
      if (!row) throw new Error('There is no session')
      const more = Array.from({ length: MOST_ASLEEP + 10 }, (_, index) => ({
        ...row,
        id: crypto.randomUUID(),
        last_activity: timeAgo(index * 1000),
      }))
      for (let from = 0; from < more.length; from += 200) {
        await server.database.kysely
          .insertInto('mcp_sessions')
          .values(more.slice(from, from + 200))
          .execute()
      }
      await set(await other.open(), { slept_at: timeAgo(1000), last_activity: timeAgo(20 * DAY_MS) })
      await upkeepOf(server).tidy()
      expect(await other.rows()).toHaveLength(1)
      expect(new Set((await rows()).map(({ id }) => id))).toEqual(
        new Set(more.slice(0, MOST_ASLEEP).map(({ id }) => id)),
      )
      await server.database.kysely.deleteFrom('mcp_sessions').where('user_id', '=', userId).execute()
    })
  })

  describe('initialize', () => {
    test.each(['living', 'asleep', 'ended', 'never there', 'of another person', 'no id'] as const)(
      'ignores a session id that is %s',
      async (kind) => {
        const { open, token, send, rows } = newPerson()
        const session = await open()
        if (kind === 'asleep') await set(session, { slept_at: timeAgo(1000) })
        if (kind === 'ended') await fetch(server.url, { method: 'DELETE', headers: bearer(token, session) })
        const sessionId = { 'never there': crypto.randomUUID(), 'no id': 'nonsense' }[kind as string]
        const stranger = kind === 'of another person' ? await newPerson().open() : undefined
        const { status, headers } = await post(server.url, INITIALIZE, bearer(token, sessionId ?? stranger ?? session))
        const fresh = headers.get('mcp-session-id') as string
        expect([status, fresh]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)])
        expect(fresh).not.toBe(session)
        expect((await send(fresh)).status).toBe(200)
        expect((await rows()).map(({ id }) => id)).toContain(fresh)
        if (kind === 'asleep') expect((await rows()).find(({ id }) => id === session)?.slept_at).not.toBeNull()
      },
    )
  })

  describe('when an add-on is switched', () => {
    const CHANGED = ['tools', 'prompts', 'resources'].map((list) => `notifications/${list}/list_changed`)
    const toolsOf = async (answer: ReturnType<ReturnType<typeof newPerson>['send']>) =>
      (await answer).body.result.tools.map(({ name }: { name: string }) => name)
    const methodsIn = (body: unknown) =>
      [...String(body).matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json as string).method ?? 'the answer')

    test('all sessions sleep, and a listener that was notified wakes with the new list', async () => {
      const { open, send, token, living } = newPerson()
      const session = await open()
      const stream = reading(await openStream(server.url, token, session))
      await until(() => stream.heard.length > 0, 'the stream')
      await server.switchAddon('stickers', false)
      await until(() => stream.ended, 'the end of the stream')
      expect(stream.messages().map(({ method }) => method)).toEqual(CHANGED)
      expect(await living()).toEqual([])
      expect(await toolsOf(send(session, 'tools/list'))).not.toContain('create_sticker')
      expect(await living()).toEqual([session])
      const reopened = reading(await openStream(server.url, token, session))
      await until(() => reopened.heard.length > 0, 'the stream')
      // It is told only once.
      expect((await send(session)).body).toMatchObject({ result: {} })
      expect(reopened.messages()).toEqual([])
      await server.switchAddon('stickers', true)
      await until(() => reopened.ended, 'the end of the stream')
      expect(await toolsOf(send(session, 'tools/list'))).toContain('create_sticker')
    })

    test('a client without a stream is notified with the next answer, or when it opens a stream', async () => {
      const { open, send, token, living } = newPerson()
      const [asking, listening, reader] = [await open(), await open(), await open()] as const
      await server.switchAddon('stickers', false)
      await until(async () => (await living()).length === 0, 'that all sleep')
      // The list itself is new; the other changes are reported with a later answer.
      expect(await toolsOf(send(asking, 'tools/list'))).not.toContain('create_sticker')
      const answer = await send(asking, 'tools/call', { name: 'list_crates', arguments: {} })
      expect(methodsIn(answer.body)).toEqual([...CHANGED, 'the answer'])
      expect((await send(asking)).body).toMatchObject({ result: {} })
      const stream = reading(await openStream(server.url, token, listening))
      await until(() => stream.messages().length === 3, 'that the lists are others')
      expect(stream.messages().map(({ method }) => method)).toEqual(CHANGED)
      expect(stream.ended).toBe(false)
      // A client that reads no streams gets only its answer.
      const headers = { ...bearer(token, reader), accept: 'application/json' }
      expect((await post(server.url, call('ping'), headers)).body).toMatchObject({ result: {} })
      await server.switchAddon('stickers', true)
      await until(() => stream.ended, 'the end of the stream')
    })

    test('twice while a client was away, the client is not notified, because its lists are the same', async () => {
      const { open, send } = newPerson()
      const session = await open()
      await server.switchAddon('stickers', false)
      await server.switchAddon('stickers', true)
      expect((await send(session)).body).toMatchObject({ result: {} })
    })
  })
})

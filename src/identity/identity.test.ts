import { expect, test } from 'vitest'
import { commandLine, cookieOf, type TestServer, testServer, until } from '../../test/accounts.ts'
import { eachDatabase } from '../../test/databases.ts'
import { callerOf, grantTopic } from '../core/door.ts'
import { create_user, delete_user, list_audit, set_user_password, update_user } from '../features/admin/contract.ts'
import { create_static_token, revoke_static_token } from './contract.ts'
import { GUESSES } from './guesses.ts'

const PASSWORD = 'walnut-lantern-42'
const host = { host: 'localhost' }
let people = 0

eachDatabase((_database, place) => {
  const servers: TestServer[] = []

  /** A server of this instance; a second one shares the database and nothing else. */
  async function start(env: Record<string, string> = {}) {
    const server = await testServer(place().target, env)
    servers.push(server)
    return server
  }

  async function withServer(work: (server: TestServer) => Promise<void>, env?: Record<string, string>) {
    const server = await start(env)
    try {
      await work(server)
      expect(server.failures).toEqual([])
    } finally {
      for (const open of servers.splice(0)) await open.close()
    }
  }

  async function newUser(server: TestServer, more: object = {}) {
    const username = `person${++people}`
    const { user } = await server.pipeline.run(
      create_user,
      { username, email: `${username}@example.org`, password: PASSWORD, ...more },
      commandLine,
    )
    return user
  }

  async function newToken(server: TestServer, userId: number) {
    const caller = { ...commandLine, userId, admin: false }
    return server.pipeline.run(create_static_token, { name: 'laptop' }, caller)
  }

  const me = async (server: TestServer, cookie: string) =>
    (await server.app.inject({ url: '/api/auth/me', headers: { ...host, cookie } })).json().user

  test('the first administrator is made once, and the password made up for it opens the door', () =>
    withServer(async (server) => {
      const first = await server.identity.firstAdmin()
      expect(first).toMatchObject({ username: 'admin', email: 'admin@trek.local' })
      expect(await server.identity.firstAdmin()).toBeNull()
      const answer = await server.logIn('admin', first?.password ?? '')
      expect(answer.statusCode).toBe(200)
      expect(answer.json().user).toMatchObject({ username: 'admin', role: 'admin', banned: false })
    }))

  test('people log in by username or by e-mail address, in any case', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      for (const identifier of [user.username, user.username.toUpperCase(), user.email, user.email.toUpperCase()]) {
        const answer = await server.logIn(identifier, PASSWORD)
        expect(answer.statusCode).toBe(200)
        expect(await me(server, cookieOf(answer))).toMatchObject({ id: user.id, email: user.email })
      }
    }))

  test('the cookie is for the browser alone, and says nothing in the answer', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const answer = await server.logIn(user.username, PASSWORD)
      const [session] = answer.cookies.filter(({ name }) => name === 'trek_session')
      expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
      expect(session).not.toHaveProperty('secure')
      expect(session).not.toHaveProperty('maxAge')
      expect(answer.body).not.toContain(session?.value.split('.')[0])
      const remembered = await server.logIn(user.username, '', {
        payload: { identifier: user.username, password: PASSWORD, remember_me: true },
      })
      expect(remembered.cookies.find(({ name }) => name === 'trek_session')).toMatchObject({ maxAge: 30 * 86_400 })
      const rows = await server.database.kysely
        .selectFrom('web_sessions')
        .select(['created_at', 'expires_at'])
        .where('user_id', '=', user.id)
        .orderBy('id')
        .execute()
      const hours = rows.map((row) => (Date.parse(row.expires_at) - Date.parse(row.created_at)) / 3_600_000)
      expect(hours.map(Math.round)).toEqual([24, 30 * 24])
    }))

  test('over https the cookie never travels in the clear', () =>
    withServer(
      async (server) => {
        const user = await newUser(server)
        const answer = await server.logIn(user.username, PASSWORD, { headers: { host: 'trek.example.org' } })
        expect(answer.cookies.find(({ name }) => name === 'trek_session')).toMatchObject({ secure: true })
      },
      { APP_URL: 'https://trek.example.org' },
    ))

  test('a wrong password, an unknown user and a user without a name are told the same', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const answers = [
        await server.logIn(user.username, 'not the password'),
        await server.logIn('nobody-at-all', PASSWORD),
        await server.logIn('nobody@example.org', PASSWORD),
        await server.logIn('?', PASSWORD),
      ]
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
      expect(answers[0]?.statusCode).toBe(401)
      expect(answers[0]?.json()).toMatchObject({ code: 'unauthenticated' })
      expect(answers.flatMap(({ cookies }) => cookies)).toEqual([])
      const empty = await server.logIn(user.username, PASSWORD, { payload: { identifier: '' } })
      expect(empty.json()).toMatchObject({ code: 'invalid', issues: [{ path: 'identifier' }, { path: 'password' }] })
    }))

  test('an unknown user costs as much time as a wrong password', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const timed = async (identifier: string) => {
        const start = performance.now()
        await server.logIn(identifier, 'wrong password')
        return performance.now() - start
      }
      await timed(user.username)
      const known = Math.min(await timed(user.username), await timed(user.username), await timed(user.username))
      const unknown = Math.min(await timed('nobody-1'), await timed('nobody-2'), await timed('nobody-3'))
      expect(unknown).toBeGreaterThan(known / 3)
      expect(known).toBeGreaterThan(unknown / 3)
    }))

  test('guesses at one account are counted across servers and by every name of the account', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const other = await start()
      const from = (n: number) => ({ remoteAddress: `198.51.100.${n}` })
      const tries = await Promise.all(
        Array.from({ length: GUESSES.account + 4 }, (_, n) =>
          (n % 2 ? server : other).logIn(n % 3 ? user.username : user.email, `wrong ${n}`, from(n)),
        ),
      )
      const refused = tries.filter(({ statusCode }) => statusCode === 429)
      expect(refused).toHaveLength(4)
      expect(refused[0]?.json()).toMatchObject({ code: 'rate_limited', retry_after: expect.any(Number) })
      expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(800)
      const third = await start()
      expect((await third.logIn(user.username, PASSWORD, from(99))).statusCode).toBe(429)
      const someoneElse = await newUser(server)
      expect((await third.logIn(someoneElse.username, PASSWORD, from(99))).statusCode).toBe(200)
    }))

  test('a right password forgets the wrong ones before it', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const from = { remoteAddress: '203.0.113.9' }
      for (let round = 0; round < 2; round++) {
        for (let n = 1; n < GUESSES.account; n++) await server.logIn(user.username, 'wrong', from)
        expect((await server.logIn(user.username, PASSWORD, from)).statusCode).toBe(200)
      }
    }))

  test('guesses from one address are counted whatever the account, and an IPv6 household is one address', () =>
    withServer(async (server) => {
      const tries = Array.from({ length: GUESSES.address + 1 }, (_, n) =>
        server.logIn(`nobody-${n}`, 'wrong', { remoteAddress: `2001:db8:1:2::${n.toString(16)}` }),
      )
      const statuses = (await Promise.all(tries)).map(({ statusCode }) => statusCode)
      expect(statuses.filter((status) => status === 429)).toHaveLength(1)
      expect((await server.logIn('nobody', 'wrong', { remoteAddress: '2001:db8:1:3::1' })).statusCode).toBe(401)
    }))

  test('sessions are listed with their device, and one that is revoked is out at once on every server', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const other = await start()
      const [phone, laptop] = [await server.logIn(user.username, PASSWORD), await other.logIn(user.email, PASSWORD)]
      const cookie = cookieOf(laptop)
      const list = async () =>
        (await server.app.inject({ url: '/api/me/sessions', headers: { ...host, cookie } })).json().sessions
      const sessions = await list()
      expect(sessions).toHaveLength(2)
      expect(sessions.filter((session: { current: boolean }) => session.current)).toHaveLength(1)
      expect(sessions[0]).toMatchObject({ device: 'Firefox on Linux', ip_address: '127.0.0.1' })
      const theirs = sessions.find((session: { current: boolean }) => !session.current)
      const rung: string[] = []
      server.database.doorbell.listen((topic) => rung.push(topic))
      const answer = await server.app.inject({
        method: 'DELETE',
        url: `/api/me/sessions/${theirs.id}`,
        headers: { ...host, cookie, origin: 'http://localhost' },
      })
      expect(answer.json()).toEqual({ success: true })
      expect(await me(other, cookieOf(phone))).toBeNull()
      expect(await other.identity.door.holds(`session:${theirs.id}`)).toBe(false)
      expect(await me(other, cookie)).toMatchObject({ id: user.id })
      expect(rung).toContain(grantTopic(`session:${theirs.id}`))
      const stranger = await newUser(server)
      const strange = await server.app.inject({
        method: 'DELETE',
        url: `/api/me/sessions/${(await list())[0].id}`,
        headers: {
          ...host,
          cookie: cookieOf(await server.logIn(stranger.username, PASSWORD)),
          origin: 'http://localhost',
        },
      })
      expect(strange.json()).toMatchObject({ code: 'not_found' })
    }))

  test('logging out ends the session, not only the cookie', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      const answer = await server.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...host, cookie } })
      expect(answer.json()).toEqual({ success: true })
      expect(answer.cookies.find(({ name }) => name === 'trek_session')).toMatchObject({ value: '', maxAge: 0 })
      expect(await me(server, cookie)).toBeNull()
      const again = await server.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...host, cookie } })
      expect(again.statusCode).toBe(200)
    }))

  test('a cookie without our signature, or with another, opens nothing', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const answer = await server.logIn(user.username, PASSWORD)
      const value = answer.cookies.find(({ name }) => name === 'trek_session')?.value ?? ''
      const token = value.split('.')[0] as string
      const { door } = server.identity
      expect(await door.byCookie(`a=b; trek_session=${encodeURIComponent(value)}; c=d`)).toMatchObject({
        userId: user.id,
        scopes: 'all',
        notice: null,
        client: null,
      })
      const flipped = `${value.slice(0, -2)}${value.at(-2) === 'A' ? 'B' : 'A'}=`
      for (const forged of [token, `${token}.`, `${token}.AAAA`, flipped, `x${value}`, '%', '', 'a.b', '.']) {
        expect(await door.byCookie(`trek_session=${encodeURIComponent(forged)}`)).toBeNull()
      }
      expect(await door.byCookie('trek_session=%E0%A4%A')).toBeNull()
      expect(await door.byCookie(undefined)).toBeNull()
      expect(await door.byBearer(token, 'mcp')).toBeNull()
    }))

  test('a session ends by itself', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      await server.database.kysely
        .updateTable('web_sessions')
        .set({ expires_at: new Date(Date.now() - 1000).toISOString() })
        .where('user_id', '=', user.id)
        .execute()
      expect(await me(server, cookie)).toBeNull()
    }))

  test('a remembered session is prolonged by use', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const payload = { identifier: user.username, password: PASSWORD, remember_me: true }
      const cookie = cookieOf(await server.logIn('', '', { payload }))
      const soon = new Date(Date.now() + 5 * 86_400_000).toISOString()
      const sessions = server.database.kysely
      await sessions.updateTable('web_sessions').set({ expires_at: soon }).where('user_id', '=', user.id).execute()
      const answer = await server.app.inject({ url: '/api/auth/me', headers: { ...host, cookie } })
      expect(answer.cookies.find(({ name }) => name === 'trek_session')).toMatchObject({ maxAge: 30 * 86_400 })
      const row = await sessions
        .selectFrom('web_sessions')
        .selectAll()
        .where('user_id', '=', user.id)
        .executeTakeFirst()
      expect(Date.parse(row?.expires_at ?? '')).toBeGreaterThan(Date.now() + 29 * 86_400_000)
    }))

  test('a static token lets its owner in with everything and says that it is deprecated', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const { token, static_token } = await newToken(server, user.id)
      expect(token).toMatch(/^trek_[0-9a-f]{48}$/)
      expect(static_token).toEqual({
        id: static_token.id,
        name: 'laptop',
        prefix: token.slice(0, 13),
        created_at: static_token.created_at,
        last_used_at: null,
      })
      const { door } = server.identity
      for (const audience of ['mcp', 'rest'] as const) {
        expect(await door.byBearer(token, audience)).toMatchObject({
          userId: user.id,
          admin: false,
          scopes: 'all',
          client: 'laptop',
          grant: `token:${static_token.id}`,
          notice: expect.stringContaining('deprecated'),
          readOnly: null,
        })
      }
      const changed = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`
      for (const wrong of [changed, `${token}0`, token.toUpperCase(), token.slice(5), '', 'trek_', `trekoa_${token}`]) {
        expect(await door.byBearer(wrong, 'mcp')).toBeNull()
      }
      expect(await door.holds(`token:${static_token.id}`)).toBe(true)
      expect(await door.holds('token:999999')).toBe(false)
      expect(await door.holds('unheard:1')).toBe(false)
    }))

  test('the last use of a token is written within a second, and only once for many', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const { token, static_token } = await newToken(server, user.id)
      for (let n = 0; n < 50; n++) await server.identity.door.byBearer(token, 'mcp')
      const lastUse = async () =>
        (
          await server.database.kysely
            .selectFrom('static_tokens')
            .select('last_used_at')
            .where('id', '=', static_token.id)
            .executeTakeFirst()
        )?.last_used_at
      expect(await lastUse()).toBeNull()
      await until(async () => Boolean(await lastUse()))
    }))

  test('a user has at most ten tokens, however many are asked for at once', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const made = await Promise.allSettled(Array.from({ length: 13 }, () => newToken(server, user.id)))
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
      expect(made.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
    }))

  test('a token that is revoked is out at once on every server', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const other = await start()
      const { token, static_token } = await newToken(server, user.id)
      expect(await other.identity.door.byBearer(token, 'mcp')).not.toBeNull()
      const rung: string[] = []
      server.database.doorbell.listen((topic) => rung.push(topic))
      const caller = { ...commandLine, userId: user.id }
      await server.pipeline.run(revoke_static_token, { tokenId: static_token.id }, caller)
      expect(await other.identity.door.byBearer(token, 'mcp')).toBeNull()
      expect(rung).toContain(grantTopic(`token:${static_token.id}`))
    }))

  test('a program with a token can neither make tokens nor change passwords', () =>
    withServer(async (server) => {
      const admin = await newUser(server, { role: 'admin' })
      const { token } = await newToken(server, admin.id)
      const headers = { ...host, authorization: `Bearer ${token}` }
      const asked = [
        { url: '/api/me/tokens', payload: { name: 'more' } },
        { url: '/api/me/password', payload: { current_password: PASSWORD, new_password: 'lantern-walnut-24' } },
        { url: '/api/admin/users', payload: { username: 'eve', email: 'eve@example.org', password: PASSWORD } },
        { url: `/api/admin/users/${admin.id}/password`, payload: { password: 'lantern-walnut-24' } },
      ]
      for (const request of asked) {
        const answer = await server.app.inject({ method: 'POST', headers, ...request })
        expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden'])
      }
      expect((await server.app.inject({ url: '/api/me', headers })).json().user.id).toBe(admin.id)
    }))

  test('changing the password needs the old one and ends every other way in', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const { token } = await newToken(server, user.id)
      const elsewhere = cookieOf(await server.logIn(user.username, PASSWORD))
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      const change = (current_password: string, new_password: string) =>
        server.app.inject({
          method: 'POST',
          url: '/api/me/password',
          headers: { ...host, cookie, origin: 'http://localhost' },
          payload: { current_password, new_password },
        })
      expect((await change('wrong password', 'lantern-walnut-24')).json()).toMatchObject({
        code: 'invalid',
        issues: [{ path: 'current_password' }],
      })
      for (const [weak, why] of [
        ['short', 'at least 8'],
        ['aaaaaaaaaa', 'one character'],
        ['Password123', 'everybody tries first'],
        [PASSWORD, 'another password'],
      ]) {
        expect((await change(PASSWORD, weak as string)).json().detail).toContain(why)
      }
      expect((await change(PASSWORD, 'lantern-walnut-24')).json()).toEqual({ success: true })
      expect(await me(server, cookie)).toMatchObject({ id: user.id })
      expect(await me(server, elsewhere)).toBeNull()
      expect(await server.identity.door.byBearer(token, 'mcp')).toBeNull()
      expect((await server.logIn(user.username, PASSWORD)).statusCode).toBe(401)
      expect((await server.logIn(user.username, 'lantern-walnut-24')).statusCode).toBe(200)
    }))

  test('guesses at the current password are counted with those at the door', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      const guess = () =>
        server.app.inject({
          method: 'POST',
          url: '/api/me/password',
          headers: { ...host, cookie, origin: 'http://localhost' },
          payload: { current_password: 'wrong', new_password: 'lantern-walnut-24' },
        })
      for (let n = 0; n < GUESSES.account; n++) expect((await guess()).statusCode).toBe(400)
      expect((await guess()).statusCode).toBe(429)
    }))

  test('blocking, a new password and deletion end every way in', () =>
    withServer(async (server) => {
      const ends: [string, (userId: number) => Promise<unknown>][] = [
        ['blocked', (userId) => server.pipeline.run(update_user, { userId, banned: true }, commandLine)],
        [
          'new password',
          (userId) => server.pipeline.run(set_user_password, { userId, password: 'lantern-walnut-24' }, commandLine),
        ],
        ['deleted', (userId) => server.pipeline.run(delete_user, { userId }, commandLine)],
      ]
      for (const [, end] of ends) {
        const user = await newUser(server)
        const { token, static_token } = await newToken(server, user.id)
        const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
        const rung: string[] = []
        server.database.doorbell.listen((topic) => rung.push(topic))
        await end(user.id)
        expect(await server.identity.door.byBearer(token, 'mcp')).toBeNull()
        expect(await me(server, cookie)).toBeNull()
        expect(rung).toContain(grantTopic(`token:${static_token.id}`))
        expect(rung.some((topic) => topic.startsWith('grant:session:'))).toBe(true)
        expect((await server.logIn(user.username, PASSWORD)).statusCode).not.toBe(200)
      }
    }))

  test('a blocked user learns of it only with the right password', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      await server.pipeline.run(update_user, { userId: user.id, banned: true }, commandLine)
      expect((await server.logIn(user.username, 'wrong')).statusCode).toBe(401)
      const answer = await server.logIn(user.username, PASSWORD)
      expect(answer.json()).toMatchObject({ code: 'forbidden', detail: 'This account is blocked' })
      expect(answer.cookies).toEqual([])
      await server.pipeline.run(update_user, { userId: user.id, banned: false }, commandLine)
      expect((await server.logIn(user.email, PASSWORD)).statusCode).toBe(200)
    }))

  test('in demo mode everybody may look, nobody may write, and log-in and log-out work', () =>
    withServer(
      async (server) => {
        const user = await newUser(server)
        const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
        const identity = await server.identity.door.byCookie(cookie)
        expect(identity?.readOnly).toContain('demo')
        const rename = await server.app.inject({
          method: 'PATCH',
          url: '/api/me',
          headers: { ...host, cookie, origin: 'http://localhost' },
          payload: { name: 'Ana' },
        })
        expect(rename.json()).toMatchObject({ code: 'forbidden' })
        await server.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...host, cookie } })
        expect(await me(server, cookie)).toBeNull()
      },
      { DEMO_MODE: 'true' },
    ))

  test('what happens is in the audit log, within a second and at the latest when the server closes', () =>
    withServer(async (server) => {
      const user = await newUser(server)
      await server.logIn(user.username, 'wrong password')
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD, { remoteAddress: '192.0.2.44' }))
      const identity = await server.identity.door.byCookie(cookie)
      if (!identity) throw new Error('nobody is logged in')
      const caller = callerOf(identity, 'web')
      await server.pipeline.run(create_static_token, { name: 'laptop' }, caller)
      await server.pipeline.run(revoke_static_token, { tokenId: 999_999 }, caller).catch(() => {})
      await server.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...host, cookie } })
      const entries = async () =>
        (await server.pipeline.run(list_audit, { user_id: user.id }, commandLine)).entries.toReversed()
      await until(async () => (await entries()).length === 5)
      expect((await entries()).map(({ event, outcome }) => `${event} ${outcome}`)).toEqual([
        'log_in unauthenticated',
        'log_in ok',
        'create_static_token ok',
        'revoke_static_token not_found',
        'log_out ok',
      ])
      expect((await entries())[1]).toMatchObject({
        username: user.username,
        way: 'web',
        grant_id: identity.grant,
        ip_address: '192.0.2.44',
      })
    }))

  test('no secret is in the change log, in the audit log, in an event or in the log', () =>
    withServer(async (server) => {
      const heard: string[] = []
      server.pipeline.parts.feed.tap((batch) => void heard.push(JSON.stringify(batch)))
      const user = await newUser(server)
      const { token } = await newToken(server, user.id)
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      await server.logIn('SecretTypedIntoTheWrongField', 'x')
      await server.app.inject({ url: '/api/me', headers: { ...host, authorization: `Bearer ${token}` } })
      await server.pipeline.run(set_user_password, { userId: user.id, password: 'lantern-walnut-24' }, commandLine)
      await server.identity.close()
      const db = server.database.kysely
      const stored = await db.selectFrom('credentials').selectAll().where('user_id', '=', user.id).executeTakeFirst()
      const written = JSON.stringify([
        await db.selectFrom('changes').selectAll().execute(),
        await db.selectFrom('audit').selectAll().execute(),
        await db.selectFrom('guesses').selectAll().execute(),
        heard,
        server.log,
        await server.pipeline.snapshot({ space: 'user', id: user.id }, { ...commandLine, userId: user.id }),
      ])
      expect(heard.length).toBeGreaterThan(2)
      const session = decodeURIComponent(cookie.split(/[=;]/)[1] as string).split('.')[0] as string
      const secrets = [PASSWORD, 'lantern-walnut-24', token, token.slice(13), session, 'SecretTyped', stored?.password]
      for (const secret of secrets) expect(written.includes(String(secret))).toBe(false)
      expect(JSON.stringify(await db.selectFrom('static_tokens').selectAll().execute())).not.toContain(token.slice(14))
    }))
})

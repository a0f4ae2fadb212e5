import { expect, test } from 'vitest'
import { cookieOf, eachInstance, HOST, PASSWORD } from '../../../test/harness/rigs/accounts.ts'
import { grantTopic } from '../../core/run/authentication.ts'
import { sessionHashes } from './migrations/0023_session_hashes.ts'
import { hashToken } from './tokens.ts'

eachInstance((instance) => {
  test('the session cookie is out of reach of scripts, and its token is not in the answer', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
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

  test('over https the cookie is never sent unencrypted', () =>
    instance.withServer(
      async (server) => {
        const user = await server.newUser()
        const answer = await server.logIn(user.username, PASSWORD, { headers: { host: 'trek.example.org' } })
        expect(answer.cookies.find(({ name }) => name === 'trek_session')).toMatchObject({ secure: true })
      },
      { APP_URL: 'https://trek.example.org' },
    ))

  test('under a path of a shared host, all cookies are sent only to that path, and only over https', () =>
    instance.withServer(
      async (server) => {
        const user = await server.newUser()
        const headers = { host: 'example.org', origin: 'https://example.org' }
        const answer = await server.logIn(user.username, PASSWORD, { headers })
        const flags = { secure: true, httpOnly: true, sameSite: 'Lax' }
        expect(answer.cookies).toMatchObject([
          { name: '__Secure-trek_session', path: '/trek', ...flags },
          { name: '__Secure-trek_session_short', path: '/trek', ...flags },
          { name: '__Secure-trek_device', path: '/trek/api/auth', ...flags },
        ])
        const cookie = cookieOf(answer)
        const me = await server.app.inject({ url: '/trek/api/auth/me', headers: { host: 'example.org', cookie } })
        expect(me.json().user).toMatchObject({ id: user.id })
        const other = cookie.replaceAll('__Secure-', '')
        const answerToStranger = await server.app.inject({
          url: '/api/auth/me',
          headers: { host: 'example.org', cookie: other },
        })
        expect(answerToStranger.json().user).toBeNull()
        const answerToLogOut = await server.app.inject({
          method: 'POST',
          url: '/trek/api/auth/logout',
          headers: { ...headers, cookie },
        })
        expect(answerToLogOut.cookies).toEqual(
          ['__Secure-trek_session', '__Secure-trek_session_short'].map((name) => {
            return { name, value: '', maxAge: 0, path: '/trek', ...flags }
          }),
        )
      },
      { APP_URL: 'https://example.org/trek' },
    ))

  test('under a path without https, cookies have their usual names', () =>
    instance.withServer(
      async (server) => {
        const user = await server.newUser()
        const answer = await server.logIn(user.username, PASSWORD, { headers: { host: 'trek.lan' } })
        expect(answer.cookies.map(({ name, path }) => [name, path])).toEqual([
          ['trek_session', '/trek'],
          ['trek_session_short', '/trek'],
          ['trek_device', '/trek/api/auth'],
        ])
      },
      { APP_URL: 'http://trek.lan/trek' },
    ))

  test('sessions are listed with their device, and a revoked one ends at once on every server', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const other = await instance.another()
      const [phone, laptop] = [await server.logIn(user.username, PASSWORD), await other.logIn(user.email, PASSWORD)]
      const cookie = cookieOf(laptop)
      const list = async () =>
        (await server.app.inject({ url: '/api/me/sessions', headers: { ...HOST, cookie } })).json().sessions
      const sessions = await list()
      expect(sessions).toHaveLength(2)
      expect(sessions.filter((session: { current: boolean }) => session.current)).toHaveLength(1)
      expect(sessions[0]).toMatchObject({ device: 'Firefox on Linux', ip_address: '127.0.0.1' })
      const otherSession = sessions.find((session: { current: boolean }) => !session.current)
      const rung: string[] = []
      server.database.notifier.subscribe((topic) => rung.push(topic))
      const answer = await server.app.inject({
        method: 'DELETE',
        url: `/api/me/sessions/${otherSession.id}`,
        headers: { ...HOST, cookie, origin: 'http://localhost' },
      })
      expect(answer.json()).toEqual({ success: true })
      expect(await other.whoIs(cookieOf(phone))).toBeNull()
      expect(await other.identity.authenticator.isActive(`session:${otherSession.id}`)).toBe(false)
      expect(await other.whoIs(cookie)).toMatchObject({ id: user.id })
      expect(rung).toContain(grantTopic(`session:${otherSession.id}`))
      const stranger = await server.newUser()
      const answerToStranger = await server.app.inject({
        method: 'DELETE',
        url: `/api/me/sessions/${(await list())[0].id}`,
        headers: {
          ...HOST,
          cookie: cookieOf(await server.logIn(stranger.username, PASSWORD)),
          origin: 'http://localhost',
        },
      })
      expect(answerToStranger.json()).toMatchObject({ code: 'not_found' })
    }))

  test('logging out ends the session, not only the cookie', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      const answer = await server.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...HOST, cookie } })
      expect(answer.json()).toEqual({ success: true })
      expect(answer.cookies.find(({ name }) => name === 'trek_session')).toMatchObject({ value: '', maxAge: 0 })
      expect(await server.whoIs(cookie)).toBeNull()
      const secondLogOut = await server.app.inject({
        method: 'POST',
        url: '/api/auth/logout',
        headers: { ...HOST, cookie },
      })
      expect(secondLogOut.statusCode).toBe(200)
    }))

  test('a cookie without a signature, or with a wrong one, opens nothing', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const answer = await server.logIn(user.username, PASSWORD)
      const value = answer.cookies.find(({ name }) => name === 'trek_session')?.value ?? ''
      const token = value.split('.')[0] as string
      const { authenticator } = server.identity
      expect(await authenticator.identifyCookie(`a=b; trek_session=${encodeURIComponent(value)}; c=d`)).toMatchObject({
        userId: user.id,
        scopes: 'all',
        clientId: null,
        notice: null,
        client: null,
      })
      const flipped = `${value.slice(0, -2)}${value.at(-2) === 'A' ? 'B' : 'A'}=`
      for (const forged of [token, `${token}.`, `${token}.AAAA`, flipped, `x${value}`, '%', '', 'a.b', '.']) {
        expect(await authenticator.identifyCookie(`trek_session=${encodeURIComponent(forged)}`)).toBeNull()
      }
      expect(await authenticator.identifyCookie('trek_session=%E0%A4%A')).toBeNull()
      expect(await authenticator.identifyCookie(undefined)).toBeNull()
      expect(await authenticator.identifyBearer(token, 'mcp')).toBeNull()
    }))

  test('only a hash of a session token is stored, and older sessions are converted', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      const [token = ''] = decodeURIComponent(cookie.slice('trek_session='.length)).split('.')
      const { kysely, dialect } = server.database
      const storedTokens = async () =>
        (await kysely.selectFrom('web_sessions').select('token').execute()).map((row) => row.token)
      expect(await storedTokens()).toContain(hashToken(token))
      expect(await storedTokens()).not.toContain(token)
      await kysely.deleteFrom('web_sessions').where('token', '!=', hashToken(token)).execute()
      await kysely.updateTable('web_sessions').set({ token }).execute()
      expect(await server.whoIs(cookie)).toBeNull()
      await sessionHashes(kysely, dialect)
      expect(await storedTokens()).toEqual([hashToken(token)])
      expect(await server.whoIs(cookie)).toMatchObject({ id: user.id })
    }))

  test('a session expires', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      await server.database.kysely
        .updateTable('web_sessions')
        .set({ expires_at: new Date(Date.now() - 1000).toISOString() })
        .where('user_id', '=', user.id)
        .execute()
      expect(await server.whoIs(cookie)).toBeNull()
    }))

  test('a remembered session is extended by use', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const payload = { identifier: user.username, password: PASSWORD, remember_me: true }
      const cookie = cookieOf(await server.logIn('', '', { payload }))
      const expiresSoon = new Date(Date.now() + 5 * 86_400_000).toISOString()
      const sessions = server.database.kysely
      await sessions
        .updateTable('web_sessions')
        .set({ expires_at: expiresSoon })
        .where('user_id', '=', user.id)
        .execute()
      const answer = await server.app.inject({ url: '/api/auth/me', headers: { ...HOST, cookie } })
      expect(answer.cookies.find(({ name }) => name === 'trek_session')).toMatchObject({ maxAge: 30 * 86_400 })
      // Only the session cookie is set again, unchanged; the device cookie is set at log-in.
      expect(cookie.split('; ').filter((one) => !one.startsWith('trek_device='))).toEqual([cookieOf(answer)])
      const row = await sessions
        .selectFrom('web_sessions')
        .selectAll()
        .where('user_id', '=', user.id)
        .executeTakeFirst()
      expect(Date.parse(row?.expires_at ?? '')).toBeGreaterThan(Date.now() + 29 * 86_400_000)
    }))

  test('in demo mode everybody can read, nobody can write, and log-in and log-out work', () =>
    instance.withServer(
      async (server) => {
        const user = await server.newUser()
        const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
        const identity = await server.identity.authenticator.identifyCookie(cookie)
        expect(identity?.readOnly?.text).toContain('demo')
        const rename = await server.app.inject({
          method: 'PATCH',
          url: '/api/me',
          headers: { ...HOST, cookie, origin: 'http://localhost' },
          payload: { name: 'Ana' },
        })
        expect(rename.json()).toMatchObject({ code: 'forbidden' })
        await server.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...HOST, cookie } })
        expect(await server.whoIs(cookie)).toBeNull()
      },
      { DEMO_MODE: 'true' },
    ))
})

import { expect, test } from 'vitest'
import { commandLine, cookieOf, eachInstance, HOST, PASSWORD, until } from '../../../test/harness/accounts.ts'
import { callerOf } from '../../core/run/door.ts'
import { list_audit, set_user_password } from '../../features/admin/contract/index.ts'
import { create_trip, list_trips } from '../../features/trips/contract/index.ts'
import { create_static_token, revoke_static_token } from '../contract/index.ts'
import { Audit, MOST_REFUSALS } from './audit/audit.ts'

eachInstance((instance) => {
  test('what happens is in the audit log, within a second and at the latest when the server closes', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      await server.logIn(user.username, 'wrong password')
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD, { remoteAddress: '192.0.2.44' }))
      const identity = await server.identity.door.byCookie(cookie)
      if (!identity) throw new Error('nobody is logged in')
      const caller = callerOf(identity, 'web')
      await server.pipeline.run(create_static_token, { name: 'laptop' }, caller)
      await server.pipeline.run(revoke_static_token, { tokenId: 999_999 }, caller).catch(() => {})
      await server.app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...HOST, cookie } })
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

  test('of an assistant every call is kept, with its name and its end, and never what it was called with', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const assistant = { ...commandLine, userId: user.id, admin: false, way: 'mcp', client: 'Desk helper' } as const
      await server.pipeline.run(create_trip, { title: 'Kyoto in secret' }, assistant)
      await server.pipeline.run(list_trips, {}, assistant)
      await server.pipeline.run(create_trip, { title: '' }, assistant).catch(() => {})
      await server.pipeline.run(list_trips, {}, { ...assistant, way: 'web' })
      const entries = async () => (await server.pipeline.run(list_audit, { user_id: user.id }, commandLine)).entries
      await until(async () => (await entries()).length === 3)
      expect((await entries()).map(({ event, outcome, way, client }) => [event, outcome, way, client])).toEqual([
        ['create_trip', 'invalid', 'mcp', 'Desk helper'],
        ['list_trips', 'ok', 'mcp', 'Desk helper'],
        ['create_trip', 'ok', 'mcp', 'Desk helper'],
      ])
      expect(JSON.stringify(await entries())).not.toContain('Kyoto')
    }))

  test('what nobody needs any more is cleared away', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      await server.logIn(user.username, PASSWORD)
      await server.logIn('somebody', 'wrong')
      const db = server.database.kysely
      const past = new Date(Date.now() - 400 * 86_400_000).toISOString()
      await db.updateTable('web_sessions').set({ expires_at: past }).execute()
      await db.updateTable('guesses').set({ resets_at: past }).execute()
      const row = { event: 'log_in', user_id: null, way: 'web', client: null, grant_id: null, ip_address: null }
      await db
        .insertInto('audit')
        .values({ ...row, at: past, outcome: 'ok' })
        .execute()
      await server.jobs.runNow('remove what has ended')
      const left = async () => [
        await db.selectFrom('web_sessions').select('id').execute(),
        await db.selectFrom('guesses').select('subject').execute(),
        await db.selectFrom('audit').select('id').where('at', '<=', past).execute(),
      ]
      expect((await left()).flat()).toEqual([])
    }))

  test('a stranger who is refused over and over does not fill the log, and hides nobody else', () =>
    instance.withServer(async (server) => {
      const { database } = server
      const user = await server.newUser()
      let now = Date.now()
      const failed = (error: unknown) => void server.failures.push(error)
      const audit = new Audit({ database, failed, authorization: [], clock: () => new Date(now) })
      const refused = { event: 'oauth_token', client: 'Flood', outcome: 'invalid_client' }
      const flood = () => {
        for (let n = 0; n < MOST_REFUSALS + 50; n++) audit.note({ ...refused, ip_address: '192.0.2.66' })
      }
      flood()
      audit.note({ ...refused, ip_address: '192.0.2.67' })
      audit.note({ ...refused, ip_address: '192.0.2.66', user_id: user.id })
      audit.note({ ...refused, ip_address: '192.0.2.66', outcome: 'ok' })
      now += 61_000
      flood()
      await audit.close()
      const { length } = await database.kysely.selectFrom('audit').select('id').where('client', '=', 'Flood').execute()
      expect(length).toBe(2 * MOST_REFUSALS + 3)
    }))

  test('no secret is in the change log, in the audit log, in an event or in the log', () =>
    instance.withServer(async (server) => {
      const heard: string[] = []
      server.pipeline.parts.feed.tap((batch) => void heard.push(JSON.stringify(batch)))
      const user = await server.newUser()
      const { token } = await server.newToken(user.id)
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      await server.logIn('SecretTypedIntoTheWrongField', 'x')
      await server.app.inject({ url: '/api/me', headers: { ...HOST, authorization: `Bearer ${token}` } })
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

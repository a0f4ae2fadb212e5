import { expect, test } from 'vitest'
import { commandLine, cookieOf, eachInstance, HOST, PASSWORD } from '../../../test/harness/rigs/accounts.ts'
import { grantTopic } from '../../core/run/authentication.ts'
import { delete_user, set_user_password, update_user } from '../../features/admin/contract/index.ts'
import { MOST_ATTEMPTS } from './attempt-limiter.ts'

eachInstance((instance) => {
  test('changing the password needs the old one and revokes all other access', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const { token } = await server.newToken(user.id)
      const elsewhere = cookieOf(await server.logIn(user.username, PASSWORD))
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      const change = (current_password: string, new_password: string) =>
        server.app.inject({
          method: 'POST',
          url: '/api/me/password',
          headers: { ...HOST, cookie, origin: 'http://localhost' },
          payload: { current_password, new_password },
        })
      expect((await change('wrong password', 'lantern-walnut-24')).json()).toMatchObject({
        code: 'invalid',
        issues: [{ path: 'current_password' }],
      })
      for (const [weak, reason] of [
        ['short', 'at least 8'],
        ['aaaaaaaaaa', 'one repeated character'],
        ['Password123', 'most common passwords'],
        [PASSWORD, 'different from your current password'],
      ]) {
        expect((await change(PASSWORD, weak as string)).json().detail).toContain(reason)
      }
      expect((await change(PASSWORD, 'lantern-walnut-24')).json()).toEqual({ success: true })
      expect(await server.whoIs(cookie)).toMatchObject({ id: user.id })
      expect(await server.whoIs(elsewhere)).toBeNull()
      expect(await server.identity.authenticator.identifyBearer(token, 'mcp')).toBeNull()
      expect((await server.logIn(user.username, PASSWORD)).statusCode).toBe(401)
      expect((await server.logIn(user.username, 'lantern-walnut-24')).statusCode).toBe(200)
    }))

  test('guesses at the current password are counted per session, separately from log-ins', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const [cookie, elsewhere] = [
        cookieOf(await server.logIn(user.username, PASSWORD)),
        cookieOf(await server.logIn(user.username, PASSWORD)),
      ]
      const change = (by: string, current_password: string) =>
        server.app.inject({
          method: 'POST',
          url: '/api/me/password',
          headers: { ...HOST, cookie: by, origin: 'http://localhost' },
          payload: { current_password, new_password: 'lantern-walnut-24' },
        })
      for (let n = 0; n < MOST_ATTEMPTS.password; n++) expect((await change(cookie, 'wrong')).statusCode).toBe(400)
      expect((await change(cookie, PASSWORD)).statusCode).toBe(429)
      expect((await server.logIn(user.username, PASSWORD)).statusCode).toBe(200)
      // Failed log-ins elsewhere do not stop a logged-in user from changing the password.
      for (let n = 0; n <= MOST_ATTEMPTS.account; n++) await server.logIn(user.username, 'wrong')
      expect((await change(elsewhere, PASSWORD)).json()).toEqual({ success: true })
    }))

  test('blocking, a new password and deletion revoke all access', () =>
    instance.withServer(async (server) => {
      const ends: [string, (userId: number) => Promise<unknown>][] = [
        ['blocked', (userId) => server.pipeline.run(update_user, { userId, banned: true }, commandLine)],
        [
          'new password',
          (userId) => server.pipeline.run(set_user_password, { userId, password: 'lantern-walnut-24' }, commandLine),
        ],
        ['deleted', (userId) => server.pipeline.run(delete_user, { userId }, commandLine)],
      ]
      for (const [, end] of ends) {
        const user = await server.newUser()
        const { token, static_token } = await server.newToken(user.id)
        const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
        const rung: string[] = []
        server.database.notifier.subscribe((topic) => rung.push(topic))
        await end(user.id)
        expect(await server.identity.authenticator.identifyBearer(token, 'mcp')).toBeNull()
        expect(await server.whoIs(cookie)).toBeNull()
        expect(rung).toContain(grantTopic(`token:${static_token.id}`))
        expect(rung.some((topic) => topic.startsWith('grant:session:'))).toBe(true)
        expect((await server.logIn(user.username, PASSWORD)).statusCode).not.toBe(200)
      }
    }))
})

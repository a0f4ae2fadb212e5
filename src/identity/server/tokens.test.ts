import { expect, test } from 'vitest'
import { commandLine, cookieOf, eachInstance, HOST, PASSWORD, until } from '../../../test/harness/rigs/accounts.ts'
import { grantTopic } from '../../core/run/authentication.ts'
import { create_static_token, revoke_static_token } from '../contract/index.ts'

eachInstance((instance) => {
  test('a static token gives full access as its owner and says that it is deprecated', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const { token, static_token } = await server.newToken(user.id)
      expect(token).toMatch(/^trek_[0-9a-f]{48}$/)
      expect(static_token).toEqual({
        id: static_token.id,
        name: 'laptop',
        prefix: token.slice(0, 13),
        created_at: static_token.created_at,
        last_used_at: null,
      })
      const { authenticator } = server.identity
      for (const audience of ['mcp', 'rest'] as const) {
        expect(await authenticator.identifyBearer(token, audience)).toMatchObject({
          userId: user.id,
          admin: false,
          scopes: 'all',
          client: 'laptop',
          grant: `token:${static_token.id}`,
          notice: { short: expect.stringContaining('deprecated'), guide: expect.any(String) },
          readOnly: null,
        })
      }
      const changed = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`
      for (const wrong of [changed, `${token}0`, token.toUpperCase(), token.slice(5), '', 'trek_', `trekoa_${token}`]) {
        expect(await authenticator.identifyBearer(wrong, 'mcp')).toBeNull()
      }
      // An audience added later does not accept tokens made for others.
      expect(await authenticator.identifyBearer(token, 'another' as 'mcp')).toBeNull()
      expect(await authenticator.isActive(`token:${static_token.id}`)).toBe(true)
      expect(await authenticator.isActive('token:999999')).toBe(false)
      expect(await authenticator.isActive('unheard:1')).toBe(false)
    }))

  test('the deprecation notice of a static token explains the move to OAuth: the address, what to click, what to delete', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const { token } = await server.newToken(user.id)
      const { guide } = (await server.identity.authenticator.identifyBearer(token, 'mcp'))?.notice ?? {}
      const patterns = [
        /deprecated/,
        /nothing but its address: http:\/\/localhost(:\d+)?\/mcp$/m,
        /^3\. A browser opens\. Log in to TREK/m,
        /Settings > Integrations > MCP > OAuth Clients/,
        /Settings > Integrations > MCP > API Tokens and delete the token "laptop"/,
        /wherever it was written down/,
      ]
      for (const part of patterns) expect(guide).toMatch(part)
      expect(guide).not.toContain(token)
    }))

  test('the last use of a token is recorded by the server, not taken from input', () =>
    expect(
      create_static_token.input.safeParse({ name: 'laptop', last_used_at: '1999-01-01T00:00:00.000Z' }).success,
    ).toBe(false))

  test('a blocked user is refused with remaining credentials', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const { token } = await server.newToken(user.id)
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      const { authenticator } = server.identity
      const holders = async () => [
        await authenticator.identifyBearer(token, 'rest'),
        await authenticator.identifyCookie(cookie),
      ]
      expect(await holders()).toMatchObject([{ userId: user.id }, { userId: user.id }])
      // Blocking revokes both; here they remain, as after a crash in between.
      await server.database.kysely.updateTable('users').set({ banned: true }).where('id', '=', user.id).execute()
      expect(await holders()).toEqual([null, null])
    }))

  test('the last use of a token is written within a second, and only once for many', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const { token, static_token } = await server.newToken(user.id)
      for (let n = 0; n < 50; n++) await server.identity.authenticator.identifyBearer(token, 'mcp')
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

  test('a user has at most ten tokens, even with concurrent requests', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const outcomes = await Promise.allSettled(Array.from({ length: 13 }, () => server.newToken(user.id)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
    }))

  test('a revoked token is refused at once on every server', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const other = await instance.another()
      const { token, static_token } = await server.newToken(user.id)
      expect(await other.identity.authenticator.identifyBearer(token, 'mcp')).not.toBeNull()
      const rung: string[] = []
      server.database.notifier.subscribe((topic) => rung.push(topic))
      const caller = { ...commandLine, userId: user.id }
      await server.pipeline.run(revoke_static_token, { tokenId: static_token.id }, caller)
      expect(await other.identity.authenticator.identifyBearer(token, 'mcp')).toBeNull()
      expect(rung).toContain(grantTopic(`token:${static_token.id}`))
    }))

  test('a program with a token can neither create tokens nor change passwords', () =>
    instance.withServer(async (server) => {
      const admin = await server.newUser({ role: 'admin' })
      const { token } = await server.newToken(admin.id)
      const headers = { ...HOST, authorization: `Bearer ${token}` }
      const requests = [
        { url: '/api/me/tokens', payload: { name: 'more' } },
        { url: '/api/me/password', payload: { current_password: PASSWORD, new_password: 'lantern-walnut-24' } },
        { url: '/api/admin/users', payload: { username: 'eve', email: 'eve@example.org', password: PASSWORD } },
        { url: `/api/admin/users/${admin.id}/password`, payload: { password: 'lantern-walnut-24' } },
      ]
      for (const request of requests) {
        const answer = await server.app.inject({ method: 'POST', headers, ...request })
        expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden'])
      }
      expect((await server.app.inject({ url: '/api/me', headers })).json().user.id).toBe(admin.id)
    }))
})

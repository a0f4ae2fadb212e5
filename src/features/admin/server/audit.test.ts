import { expect, test } from 'vitest'
import { commandLine, eachInstance, PASSWORD, type TestServer, until } from '../../../../test/harness/rigs/accounts.ts'
import type { Input } from '../../../core/declare/operation.ts'
import { create_static_token, revoke_static_token } from '../../../identity/contract/index.ts'
import { create_oauth_client, create_web_token, delete_oauth_client } from '../../../identity/contract/oauth.ts'
import { delete_user, list_audit, update_user } from '../contract/index.ts'

eachInstance((instance) => {
  const entriesOf = async (server: TestServer, input: Partial<Input<typeof list_audit>>) =>
    (await server.pipeline.run(list_audit, input, commandLine)).entries

  test('the audit log is read page by page, and entries of a deleted user keep the id and lose the name', () =>
    instance.withServer(async (server) => {
      const { pipeline } = server
      const admin = await server.newUser({ role: 'admin' })
      for (let n = 0; n < 5; n++) await server.logIn(admin.username, n % 2 ? PASSWORD : 'wrong')
      await server.identity.close()
      const first = await pipeline.run(list_audit, { user_id: admin.id, event: 'log_in', limit: 3 }, commandLine)
      expect(first.entries.map(({ outcome }) => outcome)).toEqual(['unauthenticated', 'ok', 'unauthenticated'])
      const before = first.entries.at(-1)?.id
      const rest = await pipeline.run(list_audit, { user_id: admin.id, before, limit: 3 }, commandLine)
      expect(rest.entries).toHaveLength(2)
      await server.newUser({ role: 'admin' })
      await pipeline.run(delete_user, { userId: admin.id }, commandLine)
      const after = await pipeline.run(list_audit, { user_id: admin.id, limit: 1 }, commandLine)
      expect(after.entries).toMatchObject([{ user_id: admin.id, username: null }])
    }))

  test('every entry has a kind and a title, and entries can be filtered by kind, program, outcome and time', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const user_id = user.id
      const row = { user_id, way: 'web', client: null, grant_id: null, ip_address: '192.0.2.1', outcome: 'ok' }
      const entries = [
        ['log_in', 'log_ins', 'Log in', { outcome: 'unauthenticated' }],
        ['change_password', 'log_ins', 'Change own password', {}],
        ['oauth_consent', 'access', 'Answer a request for access', { client: 'Claude' }],
        ['oauth_refresh', 'access', 'Renew access', { way: 'oauth', client: 'Claude', outcome: 'invalid_grant' }],
        ['revoke_oauth_grant', 'access', 'Disconnect an assistant', {}],
        ['create_static_token', 'access', 'Create an API token', { way: 'cli' }],
        ['create_trip', 'assistants', 'Create a trip', { way: 'mcp', client: 'Claude' }],
        ['update_user', 'administration', 'Change a user', {}],
        ['gone_operation', 'administration', 'gone_operation', { outcome: 'bug' }],
      ] as const
      const at = (index: number) => `2030-01-0${index + 1}T00:00:00.000Z`
      await server.database.kysely
        .insertInto('audit')
        .values(entries.map(([event, _kind, _title, more], index) => ({ ...row, event, at: at(index), ...more })))
        .execute()
      const names = async (input: Partial<Input<typeof list_audit>>) =>
        (await entriesOf(server, { user_id, ...input })).map(({ event }) => event).reverse()

      const allEntries = (await entriesOf(server, { user_id })).reverse()
      expect(allEntries.map(({ event, kind, title }) => [event, kind, title])).toEqual(
        entries.map(([event, kind, title]) => [event, kind, title]),
      )
      for (const kind of ['log_ins', 'access', 'assistants', 'administration'] as const) {
        expect(await names({ kind })).toEqual(entries.filter((entry) => entry[1] === kind).map(([event]) => event))
      }
      expect(await names({ client: 'Claude' })).toEqual(['oauth_consent', 'oauth_refresh', 'create_trip'])
      expect(await names({ client: 'claude' })).toEqual([])
      expect(await names({ refused: true })).toEqual(['log_in', 'oauth_refresh', 'gone_operation'])
      expect(await names({ refused: false, kind: 'log_ins' })).toEqual(['change_password'])
      expect(await names({ since: at(2), until: at(4) })).toEqual(['oauth_consent', 'oauth_refresh'])
      expect(await names({ kind: 'access', refused: true, client: 'Claude', since: at(0) })).toEqual(['oauth_refresh'])
      await expect(entriesOf(server, { kind: 'other' as never })).rejects.toMatchObject({ code: 'invalid' })
    }))

  test('what users do with programs is logged, and every revocation with the owner and the name', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const { pipeline } = server
      const person = { ...commandLine, userId: user.id, admin: false, way: 'web', grant: 'session:1' } as const
      const machineFields = { name: 'Night job', scopes: ['trips:read'], machine: true }
      const { client } = await pipeline.run(create_oauth_client, machineFields, person)
      await pipeline.run(create_web_token, {}, person)
      await pipeline.run(delete_oauth_client, { clientId: client.id }, person)
      const { static_token } = await pipeline.run(create_static_token, { name: 'laptop' }, person)
      await pipeline.run(revoke_static_token, { tokenId: static_token.id }, person)
      await pipeline.run(create_static_token, { name: 'phone' }, person)
      await pipeline.run(update_user, { userId: user.id, banned: true }, commandLine)
      const entries = async () => (await entriesOf(server, { user_id: user.id })).reverse()
      await until(async () => (await entries()).length === 9)
      expect((await entries()).map(({ event, client, way }) => [event, client, way])).toEqual([
        ['create_oauth_client', null, 'web'],
        ['create_web_token', null, 'web'],
        ['access_ended', 'Night job', 'web'],
        ['delete_oauth_client', null, 'web'],
        ['create_static_token', null, 'web'],
        ['access_ended', 'laptop', 'web'],
        ['revoke_static_token', null, 'web'],
        ['create_static_token', null, 'web'],
        ['access_ended', 'phone', 'cli'],
      ])
    }))
})

import { expect, test } from 'vitest'
import { services } from '../../../../test/harness/network/outside-address.ts'
import { commandLine, eachInstance, PASSWORD, type TestServer } from '../../../../test/harness/rigs/accounts.ts'
import type { Caller } from '../../../core/data/space.ts'
import {
  create_user,
  delete_user,
  list_addons,
  list_permissions,
  list_users,
  update_addon,
  update_permission,
  update_user,
} from '../contract/index.ts'
import { adminFeature } from './index.ts'

eachInstance((instance) => {
  const newUser = (server: TestServer, role: 'admin' | 'user' = 'user') => server.newUser({ role })

  const personOf = (user: { id: number; name: string; role: string }): Caller => ({
    ...commandLine,
    userId: user.id,
    name: user.name,
    admin: user.role === 'admin',
    way: 'web',
    grant: 'session:1',
  })

  const codeOf = (run: Promise<unknown>) =>
    run.then(
      () => 'ok',
      (error) => error.code,
    )

  test('every operation but one is for administrators only', () =>
    instance.withServer(async (server) => {
      const ordinaryUser = personOf(await newUser(server))
      const inputs: Record<string, object> = {
        update_addon: { name: 'mcp', enabled: true },
        update_permission: { name: 'trip_create', level: 'admin' },
        create_user: { username: 'eve', email: 'eve@example.org', password: PASSWORD, role: 'admin' },
        update_user: { userId: ordinaryUser.userId, role: 'admin' },
        set_user_password: { userId: 1, password: PASSWORD },
        delete_user: { userId: 1 },
        revoke_any_static_token: { tokenId: 1 },
        revoke_any_oauth_grant: { grantId: 1 },
        delete_any_oauth_client: { client_id: 'somebody' },
      }
      const { contract } = adminFeature(() => server.pipeline.parts.catalogue, services)
      for (const operation of Object.values(contract)) {
        const { name } = operation as { name: string }
        const call = server.pipeline.run(operation as typeof list_users, inputs[name] ?? {}, ordinaryUser)
        // Every user may read what this server offers: an app must be able to hide what is off.
        expect([name, await codeOf(call)]).toEqual([name, name === 'get_instance' ? 'ok' : 'forbidden'])
      }
    }))

  test('the last administrator cannot be removed, and no administrator can remove themselves', () =>
    instance.withServer(async (server) => {
      const { pipeline } = server
      const { users } = await pipeline.run(list_users, {}, commandLine)
      for (const { id } of users) await pipeline.run(delete_user, { userId: id }, commandLine).catch(() => {})
      const last = await newUser(server, 'admin')
      for (const { id, role } of (await pipeline.run(list_users, {}, commandLine)).users) {
        if (id !== last.id && role === 'admin') await pipeline.run(delete_user, { userId: id }, commandLine)
      }
      const userId = last.id
      expect(await codeOf(pipeline.run(delete_user, { userId }, commandLine))).toBe('conflict')
      expect(await codeOf(pipeline.run(update_user, { userId, role: 'user' }, commandLine))).toBe('conflict')
      expect(await codeOf(pipeline.run(update_user, { userId, banned: true }, commandLine))).toBe('conflict')

      const second = await newUser(server, 'admin')
      const self = personOf(second)
      expect(await codeOf(pipeline.run(delete_user, { userId: second.id }, self))).toBe('conflict')
      expect(await codeOf(pipeline.run(update_user, { userId: second.id, role: 'user' }, self))).toBe('conflict')
      expect(await codeOf(pipeline.run(update_user, { userId: second.id, name: 'New Name' }, self))).toBe('ok')
      // A blocked administrator does not count, so the other one is now the last.
      await pipeline.run(update_user, { userId: second.id, banned: true }, commandLine)
      expect(await codeOf(pipeline.run(delete_user, { userId }, commandLine))).toBe('conflict')
      await pipeline.run(update_user, { userId: second.id, banned: false }, commandLine)
      const both = await Promise.all([
        codeOf(pipeline.run(update_user, { userId, role: 'user' }, commandLine)),
        codeOf(pipeline.run(update_user, { userId: second.id, role: 'user' }, commandLine)),
      ])
      expect(both.toSorted()).toEqual(['conflict', 'ok'])
    }))

  test('usernames and e-mail addresses are unique, ignoring case', () =>
    instance.withServer(async (server) => {
      const { pipeline } = server
      const user = await newUser(server)
      const other = await newUser(server)
      const userFields = { email: 'fresh@example.org', username: 'fresh', password: PASSWORD }
      for (const takenFields of [{ username: user.username.toUpperCase() }, { email: user.email.toUpperCase() }]) {
        expect(await codeOf(pipeline.run(create_user, { ...userFields, ...takenFields }, commandLine))).toBe('conflict')
        expect(await codeOf(pipeline.run(update_user, { userId: other.id, ...takenFields }, commandLine))).toBe(
          'conflict',
        )
      }
      const same = { userId: user.id, username: user.username, email: user.email }
      expect((await pipeline.run(update_user, same, commandLine)).user).toMatchObject({ email: user.email })
      const codesOfBoth = await Promise.all(
        [1, 2].map(() => codeOf(pipeline.run(create_user, userFields, commandLine))),
      )
      expect(codesOfBoth.toSorted()).toEqual(['conflict', 'ok'])
      for (const wrong of [{ username: 'a' }, { username: 'a b' }, { username: 'ána' }, { email: 'ana' }]) {
        expect(await codeOf(pipeline.run(create_user, { ...userFields, ...wrong }, commandLine))).toBe('invalid')
      }
      expect(await codeOf(pipeline.run(update_user, { userId: 999_999 }, commandLine))).toBe('not_found')
    }))

  test('add-ons and permissions are listed, and set only to allowed values', () =>
    instance.withServer(async (server) => {
      const { pipeline } = server
      const addonNamed = async (name: string) =>
        (await pipeline.run(list_addons, {}, commandLine)).addons.find((addon) => addon.name === name)
      expect(await addonNamed('mcp')).toMatchObject({ default: false, enabled: false })
      await pipeline.run(update_addon, { name: 'mcp', enabled: true }, commandLine)
      expect(await addonNamed('mcp')).toMatchObject({ default: false, enabled: true })
      await expect(pipeline.run(update_addon, { name: 'mcpp', enabled: true }, commandLine)).rejects.toMatchObject({
        code: 'not_found',
        message: 'There is no add-on named mcpp. Did you mean mcp?',
      })

      const { permissions } = await pipeline.run(list_permissions, {}, commandLine)
      const limitedPermission = permissions.find(({ levels }) => !levels.includes('everybody') && levels.length > 1)
      if (!limitedPermission) throw new Error('there is no permission to narrow')
      const { name, levels } = limitedPermission
      const otherLevel = levels.find((level) => level !== limitedPermission.level)
      const { permission } = await pipeline.run(update_permission, { name, level: otherLevel }, commandLine)
      expect(permission).toEqual({ ...limitedPermission, level: otherLevel })
      await expect(pipeline.run(update_permission, { name, level: 'everybody' }, commandLine)).rejects.toMatchObject({
        code: 'invalid',
        issues: [{ path: 'level' }],
      })
      const unknown = pipeline.run(update_permission, { name: `${name}s`, level: 'owner' }, commandLine)
      await expect(unknown).rejects.toMatchObject({ message: expect.stringContaining(`Did you mean ${name}?`) })
    }))
})

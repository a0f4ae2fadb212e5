import { expect, test } from 'vitest'
import { testMessage } from '../../../test/harness/error-texts.ts'
import { commandLine, cookieOf, eachInstance, HOST, PASSWORD, until } from '../../../test/harness/rigs/accounts.ts'
import { TrekError } from '../../core/declare/errors.ts'
import type { AnyOperation } from '../../core/declare/operation.ts'
import { callerOf } from '../../core/run/authentication.ts'
import { list_audit, set_user_password } from '../../features/admin/contract/index.ts'
import { create_trip, list_trips } from '../../features/trips/contract/index.ts'
import { create_static_token, list_static_tokens, revoke_static_token } from '../contract/index.ts'
import { Audit, MOST_OF_NETWORK, MOST_SINGLE } from './audit/audit.ts'

eachInstance((instance) => {
  test('events are in the audit log within a second, and at the latest when the server closes', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      await server.logIn(user.username, 'wrong password')
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD, { remoteAddress: '192.0.2.44' }))
      const identity = await server.identity.authenticator.identifyCookie(cookie)
      if (!identity) throw new Error('The log-in has failed')
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

  test('every write and refusal of an assistant is logged with its name and outcome, and never with its arguments', () =>
    instance.withServer(async (server) => {
      const user = await server.newUser()
      const assistant = { ...commandLine, userId: user.id, admin: false, way: 'mcp', client: 'Desk helper' } as const
      await server.pipeline.run(create_trip, { title: 'Kyoto in secret' }, assistant)
      await server.pipeline.run(list_trips, {}, assistant)
      await server.pipeline.run(create_trip, { title: '' }, assistant).catch(() => {})
      await server.pipeline.run(list_trips, {}, { ...assistant, way: 'web' })
      const entries = async () => (await server.pipeline.run(list_audit, { user_id: user.id }, commandLine)).entries
      await server.identity.close()
      expect((await entries()).map(({ event, outcome, way, client }) => [event, outcome, way, client]).sort()).toEqual([
        ['create_trip', 'invalid', 'mcp', 'Desk helper'],
        ['create_trip', 'ok', 'mcp', 'Desk helper'],
        ['list_trips', 'ok', 'mcp', 'Desk helper'],
      ])
      expect(JSON.stringify(await entries())).not.toContain('Kyoto')
    }))

  test('reads of assistants are counted per hour, person, grant, program and tool', () =>
    instance.withServer(async (server) => {
      let now = new Date('2030-03-01T14:20:00.000Z')
      const { database } = server
      const onError = (error: unknown) => expect.unreachable(String(error))
      const audit = new Audit({ database, onError, authorization: [list_static_tokens.name], clock: () => now })
      const user = await server.newUser()
      const helper = { ...commandLine, userId: user.id, admin: false, way: 'mcp', client: 'Desk helper' } as const
      const call = (operation: AnyOperation, grant: string, client: string, error: unknown = null) =>
        audit.observe({ operation, caller: { ...helper, grant, client }, space: null, subject: null, error })
      const auditRows = async () => {
        await audit.close()
        const { entries } = await server.pipeline.run(list_audit, { user_id: user.id }, commandLine)
        return entries.map(({ at, event, client, outcome, count }) => [at.slice(11, 16), event, client, outcome, count])
      }
      for (let times = 0; times < 200; times++) call(list_trips, 'grant:1', 'Desk helper')
      await auditRows()
      // Later reads of the same hour are counted in the same entry.
      for (let times = 0; times < 14; times++) call(list_trips, 'grant:1', 'Desk helper')
      call(list_trips, 'grant:2', 'Phone')
      for (let times = 0; times < 2; times++) {
        call(list_trips, 'grant:1', 'Desk helper', new TrekError('forbidden', testMessage('No')))
        call(create_trip, 'grant:1', 'Desk helper')
        call(list_static_tokens, 'grant:1', 'Desk helper')
      }
      now = new Date('2030-03-01T15:00:00.000Z')
      call(list_trips, 'grant:1', 'Desk helper')
      expect((await auditRows()).sort()).toEqual([
        ['14:00', 'list_trips', 'Desk helper', 'ok', 214],
        ['14:00', 'list_trips', 'Phone', 'ok', 1],
        ...Array(2).fill(['14:20', 'create_trip', 'Desk helper', 'ok', 1]),
        ...Array(2).fill(['14:20', 'list_static_tokens', 'Desk helper', 'ok', 1]),
        ...Array(2).fill(['14:20', 'list_trips', 'Desk helper', 'forbidden', 1]),
        ['15:00', 'list_trips', 'Desk helper', 'ok', 1],
      ])
    }))

  test('expired entries are deleted', () =>
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
      const entriesLeft = async () => [
        await db.selectFrom('web_sessions').select('id').execute(),
        await db.selectFrom('guesses').select('subject').execute(),
        await db.selectFrom('audit').select('id').where('at', '<=', past).execute(),
      ]
      expect((await entriesLeft()).flat()).toEqual([])
    }))

  test('requests of strangers cannot fill the log: beyond a few per hour they are counted by kind, and hide no other entries', () =>
    instance.withServer(async (server) => {
      const { database } = server
      const user = await server.newUser()
      let now = Date.parse('2027-04-05T06:10:00.000Z')
      const onError = (error: unknown) => void server.failures.push(error)
      const open = () => new Audit({ database, onError, authorization: [], clock: () => new Date(now) })
      const refused = { event: 'oauth_token', way: 'oauth', client: 'Flood', outcome: 'flooded' }
      const flood = (audit: Audit, network: number) => {
        for (let n = 0; n < 100; n++) audit.note({ ...refused, ip_address: `192.0.${network}.66` })
      }
      const auditEntries = () =>
        database.kysely
          .selectFrom('audit')
          .select(['at', 'event', 'outcome', 'user_id', 'client', 'ip_address', 'count'])
          .where('at', '>=', '2027-04-05')
          .where('at', '<', '2027-04-06')
          .orderBy('id')
          .execute()
      const first = open()
      for (const network of [1, 2, 3, 4]) flood(first, network)
      // The password of another user is guessed at, while others send valid requests.
      for (let n = 0; n < 50; n++) {
        first.note({ event: 'log_in', outcome: 'unauthenticated', user_id: user.id, ip_address: `198.51.100.${n}` })
        first.note({ event: 'oauth_register', way: 'oauth', outcome: 'ok', ip_address: `198.51.100.${n}` })
        first.note({ event: 'log_in', outcome: 'ok', user_id: user.id, grant_id: 'session:1' })
      }
      await first.close()
      const sums = async () => {
        const sum: Record<string, [rows: number, count: number]> = {}
        for (const { event, outcome, count } of await auditEntries()) {
          const [rows, all] = sum[`${event} ${outcome}`] ?? [0, 0]
          sum[`${event} ${outcome}`] = [rows + 1, all + count]
        }
        return sum
      }
      expect(await sums()).toEqual({
        'oauth_token flooded': [MOST_SINGLE + 1, 400],
        'log_in unauthenticated': [MOST_SINGLE + 1, 50],
        'oauth_register ok': [MOST_SINGLE + 1, 50],
        'log_in ok': [50, 50],
      })
      const floods = (await auditEntries()).filter(({ outcome }) => outcome === 'flooded')
      const of = (network: number) => floods.filter(({ ip_address }) => ip_address === `192.0.${network}.66`)
      expect([of(1).length, of(2).length, of(3).length]).toEqual([MOST_OF_NETWORK, MOST_OF_NETWORK, 0])
      expect(floods.at(-1)).toEqual({
        at: '2027-04-05T06:00:00.000Z',
        event: 'oauth_token',
        outcome: 'flooded',
        user_id: null,
        client: null,
        ip_address: null,
        count: 400 - MOST_SINGLE,
      })
      // Another process counts in the same entry, and the next hour has its own entry.
      const second = open()
      flood(second, 9)
      await second.close()
      expect((await sums())['oauth_token flooded']).toEqual([MOST_SINGLE + 1 + MOST_OF_NETWORK, 500])
      now += 3_600_000
      const third = open()
      flood(third, 9)
      await third.close()
      expect((await sums())['oauth_token flooded']).toEqual([MOST_SINGLE + 1 + 2 * MOST_OF_NETWORK + 1, 600])
    }))

  test('no secret is in the change log, in the audit log, in an event or in the log', () =>
    instance.withServer(async (server) => {
      const warnings: string[] = []
      server.pipeline.parts.feed.tap((batch) => void warnings.push(JSON.stringify(batch)))
      const user = await server.newUser()
      const { token } = await server.newToken(user.id)
      const cookie = cookieOf(await server.logIn(user.username, PASSWORD))
      await server.logIn('SecretTypedIntoTheWrongField', 'x')
      await server.app.inject({ url: '/api/me', headers: { ...HOST, authorization: `Bearer ${token}` } })
      await server.pipeline.run(set_user_password, { userId: user.id, password: 'lantern-walnut-24' }, commandLine)
      await server.identity.close()
      const db = server.database.kysely
      const stored = await db.selectFrom('credentials').selectAll().where('user_id', '=', user.id).executeTakeFirst()
      const writtenText = JSON.stringify([
        await db.selectFrom('changes').selectAll().execute(),
        await db.selectFrom('audit').selectAll().execute(),
        await db.selectFrom('guesses').selectAll().execute(),
        warnings,
        server.log,
        await server.pipeline.snapshot({ space: 'user', id: user.id }, { ...commandLine, userId: user.id }),
      ])
      expect(warnings.length).toBeGreaterThan(2)
      const session = decodeURIComponent(cookie.split(/[=;]/)[1] as string).split('.')[0] as string
      const secrets = [PASSWORD, 'lantern-walnut-24', token, token.slice(13), session, 'SecretTyped', stored?.password]
      for (const secret of secrets) expect(writtenText.includes(String(secret))).toBe(false)
      expect(JSON.stringify(await db.selectFrom('static_tokens').selectAll().execute())).not.toContain(token.slice(14))
    }))
})

import { describe, expect, test } from 'vitest'
import {
  addPerson,
  expectRefused,
  issuesNothing,
  openMcpSession,
  opensMcp,
  registerProgram,
  setTokenTime,
  tokensOf,
  withAnaAndProgram,
} from '../../../../../test/harness/attacks.ts'
import { Program, type Tokens } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import { until } from '../../../../../test/harness/until.ts'
import { list_oauth_grants } from '../../../contract/oauth.ts'
import { hashToken } from '../../tokens.ts'

/** Attacks with a refresh token that is foreign, used or expired. */

eachRunning((running) => {
  const { ana, browser, program, connect } = withAnaAndProgram(running)

  const rows = () => running().database.kysely

  describe('a refresh token', () => {
    test('of another program is refused, without effect for its owner', async () => {
      const tokens = await connect()
      const other = await new Program(running().url).register()
      const { program: secret } = await registerProgram(running(), ana())
      await issuesNothing(running(), async () => {
        for (const thief of [other, secret]) {
          await expectRefused(await thief.refresh(tokens.refresh_token), 400, 'invalid_grant')
        }
        const unknownClient = { client_id: 'nobody', client_secret: null }
        await expectRefused(await program().refresh(tokens.refresh_token, unknownClient), 401, 'invalid_client')
        await expectRefused(await program().refresh(tokens.refresh_token, { client_id: null }), 400, 'invalid_request')
      })
      const next = await tokensOf(await program().refresh(tokens.refresh_token))
      await issuesNothing(running(), async () => {
        for (const thief of [other, secret]) {
          await expectRefused(await thief.refresh(tokens.refresh_token), 400, 'invalid_grant')
        }
      })
      expect(await opensMcp(running(), next.access_token)).toBe(true)
    })

    test('of a client with a secret is useless without the secret', async () => {
      const { program: secret } = await registerProgram(running(), ana())
      const { refresh_token = '' } = await secret.connect(browser(), { scope: 'trips:read' })
      await issuesNothing(running(), async () => {
        for (const client_secret of [null, 'trekcs_wrong', ana().password]) {
          await expectRefused(await secret.refresh(refresh_token, { client_secret }), 401, 'invalid_client')
        }
      })
    })

    test('replayed after its grace period ends everything: the whole chain, the grant and the sessions', async () => {
      const first = await connect()
      const second = await tokensOf(await program().refresh(first.refresh_token))
      const third = await tokensOf(await program().refresh(second.refresh_token))
      const sessions = [
        await openMcpSession(running(), first.access_token),
        await openMcpSession(running(), third.access_token),
      ]
      const [grant] = (await running().pipeline.run(list_oauth_grants, {}, ana().caller)).grants
      await setTokenTime(running(), first.refresh_token, 'consumed_at', 31)
      await issuesNothing(running(), async () => {
        await expectRefused(await program().refresh(first.refresh_token), 400, 'invalid_grant')
        for (const { refresh_token } of [first, second, third]) {
          await expectRefused(await program().refresh(refresh_token), 400, 'invalid_grant')
        }
      })
      for (const { access_token } of [first, second, third]) expect(await opensMcp(running(), access_token)).toBe(false)
      for (const session of sessions) await session.expectOver()
      const { grants } = await running().pipeline.run(list_oauth_grants, {}, ana().caller)
      expect(grants.map(({ id }) => id)).not.toContain(grant?.id)
      const replay = () =>
        rows()
          .selectFrom('audit')
          .select('user_id')
          .where('event', '=', 'oauth_replay')
          .where('grant_id', '=', `grant:${grant?.id}`)
          .executeTakeFirst()
      expect(await until(replay, 5000, 'the entry in the audit log')).toEqual({ user_id: ana().caller.userId })
    })

    test('sent before its successor was used is still answered, because a program refreshes for several calls at once', async () => {
      const first = await connect()
      const second = await tokensOf(await program().refresh(first.refresh_token))
      const third = await tokensOf(await program().refresh(second.refresh_token))
      expect((await tokensOf(await program().refresh(first.refresh_token))).refresh_token).toBe(second.refresh_token)
      await tokensOf(await program().refresh(third.refresh_token))
    })

    test('sent again after its successor was used is a replay, even within its grace period', async () => {
      const first = await connect()
      const second = await tokensOf(await program().refresh(first.refresh_token))
      // The answer was lost: the successor is not used yet.
      expect((await tokensOf(await program().refresh(first.refresh_token))).refresh_token).toBe(second.refresh_token)
      const third = await tokensOf(await program().refresh(second.refresh_token))
      expect((await tokensOf(await program().refresh(second.refresh_token))).refresh_token).toBe(third.refresh_token)
      await setTokenTime(running(), second.refresh_token, 'consumed_at', 6)
      await issuesNothing(running(), async () => {
        await expectRefused(await program().refresh(first.refresh_token), 400, 'invalid_grant')
        for (const { refresh_token } of [second, third]) {
          await expectRefused(await program().refresh(refresh_token), 400, 'invalid_grant')
        }
      })
      for (const { access_token } of [first, second, third]) expect(await opensMcp(running(), access_token)).toBe(false)
    })

    test('of another person’s grant is not affected by a replay', async () => {
      const tokensOfBen = (await program().connect((await addPerson(running(), 'Ben')).browser)) as Required<Tokens>
      const first = await connect()
      await program().refresh(first.refresh_token)
      await setTokenTime(running(), first.refresh_token, 'consumed_at', 31)
      await expectRefused(await program().refresh(first.refresh_token), 400, 'invalid_grant')
      expect(await opensMcp(running(), tokensOfBen.access_token)).toBe(true)
      await tokensOf(await program().refresh(tokensOfBen.refresh_token))
    })

    test('that has expired or was revoked is refused', async () => {
      const expired = await connect()
      await setTokenTime(running(), expired.refresh_token, 'expires_at', 1)
      const revoked = await connect()
      expect((await program().post({ token: revoked.refresh_token }, '/oauth/revoke')).status).toBe(200)
      await issuesNothing(running(), async () => {
        for (const { refresh_token } of [expired, revoked]) {
          await expectRefused(await program().refresh(refresh_token), 400, 'invalid_grant')
        }
      })
      expect(await opensMcp(running(), revoked.access_token)).toBe(false)
    })

    test.each(['trips:read trips:delete', 'trips:write', 'root', 'trips:read root', 'trips:read\u0000', '*'])(
      'is not valid for a scope that was not granted: %s',
      async (scope) => {
        const { refresh_token } = await connect()
        await issuesNothing(running(), async () => {
          await expectRefused(await program().refresh(refresh_token, { scope }), 400, 'invalid_scope')
        })
      },
    )

    test('used for fewer scopes stays valid for the granted ones, and for no more', async () => {
      const wideTokens = await connect({ scope: 'trips:read places:read' })
      const narrowTokens = await tokensOf(await program().refresh(wideTokens.refresh_token, { scope: 'trips:read' }))
      expect(narrowTokens.scope).toBe('trips:read')
      const refreshedAgain = await tokensOf(await program().refresh(narrowTokens.refresh_token))
      expect(refreshedAgain.scope).toBe('trips:read places:read')
      await expectRefused(
        await program().refresh(refreshedAgain.refresh_token, { scope: 'trips:delete' }),
        400,
        'invalid_scope',
      )
    })

    test.each(['https://elsewhere.example/mcp', 'http://localhost/api', 'mcp', 'http://localhost/mcp#x'])(
      'is not valid for another server: %s',
      async (resource) => {
        const { refresh_token } = await connect()
        await issuesNothing(running(), async () => {
          await expectRefused(await program().refresh(refresh_token, { resource }), 400, 'invalid_target')
        })
      },
    )

    test('is read from a form or from JSON, never from the address', async () => {
      const { refresh_token } = await connect()
      const query = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id: program().clientId })
      await issuesNothing(running(), async () => {
        const posted = await fetch(`${running().url}/oauth/token?${query}`, { method: 'POST' })
        await expectRefused(posted, 400, 'invalid_request')
        expect((await fetch(`${running().url}/oauth/token?${query}`)).status).toBe(405)
      })
    })

    test('that was used stays invalid after the instance changes its key', async () => {
      const first = await connect()
      const second = await tokensOf(await program().refresh(first.refresh_token))
      await setTokenTime(running(), first.refresh_token, 'consumed_at', 31)
      // Another key derives another successor, so this one is not recognised.
      const hash = hashToken(second.refresh_token)
      await rows().updateTable('oauth_artifacts').set({ id_hash: 'x' }).where('id_hash', '=', hash).execute()
      await issuesNothing(running(), async () => {
        await expectRefused(await program().refresh(first.refresh_token), 400, 'invalid_grant')
      })
      expect(await opensMcp(running(), second.access_token)).toBe(false)
    })
  })
})

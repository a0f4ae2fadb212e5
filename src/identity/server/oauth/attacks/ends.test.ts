import { describe, expect, test } from 'vitest'
import {
  addPerson,
  expectRefused,
  issuesNothing,
  openMcpSession,
  opensMcp,
  registerProgram,
  switchAssistants,
  tokensOf,
  withAnaAndProgram,
} from '../../../../../test/harness/attacks.ts'
import { commandLine } from '../../../../../test/harness/rigs/accounts.ts'
import { newVerifier, type Program, type Tokens } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../../test/harness/rigs/running.ts'
import { until } from '../../../../../test/harness/until.ts'
import { delete_user, set_user_password, update_user } from '../../../../features/admin/contract/index.ts'
import {
  delete_oauth_client,
  list_oauth_grants,
  revoke_oauth_grant,
  rotate_oauth_secret,
  update_oauth_client,
} from '../../../contract/oauth.ts'
import { hashToken } from '../../tokens.ts'

/** What remains when a grant, a client, a password or an account ends. */

eachRunning((running) => {
  const { browser, program, connect } = withAnaAndProgram(running)

  const rows = () => running().database.kysely

  describe('nothing survives the end of', () => {
    const web = (caller: Person['caller']) => ({ ...caller, way: 'web' as const })

    test.each<
      [string, (dan: Person, clientId: number, tokens: Required<Tokens>, program: Program) => Promise<unknown>]
    >([
      [
        'the grant',
        async ({ caller }) => {
          const { grants } = await running().pipeline.run(list_oauth_grants, {}, caller)
          for (const { id } of grants) await running().pipeline.run(revoke_oauth_grant, { grantId: id }, caller)
        },
      ],
      [
        'the access token',
        (_d, _c, { access_token }, program) => program.post({ token: access_token }, '/oauth/revoke'),
      ],
      [
        'the refresh token',
        (_d, _c, { refresh_token }, program) => program.post({ token: refresh_token }, '/oauth/revoke'),
      ],
      ['the client', ({ caller }, clientId) => running().pipeline.run(delete_oauth_client, { clientId }, web(caller))],
      ['the secret', ({ caller }, clientId) => running().pipeline.run(rotate_oauth_secret, { clientId }, web(caller))],
      [
        'the password',
        ({ caller: { userId } }) =>
          running().pipeline.run(set_user_password, { userId, password: 'another-walnut-43' }, commandLine),
      ],
      [
        'the access of a blocked person',
        ({ caller: { userId } }) => running().pipeline.run(update_user, { userId, banned: true }, commandLine),
      ],
      ['the account', ({ caller: { userId } }) => running().pipeline.run(delete_user, { userId }, commandLine)],
    ])('%s', async (_what, end) => {
      const { person: dan, browser: browserOfDan } = await addPerson(running())
      const { program: programOfDan, client } = await registerProgram(running(), dan)
      const tokens = (await programOfDan.connect(browserOfDan, { scope: 'trips:read' })) as Required<Tokens>
      const verifier = newVerifier()
      const { code } = await programOfDan.consent(browserOfDan, verifier, { scope: 'trips:read' })
      const session = await openMcpSession(running(), tokens.access_token)
      await end(dan, client.id, tokens, programOfDan)
      await session.expectOver()
      expect(await opensMcp(running(), tokens.access_token)).toBe(false)
      await issuesNothing(running(), async () => {
        const refreshed = await programOfDan.refresh(tokens.refresh_token)
        expect([400, 401]).toContain(refreshed.status)
        expect(['invalid_grant', 'invalid_client']).toContain(((await refreshed.json()) as { error: string }).error)
        if (!_what.endsWith('token')) expect([400, 401]).toContain((await programOfDan.exchange(code, verifier)).status)
      })
      expect(
        await rows()
          .selectFrom('oauth_artifacts')
          .selectAll()
          .where('id_hash', '=', hashToken(tokens.refresh_token))
          .execute(),
      ).toEqual([])
    })

    test.each<[string, (dan: Person, clientId: number) => Promise<unknown>]>([
      [
        'machine access',
        ({ caller }, clientId) =>
          running().pipeline.run(update_oauth_client, { clientId, machine: false }, web(caller)),
      ],
      [
        'its grant',
        async ({ caller }) => {
          const { grants } = await running().pipeline.run(list_oauth_grants, {}, caller)
          for (const { id } of grants) await running().pipeline.run(revoke_oauth_grant, { grantId: id }, caller)
        },
      ],
      [
        'the access of its blocked owner',
        ({ caller: { userId } }) => running().pipeline.run(update_user, { userId, banned: true }, commandLine),
      ],
    ])('%s', async (_what, end) => {
      const dan = await running().person('Dan')
      const { program: programOfDan, client } = await registerProgram(running(), dan, { machine: true })
      const form = { grant_type: 'client_credentials', scope: 'trips:read' }
      const { access_token } = await tokensOf(await programOfDan.post(form))
      const session = await openMcpSession(running(), access_token)
      await end(dan, client.id)
      await session.expectOver()
      await issuesNothing(running(), async () => {
        await expectRefused(await programOfDan.post(form), 400, 'invalid_request')
      })
    })

    test('the add-on for assistants', async () => {
      const { access_token, refresh_token } = await connect()
      await openMcpSession(running(), access_token)
      const verifier = newVerifier()
      const { code } = await program().consent(browser(), verifier)
      await switchAssistants(running(), false)
      try {
        await issuesNothing(running(), async () => {
          await expectRefused(await program().refresh(refresh_token), 404, 'not_found')
          await expectRefused(await program().exchange(code, verifier), 404, 'not_found')
          await expectRefused(await browser().fetch(program().authorizeUrl(verifier)), 404, 'not_found')
        })
        const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
        expect((await fetch(`${running().url}/mcp`, { method: 'POST', headers, body: '{}' })).status).toBe(403)
      } finally {
        await switchAssistants(running(), true)
      }
      const awakeSessions = () => rows().selectFrom('mcp_sessions').select('id').where('slept_at', 'is', null).execute()
      await until(async () => (await awakeSessions()).length === 0)
    })
  })
})

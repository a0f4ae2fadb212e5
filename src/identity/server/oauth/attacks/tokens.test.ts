import { beforeAll, describe, expect, test } from 'vitest'
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
import { newVerifier, Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import {
  delete_oauth_client,
  list_grant_changes,
  list_oauth_grants,
  revoke_oauth_grant,
  rotate_oauth_secret,
} from '../../../contract/oauth.ts'

/** Attempts to get more than was granted, and to use the tokens of others. */

eachRunning((running) => {
  const { ana, browser, program, connect } = withAnaAndProgram(running)

  describe('a machine', () => {
    test('gets only what its owner chose', async () => {
      const { program: machineProgram } = await registerProgram(running(), ana(), {
        machine: true,
        scopes: ['trips:read', 'packing:read'],
      })
      const requestToken = (scope: string | null) => machineProgram.post({ grant_type: 'client_credentials', scope })
      expect((await tokensOf(await requestToken('trips:read trips:delete'))).scope).toBe('trips:read')
      expect((await tokensOf(await requestToken(null))).scope.split(' ').sort()).toEqual(['packing:read', 'trips:read'])
      expect(await tokensOf(await requestToken('trips:read'))).not.toHaveProperty('refresh_token')
      await issuesNothing(running(), async () => {
        for (const scope of ['trips:delete', 'root', 'openid root'])
          await expectRefused(await requestToken(scope), 400, 'invalid_scope')
        const elsewhere = { grant_type: 'client_credentials', resource: 'https://elsewhere.example/mcp' }
        await expectRefused(await machineProgram.post(elsewhere), 400, 'invalid_target')
      })
    })

    test('needs the permission of its owner and its secret, and cannot be a self-registered program', async () => {
      const { program: ordinaryProgram } = await registerProgram(running(), ana())
      const { program: machineProgram } = await registerProgram(running(), ana(), { machine: true })
      const form = { grant_type: 'client_credentials', scope: 'trips:read' }
      const itself = { grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_post' }
      const registered = await new Program(running().url).register({
        ...itself,
        redirect_uris: [program().redirectUri],
      })
      await issuesNothing(running(), async () => {
        await expectRefused(await ordinaryProgram.post(form), 400, 'invalid_request')
        await expectRefused(await machineProgram.post({ ...form, client_secret: null }), 401, 'invalid_client')
        await expectRefused(await registered.post(form), 400, 'invalid_request')
        await expectRefused(await program().post(form), 400, 'invalid_request')
      })
    })
  })

  describe('a scope', () => {
    let machineProgram: Program
    beforeAll(async () => {
      machineProgram = (await registerProgram(running(), ana(), { scopes: ['trips:read', 'packing:read'] })).program
    })

    test('beyond what the owner of a client chose is left out of the token and of the grant', async () => {
      const { scope } = await machineProgram.connect(browser(), { scope: 'trips:read trips:delete budget:write root' })
      expect(scope).toBe('trips:read')
      const { grants } = await running().pipeline.run(list_oauth_grants, {}, ana().caller)
      expect(grants.find(({ client_id }) => client_id === machineProgram.clientId)).toMatchObject({
        scopes: ['trips:read'],
      })
    })

    test.each(['trips:delete', 'trips:delete budget:write', 'root', 'openid root', 'trips', 'TRIPS:READ', 'trips:*'])(
      'that may not be granted at all is refused: %s',
      async (scope) => {
        await issuesNothing(running(), async () => {
          const answer = await browser().fetch(machineProgram.authorizeUrl(newVerifier(), { scope }))
          const landed = answer.headers.get('location') ?? ''
          expect(landed).toContain('error=invalid_scope')
          expect(landed).toContain(`iss=${encodeURIComponent(running().url)}`)
        })
      },
    )

    test('that is unknown gives a registered program nothing', async () => {
      await issuesNothing(running(), async () => {
        const answer = await browser().fetch(program().authorizeUrl(newVerifier(), { scope: 'root admin' }))
        expect(answer.headers.get('location')).toContain('error=invalid_scope')
      })
      expect((await connect({ scope: 'trips:read root' })).scope).toBe('trips:read')
    })
  })

  describe('inspecting and revoking tokens:', () => {
    test('another program learns nothing and revokes nothing', async () => {
      const tokens = await connect()
      const session = await openMcpSession(running(), tokens.access_token)
      const other = await new Program(running().url).register()
      const { program: secret } = await registerProgram(running(), ana(), { machine: true })
      for (const thief of [other, secret]) {
        for (const token of [tokens.access_token, tokens.refresh_token]) {
          for (const token_type_hint of [null, 'access_token', 'refresh_token', 'grant']) {
            const answer = await thief.post({ token, token_type_hint }, '/oauth/introspect')
            expect([answer.status, await answer.json()]).toEqual([200, { active: false }])
            const revocation = await thief.post({ token, token_type_hint }, '/oauth/revoke')
            expect([revocation.status, await revocation.text()]).toEqual([200, ''])
          }
        }
      }
      expect(await opensMcp(running(), tokens.access_token)).toBe(true)
      await tokensOf(await program().refresh(tokens.refresh_token))
      await session.expectOpen()
    })

    test('a caller without authentication learns nothing', async () => {
      const { access_token: token } = await connect()
      for (const path of ['/oauth/introspect', '/oauth/revoke']) {
        await expectRefused(await program().post({ token, client_id: null }, path), 400, 'invalid_request')
        await expectRefused(await program().post({ token, client_id: 'nobody' }, path), 401, 'invalid_client')
        await expectRefused(await program().post({ token: null }, path), 400, 'invalid_request')
        const bearer = { authorization: `Bearer ${token}` }
        await expectRefused(await program().post({ token, client_id: null }, path, bearer), 400, 'invalid_request')
      }
      expect(await opensMcp(running(), token)).toBe(true)
    })

    test('only tokens can be inspected, not codes, requests or web tokens', async () => {
      const { code } = await program().consent(browser(), newVerifier())
      for (const token of [code, program().clientId, 'x', '\u0000', "' or 1=1 --"]) {
        expect(await (await program().post({ token }, '/oauth/introspect')).json()).toEqual({ active: false })
        expect((await program().post({ token }, '/oauth/revoke')).status).toBe(200)
      }
      const page = (await (await browser().post('/api/me/web-token', {})).json()) as { token: string }
      const answer = await program().post({ token: page.token }, '/oauth/introspect')
      await expectRefused(answer, 400, 'unsupported_token_type')
    })

    test('a program learns that its own token has expired', async () => {
      const tokens = await connect()
      const active = async (token: string) =>
        ((await (await program().post({ token }, '/oauth/introspect')).json()) as { active: boolean }).active
      expect(await active(tokens.access_token)).toBe(true)
      expect(await active(tokens.refresh_token)).toBe(true)
      await setTokenTime(running(), tokens.access_token, 'expires_at', 1)
      expect(await active(tokens.access_token)).toBe(false)
      await program().refresh(tokens.refresh_token)
      await setTokenTime(running(), tokens.refresh_token, 'consumed_at', 31)
      expect(await active(tokens.refresh_token)).toBe(false)
      await program().post({ token: tokens.refresh_token }, '/oauth/revoke')
      expect(await active(tokens.refresh_token)).toBe(false)
    })

    test('another person cannot see, change or revoke them', async () => {
      const { person: eve } = await addPerson(running(), 'Eve')
      await connect()
      const { client } = await registerProgram(running(), ana())
      const [grant] = (await running().pipeline.run(list_oauth_grants, {}, ana().caller)).grants
      const callerOfEve = { ...eve.caller, way: 'web' as const }
      const { pipeline } = running()
      expect((await pipeline.run(list_oauth_grants, {}, callerOfEve)).grants).toEqual([])
      const missing = { code: 'not_found' }
      const grantId = grant?.id as number
      await expect(pipeline.run(revoke_oauth_grant, { grantId }, callerOfEve)).rejects.toMatchObject(missing)
      await expect(pipeline.run(list_grant_changes, { grantId }, callerOfEve)).rejects.toMatchObject(missing)
      for (const operation of [delete_oauth_client, rotate_oauth_secret]) {
        await expect(pipeline.run(operation, { clientId: client.id }, callerOfEve)).rejects.toMatchObject(missing)
      }
    })
  })
})

import { expect, test } from 'vitest'
import { expectRefused, issuesNothing, registerProgram } from '../../../../../test/harness/attacks.ts'
import { browserOf, newVerifier, Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'

/** A server that does not redirect to programs on a private network over http. */

const NEAR = 'http://n8n.local:5678/callback'
const SAYS = 'because ALLOW_HTTP_REDIRECTS is false on this server'

eachRunning(
  (running) => {
    test('refuses their registration, and names the setting that forbids it', async () => {
      const answer = await fetch(`${running().url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [NEAR], token_endpoint_auth_method: 'none' }),
      })
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { error: 'invalid_redirect_uri', error_description: expect.stringContaining(SAYS) },
      ])
    })

    test('refuses to add one in Settings', async () => {
      const ana = await running().person('Ana')
      await expect(registerProgram(running(), ana, { redirect_uris: [NEAR] })).rejects.toThrow(SAYS)
    })

    test('does not redirect to one that registered before it was forbidden', async () => {
      const ben = await running().person('Ben')
      const browser = await browserOf(running(), ben)
      const program = await new Program(running().url, 'https://n8n.example/callback').register()
      const rows = running().database.kysely
      const { metadata } = await rows
        .selectFrom('oauth_registrations')
        .select('metadata')
        .where('client_id', '=', program.clientId)
        .executeTakeFirstOrThrow()
      await rows
        .updateTable('oauth_registrations')
        .set({ metadata: metadata.replace('https://n8n.example/callback', NEAR) })
        .where('client_id', '=', program.clientId)
        .execute()
      await issuesNothing(running(), async () => {
        const answer = await browser.fetch(program.authorizeUrl(newVerifier(), { redirect_uri: NEAR }))
        expect(await answer.clone().text()).toContain(SAYS)
        await expectRefused(answer, 400, 'invalid_redirect_uri')
      })
    })
  },
  { ALLOW_HTTP_REDIRECTS: 'false' },
)

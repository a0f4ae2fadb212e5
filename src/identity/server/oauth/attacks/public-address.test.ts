import { beforeAll, expect, test } from 'vitest'
import { expectRefused, opensMcp, registerProgram } from '../../../../../test/harness/attacks.ts'
import { newVerifier, Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import { hashToken } from '../../tokens.ts'

/** Rules for a server that knows its public address. */

eachRunning(
  (running) => {
    let machine: Program
    beforeAll(async () => {
      machine = (await registerProgram(running(), await running().person('Ana'), { machine: true })).program
    })

    const requestToken = (more: Record<string, string> = {}) =>
      machine.post({ grant_type: 'client_credentials', ...more })
    const storedPayload = (token: string) =>
      running()
        .database.kysely.selectFrom('oauth_artifacts')
        .select('payload')
        .where('id_hash', '=', hashToken(token))
        .executeTakeFirstOrThrow()

    test('with a public address, tokens are valid only for that address, whichever name requested them', async () => {
      const { access_token } = (await (await requestToken()).json()) as { access_token: string }
      expect(await opensMcp(running(), access_token)).toBe(true)
      const { payload } = await storedPayload(access_token)
      expect(JSON.parse(payload.replaceAll('\u0001', ''))).toMatchObject({ aud: 'https://trek.example.org/mcp' })
      await expectRefused(await requestToken({ resource: `${running().url}/mcp` }), 400, 'invalid_target')
      await running()
        .database.kysely.updateTable('oauth_artifacts')
        .set({ payload: payload.replace('https://trek.example.org', running().url) })
        .where('id_hash', '=', hashToken(access_token))
        .execute()
      expect(await opensMcp(running(), access_token)).toBe(false)
    })

    test('with a public address, cookies are sent only encrypted', async () => {
      const program = await new Program(running().url, 'https://app.example.org/cb').register()
      const url = program.authorizeUrl(newVerifier(), { resource: null })
      const { headers } = await fetch(url, { redirect: 'manual' })
      expect(headers.get('location')).toMatch(/^https:\/\/trek\.example\.org\/oauth\/consent\/|^\/oauth\/consent\//)
      expect(headers.getSetCookie().length).toBeGreaterThan(0)
      for (const cookie of headers.getSetCookie()) expect(cookie).toMatch(/; ?secure/i)
    })
  },
  { APP_URL: 'https://trek.example.org' },
)

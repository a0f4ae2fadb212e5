import { beforeAll, describe, expect, test } from 'vitest'
import { bearer, call, initialize, post } from '../../../../test/harness/mcp/wire.ts'
import {
  type Browser,
  beginConsent,
  browserOf,
  decide,
  newVerifier,
  openConsent,
  Program,
  readConsentPage,
} from '../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../test/harness/rigs/running.ts'
import { create_trip } from '../../../features/trips/contract/index.ts'
import { create_oauth_client } from '../../contract/oauth.ts'
import { OFFERED_SCOPES, SCOPES } from '../../contract/scopes.ts'

/** The remedy that a refusal names exists, and makes the call work. */

const OFFERED = OFFERED_SCOPES.map(({ scope }) => scope)
const HARMLESS = OFFERED.filter((scope) => scope !== 'trips:delete')

eachRunning((running) => {
  let ana: Person
  let browser: Browser

  beforeAll(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
  })

  const mcp = () => new URL(`${running().url}/mcp`)
  const newTrip = async () => (await running().pipeline.run(create_trip, { title: 'Kyoto' }, ana.caller)).trip.id

  async function deleteTrip(token: string) {
    const session = await initialize(mcp(), token)
    const toolCall = { name: 'delete_trip', arguments: { tripId: await newTrip() } }
    const { body } = await post(mcp(), call('tools/call', toolCall), bearer(token, session))
    return body.result as { isError?: boolean; content: { text: string }[] }
  }

  /** Opens the consent page for these scopes; returns what it shows, and the result of ticking some of it. */
  async function consent(program: Program, scope: string | null) {
    const verifier = newVerifier()
    const uid = await beginConsent(browser, program.authorizeUrl(verifier, { scope }))
    const question = (await readConsentPage(browser, uid)).asked
    return {
      shown: question?.scopes.map((one) => one.scope) ?? [],
      passes: async () => (await openConsent(browser, uid)) !== null,
      async tickScopes(only: readonly string[]): Promise<{ access_token: string; scope: string }> {
        const landed = await decide(browser, uid, true, [...only])
        const answer = await program.exchange(landed.searchParams.get('code') ?? '', verifier)
        return (await answer.json()) as { access_token: string; scope: string }
      },
    }
  }

  const refusal = async (token: string) => {
    const refused = await deleteTrip(token)
    expect(refused.isError).toBe(true)
    const text = JSON.stringify(refused)
    expect(text).toContain('delete_trip needs the scope trips:delete')
    return text
  }

  const challenge = async () => {
    const { headers } = await fetch(mcp(), { method: 'POST' })
    return /scope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? ''
  }

  test.each([
    ['names no scopes', async () => null],
    ['asks for what it is told to', challenge],
    ['asks for all that is published', async () => OFFERED.join(' ')],
  ])('a self-registered program that %s can be allowed to delete trips', async (_what, scopeOf) => {
    const program = await new Program(running().url, 'https://assistant.example/callback').register()
    const scope = await scopeOf()
    const first = await consent(program, scope)
    expect(first.shown).toContain('trips:delete')
    const without = await first.tickScopes(HARMLESS)
    expect(without.scope.split(' ')).not.toContain('trips:delete')
    const refusalText = await refusal(without.access_token)
    expect(refusalText).toContain('connect this program again and tick it on the consent page')
    expect(refusalText).toContain('if the program asks for trips:delete, or names no scopes')
    // Connecting again shows the page with its checkboxes.
    const secondConsent = await consent(program, scope)
    expect(await secondConsent.passes()).toBe(false)
    const granted = await secondConsent.tickScopes(OFFERED)
    expect((await deleteTrip(granted.access_token)).isError).toBeFalsy()
  })

  test('a program that asked for fewer scopes gets more by asking for them', async () => {
    const program = await new Program(running().url).register()
    const narrowConsent = await consent(program, 'trips:read')
    // The page shows only the requested scopes.
    expect(narrowConsent.shown).toEqual(['trips:read'])
    await refusal((await narrowConsent.tickScopes(['trips:read'])).access_token)
    const widerConsent = await consent(program, 'trips:read trips:delete')
    expect(widerConsent.shown).toEqual(['trips:read', 'trips:delete'])
    const granted = await widerConsent.tickScopes(['trips:read', 'trips:delete'])
    expect((await deleteTrip(granted.access_token)).isError).toBeFalsy()
  })

  test('a program that a user added is added anew with the scope', async () => {
    const registerProgram = async (scopes: string[]) => {
      const input = { name: 'Own', redirect_uris: ['http://localhost'], scopes }
      const { client, client_secret } = await running().pipeline.run(create_oauth_client, input, {
        ...ana.caller,
        way: 'web',
      })
      const program = new Program(running().url)
      program.clientId = client.client_id
      program.secret = client_secret
      return consent(program, null)
    }
    const narrowConsent = await (await registerProgram(['trips:write'])).tickScopes([])
    const refusalText = await refusal(narrowConsent.access_token)
    expect(refusalText).toContain('they add it again there with this scope')
    const wideConsent = await (await registerProgram(['trips:write', 'trips:delete'])).tickScopes([])
    expect((await deleteTrip(wideConsent.access_token)).isError).toBeFalsy()
  })

  describe('published scopes without operations', () => {
    const unusedScopes = SCOPES.map(({ scope }) => scope).filter((scope) => !OFFERED.includes(scope))

    test('are in no metadata and in no registration', async () => {
      for (const path of ['oauth-authorization-server', 'oauth-protected-resource/mcp']) {
        const metadata = await (await fetch(`${running().url}/.well-known/${path}`)).json()
        expect((metadata as { scopes_supported: string[] }).scopes_supported).toEqual(OFFERED)
      }
      const answer = await fetch(`${running().url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://a.example/cb'], token_endpoint_auth_method: 'none' }),
      })
      expect(((await answer.json()) as { scope: string }).scope).toBe(OFFERED.join(' '))
    })

    test('are accepted without an error, and shown only if nothing else is requested', async () => {
      const program = await new Program(running().url).register({ scope: SCOPES.map(({ scope }) => scope).join(' ') })
      expect((await consent(program, `trips:read ${unusedScopes.join(' ')}`)).shown).toEqual(['trips:read'])
      const alone = await consent(program, unusedScopes.join(' '))
      expect(alone.shown).toEqual(unusedScopes)
      const { scope } = await alone.tickScopes(unusedScopes)
      expect(scope.split(' ').sort()).toEqual([...unusedScopes].sort())
    })

    test('can be chosen for a client that a user adds', async () => {
      const input = { name: 'Own', redirect_uris: ['http://localhost'], scopes: unusedScopes }
      const caller = { ...ana.caller, way: 'web' } as const
      expect((await running().pipeline.run(create_oauth_client, input, caller)).client.scopes).toEqual(
        [...unusedScopes].sort(),
      )
    })
  })
})

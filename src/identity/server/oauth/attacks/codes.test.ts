import { describe, expect, test } from 'vitest'
import {
  expectRefused,
  issuesNothing,
  openMcpSession,
  opensMcp,
  registerProgram,
  withAnaAndProgram,
} from '../../../../../test/harness/attacks.ts'
import { challengeOf, newVerifier, Program, type Tokens } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import { until } from '../../../../../test/harness/until.ts'

/** Attacks with an intercepted code, and with requests for a more valuable one. */

eachRunning((running) => {
  const { ana, browser, program } = withAnaAndProgram(running)

  /** A code that Ana has just approved. */
  async function freshCode(of = program(), more: Record<string, string | null> = {}) {
    const verifier = newVerifier()
    return { verifier, ...(await of.consent(browser(), verifier, more)) }
  }

  test('a replayed code is refused, and everything it gave is revoked: tokens, grant and sessions', async () => {
    const { code, verifier } = await freshCode()
    const tokens = (await (await program().exchange(code, verifier)).json()) as Tokens
    const session = await openMcpSession(running(), tokens.access_token)
    await issuesNothing(running(), async () => {
      await expectRefused(await program().exchange(code, verifier), 400, 'invalid_grant')
    })
    await session.expectOver()
    expect(await opensMcp(running(), tokens.access_token)).toBe(false)
    await expectRefused(await program().refresh(tokens.refresh_token as string), 400, 'invalid_grant')
    const replays = () =>
      running()
        .database.kysely.selectFrom('audit')
        .select(['event', 'user_id', 'client'])
        .where('event', '=', 'oauth_replay')
        .execute()
    await until(async () => (await replays()).length, 5000, 'the entry in the audit log')
    expect(await replays()).toEqual([{ event: 'oauth_replay', user_id: ana().caller.userId, client: 'Test program' }])
  })

  test.each<[string, Record<string, string | null>, string]>([
    ['another verifier', { code_verifier: newVerifier() }, 'invalid_grant'],
    ['no verifier', { code_verifier: null }, 'invalid_grant'],
    ['an empty verifier', { code_verifier: '' }, 'invalid_grant'],
    ['the challenge as verifier', { code_verifier: challengeOf('x') }, 'invalid_grant'],
    ['a short verifier', { code_verifier: 'short' }, 'invalid_request'],
    ['another redirect_uri', { redirect_uri: 'http://127.0.0.1:43210/other' }, 'invalid_grant'],
    ['another port', { redirect_uri: 'http://127.0.0.1:43211/callback' }, 'invalid_grant'],
    ['another resource', { resource: 'https://elsewhere.example/mcp' }, 'invalid_target'],
    ['another grant type', { grant_type: 'refresh_token' }, 'invalid_request'],
    ['the code as refresh token', { grant_type: 'refresh_token', refresh_token: 'code' }, 'invalid_grant'],
    ['no code', { code: null }, 'invalid_request'],
    ['a code that was never issued', { code: newVerifier() }, 'invalid_grant'],
  ])('a code with %s is refused', async (_what, wrong, error) => {
    const { code, verifier } = await freshCode()
    const form = wrong.refresh_token ? { ...wrong, refresh_token: code } : wrong
    await issuesNothing(running(), async () => {
      await expectRefused(await program().exchange(code, verifier, form), 400, error)
    })
  })

  test('an attacker who saw a code cannot invalidate it: the program still gets its tokens', async () => {
    const { code, verifier } = await freshCode()
    await expectRefused(await program().exchange(code, newVerifier()), 400, 'invalid_grant')
    const other = await new Program(running().url).register()
    await expectRefused(await other.exchange(code, verifier), 400, 'invalid_grant')
    const { status } = await program().exchange(code, verifier)
    expect(status).toBe(200)
    await expectRefused(await other.exchange(code, verifier), 400, 'invalid_grant')
    await expectRefused(await program().exchange(code, newVerifier()), 400, 'invalid_grant')
  })

  test('a code of a client with a secret is useless without the secret', async () => {
    const { program: secret } = await registerProgram(running(), ana())
    const { code, verifier } = await freshCode(secret, { scope: 'trips:read' })
    await issuesNothing(running(), async () => {
      await expectRefused(await secret.exchange(code, verifier, { client_secret: null }), 401, 'invalid_client')
      const wrong = { client_secret: `trekcs_${'0'.repeat(48)}` }
      await expectRefused(await secret.exchange(code, verifier, wrong), 401, 'invalid_client')
      await expectRefused(await program().exchange(code, verifier), 400, 'invalid_grant')
    })
  })

  test('a code expires after two minutes', async () => {
    const { code, verifier } = await freshCode()
    const { kysely } = running().database
    const codes = () =>
      kysely.selectFrom('oauth_artifacts').select('expires_at').where('model', '=', 'AuthorizationCode')
    const latest = (await codes().orderBy('expires_at', 'desc').executeTakeFirstOrThrow()).expires_at
    expect(Date.parse(latest) - Date.now()).toBeLessThanOrEqual(120_000)
    await kysely
      .updateTable('oauth_artifacts')
      .set({ expires_at: new Date(Date.now() - 1).toISOString() })
      .where('model', '=', 'AuthorizationCode')
      .execute()
    await issuesNothing(running(), async () => {
      await expectRefused(await program().exchange(code, verifier), 400, 'invalid_grant')
    })
  })

  describe('a request', () => {
    const validChallenge = challengeOf(newVerifier())

    test.each<[string, Record<string, string | null>]>([
      ['no challenge', { code_challenge: null, code_challenge_method: null }],
      ['a method and no challenge', { code_challenge: null }],
      ['an empty challenge', { code_challenge: '' }],
      ['no method', { code_challenge_method: null }],
      ['the method plain', { code_challenge_method: 'plain' }],
      ['the method s256', { code_challenge_method: 's256' }],
      ['a challenge that is too short', { code_challenge: validChallenge.slice(1) }],
      ['a challenge that is too long', { code_challenge: validChallenge.repeat(3) }],
      ['a challenge with invalid characters', { code_challenge: `${validChallenge.slice(1)}+` }],
    ])('with %s is sent back without asking the user', async (_what, wrong) => {
      await issuesNothing(running(), async () => {
        const answer = await browser().fetch(program().authorizeUrl(newVerifier(), wrong))
        const landed = new URL(answer.headers.get('location') ?? '')
        expect(landed.origin + landed.pathname).toBe(program().redirectUri)
        expect(Object.fromEntries(landed.searchParams)).toEqual({
          error: 'invalid_request',
          error_description: expect.any(String),
          state: 'xyz',
          iss: running().url,
        })
      })
    })

    test.each(['token', 'id_token', 'code id_token', 'code token', 'none', 'code code_challenge'])(
      'for the response type %s is sent back',
      async (response_type) => {
        await issuesNothing(running(), async () => {
          const answer = await browser().fetch(program().authorizeUrl(newVerifier(), { response_type }))
          const { searchParams, hash } = new URL(answer.headers.get('location') ?? '')
          const params = new URLSearchParams(hash.slice(1) || searchParams)
          expect(params.get('error')).toBe('unsupported_response_type')
          expect(params.get('iss')).toBe(running().url)
        })
      },
    )

    test.each(['request', 'request_uri', 'registration'])('with %s is refused', async (name) => {
      const value = name === 'request_uri' ? 'https://elsewhere.example/request' : 'eyJhbGciOiJub25lIn0.e30.'
      await issuesNothing(running(), async () => {
        const answer = await browser().fetch(program().authorizeUrl(newVerifier(), { [name]: value }))
        const { searchParams } = new URL(answer.headers.get('location') ?? '')
        expect(searchParams.get('error')).toBe(`${name}_not_supported`)
      })
    })

    test.each(['scope', 'state', 'response_type', 'code_challenge', 'code_challenge_method', 'prompt'])(
      'with two of %s is sent back',
      async (name) => {
        const url = new URL(program().authorizeUrl(newVerifier(), { prompt: 'consent' }))
        url.searchParams.append(name, url.searchParams.get(name) ?? '')
        await issuesNothing(running(), async () => {
          const answer = await browser().fetch(url.href)
          const { searchParams } = new URL(answer.headers.get('location') ?? '')
          expect(searchParams.get('error')).toBe('invalid_request')
        })
      },
    )

    test('with two of client_id is not redirected', async () => {
      const url = new URL(program().authorizeUrl(newVerifier()))
      url.searchParams.append('client_id', program().clientId)
      await issuesNothing(running(), async () => {
        await expectRefused(await browser().fetch(url.href), 400, 'invalid_request')
      })
    })

    test.each([
      ['one', []],
      ['two', ['https://app.example.org/callback']],
    ])(
      'with two of redirect_uri is never redirected to a foreign address, for a program with %s',
      async (_many, more) => {
        const registered = await new Program(running().url).register({
          redirect_uris: [program().redirectUri, ...more],
        })
        const url = new URL(registered.authorizeUrl(newVerifier(), { redirect_uri: 'https://evil.example/callback' }))
        url.searchParams.append('redirect_uri', program().redirectUri)
        await issuesNothing(running(), async () => {
          const answer = await browser().fetch(url.href)
          const location = answer.headers.get('location')
          if (more.length) await expectRefused(answer, 400, 'invalid_request')
          else expect(location).toMatch(/^http:\/\/127\.0\.0\.1:43210\/callback\?error=invalid_request&/)
        })
      },
    )
  })

  test.each(['grant_type', 'code', 'client_id', 'redirect_uri', 'code_verifier'])(
    'a code is not exchanged with two of %s, as a form or as JSON',
    async (name) => {
      const { code, verifier } = await freshCode()
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        client_id: program().clientId,
        redirect_uri: program().redirectUri,
      })
      const json = { ...Object.fromEntries(form), [name]: [form.get(name), form.get(name)] }
      form.append(name, form.get(name) as string)
      const url = `${running().url}/oauth/token`
      const headers = { 'content-type': 'application/json' }
      await issuesNothing(running(), async () => {
        await expectRefused(await fetch(url, { method: 'POST', body: form }), 400, 'invalid_request')
        const asJson = await fetch(url, { method: 'POST', headers, body: JSON.stringify(json) })
        await expectRefused(asJson, 400, 'invalid_request')
      })
    },
  )

  test.each([
    'implicit',
    'password',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:device_code',
    'urn:ietf:params:oauth:grant-type:token-exchange',
    '__proto__',
    'constructor',
  ])('the grant type %s issues nothing', async (grant_type) => {
    await issuesNothing(running(), async () => {
      const form = { grant_type, username: ana().username, password: ana().password, scope: 'trips:read' }
      await expectRefused(await program().post(form), 400, 'unsupported_grant_type')
    })
  })
})

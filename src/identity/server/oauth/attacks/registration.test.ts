import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { IMPOSSIBLE, POSSIBLE } from '../../../../../test/fixtures/impossible-keys.ts'
import { expectRefused, issuesNothing, registerProgram, withAna } from '../../../../../test/harness/attacks.ts'
import { beginConsent, newVerifier, Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import type { ConsentRequest } from '../../../contract/consent.ts'

/** The claims of a program at registration, and their effect. */

eachRunning((running) => {
  const { ana, browser } = withAna(running)

  const CALLBACK = 'https://app.example.org/callback'
  const rows = () => running().database.kysely
  const registrations = () => rows().selectFrom('oauth_registrations').select(['client_id', 'metadata']).execute()
  const send = (body: string, type = 'application/json') =>
    fetch(`${running().url}/oauth/register`, { method: 'POST', headers: { 'content-type': type }, body })

  type Registered = Record<string, unknown> & { client_id: string; redirect_uris: string[]; client_name: string }
  async function register(metadata: object): Promise<Registered> {
    const answer = await send(JSON.stringify({ token_endpoint_auth_method: 'none', ...metadata }))
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store'])
    return (await answer.json()) as Registered
  }

  /** The consent request that a person is shown for a program. */
  async function questionFor({ client_id }: Registered, redirect_uri = CALLBACK): Promise<ConsentRequest> {
    const program = new Program(running().url, redirect_uri)
    program.clientId = client_id
    const uid = await beginConsent(browser(), program.authorizeUrl(newVerifier()))
    return ((await (await browser().fetch(`/oauth/consent/${uid}/request`)).json()) as { asked: ConsentRequest }).asked
  }

  async function expectNotRegistered(body: string, error: string, status = 400, type?: string): Promise<void> {
    const before = await registrations()
    await issuesNothing(running(), async () => expectRefused(await send(body, type), status, error))
    expect(await registrations()).toEqual(before)
  }

  describe('a registration', () => {
    test.each<[string, unknown]>([
      ['with a script', ['javascript:alert(1)']],
      ['with a disguised script', ['JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)']],
      ['that contains a page', ['data:text/html,<script>alert(1)</script>']],
      ['of a file', ['file:///etc/passwd']],
      ['without encryption', ['http://app.example.org/callback']],
      ['with a fragment', ['https://app.example.org/callback#x']],
      ['with a password', ['https://user:word@app.example.org/callback']],
      ['with a wildcard', ['https://*', '*']],
      ['that is not an address', ['callback', '']],
      ['that is not a text', [1, null, {}, ['https://app.example.org/callback']]],
      ['outside a list', 'https://app.example.org/callback'],
      ['in an empty list', []],
      ['in null', null],
    ])('with only an address %s is refused', async (_what, redirect_uris) => {
      const body = JSON.stringify({ redirect_uris, token_endpoint_auth_method: 'none' })
      await expectNotRegistered(body, 'invalid_redirect_uri')
    })

    test.each<[unknown, string]>([
      [undefined, 'redirect_uris is missing'],
      ['https://app.example.org/callback', 'redirect_uris must be a list'],
      [[], 'redirect_uris must hold an address'],
      [[7], 'the address 1 must be a text'],
      [['http://app.example.org/callback'], 'must use https; http is allowed on localhost and on a private network'],
      [
        ['https://app.example.org/#x', 'x:/y'],
        'the address 1 must not have a part after #; the address 2 must not use x:',
      ],
      [['ms-msdt:/id'], 'must not use ms-msdt:'],
      [['https://user@app.example.org/'], 'must not have a user name or a password in it'],
    ])('with %j as addresses gets an error that names the problem', async (redirect_uris, expectedReason) => {
      const answer = await send(JSON.stringify({ redirect_uris, token_endpoint_auth_method: 'none' }))
      expect(await answer.json()).toEqual({
        error: 'invalid_redirect_uri',
        error_description: expect.stringContaining(expectedReason),
      })
    })

    test('with null for omitted fields is accepted', async () => {
      const emptyFields = Object.fromEntries(
        [
          'client_uri logo_uri policy_uri tos_uri contacts jwks jwks_uri software_id software_version scope grant_types',
          'response_types application_type default_max_age sector_identifier_uri initiate_login_uri client_secret',
        ].flatMap((line) => line.split(' ').map((name) => [name, null])),
      )
      const registered = await register({ redirect_uris: [CALLBACK], client_name: 'n8n', ...emptyFields })
      expect(registered).toMatchObject({ client_name: 'n8n', redirect_uris: [CALLBACK] })
      expect(Object.values(registered)).not.toContain(null)
      const secret = await send(JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method: null }))
      expect([secret.status, await secret.json()]).toEqual([
        201,
        expect.objectContaining({ client_secret: expect.any(String) }),
      ])
    })

    test('loses information about itself in a wrong format', async () => {
      const descriptiveFields = { client_uri: '', logo_uri: 'logo.png', tos_uri: 7, contacts: 'ana@example.org' }
      const registered = await register({ redirect_uris: [CALLBACK], ...descriptiveFields })
      for (const name of Object.keys(descriptiveFields)) expect(registered).not.toHaveProperty(name)
    })

    test('of a program on a private network is accepted, and the person is warned', async () => {
      const localAddress = 'http://n8n.local:5678/callback'
      const registered = await register({ redirect_uris: [localAddress] })
      expect(await questionFor(registered, localAddress)).toMatchObject({
        client: { redirect_uri: localAddress, on_this_machine: false, unencrypted: true },
        remembered: false,
      })
      const { client } = await questionFor(await register({ redirect_uris: [CALLBACK] }))
      expect(client.unencrypted).toBe(false)
    })

    test('that mixes http on a private network with a custom scheme keeps the compatible addresses', async () => {
      const { redirect_uris } = await register({ redirect_uris: ['http://n8n:5678/cb', 'com.example.app:/cb'] })
      expect(redirect_uris).toEqual(['com.example.app:/cb'])
    })

    test('loses the invalid addresses, and keeps the others', async () => {
      const addresses = ['javascript:alert(1)', CALLBACK, 7, 'http://evil.example/', CALLBACK, 'https://a.example/#x']
      const { redirect_uris } = await register({ redirect_uris: addresses })
      expect(redirect_uris).toEqual([CALLBACK])
    })

    test('keeps at most twenty addresses', async () => {
      const addresses = Array.from({ length: 1000 }, (_, index) => `https://app.example.org/${index}`)
      expect((await register({ redirect_uris: addresses })).redirect_uris).toEqual(addresses.slice(0, 20))
    })

    test('that is too large is refused before it is parsed', async () => {
      await expectNotRegistered(
        JSON.stringify({ redirect_uris: [CALLBACK], x: 'x'.repeat(60_000) }),
        'invalid_request',
        413,
      )
      await expectNotRegistered('x'.repeat(2_000_000), 'invalid_request', 413)
    })

    test.each(['[]', 'null', '"text"', '7', '', '{', '{"redirect_uris":', '\u0000', `[${'['.repeat(20_000)}`])(
      'of %j is refused',
      async (body) => {
        await expectNotRegistered(body, 'invalid_request')
      },
    )

    test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
      'as %s is refused',
      async (type) => {
        await expectNotRegistered('redirect_uris=https://app.example.org/callback', 'invalid_request', 400, type)
      },
    )

    test.each(['client_name', 'redirect_uris', 'jwks', 'contacts', 'grant_types', 'scope', 'unknown'])(
      'with a very deep %s does not crash the server',
      async (name) => {
        const deepJson = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
        const answer = await send(
          `{"token_endpoint_auth_method":"none","redirect_uris":["${CALLBACK}"],"${name}":${deepJson}}`,
        )
        expect([201, 400]).toContain(answer.status)
      },
    )

    test('with deep keys does not crash the server', async () => {
      const deepKeys = `{"keys":[{"kty":"RSA","n":"x","e":"AQAB","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}]}`
      const answer = await send(
        `{"token_endpoint_auth_method":"private_key_jwt","redirect_uris":["${CALLBACK}"],"jwks":${deepKeys}}`,
      )
      expect([201, 400]).toContain(answer.status)
    })

    test('cannot set fields that only this server sets: its owner, its scopes, its source', async () => {
      const eve = await running().person('Eve')
      const smuggled = {
        trek_source: 'settings',
        trek_scopes: 'trips:delete',
        trek_owner: eve.caller.userId,
        clientIdMetadataDocument: true,
        client_id_metadata_document: true,
      }
      for (const metadata of [smuggled, JSON.parse(`{"__proto__":${JSON.stringify(smuggled)}}`)]) {
        const registered = await register({ redirect_uris: [CALLBACK], ...metadata })
        expect(Object.keys(registered).filter((name) => name.startsWith('trek'))).toEqual([])
        expect(await questionFor(registered)).toMatchObject({
          client: { source: 'registered', site: null },
          scopes: [{ scope: 'trips:read' }, { scope: 'places:read' }],
          fixed: false,
          not_yours: false,
        })
      }
      const [smuggledOut] = (await registrations()).filter(({ metadata }) =>
        /"settings"|trek_(scopes|owner)/.test(metadata),
      )
      expect(smuggledOut).toBeUndefined()
    })

    test('with prototype keys pollutes nothing', async () => {
      const body = `{"redirect_uris":["${CALLBACK}"],"token_endpoint_auth_method":"none",
        "__proto__":{"polluted":1,"client_secret":"known","grant_types":["client_credentials"]},
        "constructor":{"prototype":{"polluted":1}}}`
      const answer = await send(body)
      expect(answer.status).toBe(201)
      const registered = (await answer.json()) as Registered
      expect(registered).not.toHaveProperty('client_secret')
      expect(registered.grant_types).toEqual(['authorization_code', 'refresh_token'])
      expect(({} as { polluted?: number }).polluted).toBeUndefined()
      expect(await register({ redirect_uris: [CALLBACK] })).not.toHaveProperty('polluted')
    })

    test('cannot choose its id or its secret, least of all those of another', async () => {
      const { program, client } = await registerProgram(running(), ana())
      const first = await register({ redirect_uris: [CALLBACK] })
      for (const client_id of [client.client_id, first.client_id, 'https://app.example.org/client', 'mine']) {
        const chosen = {
          client_id,
          client_secret: 'trekcs_mine',
          client_secret_expires_at: 1,
          redirect_uris: ['https://evil.example/'],
          token_endpoint_auth_method: 'client_secret_post',
        }
        const registered = await register(chosen)
        expect(registered.client_id).not.toBe(client_id)
        expect(registered.client_secret).toMatch(/^trekcs_[0-9a-f]{48}$/)
        expect(registered.client_secret_expires_at).toBe(0)
      }
      expect((await questionFor(first)).client.redirect_host).toBe('app.example.org')
      expect((await program.post({ grant_type: 'refresh_token', refresh_token: 'x' })).status).toBe(400)
    })

    test('never gets more than an interactive program', async () => {
      const metadata = {
        grant_types: ['client_credentials', 'implicit', 'password', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['token', 'id_token', 'code token'],
        scope: 'root trips:read',
        application_type: 'native',
      }
      expect(await register({ redirect_uris: [CALLBACK], ...metadata })).toMatchObject({
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        scope: 'trips:read',
        application_type: 'web',
      })
    })

    test.each(['logo_uri', 'client_uri', 'policy_uri', 'tos_uri', 'initiate_login_uri', 'jwks_uri'])(
      'keeps no %s with a script',
      async (name) => {
        for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd']) {
          await send(JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none', [name]: uri }))
        }
        expect((await registrations()).filter(({ metadata }) => /javascript:|data:|file:/.test(metadata))).toEqual([])
      },
    )

    test.each<[string, string, string]>([
      ['markup', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
      ['control characters', 'Cla\u0000u\u0007de\u001b[31m\r\n', 'Claude[31m'],
      ['direction overrides', 'Claude\u202egnilever\u2066', 'Claudegnilever'],
      ['invisible characters', '\u200bCla\u200dude\ufeff', 'Claude'],
      ['other line breaks', 'Claude\u2028is\u2029\nsafe\u0085', 'Claude is safe'],
      ['much space', '  Claude \u00a0\u3000    safe ', 'Claude safe'],
      ['half a character', 'Claude\ud800', 'Claude'],
      ['ten thousand characters', 'x'.repeat(10_000), 'x'.repeat(100)],
      ['two hundred emoji', '😀'.repeat(200), '😀'.repeat(100)],
      ['blank letters', '\u3164\u115f\uffa0', 'app.example.org'],
      ['nothing', '\u0000', 'app.example.org'],
    ])('with a name of %s is shown as plain text', async (_what, client_name, name) => {
      const registered = await register({ redirect_uris: [CALLBACK], client_name })
      expect(registered.client_name).toBe(name)
      expect((await questionFor(registered)).client.name).toBe(name)
    })

    test.each([[7], [null], [{}], [['Claude']], [true]])(
      'with %j as a name gets its host as name',
      async (client_name) => {
        expect((await register({ redirect_uris: [CALLBACK], client_name })).client_name).toBe('app.example.org')
      },
    )

    test.each(['client_secret_jwt', 'tls_client_auth', 'self_signed_tls_client_auth', 'anything', '', 7])(
      'with the method %j is refused',
      async (token_endpoint_auth_method) => {
        const body = JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method })
        await expectNotRegistered(body, 'invalid_client_metadata')
      },
    )

    test('with a private key, with a secret as a key, or with a key that is too short, is refused', async () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      for (const key of [
        privateKey.export({ format: 'jwk' }),
        { kty: 'oct', k: 'AAAA' },
        { kty: 'RSA', n: 'x', e: 7 },
        generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey.export({ format: 'jwk' }),
        generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }),
        7,
      ]) {
        const method = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] } }
        await expectNotRegistered(JSON.stringify({ redirect_uris: [CALLBACK], ...method }), 'invalid_client_metadata')
      }
    })

    const withKeys = (keys: readonly unknown[]) =>
      JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } })

    test.each(IMPOSSIBLE)('with %s as a key is refused with the reason', async (_what, key, expectedReason) => {
      await expectNotRegistered(withKeys([key]), 'invalid_client_metadata')
      const { error_description } = (await (await send(withKeys([key]))).json()) as { error_description: string }
      expect(error_description).toMatch(expectedReason)
      expect(error_description).toMatch(/^each key in jwks must /)
    })

    test('with keys of every type is accepted, and with too many is refused', async () => {
      for (const key of POSSIBLE) expect((await send(withKeys([key]))).status).toBe(201)
      await expectNotRegistered(withKeys([...POSSIBLE, ...POSSIBLE]), 'invalid_client_metadata')
    })

    const withKeysAt = (jwks_uri: string) =>
      JSON.stringify({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'private_key_jwt', jwks_uri })

    test.each([
      'https://localhost/keys',
      'https://keys.localhost/',
      'https://127.0.0.1:8443/keys',
      'https://2130706433/keys',
      'https://[::1]/keys',
      'https://[::ffff:10.0.0.1]/keys',
      'https://10.0.0.7/keys',
      'https://192.168.1.20/keys',
      'https://172.16.0.1/keys',
      'https://169.254.169.254/latest/meta-data',
      'https://[fe80::1]/keys',
      'https://[fd00::1]/keys',
      'https://100.64.0.1/keys',
      'https://0.0.0.0/keys',
      'https://n8n.local/keys',
      'https://vault.internal/keys',
    ])('with keys at %s, where the server does not fetch them, is refused with the reason', async (uri) => {
      await expectNotRegistered(withKeysAt(uri), 'invalid_client_metadata')
      expect(await (await send(withKeysAt(uri))).json()).toEqual({
        error: 'invalid_client_metadata',
        error_description:
          'jwks_uri cannot be called: it is not an address on the public internet. Give the keys in jwks',
      })
    })

    test('with keys on the internet is accepted without fetching them', async () => {
      expect((await send(withKeysAt('https://app.example.org/keys'))).status).toBe(201)
    })

    test('cannot be read, changed or removed by anybody', async () => {
      const { client_id } = await register({ redirect_uris: [CALLBACK] })
      const before = await registrations()
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const url = `${running().url}/oauth/register/${client_id}`
        const body = method === 'GET' ? null : JSON.stringify({ redirect_uris: ['https://evil.example/'] })
        const { status } = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body })
        expect([404, 405]).toContain(status)
      }
      expect(await registrations()).toEqual(before)
    })
  })
})

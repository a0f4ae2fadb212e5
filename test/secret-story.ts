import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { SignJWT } from 'jose'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { set_user_password } from '../src/features/admin/contract/index.ts'
import { commandLine } from './accounts.ts'
import { bearer, call, initialize, openStream, post, postModern, reading } from './mcp/wire.ts'
import { Browser, beginConsent, decide, newVerifier, Program, type Tokens } from './oauth.ts'
import type { Running } from './running.ts'
import type { Vault } from './vault.ts'

export const PASSWORDS = {
  root: 'granite-harbour-71',
  ana: 'copper-meadow-58',
  wrong: 'velvet-thunder-93',
  next: 'silver-orchard-26',
  misplaced: 'amber-glacier-64',
}

/**
 * Plays through everything that lets somebody in, well and badly, with each secret also where it does not belong. Gives the browser of
 * the administrator; the one of Ana has been logged out.
 */
export async function playSecrets(running: Running, vault: Vault): Promise<Browser> {
  const base = running.url
  const mcp = new URL(`${base}/mcp`)
  const root = new Browser(base)
  const ana = new Browser(base)

  /** Sends something that is expected to fail, and does not care how. */
  const badly = (path: string, init: RequestInit = {}) => fetch(`${base}${path}`, { redirect: 'manual', ...init })
  const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

  async function logIns(): Promise<void> {
    const admin = await running.person('Root', 'admin')
    vault.keep('static token', admin.token)
    const newPassword = { userId: admin.caller.userId, password: PASSWORDS.root }
    await running.pipeline.run(set_user_password, newPassword, commandLine)
    await root.logIn(admin.username, PASSWORDS.root)
    const account = { username: 'ana', name: 'Ana', email: 'ana@example.org', password: PASSWORDS.ana }
    expect((await root.post('/api/admin/users', account)).status).toBe(201)
    await ana.logIn('ana', PASSWORDS.ana)
    const wrongly = [
      { identifier: 'ana', password: PASSWORDS.wrong },
      { identifier: 'nobody', password: PASSWORDS.wrong },
      // In the wrong field, in which somebody typed too fast.
      { identifier: PASSWORDS.misplaced, password: PASSWORDS.wrong },
      { identifier: 'ana', password: { text: PASSWORDS.wrong } },
      { identifier: 'ana', passwort: PASSWORDS.wrong },
    ]
    for (const body of wrongly) expect((await ana.post('/api/auth/login', body)).status).toBeGreaterThanOrEqual(400)
    await badly('/api/auth/login', json(`{"identifier":"ana","password":"${PASSWORDS.wrong}"`))
    await badly(`/api/auth/login?password=${PASSWORDS.wrong}`, json({ identifier: 'ana' }))
    await badly(`/api/auth/login/${PASSWORDS.wrong}`, json({}))
    await badly('/api/auth/login', { method: 'POST', body: new URLSearchParams({ password: PASSWORDS.wrong }) })
    const change = { current_password: PASSWORDS.wrong, new_password: PASSWORDS.next }
    expect((await ana.post('/api/me/password', change)).status).toBe(400)
  }

  async function programs(): Promise<Tokens> {
    const program = await new Program(base).register({ token_endpoint_auth_method: 'client_secret_post' })
    const quiet = await new Program(base).register()
    await program.register({ client_secret: PASSWORDS.misplaced, token_endpoint_auth_method: 'client_secret_basic' })
    const basic = (secret: string | null) => ({
      authorization: `Basic ${Buffer.from(`${program.clientId}:${secret}`).toString('base64')}`,
    })
    const verifier = newVerifier()
    const denied = await beginConsent(ana, quiet.authorizeUrl(newVerifier()))
    await decide(ana, denied, false)
    const uid = await beginConsent(ana, program.authorizeUrl(verifier))
    const landed = await decide(ana, uid, true)
    const code = landed.searchParams.get('code') as string
    const form = { grant_type: 'authorization_code', code, redirect_uri: program.redirectUri }
    const trade = (more: Record<string, string>, headers = {}, path = '/oauth/token') =>
      badly(path, { method: 'POST', headers, body: new URLSearchParams({ ...form, ...more }) })
    await trade({ code_verifier: newVerifier() }, basic(program.secret))
    await trade({ code_verifier: verifier }, basic('trekcs_not-this-one-but-another'))
    await trade({ code_verifier: verifier, client_id: program.clientId, client_secret: PASSWORDS.wrong })
    const answer = await trade({ code_verifier: verifier }, basic(program.secret))
    expect(answer.status).toBe(200)
    // A replay: everything of this one ends.
    await trade({ code_verifier: verifier }, basic(program.secret))

    const tokens = await quiet.connect(ana)
    const next = (await (await quiet.refresh(tokens.refresh_token as string)).json()) as Tokens
    await Promise.all([quiet.refresh(tokens.refresh_token as string), quiet.refresh(tokens.refresh_token as string)])
    const session = await initialize(mcp, next.access_token)
    const stream = await openStream(mcp, next.access_token, session)
    const heard = reading(stream)
    await post(mcp, call('tools/call', { name: 'list_trips', arguments: {} }), bearer(next.access_token, session))
    await quiet.post({ token: next.access_token }, '/oauth/introspect')
    await quiet.post({ token: PASSWORDS.misplaced }, '/oauth/revoke')
    await quiet.post({ token: tokens.refresh_token as string, token_type_hint: 'access_token' }, '/oauth/introspect')

    const replayed = await quiet.connect(ana)
    await quiet.refresh(replayed.refresh_token as string)
    const longAgo = new Date(Date.now() - 60_000).toISOString()
    await running.database.kysely
      .updateTable('oauth_artifacts')
      .set({ consumed_at: longAgo })
      .where('model', '=', 'RefreshToken')
      .where('consumed_at', 'is not', null)
      .execute()
    expect((await quiet.refresh(replayed.refresh_token as string)).status).toBe(400)
    expect(heard.ended).toBe(false)
    return next
  }

  async function machines(): Promise<void> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = privateKey.export({ format: 'jwk' })
    vault.keep('private key', jwk.d, String(privateKey.export({ format: 'pem', type: 'pkcs8' })).split('\n')[1])
    const public_keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' }] }
    const asked = { name: 'Robot', scopes: ['trips:read'], machine: true }
    const made = await ana.post('/api/me/oauth-clients', asked)
    const { client, client_secret } = (await made.json()) as { client: { id: number }; client_secret: string }
    expect(vault.has(client_secret)).toBe(true)
    await ana.post(`/api/me/oauth-clients/${client.id}/secret`, {})
    // A private key where a public one belongs.
    await ana.post('/api/me/oauth-clients', { ...asked, public_keys: { keys: [{ ...jwk, kid: 'one' }] } })
    const registration = { redirect_uris: ['http://localhost/cb'], jwks: { keys: [jwk] }, client_name: 'Careless' }
    await badly('/oauth/register', json({ ...registration, token_endpoint_auth_method: 'private_key_jwt' }))
    await badly('/oauth/register', json({ ...registration, registration_access_token: PASSWORDS.misplaced }))

    const signing = await ana.post('/api/me/oauth-clients', { ...asked, public_keys })
    const { client: signer } = (await signing.json()) as { client: { client_id: string } }
    const program = new Program(base)
    program.clientId = signer.client_id
    const statement = (audience: string) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setIssuer(signer.client_id)
        .setSubject(signer.client_id)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey)
    const good = await statement(base)
    for (const client_assertion of [good, good, await statement('https://other.example')]) {
      const proof = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
      }
      await program.post({ grant_type: 'client_credentials', ...proof })
    }
  }

  async function ownTokens(): Promise<void> {
    const { token } = (await (await ana.post('/api/me/tokens', { name: 'laptop' })).json()) as { token: string }
    const { token: page } = (await (await ana.post('/api/me/web-token', {})).json()) as { token: string }
    for (const one of [token, page, `${page}x`, `${token}0`]) {
      await postModern(mcp, one, 'tools/call', { name: 'list_trips', arguments: {} })
      await badly('/api/trips', { headers: bearer(one) })
    }
  }

  async function links(): Promise<void> {
    const made = await ana.post('/api/trips', { title: 'Kyoto' })
    const { trip } = (await made.json()) as { trip: { id: number } }
    const shared = await ana.fetch(`/api/trips/${trip.id}/share-link`, {
      ...json({}),
      method: 'PUT',
      headers: { 'content-type': 'application/json', origin: base },
    })
    const { token } = (await shared.json()) as { token: string }
    vault.keep('share link', token)
    expect((await badly(`/api/shared/${token}`)).status).toBe(200)
    await badly(`/api/shared/${token}x`)
    await badly(`/shared/${token}`, { headers: { accept: 'text/html' } })
  }

  /** What somebody sends who has mixed something up. */
  async function oddPlaces({ access_token, refresh_token = '' }: Tokens): Promise<void> {
    const uid = await beginConsent(ana, (await new Program(base).register()).authorizeUrl(newVerifier()))
    for (const secret of [access_token, refresh_token, uid, PASSWORDS.misplaced]) {
      for (const path of [
        `/mcp/${secret}`,
        `/mcp?token=${secret}`,
        `/api/trips/${secret}`,
        `/api/trips?token=${secret}&access_token=${secret}`,
        `/${secret}`,
        `/oauth/authorize?client_id=${secret}`,
        `/oauth/authorize/${secret}`,
        `/oauth/consent/${secret}/request`,
        `/.well-known/oauth-authorization-server/${secret}`,
        `/ws?token=${secret}`,
        `/api/admin/audit?event=${secret}`,
      ]) {
        await badly(path)
        await badly(path, { headers: { accept: 'text/html' } })
        await badly(path, { method: 'POST', headers: { origin: base } })
      }
      const headers = { 'x-api-key': secret, 'mcp-session-id': secret, 'user-agent': 'x', origin: base }
      await badly('/api/trips', { headers: { ...headers, cookie: `trek_session=${secret}.${secret}` } })
      await badly('/mcp', json(call('ping'), { ...headers, ...bearer(access_token, secret) }))
      await badly('/mcp', json(`{"jsonrpc":"2.0","id":1,"method":"${secret}"`, bearer(access_token)))
      await badly('/mcp', json({ [secret]: secret }, bearer(access_token)))
      await badly('/oauth/token', json({ grant_type: secret, refresh_token: secret }))
      await badly('/oauth/token', { ...json({}), headers: { authorization: `Basic ${btoa(`${secret}:${secret}`)}` } })
      await badly('/oauth/register', json({ redirect_uris: [`https://example.org/${secret}#${secret}`] }))
      for (const [method, params] of [
        [secret, { secret }],
        ['tools/call', { name: secret, arguments: {} }],
        ['tools/call', { name: 'list_trips', arguments: { [secret]: secret } }],
        ['tools/call', { name: 'get_trip', arguments: { tripId: secret } }],
        ['resources/read', { uri: `trek://${secret}` }],
        ['prompts/get', { name: secret }],
        [
          'completion/complete',
          { ref: { type: 'ref/prompt', name: secret }, argument: { name: secret, value: secret } },
        ],
      ] as const) {
        await postModern(mcp, access_token, method, params)
      }
      await halfARequest(`GET /${secret} HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer ${secret}\r\n\r\n`)
    }
  }

  async function halfARequest(text: string): Promise<void> {
    const socket = connect(running.port, '127.0.0.1')
    await new Promise((resolve) => {
      socket.once('close', resolve)
      socket.on('data', () => socket.end())
      socket.end(text)
    })
  }

  /** Bugs are logged with what there is to know of them. */
  async function whileTheDatabaseFails({ access_token, refresh_token = '' }: Tokens): Promise<void> {
    const program = await new Program(base).register()
    const verifier = newVerifier()
    const { code } = await program.consent(ana, verifier)
    const { kysely } = running.database
    const tables = ['oauth_artifacts', 'web_sessions', 'static_tokens']
    for (const table of tables)
      await sql`alter table ${sql.table(table)} rename to ${sql.table(`${table}_away`)}`.execute(kysely)
    expect((await program.exchange(code, verifier)).status).toBe(500)
    expect((await program.refresh(refresh_token)).status).toBe(500)
    expect((await postModern(mcp, access_token, 'tools/list')).status).toBe(500)
    expect((await ana.fetch('/api/trips')).status).toBe(500)
    expect((await ana.post('/api/auth/login', { identifier: 'ana', password: PASSWORDS.ana })).status).toBe(500)
    for (const table of tables)
      await sql`alter table ${sql.table(`${table}_away`)} rename to ${sql.table(table)}`.execute(kysely)
  }

  async function ends(): Promise<void> {
    const other = new Browser(base)
    await other.logIn('ana', PASSWORDS.ana)
    await other.post('/api/auth/logout', {})
    const change = { current_password: PASSWORDS.ana, new_password: PASSWORDS.next }
    expect((await ana.post('/api/me/password', change)).status).toBe(200)
  }

  await logIns()
  const tokens = await programs()
  await machines()
  await ownTokens()
  await links()
  await oddPlaces(tokens)
  await whileTheDatabaseFails(tokens)
  await ends()
  return root
}

import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { base64url, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { IMPOSSIBLE } from '../../../../../test/fixtures/impossible-keys.ts'
import {
  expectRefused,
  forgetFailedAttempts,
  issuesNothing,
  registerProgram,
} from '../../../../../test/harness/attacks.ts'
import type { Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../../test/harness/rigs/running.ts'

/** Programs that authenticate with a signed assertion (RFC 7523): attacks without the key. */

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const pairs = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}
type Alg = keyof typeof pairs

const jwk = (key: KeyObject, more: object = {}) => ({ ...key.export({ format: 'jwk' }), ...more }) as { kty: 'RSA' }
const nowSeconds = () => Math.floor(Date.now() / 1000)

/** Insecure keys, each with the refusal it gets and its key pair. */
const shortKey = generateKeyPairSync('rsa', { modulusLength: 512 })
const WEAK: [[object, RegExp, typeof shortKey], ...[object, RegExp, typeof shortKey][]] = [
  [jwk(shortKey.publicKey), /of 2048 to 8192 bits, but has 512$/, shortKey],
  [{ ...jwk(pairs.RS256.publicKey), e: 'AQ' }, /exponent/, shortKey],
  [
    { ...jwk(pairs.RS256.publicKey), n: `${'A'.repeat(300)}${'w'.repeat(100)}` },
    /of 2048 to 8192 bits, but has 600$/,
    shortKey,
  ],
]

/** An assertion signed by hand, because the library refuses such a key. */
function signedBy({ privateKey }: typeof shortKey, clientId: string, aud: string): string {
  const claims = { iss: clientId, sub: clientId, aud, jti: randomUUID(), iat: nowSeconds(), exp: nowSeconds() + 60 }
  const parts = [{ alg: 'RS256' }, claims].map((part) => base64url.encode(JSON.stringify(part))).join('.')
  return `${parts}.${sign('sha256', Buffer.from(parts), privateKey).toString('base64url')}`
}

eachRunning((running) => {
  let ana: Person
  const programs = {} as Record<Alg, Program>

  beforeAll(async () => {
    ana = await running().person('Ana')
    for (const alg of Object.keys(pairs) as Alg[]) programs[alg] = await withKeys([jwk(pairs[alg].publicKey)])
  })

  beforeEach(() => forgetFailedAttempts(running()))

  const withKeys = async (keys: { kty: 'RSA' }[]) =>
    (await registerProgram(running(), ana, { public_keys: { keys }, machine: true })).program

  /** An assertion of a program, without the claims that are undefined. */
  async function word(
    alg: Alg,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key: KeyObject | Uint8Array = pairs[alg].privateKey,
  ): Promise<string> {
    const { clientId } = programs[alg]
    const validClaims = {
      iss: clientId,
      sub: clientId,
      aud: running().url,
      jti: randomUUID(),
      iat: nowSeconds(),
      exp: nowSeconds() + 60,
    }
    const payload = Object.fromEntries(
      Object.entries({ ...validClaims, ...claims }).filter(([, value]) => value !== undefined),
    )
    return new SignJWT(payload as JWTPayload).setProtectedHeader({ alg, ...header } as JWTHeaderParameters).sign(key)
  }

  /** Requests a token with an assertion, or with other values in the form. */
  const requestToken = (
    client_assertion: string | null,
    more: Record<string, string | null> = {},
    of = programs.RS256,
  ) =>
    of.post({
      grant_type: 'client_credentials',
      scope: 'trips:read',
      client_id: null,
      client_assertion_type: TYPE,
      client_assertion,
      ...more,
    })

  const refused = (attack: () => Promise<Response>, status = 401, error = 'invalid_client') =>
    issuesNothing(running(), async () => expectRefused(await attack(), status, error))

  test.each(Object.keys(pairs) as Alg[])(
    'a valid assertion with %s gets a token, so that the following refusals are meaningful',
    async (alg) => {
      expect((await requestToken(await word(alg))).status).toBe(200)
      for (const aud of [`${running().url}/oauth/token`, [running().url]]) {
        expect((await requestToken(await word(alg, { aud }))).status).toBe(200)
      }
    },
  )

  describe('an assertion is refused that is signed', () => {
    const payload = async (alg: Alg = 'RS256') => (await word(alg)).split('.')[1]
    const spki = (alg: Alg) => createPublicKey(pairs[alg].privateKey).export({ type: 'spki', format: 'pem' })

    test.each<[string, () => Promise<string>]>([
      ['with the algorithm none', async () => `${base64url.encode('{"alg":"none"}')}.${await payload()}.`],
      ['with the algorithm none in capitals', async () => `${base64url.encode('{"alg":"nOnE"}')}.${await payload()}.`],
      [
        'without a signature despite its algorithm',
        async () => `${base64url.encode('{"alg":"RS256"}')}.${await payload()}.`,
      ],
      ['with the public key as a secret', () => word('RS256', {}, { alg: 'HS256' }, Buffer.from(spki('RS256')))],
      [
        'with the DER form of the public key as a secret',
        () =>
          word(
            'RS256',
            {},
            { alg: 'HS256' },
            createPublicKey(pairs.RS256.privateKey).export({ type: 'spki', format: 'der' }),
          ),
      ],
      [
        'with the modulus of the public key as a secret',
        () =>
          word(
            'RS256',
            {},
            { alg: 'HS256' },
            base64url.decode(pairs.RS256.publicKey.export({ format: 'jwk' }).n as string),
          ),
      ],
      ['with an empty secret', () => word('RS256', {}, { alg: 'HS256' }, new Uint8Array(32))],
      ['with another key', () => word('RS256', {}, {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)],
      ['with the key of another program', () => word('RS256', {}, { alg: 'ES256' }, pairs.ES256.privateKey)],
      [
        'with a key in its own header',
        () => {
          const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
          return word('RS256', {}, { jwk: jwk(own.publicKey), jku: `${running().url}/oauth/jwks` }, own.privateKey)
        },
      ],
      [
        'with a key of another id',
        () => word('ES256', {}, { kid: 'another' }, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
      ],
      ['with another algorithm of its kind', () => word('RS256', {}, { alg: 'RS512' })],
      [
        'over other claims',
        async () => {
          const [header, , signature] = (await word('RS256')).split('.')
          return `${header}.${await payload()}.${signature}`
        },
      ],
      [
        'with an unknown critical header',
        async () => {
          const assertion = `${base64url.encode('{"alg":"RS256","crit":["trek"],"trek":1}')}.${await payload()}`
          return `${assertion}.${sign('sha256', Buffer.from(assertion), pairs.RS256.privateKey).toString('base64url')}`
        },
      ],
    ])('%s', async (_how, forge) => {
      await refused(async () => requestToken(await forge()))
    })

    test('with an algorithm that its only key does not allow', async () => {
      const only = await withKeys([jwk(pairs.RS256.publicKey, { alg: 'PS256' })])
      const claims = { iss: only.clientId, sub: only.clientId }
      await refused(async () => requestToken(await word('RS256', claims)))
      expect((await requestToken(await word('RS256', claims, { alg: 'PS256' }))).status).toBe(200)
    })

    test('with a key for encryption, not for signatures', async () => {
      const only = await withKeys([jwk(pairs.RS256.publicKey, { use: 'enc' })])
      await refused(async () => requestToken(await word('RS256', { iss: only.clientId, sub: only.clientId })))
    })
  })

  describe('an assertion is refused that is', () => {
    test.each<[string, () => Record<string, unknown>]>([
      ['for another server', () => ({ aud: 'https://elsewhere.example' })],
      ['for the endpoint of assistants', () => ({ aud: `${running().url}/mcp` })],
      ['for a server whose name begins the same', () => ({ aud: `${running().url}.evil.example` })],
      ['for several other servers', () => ({ aud: ['https://elsewhere.example', 'https://other.example'] })],
      ['for nobody', () => ({ aud: undefined })],
      ['for an empty list', () => ({ aud: [] })],
      ['of another client', () => ({ iss: programs.ES256.clientId })],
      ['without an issuer', () => ({ iss: undefined })],
      ['about another client', () => ({ sub: programs.ES256.clientId })],
      ['about an unknown client', () => ({ sub: 'nobody', iss: 'nobody' })],
      ['about an id that no database can query', () => ({ sub: 'a\u0000b', iss: 'a\u0000b' })],
      ['without a subject', () => ({ sub: undefined })],
      ['expired', () => ({ exp: nowSeconds() - 60 })],
      ['without an expiry', () => ({ exp: undefined })],
      ['with an invalid expiry', () => ({ exp: String(nowSeconds() + 60) })],
      ['valid for two days', () => ({ exp: nowSeconds() + 2 * 86_400 })],
      ['valid for a hundred thousand years', () => ({ exp: 4e12 })],
      ['valid for longer than dates can express', () => ({ exp: 1e300 })],
      ['not valid yet', () => ({ nbf: nowSeconds() + 60 })],
      ['without a jti', () => ({ jti: undefined })],
      ['with an empty jti', () => ({ jti: '' })],
      ['with a jti that is not a text', () => ({ jti: { toString: 'x' } })],
    ])('%s', async (_what, claims) => {
      await refused(async () => requestToken(await word('RS256', claims())))
    })

    test('sent a second time', async () => {
      const assertion = await word('RS256')
      expect((await requestToken(assertion)).status).toBe(200)
      await refused(() => requestToken(assertion))
      await refused(() => requestToken(assertion))
    })

    test('sent ten times concurrently: only one counts', async () => {
      const assertion = await word('ES256')
      const answers = await Promise.all(Array.from({ length: 10 }, () => requestToken(assertion)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(401)])
    })

    test('sent a second time to another endpoint', async () => {
      const assertion = await word('RS256')
      expect((await requestToken(assertion)).status).toBe(200)
      for (const path of ['/oauth/introspect', '/oauth/revoke']) {
        const form = { client_id: null, client_assertion_type: TYPE, client_assertion: assertion, token: 'x' }
        await expectRefused(await programs.RS256.post(form, path), 401, 'invalid_client')
      }
    })

    test('another one with the same jti', async () => {
      const jti = randomUUID()
      expect((await requestToken(await word('RS256', { jti }))).status).toBe(200)
      await refused(async () => requestToken(await word('RS256', { jti, exp: nowSeconds() + 120 })))
      expect((await requestToken(await word('ES256', { jti }))).status).toBe(200)
    })
  })

  describe('a program with a key cannot', () => {
    test.each<[string, Record<string, string | null>, number, string]>([
      ['send no assertion', { client_assertion: null, client_assertion_type: null }, 400, 'invalid_request'],
      [
        'send only its id',
        { client_assertion: null, client_assertion_type: null, client_id: 'its' },
        401,
        'invalid_client',
      ],
      [
        'send a secret instead',
        { client_assertion: null, client_assertion_type: null, client_id: 'its', client_secret: 'x' },
        401,
        'invalid_client',
      ],
      ['send both', { client_secret: 'x' }, 400, 'invalid_request'],
      ['name another client at the same time', { client_id: 'nobody' }, 400, 'invalid_request'],
      [
        'send another type of assertion',
        { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
        400,
        'invalid_request',
      ],
      ['omit the type of assertion', { client_assertion_type: null }, 400, 'invalid_request'],
      ['send an unreadable assertion', { client_assertion: 'a.b.c' }, 400, 'invalid_request'],
    ])('%s', async (_what, wrong, status, error) => {
      const form = { ...wrong, ...(wrong.client_id === 'its' && { client_id: programs.RS256.clientId }) }
      await refused(async () => requestToken(await word('RS256'), form), status, error)
    })

    test('send more than one assertion', async () => {
      const [first, second] = [await word('RS256'), await word('RS256')]
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: TYPE,
        client_assertion: first,
      })
      body.append('client_assertion', second)
      await refused(() => fetch(`${running().url}/oauth/token`, { method: 'POST', body }), 400, 'invalid_request')
    })

    test('be added with a key that can be broken', async () => {
      const write = (key: object) => withKeys([key as { kty: 'RSA' }])
      for (const [key, expectedReason] of WEAK) {
        await expect(write(key)).rejects.toMatchObject({
          code: 'invalid',
          message: expect.stringMatching(expectedReason),
        })
      }
    })

    test('be added with an impossible key', async () => {
      for (const [, key, expectedReason] of IMPOSSIBLE) {
        await expect(withKeys([key as { kty: 'RSA' }])).rejects.toMatchObject({
          code: 'invalid',
          message: expect.stringMatching(expectedReason),
        })
      }
    })

    test('use such a key that was stored before', async () => {
      const [[weak, , pair]] = WEAK
      const program = await withKeys([jwk(pairs.RS256.publicKey)])
      await running()
        .database.kysely.updateTable('oauth_clients' as never)
        .set({ public_keys: JSON.stringify({ keys: [weak] }) } as never)
        .where('client_id' as never, '=', program.clientId as never)
        .execute()
      await refused(async () => requestToken(signedBy(pair, program.clientId, running().url), {}, program))
    })

    test('be added with a key that is not public', async () => {
      const write = (key: object) => withKeys([key as { kty: 'RSA' }])
      for (const key of [jwk(pairs.RS256.privateKey), jwk(pairs.ES256.privateKey), { kty: 'oct', k: 'AAAA' }, {}]) {
        await expect(write(key)).rejects.toMatchObject({ code: 'invalid' })
      }
    })
  })

  test('a program with a secret cannot authenticate with a key', async () => {
    const { program } = await registerProgram(running(), await running().person('Eve'), { machine: true })
    const claims = { iss: program.clientId, sub: program.clientId }
    await refused(async () => requestToken(await word('RS256', claims), { client_secret: null }, program))
    const hashed = Buffer.from(program.secret as string)
    await refused(async () =>
      requestToken(await word('RS256', claims, { alg: 'HS256' }, hashed), { client_secret: null }, program),
    )
  })
})

import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { base64url, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { opensMcp, webToken, withAnaAndProgram } from '../../../../../test/harness/attacks.ts'
import { post } from '../../../../../test/harness/mcp/wire.ts'
import { commandLine } from '../../../../../test/harness/rigs/accounts.ts'
import { type Browser, browserOf, type Tokens } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../../../../../test/harness/rigs/running.ts'
import { readConfig } from '../../../../config/index.ts'
import { set_user_password, update_user } from '../../../../features/admin/contract/index.ts'
import { cookiesOf } from '../../cookie.ts'
import { secretsOf } from '../../secrets.ts'

/** The web tokens that pages of the app get for `/mcp`: what ends them, and forgeries. */

eachRunning((running) => {
  const { ana, browser, connect } = withAnaAndProgram(running)

  let tokens: Tokens
  beforeAll(async () => {
    tokens = await connect()
  })

  const rows = () => running().database.kysely
  const me = (headers: Record<string, string>) => fetch(`${running().url}/api/me`, { headers })

  describe('a web token', () => {
    const sessionsOf = ({ caller }: Person) =>
      rows().selectFrom('web_sessions').select('id').where('user_id', '=', caller.userId).orderBy('id').execute()

    test('is accepted at /mcp with all scopes, and nowhere else', async () => {
      const token = await webToken(browser())
      expect(await opensMcp(running(), token)).toBe(true)
      expect((await me({ authorization: `Bearer ${token}` })).status).toBe(401)
      expect((await me({ cookie: `${cookiesOf(null).session}=${token}` })).status).toBe(401)
    })

    test('is given only to pages', async () => {
      const url = new URL(`${running().url}/api/me/web-token`)
      for (const bearerToken of [ana().token, tokens.access_token, await webToken(browser())]) {
        expect([401, 403]).toContain((await post(url, {}, { authorization: `Bearer ${bearerToken}` })).status)
      }
      const cookie = browser().cookieFor('/')
      for (const headers of [{ cookie }, { cookie, origin: 'https://evil.example' }, { cookie, origin: 'null' }]) {
        expect((await post(url, {}, headers)).status).toBe(403)
      }
    })

    test.each<[string, (cleo: Person, browserOfCleo: Browser) => Promise<unknown>]>([
      ['logs out', (_, browserOfCleo) => browserOfCleo.post('/api/auth/logout', {})],
      [
        'changes the password elsewhere',
        async (cleo) =>
          (await browserOf(running(), cleo)).post('/api/me/password', {
            current_password: cleo.password,
            new_password: 'another-walnut-43',
          }),
      ],
      [
        'gets another password',
        ({ caller: { userId } }) =>
          running().pipeline.run(set_user_password, { userId, password: 'another-walnut-43' }, commandLine),
      ],
      [
        'is blocked',
        ({ caller: { userId } }) => running().pipeline.run(update_user, { userId, banned: true }, commandLine),
      ],
      [
        'was away too long',
        ({ caller }) =>
          rows()
            .updateTable('web_sessions')
            .set({ expires_at: new Date(Date.now() - 1).toISOString() })
            .where('user_id', '=', caller.userId)
            .execute(),
      ],
    ])('is invalid when the person %s', async (_what, end) => {
      const cleo = await running().person('Cleo')
      const browserOfCleo = await browserOf(running(), cleo)
      const token = await webToken(browserOfCleo)
      expect(await opensMcp(running(), token)).toBe(true)
      await end(cleo, browserOfCleo)
      expect(await opensMcp(running(), token)).toBe(false)
    })

    /** A token like ours, without the claims that are undefined. */
    async function forged(
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
      key: Parameters<SignJWT['sign']>[0] = ourKey(),
    ) {
      const [session] = await sessionsOf(ana())
      const nowSeconds = Math.floor(Date.now() / 1000)
      const validClaims = {
        sid: String(session?.id),
        sub: String(ana().caller.userId),
        iss: 'trek',
        aud: 'trek:/mcp',
        iat: nowSeconds,
        exp: nowSeconds + 600,
      }
      const payload = Object.fromEntries(
        Object.entries({ ...validClaims, ...claims }).filter(([, value]) => value !== undefined),
      )
      const protectedHeader = { alg: 'HS256', typ: 'trek-web+jwt', ...header }
      return new SignJWT(payload as JWTPayload).setProtectedHeader(protectedHeader).sign(key)
    }

    const config = () => readConfig({ ENCRYPTION_KEY: '5e'.repeat(32), DATA_DIR: '/nowhere' })
    const ourKey = (purpose = 'web tokens') => Buffer.from(secretsOf(config())(purpose), 'base64url')
    const unsigned = (alg: string, token: string) => {
      const [, payload] = token.split('.')
      return `${base64url.encode(JSON.stringify({ alg, typ: 'trek-web+jwt' }))}.${payload}.`
    }

    test('can be forged with the key, so that the following refusals are meaningful', async () => {
      expect(await opensMcp(running(), await forged())).toBe(true)
    })

    test.each<[string, () => Promise<string>]>([
      ['with another key', () => forged({}, {}, randomBytes(32))],
      ['with the key of another purpose', () => forged({}, {}, ourKey('web sessions'))],
      ['with no key at all', async () => unsigned('none', await forged())],
      ['with no key, in capitals', async () => unsigned('NONE', await forged())],
      ['without its signature', async () => (await forged()).replace(/[^.]+$/, '')],
      ['with another algorithm for the same key', () => forged({}, { alg: 'HS512' })],
      [
        'with the public key of this server as secret',
        async () => {
          const { keys } = (await (await fetch(`${running().url}/oauth/jwks`)).json()) as { keys: { x: string }[] }
          return forged({}, {}, Buffer.from(keys[0]?.x as string, 'base64url'))
        },
      ],
      [
        'with that key as text',
        async () => {
          const { keys } = (await (await fetch(`${running().url}/oauth/jwks`)).json()) as { keys: object[] }
          const key = createPublicKey({ key: keys[0] as never, format: 'jwk' })
          return forged({}, {}, Buffer.from(key.export({ type: 'spki', format: 'pem' })))
        },
      ],
      [
        'with its own key in the header',
        () => {
          const { publicKey, privateKey } = generateKeyPairSync('ed25519')
          return forged({}, { alg: 'EdDSA', jwk: publicKey.export({ format: 'jwk' }) }, privateKey)
        },
      ],
      ['of another type', () => forged({}, { typ: 'JWT' })],
      ['without a type', () => forged({}, { typ: undefined })],
      ['with a critical header', () => forged({}, { crit: ['exp'] }).catch(() => 'eyJ.e30.')],
      ['for another endpoint', () => forged({ aud: 'trek:/api' })],
      ['without an audience', () => forged({ aud: undefined })],
      ['of another server', () => forged({ iss: 'https://elsewhere.example' })],
      ['that has expired', () => forged({ exp: Math.floor(Date.now() / 1000) - 1 })],
      ['that never expires', () => forged({ exp: undefined })],
      ['that is not valid yet', () => forged({ nbf: Math.floor(Date.now() / 1000) + 100 })],
      ['without a session', () => forged({ sid: undefined })],
      ['for an unknown session', () => forged({ sid: '999999999' })],
      ['without a person', () => forged({ sub: undefined })],
    ])('%s opens nothing', async (_what, forge) => {
      expect(await opensMcp(running(), await forge())).toBe(false)
    })

    test('for the log-in of another person opens nothing', async () => {
      const eve = await running().person('Eve')
      await browserOf(running(), eve)
      const [sessionOfEve] = await sessionsOf(eve)
      expect(await opensMcp(running(), await forged({ sid: String(sessionOfEve?.id) }))).toBe(false)
      expect(await opensMcp(running(), await forged({ sub: String(eve.caller.userId) }))).toBe(false)
    })
  })
})

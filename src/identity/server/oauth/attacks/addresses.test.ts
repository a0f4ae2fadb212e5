import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, test, vi } from 'vitest'
import { expectRefused, forgetFailedAttempts, issuesNothing, withAna } from '../../../../../test/harness/attacks.ts'
import {
  expectUnknown,
  programOf,
  REDIRECT,
  SITE,
  sitesOfStrangers,
} from '../../../../../test/harness/network/hostile-sites.ts'
import { names } from '../../../../../test/harness/network/internet.ts'
import { newVerifier, Program } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'

/** Addresses that strangers make this server fetch, and those that it must not call. */

vi.mock('../../../../adapters/http/ssrf-guard.ts', () => import('../../../../../test/harness/network/internet.ts'))

const strangers = sitesOfStrangers()
const { sites } = strangers

eachRunning((running) => {
  const { browser } = withAna(running)

  const authorize = (id: string) => browser().fetch(programOf(running(), id).authorizeUrl(newVerifier()))

  describe('the server makes no call', () => {
    const at = (host: string) => [host, `https://${host}:PORT/client`] as const

    test.each([
      at('127.0.0.1'),
      at('localhost'),
      at('localhost.'),
      at('LOCALHOST'),
      at('any.localhost'),
      at('[::1]'),
      at('[::]'),
      at('0.0.0.0'),
      at('127.1'),
      at('2130706433'),
      at('0x7f000001'),
      at('0x7f.0.0.1'),
      at('0177.0.0.1'),
      at('127.0.0.1.'),
      at('[::ffff:127.0.0.1]'),
      at('[::ffff:7f00:1]'),
      at('[64:ff9b::7f00:1]'),
      at('[fe80::1]'),
      at('[fd00:ec2::254]'),
      at('10.0.0.1'),
      at('172.16.0.1'),
      at('192.168.0.1'),
      at('100.64.0.1'),
      at('169.254.169.254'),
      at('metadata.google.internal'),
      at('printer.local'),
      at('１２７.0.0.1'),
    ])('to %s', async (_host, id) => {
      await expectUnknown(running(), browser(), id.replace('PORT', String(sites.site.port)))
      await expectUnknown(running(), browser(), id.replace(':PORT', ''))
      strangers.expectNobodyCalled()
    })

    test.each([
      ['without encryption', 'http://app.example.org:PORT/client'],
      ['with a user name', 'https://user@app.example.org:PORT/client'],
      ['with a password', 'https://user:word@app.example.org:PORT/client'],
      ['with a fragment', 'https://app.example.org:PORT/client#x'],
      ['with dots in the path', 'https://app.example.org:PORT/a/../client'],
      ['with encoded dots in the path', 'https://app.example.org:PORT/a/%2e%2e/client'],
      ['with a backslash', 'https://app.example.org:PORT\\@127.0.0.1/client'],
      ['with a space', 'https://app.example.org:PORT/cli ent'],
      ['with a line break', 'https://app.example.org:PORT/client\r\nhost: 127.0.0.1'],
      ['without a host', 'https:///client'],
      ['with too large a port', 'https://app.example.org:99999/client'],
      ['of a file', 'file:///etc/passwd'],
      ['of another scheme', 'ftp://app.example.org/client'],
      ['that is too long', `https://app.example.org:PORT/${'x'.repeat(2000)}`],
    ])('for an address %s', async (_what, id) => {
      await expectUnknown(running(), browser(), id.replace('PORT', String(sites.site.port)))
      strangers.expectNobodyCalled()
    })

    test.each([
      ['of this machine', ['127.0.0.1']],
      ['of this machine in IPv6', ['::1']],
      ['of the local network', ['10.0.0.1']],
      ['where clouds keep secrets', ['169.254.169.254']],
      ['of the internet and of this machine', ['127.0.0.3', '127.0.0.1']],
      ['of no kind', []],
    ])('whose name resolves to an address %s', async (_where, addresses) => {
      names.set(SITE, [addresses])
      await expectUnknown(running(), browser(), strangers.freshId())
      expect([sites.site.connected, sites.plain.connected]).toEqual([[], []])
    })

    test('to an address other than the one it has checked', async () => {
      names.set(SITE, [['127.0.0.3'], ['127.0.0.1']])
      expect((await authorize(strangers.freshId())).status).toBe(303)
      await expectUnknown(running(), browser(), strangers.freshId())
      expect([...new Set(sites.site.connected)]).toEqual(['127.0.0.3'])
    })

    test('except to allowed addresses, which the checks of this suite notice', async () => {
      await authorize(strangers.freshId())
      expect(() => strangers.expectNobodyCalled()).toThrow()
    })

    test('too often for one client', async () => {
      for (let index = 0; index < 60; index++) {
        await expectRefused(await authorize(`https://127.0.0.1/${index}`), 400, 'invalid_client')
      }
      await expectRefused(await authorize(strangers.freshId()), 400, 'invalid_client')
      expect(sites.site.connected).toEqual([])
      await forgetFailedAttempts(running())
      expect((await authorize(strangers.freshId())).headers.get('location')).toContain('/oauth/consent/')
    })
  })

  test('a web page does not use up the lookups of a person', async () => {
    const picture = { accept: 'image/*', 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' }
    for (let index = 0; index < 70; index++) {
      const url = programOf(running(), `https://127.0.0.1/${index}`).authorizeUrl(newVerifier())
      await expectRefused(await fetch(url, { redirect: 'manual', headers: picture }), 400, 'invalid_client')
    }
    const refused = programOf(running(), strangers.freshId()).authorizeUrl(newVerifier())
    await expectRefused(await fetch(refused, { redirect: 'manual', headers: picture }), 400, 'invalid_client')
    expect((await authorize(strangers.freshId())).status).toBe(303)
  })

  describe('keys at an address', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const keys = JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] })

    /** Registers with keys at this address, and presents an assertion signed with them. */
    async function comeWith(jwks_uri: string) {
      const own = new Program(running().url, REDIRECT)
      return comeAs(await own.register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri }))
    }

    async function comeAs(own: Program) {
      const word = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(own.clientId)
        .setSubject(own.clientId)
        .setAudience(running().url)
        .setExpirationTime('1m')
        .sign(privateKey)
      return presenting(own, word)
    }

    function presenting(own: Program, word: string) {
      const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
      const form = { grant_type: 'refresh_token', refresh_token: 'x', client_id: null }
      return own.post({ ...form, client_assertion_type, client_assertion: word })
    }

    test('on the internet are accepted, so that the following refusals are meaningful', async () => {
      sites.site.answers((_request, response) => response.end(keys))
      await expectRefused(await comeWith(`https://${SITE}:${sites.site.port}/keys`), 400, 'invalid_grant')
      expect(sites.site.connected).toEqual(['127.0.0.3'])
    })

    test('that are too short are not accepted', async () => {
      const shortKey = generateKeyPairSync('rsa', { modulusLength: 1024 })
      sites.site.answers((_request, response) =>
        response.end(JSON.stringify({ keys: [shortKey.publicKey.export({ format: 'jwk' })] })),
      )
      const own = new Program(running().url, REDIRECT)
      const jwks_uri = `https://${SITE}:${sites.site.port}/keys`
      await own.register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri })
      const nowSeconds = Math.floor(Date.now() / 1000)
      const claims = {
        iss: own.clientId,
        sub: own.clientId,
        aud: running().url,
        jti: randomUUID(),
        exp: nowSeconds + 60,
      }
      const parts = [{ alg: 'RS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      const signature = sign('sha256', Buffer.from(parts.join('.')), shortKey.privateKey).toString('base64url')
      const word = `${parts.join('.')}.${signature}`
      await expectRefused(await presenting(own, word), 401, 'invalid_client')
      expect(sites.site.connected).toEqual(['127.0.0.3'])
    })

    test.each([
      ['127.0.0.1', 'http://127.0.0.1:PORT/keys'],
      ['this machine by name', 'http://localhost:PORT/keys'],
      ['this machine in IPv6', 'http://[::1]:PORT/keys'],
      ['where clouds keep secrets', 'http://169.254.169.254/latest/meta-data/'],
      ['the local network', 'https://10.0.0.1/keys'],
    ])('are not fetched from %s, because registration refuses such an address', async (_where, uri) => {
      sites.plain.answers((_request, response) => response.end(keys))
      await issuesNothing(running(), async () => {
        await expect(comeWith(uri.replace('PORT', String(sites.plain.port)))).rejects.toThrow(
          /400 .*invalid_client_metadata.*jwks_uri cannot be called: .*Give the keys in jwks/,
        )
      })
      strangers.expectNobodyCalled()
    })

    test('are not fetched through a redirect, or from a name that resolves to a private address', async () => {
      sites.site.answers((_request, response) =>
        response.writeHead(302, { location: `http://127.0.0.1:${sites.plain.port}/keys` }).end(),
      )
      sites.plain.answers((_request, response) => response.end(keys))
      await expectRefused(await comeWith(`https://${SITE}:${sites.site.port}/keys`), 401, 'invalid_client')
      names.set(SITE, [['127.0.0.1']])
      await expectRefused(await comeWith(`http://${SITE}:${sites.plain.port}/keys`), 401, 'invalid_client')
      expect(sites.plain.connected).toEqual([])
    })

    test('are not fetched too often for one client', async () => {
      sites.site.answers((_request, response) => response.writeHead(500).end())
      const own = new Program(running().url, REDIRECT)
      await own.register({
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `https://${SITE}:${sites.site.port}/keys`,
      })
      for (let index = 0; index < 70; index++) await expectRefused(await comeAs(own), 401, 'invalid_client')
      expect(sites.site.requests).toHaveLength(60)
    })

    test('are not fetched during registration, nor is any other address', async () => {
      for (const name of ['sector_identifier_uri', 'jwks_uri', 'logo_uri', 'client_uri', 'policy_uri', 'tos_uri']) {
        await fetch(`${running().url}/oauth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            redirect_uris: [REDIRECT],
            token_endpoint_auth_method: 'none',
            [name]: `https://${SITE}:${sites.site.port}/more`,
          }),
        })
      }
      strangers.expectNobodyCalled()
    })
  })
})

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { expectRefused, issuesNothing, withAna } from '../../../../../test/harness/attacks.ts'
import { expectUnknown, programOf, SITE, sitesOfStrangers } from '../../../../../test/harness/network/hostile-sites.ts'
import { names } from '../../../../../test/harness/network/internet.ts'
import {
  beginConsent,
  consentTo,
  decisionOn,
  newVerifier,
  readConsentPage,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, startRunning } from '../../../../../test/harness/rigs/running.ts'
import type { ConsentRequest } from '../../../contract/consent.ts'

/** Client metadata documents: which of the claims of strangers are trusted. */

vi.mock('../../../../adapters/http/ssrf-guard.ts', () => import('../../../../../test/harness/network/internet.ts'))

const strangers = sitesOfStrangers()
const { sites } = strangers

eachRunning((running) => {
  const { browser } = withAna(running)

  const authorize = (id: string) => browser().fetch(programOf(running(), id).authorizeUrl(newVerifier()))

  /** The consent request that a person is shown for the program of this document. */
  async function questionFor(id: string): Promise<ConsentRequest> {
    const uid = await beginConsent(browser(), programOf(running(), id).authorizeUrl(newVerifier()))
    return ((await (await browser().fetch(`/oauth/consent/${uid}/request`)).json()) as { asked: ConsentRequest }).asked
  }

  test('a document on the internet is accepted, so that the following refusals are meaningful', async () => {
    expect(await questionFor(strangers.freshId())).toMatchObject({
      client: { name: 'App', source: 'document', site: `${SITE}:${sites.site.port}`, redirect_host: SITE },
      fixed: false,
      not_yours: false,
    })
    expect(sites.site.connected).toEqual(['127.0.0.3'])
  })

  describe('a document is not accepted', () => {
    const json =
      (body: string, status = 200) =>
      () =>
        sites.site.answers((_request, response) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(body),
        )

    test.each<[string, () => void, RegExp?]>([
      [
        'that redirects to another host',
        () =>
          sites.site.answers((_request, response) =>
            response.writeHead(302, { location: `https://127.0.0.1:${sites.site.port}/` }).end(),
          ),
      ],
      [
        'that redirects within its site',
        () => sites.site.answers((_request, response) => response.writeHead(301, { location: '/other' }).end()),
      ],
      [
        'that redirects endlessly',
        () => sites.site.answers(({ url }, response) => response.writeHead(307, { location: `${url}x` }).end()),
      ],
      ['that does not exist', json('{}', 404)],
      ['of a failing server', json('{}', 500)],
      ['that is empty', json('')],
      [
        'that is HTML',
        () =>
          sites.site.answers((_request, response) =>
            response.setHeader('content-type', 'text/html').end('<html></html>'),
          ),
      ],
      ['that is a list', json('[]'), /^invalid_client_metadata$/],
      ['that is null', json('null'), /^invalid_client_metadata$/],
      ['that is truncated', json('{"client_id":')],
      [
        'that is far too large',
        () => sites.site.answers((_request, response) => response.end(`{"x":"${'x'.repeat(70_000)}"}`)),
      ],
      ['that is too large', () => sites.site.publishes({ x: 'x'.repeat(6000) })],
      [
        'that never ends',
        () =>
          sites.site.answers((_request, response) => {
            const timer = setInterval(() => response.write('x'.repeat(16_000)), 5)
            response.on('close', () => clearInterval(timer))
          }),
      ],
      [
        'that is compressed',
        () => sites.site.answers((_request, response) => response.setHeader('content-encoding', 'gzip').end('x')),
      ],
      [
        'that names another client',
        () => sites.site.publishes({ client_id: `https://${SITE}/other` }),
        /^invalid_client_metadata$/,
      ],
      ['that names no client', () => sites.site.publishes({ client_id: undefined }), /^invalid_client_metadata$/],
      ['that contains a secret', () => sites.site.publishes({ client_secret: 'x' }), /^invalid_client_metadata$/],
      [
        'that requests a secret',
        () => sites.site.publishes({ token_endpoint_auth_method: 'client_secret_post' }),
        /^invalid_client_metadata$/,
      ],
      ['without a redirect address', () => sites.site.publishes({ redirect_uris: [] }), /^invalid_redirect_uri$/],
      [
        'with a script as a redirect address',
        () => sites.site.publishes({ redirect_uris: ['javascript:alert(1)'] }),
        /^invalid_redirect_uri$/,
      ],
      [
        'with a script as a logo',
        () => sites.site.publishes({ logo_uri: 'javascript:alert(1)' }),
        /^invalid_client_metadata$/,
      ],
      [
        'with a private key',
        () =>
          sites.site.publishes({
            jwks: { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] },
          }),
        /^invalid_client_metadata$/,
      ],
      [
        'with a key that is too short',
        () =>
          sites.site.publishes({
            token_endpoint_auth_method: 'private_key_jwt',
            jwks: { keys: [generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey.export({ format: 'jwk' })] },
          }),
        /^invalid_client_metadata$/,
      ],
    ])('%s', async (_what, answer, error) => {
      answer()
      await expectUnknown(running(), browser(), strangers.freshId(), error)
      expect([...new Set(sites.site.connected)]).toEqual(['127.0.0.3'])
      expect([...new Set(sites.site.requests)]).toHaveLength(1)
      expect(sites.plain.connected).toEqual([])
    })

    test('that does not arrive', async () => {
      sites.site.answers(() => {})
      await issuesNothing(running(), async () =>
        expectRefused(await authorize(strangers.freshId()), 400, 'invalid_client'),
      )
    })

    test('whose certificate is not trusted', async () => {
      names.set('third.example.org', [['127.0.0.3']])
      await expectUnknown(running(), browser(), strangers.freshId('third.example.org'))
      expect(sites.site.requests).toEqual([])
    })

    test('and the refusal does not reveal what is at the address', async () => {
      const answers: string[] = []
      const requestConsent = async (id: string) => {
        const { state: _, ...body } = (await (await authorize(id)).json()) as Record<string, unknown>
        answers.push(JSON.stringify(body))
      }
      await requestConsent(`https://127.0.0.1:${sites.site.port}/client`)
      await requestConsent('https://127.0.0.1:1/client')
      await requestConsent('https://10.0.0.1/client')
      names.set(SITE, [['127.0.0.1']])
      await requestConsent(strangers.freshId())
      names.set(SITE, [[]])
      await requestConsent(strangers.freshId())
      names.set(SITE, [['127.0.0.3']])
      await requestConsent(`https://${SITE}:1/client`)
      sites.site.answers((_request, response) => response.writeHead(403).end('secret'))
      await requestConsent(strangers.freshId())
      expect(new Set(answers).size).toBe(1)
    })
  })

  describe('the content of a document', () => {
    test('cannot set fields that only this server sets', async () => {
      sites.site.publishes({
        trek_source: 'settings',
        trek_scopes: 'trips:delete',
        trek_owner: 1,
        clientIdMetadataDocument: false,
        grant_types: ['authorization_code', 'client_credentials'],
        response_types: ['token', 'code'],
        scope: 'root',
      })
      const id = strangers.freshId()
      expect(await questionFor(id)).toMatchObject({
        client: { source: 'document', site: `${SITE}:${sites.site.port}` },
        scopes: [{ scope: 'trips:read' }, { scope: 'places:read' }],
        fixed: false,
        not_yours: false,
      })
      await issuesNothing(running(), async () => {
        const form = { grant_type: 'client_credentials', scope: 'trips:read', client_id: id }
        await expectRefused(await programOf(running(), id).post(form), 400, 'invalid_request')
      })
    })

    test('gives a name that is shown as plain text, next to the real site', async () => {
      sites.site.publishes({ client_name: '\u202eGoogle\u0000\n<b>' })
      expect((await questionFor(strangers.freshId())).client).toMatchObject({
        name: 'Google <b>',
        site: `${SITE}:${sites.site.port}`,
      })
    })

    test.each(['sector_identifier_uri', 'jwks_uri', 'initiate_login_uri', 'logo_uri', 'policy_uri'])(
      'does not make the consent page call its %s',
      async (name) => {
        sites.site.publishes({ [name]: `https://${SITE}:${sites.site.port}/more` })
        await questionFor(strangers.freshId())
        expect(sites.site.requests).not.toContain('/more')
      },
    )

    test('is no longer valid once the document is deleted, even during a request', async () => {
      const program = programOf(running(), strangers.freshId())
      const uid = await beginConsent(browser(), program.authorizeUrl(newVerifier()))
      const consentAnswer = consentTo(await readConsentPage(browser(), uid))
      sites.site.answers((_request, response) => response.writeHead(410).end())
      // Another process of the same instance has not seen the document.
      const other = await startRunning(running().config.database, { DATA_DIR: running().config.dataDir })
      try {
        const { status } = await browser().fetch(`${other.url}/oauth/consent/${uid}/request`)
        expect(status).toBe(404)
        const headers = { origin: other.url }
        expect((await browser().post(other.url + decisionOn(uid), consentAnswer, headers)).status).toBe(404)
      } finally {
        await other.close()
      }
      expect(other.failures).toEqual([])
    })
  })
})

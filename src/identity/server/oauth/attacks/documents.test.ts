import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { expectRefused, forgive, issuesNothing } from '../../../../../test/harness/attacks.ts'
import { expectUnknown, programOf, SITE, sitesOfStrangers } from '../../../../../test/harness/network/hostile-sites.ts'
import { names } from '../../../../../test/harness/network/internet.ts'
import {
  type Browser,
  beginConsent,
  browserOf,
  decisionOn,
  lookAt,
  newVerifier,
  yesTo,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning, type Running, startRunning } from '../../../../../test/harness/rigs/running.ts'
import type { ConsentRequest } from '../../../contract/consent.ts'

/** Documents that say who a program is: what is believed of what strangers put there, and what is not. */

vi.mock('../../../../adapters/http/ssrf-guard.ts', () => import('../../../../../test/harness/network/internet.ts'))

const strangers = sitesOfStrangers()
const { sites } = strangers

eachRunning((running) => {
  let ana: Awaited<ReturnType<Running['person']>>
  let browser: Browser

  beforeAll(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
  })

  beforeEach(() => forgive(running()))

  const authorize = (id: string) => browser.fetch(programOf(running(), id).authorizeUrl(newVerifier()))

  /** What a person is shown of a program that this document describes. */
  async function questionFor(id: string): Promise<ConsentRequest> {
    const uid = await beginConsent(browser, programOf(running(), id).authorizeUrl(newVerifier()))
    return ((await (await browser.fetch(`/oauth/consent/${uid}/request`)).json()) as { asked: ConsentRequest }).asked
  }

  test('a document on the internet is believed, so that what follows means something', async () => {
    expect(await questionFor(strangers.freshId())).toMatchObject({
      client: { name: 'App', source: 'document', site: `${SITE}:${sites.site.port}`, redirect_host: SITE },
      fixed: false,
      not_yours: false,
    })
    expect(sites.site.connected).toEqual(['127.0.0.3'])
  })

  describe('a document is not believed', () => {
    const json =
      (body: string, status = 200) =>
      () =>
        sites.site.answers((_request, response) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(body),
        )

    test.each<[string, () => void, RegExp?]>([
      [
        'that is somewhere else',
        () =>
          sites.site.answers((_request, response) =>
            response.writeHead(302, { location: `https://127.0.0.1:${sites.site.port}/` }).end(),
          ),
      ],
      [
        'that is behind another address of its site',
        () => sites.site.answers((_request, response) => response.writeHead(301, { location: '/other' }).end()),
      ],
      [
        'that is sent for without end',
        () => sites.site.answers(({ url }, response) => response.writeHead(307, { location: `${url}x` }).end()),
      ],
      ['that is not there', json('{}', 404)],
      ['of a server that is broken', json('{}', 500)],
      ['that is empty', json('')],
      [
        'that is a page',
        () =>
          sites.site.answers((_request, response) =>
            response.setHeader('content-type', 'text/html').end('<html></html>'),
          ),
      ],
      ['that is a list', json('[]'), /^invalid_client_metadata$/],
      ['that is nothing', json('null'), /^invalid_client_metadata$/],
      ['that is cut short', json('{"client_id":')],
      [
        'that is larger than it says',
        () => sites.site.answers((_request, response) => response.end(`{"x":"${'x'.repeat(70_000)}"}`)),
      ],
      ['that is too large', () => sites.site.publishes({ x: 'x'.repeat(6000) })],
      [
        'that has no end',
        () =>
          sites.site.answers((_request, response) => {
            const timer = setInterval(() => response.write('x'.repeat(16_000)), 5)
            response.on('close', () => clearInterval(timer))
          }),
      ],
      [
        'that is squeezed',
        () => sites.site.answers((_request, response) => response.setHeader('content-encoding', 'gzip').end('x')),
      ],
      [
        'that names another',
        () => sites.site.publishes({ client_id: `https://${SITE}/other` }),
        /^invalid_client_metadata$/,
      ],
      ['that names nobody', () => sites.site.publishes({ client_id: undefined }), /^invalid_client_metadata$/],
      ['that tells a secret', () => sites.site.publishes({ client_secret: 'x' }), /^invalid_client_metadata$/],
      [
        'that wants a secret',
        () => sites.site.publishes({ token_endpoint_auth_method: 'client_secret_post' }),
        /^invalid_client_metadata$/,
      ],
      ['with nowhere to go back to', () => sites.site.publishes({ redirect_uris: [] }), /^invalid_redirect_uri$/],
      [
        'with a script to go back to',
        () => sites.site.publishes({ redirect_uris: ['javascript:alert(1)'] }),
        /^invalid_redirect_uri$/,
      ],
      [
        'with a script for a picture',
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
      await expectUnknown(running(), browser, strangers.freshId(), error)
      expect([...new Set(sites.site.connected)]).toEqual(['127.0.0.3'])
      expect([...new Set(sites.site.asked)]).toHaveLength(1)
      expect(sites.plain.connected).toEqual([])
    })

    test('that does not come', async () => {
      sites.site.answers(() => {})
      await issuesNothing(running(), async () =>
        expectRefused(await authorize(strangers.freshId()), 400, 'invalid_client'),
      )
    })

    test('that nobody vouches for', async () => {
      names.set('third.example.org', [['127.0.0.3']])
      await expectUnknown(running(), browser, strangers.freshId('third.example.org'))
      expect(sites.site.asked).toEqual([])
    })

    test('and nobody learns what is at an address by asking for it', async () => {
      const answers: string[] = []
      const ask = async (id: string) => {
        const { state: _, ...body } = (await (await authorize(id)).json()) as Record<string, unknown>
        answers.push(JSON.stringify(body))
      }
      await ask(`https://127.0.0.1:${sites.site.port}/client`)
      await ask('https://127.0.0.1:1/client')
      await ask('https://10.0.0.1/client')
      names.set(SITE, [['127.0.0.1']])
      await ask(strangers.freshId())
      names.set(SITE, [[]])
      await ask(strangers.freshId())
      names.set(SITE, [['127.0.0.3']])
      await ask(`https://${SITE}:1/client`)
      sites.site.answers((_request, response) => response.writeHead(403).end('secret'))
      await ask(strangers.freshId())
      expect(new Set(answers).size).toBe(1)
    })
  })

  describe('of what a document says', () => {
    test('nothing counts that only we say', async () => {
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

    test('the name is shown as plain words, and the site as it is', async () => {
      sites.site.publishes({ client_name: '\u202eGoogle\u0000\n<b>' })
      expect((await questionFor(strangers.freshId())).client).toMatchObject({
        name: 'Google <b>',
        site: `${SITE}:${sites.site.port}`,
      })
    })

    test.each(['sector_identifier_uri', 'jwks_uri', 'initiate_login_uri', 'logo_uri', 'policy_uri'])(
      'the %s is not called when somebody is asked',
      async (name) => {
        sites.site.publishes({ [name]: `https://${SITE}:${sites.site.port}/more` })
        await questionFor(strangers.freshId())
        expect(sites.site.asked).not.toContain('/more')
      },
    )

    test('it is gone when it is gone, in the middle of a request too', async () => {
      const program = programOf(running(), strangers.freshId())
      const uid = await beginConsent(browser, program.authorizeUrl(newVerifier()))
      const yes = yesTo(await lookAt(browser, uid))
      sites.site.answers((_request, response) => response.writeHead(410).end())
      // Another process of the same instance has not seen the document.
      const other = await startRunning(running().config.database, { DATA_DIR: running().config.dataDir })
      try {
        const { status } = await browser.fetch(`${other.url}/oauth/consent/${uid}/request`)
        expect(status).toBe(404)
        const headers = { origin: other.url }
        expect((await browser.post(other.url + decisionOn(uid), yes, headers)).status).toBe(404)
      } finally {
        await other.close()
      }
      expect(other.failures).toEqual([])
    })
  })
})

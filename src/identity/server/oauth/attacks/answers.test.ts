import { describe, expect, test, vi } from 'vitest'
import { expectRefused, registerProgram, withAnaAndProgram } from '../../../../../test/harness/attacks.ts'
import { raw } from '../../../../../test/harness/network/raw-http.ts'
import {
  beginConsent,
  consentTo,
  decisionOn,
  newVerifier,
  readConsentPage,
} from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'

/** What answers reveal, where they may be cached, and who else can read them. */

const issuers = vi.hoisted((): string[] => [])

vi.mock('../provider.ts', async (load) => {
  const real = await load<typeof import('../provider.ts')>()
  return {
    ...real,
    createProvider(...[issuer, parts]: Parameters<typeof real.createProvider>) {
      issuers.push(issuer)
      return real.createProvider(issuer, parts)
    },
  }
})

const WELL_KNOWN = [
  '/.well-known/oauth-authorization-server',
  '/.well-known/oauth-authorization-server/mcp',
  '/.well-known/oauth-authorization-server/mcp/',
  '/mcp/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/.well-known/openid-configuration/mcp',
  '/.well-known/openid-configuration/mcp/',
  '/mcp/.well-known/openid-configuration',
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
  '/.well-known/oauth-protected-resource/mcp/',
  '/mcp/.well-known/oauth-protected-resource',
]
const POSTS = ['/oauth/token', '/token', '/oauth/register', '/register', '/oauth/revoke', '/oauth/introspect']
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

eachRunning((running) => {
  const { ana, browser, program } = withAnaAndProgram(running)

  const at = (path: string) => running().url + path

  describe('pages of other sites', () => {
    const foreignHeaders = { origin: 'https://evil.example', cookie: 'trek_session=x' }

    test.each([...WELL_KNOWN, '/oauth/jwks', '/oauth/userinfo'])(
      'may read %s, but never with a cookie',
      async (path) => {
        for (const method of ['GET', 'OPTIONS']) {
          const { headers } = await fetch(at(path), {
            method,
            headers: { ...foreignHeaders, 'access-control-request-method': 'GET' },
          })
          expect(headers.get('access-control-allow-origin')).toBe('*')
          expect(headers.get('access-control-allow-credentials')).toBeNull()
          expect(headers.getSetCookie()).toEqual([])
        }
      },
    )

    test.each(POSTS)('may post to %s, but never with a cookie', async (path) => {
      for (const method of ['POST', 'OPTIONS']) {
        const headers = {
          ...foreignHeaders,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x',
        }
        const answer = await fetch(at(path), { method, headers })
        expect(answer.headers.get('access-control-allow-origin')).toBe('*')
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    })

    test.each(['/api/me', '/api/me/grants', '/api/me/oauth-clients', '/oauth/consent/x/request'])(
      'may not read %s',
      async (path) => {
        const { headers } = await browser().fetch(path, { headers: { origin: 'https://evil.example' } })
        expect(headers.get('access-control-allow-origin')).toBeNull()
        expect(headers.get('access-control-allow-credentials')).toBeNull()
      },
    )
  })

  test.each([...WELL_KNOWN, '/.well-known/nothing', '/.well-known/', '/.well-known/oauth-authorization-server/other'])(
    '%s is never a page',
    async (path) => {
      for (const headers of [HTML, { accept: '*/*' }, {}]) {
        const answer = await fetch(at(path), { headers, redirect: 'manual' })
        expect([200, 404]).toContain(answer.status)
        expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/)
        expect(await answer.text()).not.toMatch(/<html|<!doctype/i)
      }
    },
  )

  test('answers with a token, a code or a secret are never cached', async () => {
    const verifier = newVerifier()
    const started = await browser().fetch(program().authorizeUrl(verifier))
    const uid = started.headers.get('location')?.split('/').at(-1) as string
    const answer = await browser().fetch(`/oauth/consent/${uid}/request`)
    const decided = await browser().post(decisionOn(uid), consentTo(await readConsentPage(browser(), uid)))
    const { redirect } = (await decided.clone().json()) as { redirect: string }
    const landed = await browser().fetch(redirect)
    const code = new URL(landed.headers.get('location') ?? '').searchParams.get('code') as string
    const tokenAnswer = await program().exchange(code, verifier)
    const { access_token: token, refresh_token } = (await tokenAnswer.clone().json()) as Record<string, string>
    const answers = [
      started,
      answer,
      decided,
      landed,
      tokenAnswer,
      await program().refresh(refresh_token as string),
      await program().post({ token: token as string }, '/oauth/introspect'),
      await fetch(at('/oauth/userinfo'), { headers: { authorization: `Bearer ${token}` } }),
      await fetch(at('/oauth/register'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://app.example.org/cb'] }),
      }),
      await browser().post('/api/me/web-token', {}),
      await browser().post('/api/me/oauth-clients', {
        name: 'One',
        redirect_uris: ['http://localhost'],
        scopes: ['trips:read'],
      }),
      await program().post({ token: token as string }, '/oauth/revoke'),
    ]
    for (const [index, { status, headers }] of answers.entries()) {
      expect([index, status < 400, headers.get('cache-control')]).toEqual([index, true, 'no-store'])
    }
    for (const { headers } of [started, landed]) expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('the cookies of a request are valid only for that request and out of reach of scripts', async () => {
    const started = await browser().fetch(program().authorizeUrl(newVerifier()))
    const uid = started.headers.get('location')?.split('/').at(-1) as string
    const cookies = started.headers.getSetCookie()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; ?httponly/i)
      expect(cookie).toMatch(/; ?samesite=lax/i)
      expect(cookie).toMatch(new RegExp(`; ?path=/oauth/(consent|authorize)/${uid}(;|$)`, 'i'))
      expect(cookie).not.toMatch(/domain=/i)
      expect(cookie).not.toMatch(/^trek_oauth_session/)
    }
    const cookie = browser().cookieFor(`/oauth/consent/${uid}`)
    expect(cookie).toContain('trek_oauth_request')
    const cookieAlone = cookie
      .split('; ')
      .filter((one) => one.startsWith('trek_oauth'))
      .join('; ')
    expect((await fetch(at('/api/me'), { headers: { cookie: cookieAlone } })).status).toBe(401)
  })

  test('a session brought by an attacker is not accepted', async () => {
    const uid = await beginConsent(browser(), program().authorizeUrl(newVerifier()))
    const cookie = `${browser().cookieFor(`/oauth/authorize/${uid}`)}; trek_oauth_session=mine; trek_oauth_session.sig=x`
    const answer = await browser().fetch(`/oauth/authorize/${uid}`, { headers: { cookie } })
    expect(answer.headers.get('location') ?? '').not.toContain('code=')
    expect(answer.headers.getSetCookie().join()).not.toContain('mine')
  })

  test('an error does not repeat anything from the address', async () => {
    const script = '<script>alert(document.domain)</script>'
    const marks = [
      'client_id',
      'redirect_uri',
      'scope',
      'response_type',
      'code_challenge',
      'error',
      'error_description',
    ]
    for (const name of marks) {
      const url = `${program().authorizeUrl(newVerifier(), { [name]: `https://evil.example/${script}` })}`
      const asJson = await browser().fetch(url)
      expect(asJson.headers.get('content-type') ?? 'application/json').toMatch(/^application\/json/)
      expect(asJson.headers.get('x-content-type-options')).toBe('nosniff')
      const page = await browser().fetch(url, { headers: HTML })
      expect(await page.text()).toBe('')
      const { origin, pathname, searchParams } = new URL(page.headers.get('location') as string, running().url)
      if (origin !== running().url) continue
      expect(pathname).toMatch(/^\/oauth\/(problem|consent\/[\w-]+)$/)
      for (const [key, value] of searchParams)
        expect([key, value]).toEqual(['error', expect.stringMatching(/^[a-z_]+$/)])
    }
    const page = await fetch(at(`/oauth/problem?error=${encodeURIComponent(script)}`), { headers: HTML })
    expect(await page.text()).not.toContain('<script>alert')
  })

  test('every answer, yes or no, names its issuer, so that it cannot be passed off as that of another server', async () => {
    const { landed } = await program().consent(browser(), newVerifier())
    expect(landed.searchParams.get('iss')).toBe(running().url)
    const refused = await browser().fetch(program().authorizeUrl(newVerifier(), { prompt: 'none' }))
    expect(new URL(refused.headers.get('location') ?? '').searchParams.get('iss')).toBe(running().url)
    const metadata = await (await fetch(at('/.well-known/oauth-authorization-server'))).json()
    expect(metadata).toMatchObject({
      issuer: running().url,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
    })
    expect(JSON.stringify(metadata)).not.toMatch(/"none"[^\]]*signing|HS256|implicit|password/)
  })

  describe('a request to another host name', () => {
    test.each(['evil.example', 'localhost.evil.example', 'localhost@evil.example', 'localhost:99999', 'a b'])(
      'such as %j is refused, whatever it asks for',
      async (host) => {
        for (const path of [...WELL_KNOWN.slice(0, 1), '/oauth/authorize', '/oauth/jwks']) {
          const { status, text } = await raw(running().url, path, { headers: { host } })
          expect([400, 403]).toContain(status)
          expect(text).not.toContain('https://evil')
        }
      },
    )

    test('cannot be smuggled in with ours', async () => {
      const headers = {
        host: `localhost:${running().port}`,
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      }
      const { text } = await raw(running().url, '/.well-known/oauth-authorization-server', { headers })
      expect(JSON.parse(text)).toMatchObject({ issuer: running().url })
      expect(text).not.toContain('evil')
    })

    test('of this machine is served, but any number of ports uses bounded memory', async () => {
      const request = async (host: string) =>
        JSON.parse((await raw(running().url, '/.well-known/oauth-authorization-server', { headers: { host } })).text)
          .issuer
      issuers.length = 0
      for (let port = 1000; port < 1030; port++)
        expect(await request(`127.0.0.1:${port}`)).toBe(`http://127.0.0.1:${port}`)
      expect(await request('127.0.0.1:1000')).toBe('http://127.0.0.1:1000')
      // The first issuer was evicted meanwhile.
      expect(issuers.filter((issuer) => issuer === 'http://127.0.0.1:1000')).toHaveLength(2)
    })

    test('issues no token that is valid under our name', async () => {
      const { program: machine } = await registerProgram(running(), ana(), { machine: true })
      const form = { grant_type: 'client_credentials', resource: 'http://localhost.evil.example/mcp' }
      await expectRefused(await machine.post(form), 400, 'invalid_target')
    })
  })

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is not allowed for token requests', async (method) => {
    for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/oauth/register']) {
      const { status } = await fetch(at(path), { method })
      expect([404, 405]).toContain(status)
    }
  })

  test.each([
    '/oauth/authorize/%2e%2e',
    '/oauth/authorize/..%2fjwks',
    '/oauth/authorize/%2e%2e%2f%2e%2e%2fsession%2fend%2fconfirm',
    '/oauth/authorize/x/abort',
    '/oauth/session/end',
    '/oauth/session/end/confirm',
    '/session/end/confirm',
    '/oauth/me',
    '/oauth/request',
    '/oauth/device/auth',
    '/interaction/x',
    '/oauth/register/x',
  ])('%s never redirects to a foreign address', async (path) => {
    for (const method of ['GET', 'POST']) {
      const { status, text, headers } = await raw(running().url, path, {
        method,
        headers: { host: `localhost:${running().port}`, 'content-type': 'application/json' },
        ...(method === 'POST' && { body: '{}' }),
      })
      expect([400, 404, 405]).toContain(status)
      expect(text).not.toMatch(/logout|"keys"|<form/)
      expect(headers.location).toBeUndefined()
    }
  })
})

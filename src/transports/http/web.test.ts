import { describe, expect, test } from 'vitest'
import { raw } from '../../../test/harness/network/raw-http.ts'
import { HttpRig } from '../../../test/harness/rigs/http-rig.ts'

const rig = HttpRig.use()

describe('the web app', () => {
  const browse = (path: string) => fetch(rig.base + path, { headers: { accept: 'text/html,*/*' } })

  test('every page is the app, revalidated each time, and runs only our own scripts', async () => {
    for (const path of ['/', '/trips/5', '/trips/5?day=3']) {
      const answer = await browse(path)
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(await answer.text()).toContain('<title>TREK')
      const policy = answer.headers.get('content-security-policy')
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("worker-src 'self' blob:")
      expect(policy).not.toContain('unsafe')
    }
  })

  test('the pages of a request for access are the app, and cannot be framed', async () => {
    for (const path of ['/oauth/consent/Ab1_x-9', '/oauth/problem', '/oauth/problem?error=invalid_client']) {
      const answer = await browse(path)
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(await answer.text()).toContain('<title>TREK')
      expect(answer.headers.get('x-frame-options')).toBe('DENY')
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })

  test.each([
    '/oauth',
    '/oauth/',
    '/oauth/authorize',
    '/oauth/token',
    '/oauth/consent',
    '/oauth/consent/',
    '/oauth/consent/Ab1/request',
    '/oauth/consent/Ab1/decision',
    '/oauth/consent/..%2ftoken',
    '/oauth/problem/',
    '/oauth/problems',
    '/%6fauth/token',
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth/problem',
    '/mcp/oauth/problem',
  ])('%s is for programs, even for a browser', async (path) => {
    const answer = await raw(rig.base, path, { headers: { accept: 'text/html,*/*' } })
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([404, 'not_found'])
  })

  test('a program that requests a page for people gets 404', async () => {
    expect((await raw(rig.base, '/oauth/problem', { headers: { accept: 'application/json' } })).status).toBe(404)
    const posted = { method: 'POST', headers: { accept: 'text/html', origin: rig.base } }
    expect((await raw(rig.base, '/oauth/consent/Ab1', posted)).status).toBe(404)
  })

  test('a file with a hash in its name is cached for ever, and sent compressed', async () => {
    const answer = await fetch(`${rig.base}/assets/app-Ab12.js`)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect((await fetch(`${rig.base}/icon.svg`)).headers.get('cache-control')).toBe('no-cache')
  })

  test('a missing file does not answer with the app', async () => {
    expect((await fetch(`${rig.base}/assets/gone.js`)).status).toBe(404)
    expect((await raw(rig.base, '/../../etc/passwd')).status).toBe(403)
    expect((await raw(rig.base, '/..%2f..%2ftrek.db', { headers: { accept: 'text/html' } })).text).not.toContain(
      'SQLite',
    )
  })
})

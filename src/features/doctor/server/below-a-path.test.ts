import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type Place } from '../../../../test/harness/database/databases.ts'
import {
  ALL_BUT_THE_APP,
  EVERYBODY,
  NAME,
  type Site,
  startSite,
  troubles,
} from '../../../../test/harness/network/proxied-server.ts'

describe('the doctor of a server under a path', () => {
  let place: Place
  let site: Site
  beforeAll(async () => {
    place = await (ENGINES[0] as (typeof ENGINES)[number]).place()
    site = await startSite(place.target, {}, '/trek')
  })
  afterAll(async () => {
    await site.close()
    await place.remove()
    expect(site.running.failures).toEqual([])
  })

  test.each([
    ['keeps the path', { keepsPrefix: true }],
    ['takes the path off', {}],
  ])('finds no problem behind a proxy that %s', async (_, more) => {
    site.proxy.use({ prefix: '/trek', passesWellKnown: true, ...more })
    const report = await site.examine(site.base, undefined, { openedAt: new URL(site.base).origin })
    expect(troubles(report)).toEqual([])
    expect([report.address, report.outcome]).toEqual([site.base, 'ok'])
    expect(site.proxy.requests).toContain('GET /.well-known/oauth-authorization-server/trek')
    expect(site.proxy.requests).toContain('UPGRADE /trek/ws')
  })

  test('names the paths that must be forwarded at the root of the host', async () => {
    site.proxy.use({ prefix: '/trek' })
    const [finding, ...otherFindings] = troubles(await site.examine())
    expect(otherFindings).toEqual([])
    expect(finding).toMatchObject({
      check: 'discovery',
      title: 'The proxy itself answers addresses below /.well-known',
      suffers: ALL_BUT_THE_APP,
      fix: expect.stringContaining('/.well-known/oauth-protected-resource/trek/mcp'),
    })
    const lines = Object.fromEntries(finding?.directives.map(({ proxy, lines }) => [proxy, lines]) ?? [])
    expect(lines.nginx).toContain('location ~ ^/(\\.well-known/[^/]+/)?trek(/|$) {')
    expect(lines.Caddy).toContain('@trek path_regexp ^/(\\.well-known/[^/]+/)?trek(/|$)')
    expect(lines.Traefik).toContain('PathRegexp(`^/(\\\\.well-known/[^/]+/)?trek(/|$)`)')
    expect(lines.Apache).toContain('ProxyPassMatch "^/(\\.well-known/[^/]+/)?trek(/|$)" "http://127.0.0.1:3000"')
  })

  test('exempts only its own paths from a log-in in front', async () => {
    site.proxy.use({ wall: 'page' })
    const [finding] = troubles(await site.examine())
    expect(finding?.directives.find(({ proxy }) => proxy === 'nginx')?.lines).toContain(
      'location ~ ^(/trek/(mcp|oauth|authorize|token|register|api|ws)(/|$)|/\\.well-known/[^/]+/trek(/|$)) {',
    )
  })

  test('notices if the app is opened at another address', async () => {
    site.proxy.use({ prefix: '/trek', passesWellKnown: true })
    const report = await site.examine(site.base, undefined, { openedAt: 'https://other.example.org' })
    expect(troubles(report)).toMatchObject([
      {
        check: 'address',
        saw: `You are at https://other.example.org/trek, and APP_URL is ${site.base}.`,
        fix: expect.stringContaining('set APP_URL=https://other.example.org/trek'),
      },
    ])
  })

  test('notices if another website answers at the address', async () => {
    site.proxy.use({ prefix: '/travel' })
    const report = await site.examine()
    expect(troubles(report)).toMatchObject([
      { check: 'instance', title: 'Another website answers at APP_URL', suffers: EVERYBODY },
    ])
    expect(site.base).toContain(NAME)
  })
})

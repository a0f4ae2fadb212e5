import { expect, test } from 'vitest'
import { addressOf, arrivedAt, basePathOf, isTaken, pageBelow, pathAt, pathBelow } from './base-path.ts'

const BELOW = 'https://example.org/trek'
const WHOLE = 'https://trek.example.org'

test('the path of the public address is the base of all paths', () => {
  expect([basePathOf(BELOW), basePathOf(`${BELOW}/inner`), basePathOf(WHOLE), basePathOf(null)]).toEqual([
    '/trek',
    '/trek/inner',
    '',
    '',
  ])
  expect(pathBelow(BELOW, '/oauth/problem')).toBe('/trek/oauth/problem')
  expect(pathBelow(WHOLE, '/oauth/problem')).toBe('/oauth/problem')
})

test.each([
  [BELOW, '/mcp', 'https://example.org/trek/mcp'],
  [BELOW, '/shared/abc', 'https://example.org/trek/shared/abc'],
  [BELOW, '/', 'https://example.org/trek/'],
  [BELOW, '', 'https://example.org/trek'],
  [BELOW, '/mcp/.well-known/openid-configuration', 'https://example.org/trek/mcp/.well-known/openid-configuration'],
  [BELOW, '/.well-known/oauth-authorization-server', 'https://example.org/.well-known/oauth-authorization-server/trek'],
  [
    BELOW,
    '/.well-known/oauth-protected-resource/mcp/',
    'https://example.org/.well-known/oauth-protected-resource/trek/mcp/',
  ],
  [
    WHOLE,
    '/.well-known/oauth-protected-resource/mcp',
    'https://trek.example.org/.well-known/oauth-protected-resource/mcp',
  ],
  [WHOLE, '/mcp', 'https://trek.example.org/mcp'],
])('with %s, %s is at %s', (publicUrl, path, address) => {
  expect(addressOf(publicUrl, path)).toBe(address)
})

test.each([
  // Requests from a proxy that keeps the path, and from one that removes it.
  ['/trek', '/'],
  ['/trek/', '/'],
  ['/trek?day=3', '/?day=3'],
  ['/trek/api/trips?limit=2', '/api/trips?limit=2'],
  ['/', '/'],
  ['/api/trips?limit=2', '/api/trips?limit=2'],
  ['/ws', '/ws'],
  // Other paths of the host do not belong to TREK.
  ['/trekking/api', '/trekking/api'],
  ['/TREK/api', '/TREK/api'],
  // Metadata documents, at the root of the host and below the path.
  ['/.well-known/oauth-authorization-server/trek', '/.well-known/oauth-authorization-server'],
  ['/.well-known/oauth-authorization-server/trek?x=/trek', '/.well-known/oauth-authorization-server?x=/trek'],
  ['/.well-known/oauth-protected-resource/trek/mcp', '/.well-known/oauth-protected-resource/mcp'],
  ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource/mcp'],
  ['/trek/.well-known/openid-configuration', '/.well-known/openid-configuration'],
  ['/trek/.well-known/openid-configuration/mcp', '/.well-known/openid-configuration/mcp'],
  ['/trek/mcp/.well-known/openid-configuration', '/mcp/.well-known/openid-configuration'],
  ['/.well-known/openid-configuration/trekking', '/.well-known/openid-configuration/trekking'],
])('below /trek, %s is our %s', (url, path) => {
  const arrived = arrivedAt(BELOW)
  expect(arrived(url)).toBe(path)
  expect(arrived(arrived(url))).toBe(path)
})

test('a server with a host of its own leaves paths unchanged', () => {
  for (const url of ['/trek/mcp', '/.well-known/openid-configuration/trek', '*'])
    expect(arrivedAt(WHOLE)(url)).toBe(url)
})

test('a path of several parts is removed as a whole', () => {
  const arrived = arrivedAt('https://example.org/apps/trek')
  expect(['/apps/trek/mcp', '/apps/mcp', '/trek/mcp'].map(arrived)).toEqual(['/mcp', '/apps/mcp', '/trek/mcp'])
})

test('an address is ours if it is below the path, at our origin', () => {
  const at = (publicUrl: string, url: string) => pathAt(publicUrl, new URL(url))
  expect(at(BELOW, 'https://example.org/trek/oauth/consent/a?b')).toBe('/oauth/consent/a')
  expect(at(BELOW, 'https://example.org/trek')).toBe('/')
  for (const other of [
    'https://example.org/',
    'https://example.org/trekking',
    'http://example.org/trek',
    `${WHOLE}/trek`,
  ])
    expect([other, at(BELOW, other)]).toEqual([other, null])
  expect(at(WHOLE, `${WHOLE}/oauth/problem`)).toBe('/oauth/problem')
})

test('a page is sent with its addresses below the path, and contains the path', () => {
  const page =
    '<head><link href="/a.css" /><script src="/a.js"></script></head><a href="https://b.org/">b</a><a href="#c">c</a>'
  expect(pageBelow(WHOLE, page)).toBe(page)
  expect(pageBelow(BELOW, page)).toBe(
    '<head><link href="/trek/a.css" /><script src="/trek/a.js"></script>  <meta name="base-path" content="/trek" />\n  </head><a href="https://b.org/">b</a><a href="#c">c</a>',
  )
})

test('a base path that begins like one of our routes is refused', () => {
  for (const takenPath of ['/api', '/mcp', '/trips/ours', '/.well-known', '/ws'])
    expect([takenPath, isTaken(takenPath)]).toEqual([takenPath, true])
  for (const freePath of ['', '/trek', '/apis', '/apps/api'])
    expect([freePath, isTaken(freePath)]).toEqual([freePath, false])
})

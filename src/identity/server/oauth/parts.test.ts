import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CLIENT_PRESETS } from '../../contract/presets.ts'
import { redirectMatches, redirectProblem } from '../../contract/redirects.ts'
import { OFFERED_SCOPES, SCOPES } from '../../contract/scopes.ts'

test('the presets are those of the contract', () => {
  const surface = new URL('../../../../docs/contract/mcp-surface.json', import.meta.url)
  const { client_presets } = JSON.parse(readFileSync(surface, 'utf8')) as {
    client_presets: { id: string; name: string; redirect_uri: string }[]
  }
  expect(CLIENT_PRESETS.map(({ id, name, redirect_uri }) => ({ id, name, redirect_uri }))).toEqual(
    client_presets.map(({ id, name, redirect_uri }) => ({ id, name, redirect_uri })),
  )
  for (const { id, scopes, more_redirect_uris } of CLIENT_PRESETS) {
    expect(more_redirect_uris.map((uri) => redirectProblem(uri)).filter(Boolean)).toEqual([])
    const offered = OFFERED_SCOPES.map(({ scope }) => scope)
    expect(scopes).toEqual(
      offered.filter((scope) => (id === 'vscode' ? scope.endsWith(':read') : scope !== 'trips:delete')),
    )
    expect(scopes).not.toContain('trips:delete')
  }
})

test('only published scopes with operations are offered', () => {
  const notOffered = SCOPES.filter((scope) => !OFFERED_SCOPES.includes(scope)).map(({ scope }) => scope)
  expect(notOffered).toEqual(['vacay:read', 'vacay:write', 'journey:read', 'journey:write', 'journey:share'])
})

test.each([
  'https://claude.ai/api/mcp/auth_callback',
  'https://app.example.org/cb?from=trek',
  'http://localhost',
  'http://127.0.0.1:33418/',
  'http://[::1]:8080/callback',
  'cursor://anysphere.cursor-mcp/oauth/callback',
  'workbuddy://callback',
  'com.example.app:/callback',
  'org.example.my-app:/callback',
  'vscode-insiders://example.extension/callback',
  'http://10.1.2.3:5678/rest/oauth2-credential/callback',
  'http://172.16.0.1/cb',
  'http://172.31.255.254/cb',
  'http://192.168.178.20:3080/oauth/callback',
  'http://[fd12:3456:789a::1]:8080/cb',
  'http://n8n:5678/cb',
  'http://open-webui.local/cb',
  'http://n8n.home.arpa/cb',
])('%s is a valid redirect address', (uri) => {
  expect(redirectProblem(uri)).toBeNull()
})

test.each([
  'callback',
  '/callback',
  'https://app.example.org/cb#part',
  'https://app.example.org/cb#',
  'https://user:word@app.example.org/cb',
  'https://@app.example.org/cb',
  'https://app.example.org\\@evil.example/cb',
  'https://app.example.org/c b',
  'http://app.example.org/cb',
  'http://localhost.evil.example/cb',
  'http://127.0.0.2/cb',
  'https://*.example.org/cb',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'data:text/html,hello',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://app.example.org/1',
  'about:blank',
  'chrome-extension://abc/cb',
  'mailto:a@example.org',
  'app:',
  'com.example.app:',
  'ms-msdt:/id?x',
  'ms-settings:display',
  'search-ms:query=x',
  'x-apple.systempreferences:com.apple.preference',
  'shell://x',
  'steam://run/1',
  'com.:/callback',
  'com..example:/callback',
  'web+app://x/cb',
  'http://172.32.0.1/cb',
  'http://172.15.0.1/cb',
  'http://11.0.0.1/cb',
  'http://192.169.0.1/cb',
  'http://169.254.169.254/latest/meta-data/',
  'http://[2001:db8::1]/cb',
  'http://[fe80::1]/cb',
  'http://local/../x.example.org@n8n/cb#',
  'http://n8n.example/cb',
  'http://n8n./cb',
  'http://10.1.2.3.example.org/cb',
  `https://app.example.org/${'x'.repeat(2000)}`,
])('%s is not a valid redirect address', (uri) => {
  expect(redirectProblem(uri)).not.toBeNull()
})

test.each([
  ['http://app.example.org/cb', true, 'and on a private network'],
  ['http://app.example.org/cb', false, 'because ALLOW_HTTP_REDIRECTS is false'],
  ['http://192.168.1.5/cb', false, 'because ALLOW_HTTP_REDIRECTS is false'],
  ['ms-msdt:/id', true, 'must not use ms-msdt:'],
])(
  'the refusal of %s names the problem, with http on private networks set to %s',
  (uri, privateHttp, expectedReason) => {
    expect(redirectProblem(uri, { privateHttp })?.text).toContain(expectedReason)
  },
)

test('a program on the own machine needs no setting', () => {
  expect(redirectProblem('http://localhost:1/cb', { privateHttp: false })).toBeNull()
})

describe('a registered address', () => {
  const exact = { anyPath: false }

  test.each([
    ['https://app.example.org/cb', 'https://app.example.org/cb'],
    ['http://127.0.0.1:1/cb', 'http://127.0.0.1:50123/cb'],
    ['http://localhost/cb', 'http://localhost:50123/cb'],
    ['http://[::1]/cb', 'http://[::1]:50123/cb'],
    ['cursor://a/b', 'cursor://a/b'],
  ])('%s covers %s', (registered, requested) => {
    expect(redirectMatches(registered, requested, exact)).toBe(true)
  })

  test.each([
    ['https://app.example.org/cb', 'https://app.example.org/cb/'],
    ['https://app.example.org/cb', 'https://app.example.org/cb/more'],
    ['https://app.example.org/cb', 'https://app.example.org/cbx'],
    ['https://app.example.org/cb', 'https://app.example.org/CB'],
    ['https://app.example.org/cb', 'https://APP.example.org/cb'],
    ['https://app.example.org/cb', 'https://app.example.org:8443/cb'],
    ['https://app.example.org/cb', 'https://app.example.org/cb?x=1'],
    ['https://app.example.org/cb', 'https://app.example.org/cb#x'],
    ['https://app.example.org/cb', 'https://app.example.org@evil.example/cb'],
    ['https://app.example.org/cb', 'https://app.example.org.evil.example/cb'],
    ['https://app.example.org/cb', 'https://app.example.org/x/../cb'],
    ['http://localhost/cb', 'http://localhost:1/other'],
    ['http://localhost/cb', 'http://LOCALHOST:1/cb'],
    ['http://localhost/cb', 'http://localhost:1/x/../cb'],
    ['http://localhost/cb', 'http://localhost:1@evil.example/cb'],
    ['http://localhost/cb', 'http://127.0.0.1:1/cb'],
    ['http://localhost/cb', 'https://localhost:1/cb'],
    ['cursor://a/b', 'cursor://a/c'],
  ])('%s does not cover %s', (registered, requested) => {
    expect(redirectMatches(registered, requested, exact)).toBe(false)
  })

  test('http://localhost added by a person covers any program on the machine, and nothing else', () => {
    const matchesAnyPath = (requested: string) => redirectMatches('http://localhost', requested, { anyPath: true })
    expect(matchesAnyPath('http://localhost:8123/some/callback')).toBe(true)
    expect(matchesAnyPath('http://127.0.0.1:8123/callback')).toBe(true)
    expect(matchesAnyPath('http://localhost:8123/callback?next=x')).toBe(false)
    expect(matchesAnyPath('http://localhost.evil.example/callback')).toBe(false)
    expect(matchesAnyPath('http://localhost@evil.example/callback')).toBe(false)
    expect(matchesAnyPath('https://localhost/callback')).toBe(false)
    expect(redirectMatches('http://localhost/cb', 'http://localhost:1/other', { anyPath: true })).toBe(false)
  })
})

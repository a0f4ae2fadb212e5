import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type Place } from '../../../../test/harness/database/databases.ts'
import {
  ALL_BUT_THE_APP,
  EVERYBODY,
  NAME,
  PATIENCE,
  type Site,
  startSite,
  troubles,
} from '../../../../test/harness/network/proxied-server.ts'
import type { ProxySettings } from '../../../../test/harness/network/proxy.ts'
import { CLIENTS } from './clients.ts'

interface Case {
  readonly name: string
  readonly settings: ProxySettings
  readonly outcome?: 'note'
  readonly check: string
  readonly title: RegExp
  readonly fix: RegExp
  readonly suffers: readonly string[]
  /** A line of the advice for nginx, if there is advice for proxies. */
  readonly nginx?: string
}

const newestClients = CLIENTS.filter(({ id }) => id === 'claude' || id === 'claude-code').map(({ name }) => name.text)
const inPages = CLIENTS.filter(({ place }) => place === 'page').map(({ name }) => name.text)
const theApp = CLIENTS.filter(({ place }) => place === 'app').map(({ name }) => name.text)

const CASES: readonly Case[] = [
  {
    name: 'sends another host',
    settings: { host: 'trek-backend' },
    check: 'host',
    title: /asks TREK for another host: trek-backend/,
    fix: /ALLOWED_HOSTS/,
    suffers: EVERYBODY,
    nginx: 'proxy_set_header Host $host;',
  },
  {
    name: 'sends its own address as the host',
    settings: { host: true },
    outcome: 'note',
    check: 'host',
    title: /says Host: localhost:\d+ where people asked for trek\.example\.org/,
    fix: /Nothing fails/,
    suffers: [],
    nginx: 'proxy_set_header Host $host;',
  },
  {
    name: 'sends no information about the origin of requests',
    settings: { dropsForwarded: true },
    outcome: 'note',
    check: 'sender',
    title: /does not say where requests come from/,
    fix: /send X-Forwarded-For, and set TRUST_PROXY=127\.0\.0\.1/,
    suffers: [],
    nginx: 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
  },
  {
    name: 'sends the wrong scheme',
    settings: { forwardedProto: 'http' },
    outcome: 'note',
    check: 'scheme',
    title: /says http where people use https/,
    fix: /APP_URL is right/,
    suffers: [],
    nginx: 'proxy_set_header X-Forwarded-Proto $scheme;',
  },
  {
    name: 'sends the wrong forwarded host',
    settings: { forwardedHost: 'elsewhere.example.com' },
    check: 'host',
    title: /asks TREK for another host: elsewhere\.example\.com/,
    fix: /X-Forwarded-Host/,
    suffers: EVERYBODY,
    nginx: 'proxy_set_header Host $host;',
  },
  {
    name: 'removes Authorization',
    settings: { stripsRequest: ['authorization'] },
    check: 'headers',
    title: /removes the header Authorization from requests/,
    fix: /pass on Authorization/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'proxy_set_header Authorization $http_authorization;',
  },
  {
    name: 'removes Mcp-Session-Id from requests',
    settings: { stripsRequest: ['mcp-session-id'] },
    check: 'headers',
    title: /removes the header Mcp-Session-Id from requests/,
    fix: /pass on Mcp-Session-Id/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'proxy_set_header Mcp-Session-Id $http_mcp_session_id;',
  },
  {
    name: 'removes MCP-Protocol-Version',
    settings: { stripsRequest: ['mcp-protocol-version'] },
    check: 'headers',
    title: /removes the header MCP-Protocol-Version from requests/,
    fix: /pass on MCP-Protocol-Version/,
    suffers: newestClients,
    nginx: 'proxy_set_header MCP-Protocol-Version $http_mcp_protocol_version;',
  },
  {
    name: 'removes Origin',
    settings: { stripsRequest: ['origin'] },
    outcome: 'note',
    check: 'headers',
    title: /removes the header Origin/,
    fix: /pass on Origin/,
    suffers: [],
    nginx: 'proxy_set_header Origin $http_origin;',
  },
  {
    name: 'removes Cookie',
    settings: { stripsRequest: ['cookie'] },
    check: 'headers',
    title: /removes the header Cookie from requests/,
    fix: /pass on Cookie/,
    suffers: EVERYBODY,
    nginx: 'proxy_set_header Cookie $http_cookie;',
  },
  {
    name: 'removes Mcp-Session-Id from responses',
    settings: { stripsResponse: ['mcp-session-id'] },
    check: 'session',
    title: /removes the header Mcp-Session-Id from answers of TREK/,
    fix: /both ways/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'proxy_pass_header Mcp-Session-Id;',
  },
  {
    name: 'removes WWW-Authenticate',
    settings: { stripsResponse: ['www-authenticate'] },
    check: 'challenge',
    title: /removes the header WWW-Authenticate/,
    fix: /answer 401 unchanged/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'proxy_pass_header WWW-Authenticate;',
  },
  {
    name: 'removes the headers for pages of other sites',
    settings: { stripsResponse: ['access-control-*'] },
    check: 'pages',
    title: /removes or changes the headers that let pages of other sites connect/,
    fix: /Access-Control/,
    suffers: inPages,
    nginx: 'proxy_hide_header Access-Control-Allow-Origin;',
  },
  {
    name: 'removes the list of headers that pages of other sites may read',
    settings: { stripsResponse: ['access-control-expose-headers'] },
    check: 'pages',
    title: /cannot read mcp-session-id, www-authenticate/,
    fix: /Access-Control-Expose-Headers/,
    suffers: inPages,
    nginx: 'proxy_hide_header Access-Control-Expose-Headers;',
  },
  {
    name: 'removes cookies from responses',
    settings: { stripsResponse: ['set-cookie'] },
    check: 'consent',
    title: /removes cookies/,
    fix: /Set-Cookie/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'proxy_pass_header Set-Cookie;',
  },
  {
    name: 'answers OPTIONS itself',
    settings: { answersOptions: true },
    check: 'pages',
    title: /itself answers OPTIONS/,
    fix: /pass on OPTIONS/,
    suffers: inPages,
    nginx: 'if ($request_method = OPTIONS) {',
  },
  {
    name: 'does not forward WebSockets',
    settings: { noWebsocket: true },
    check: 'websocket',
    title: /does not pass on WebSockets/,
    fix: /Upgrade and Connection at \/ws/,
    suffers: theApp,
    nginx: 'proxy_set_header Upgrade $http_upgrade;',
  },
  {
    name: 'buffers event streams',
    settings: { buffersStreams: true },
    check: 'stream',
    title: /holds back event streams/,
    fix: /buffering and compression/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'proxy_buffering off;',
  },
  {
    name: 'serves TREK under a path',
    settings: { prefix: '/trek' },
    check: 'instance',
    title: /served below \/trek, and APP_URL does not say so/,
    fix: /Set APP_URL=https:\/\/trek\.example\.org:\d+\/trek and restart TREK/,
    suffers: EVERYBODY,
    nginx: 'location ~ ^/(\\.well-known/[^/]+/)?trek(/|$) {',
  },
  {
    name: 'serves TREK under a path that cannot be guessed',
    settings: { prefix: '/travel' },
    check: 'instance',
    title: /Another website answers/,
    fix: /To serve it below a path such as \/trek, let APP_URL end with that path/,
    suffers: EVERYBODY,
    nginx: 'server_name trek.example.org;',
  },
  {
    name: 'adds a slash',
    settings: { addsSlash: ['/mcp'] },
    check: 'challenge',
    title: /adds a slash to the end/,
    fix: /pass on \/mcp unchanged/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'location / {',
  },
  {
    name: 'answers /.well-known itself',
    settings: { ownsWellKnown: true },
    check: 'discovery',
    title: /itself answers addresses below \/\.well-known/,
    fix: /acme-challenge/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'location ^~ /.well-known/acme-challenge/ {',
  },
  {
    name: 'shows its own log-in page',
    settings: { wall: 'page' },
    check: 'instance',
    title: /wants people to log in first/,
    fix: /\/mcp, \/oauth/,
    suffers: EVERYBODY,
    nginx: 'auth_request off;',
  },
  {
    name: 'redirects to a log-in page',
    settings: { wall: 'redirect' },
    check: 'instance',
    title: /wants people to log in first/,
    fix: /\/mcp, \/oauth/,
    suffers: EVERYBODY,
    nginx: 'auth_request off;',
  },
  {
    name: 'requires a log-in except under /api',
    settings: { wall: 'page', wallLeaves: '/api' },
    check: 'challenge',
    title: /wants people to log in first/,
    fix: /\/mcp, \/oauth/,
    suffers: EVERYBODY,
    nginx: 'auth_request off;',
  },
  {
    name: 'accepts only small requests',
    settings: { bodyLimit: 500_000 },
    check: 'size',
    title: /does not accept requests of 1 MB/,
    fix: /60 MB/,
    suffers: EVERYBODY,
    nginx: 'client_max_body_size 60m;',
  },
  {
    name: 'accepts only small files',
    settings: { bodyLimit: 2_000_000 },
    check: 'size',
    title: /does not accept files of 50 MB/,
    fix: /60 MB/,
    suffers: theApp,
    nginx: 'client_max_body_size 60m;',
  },
  {
    name: 'times out soon',
    settings: { timeoutMs: 400 },
    check: 'stream',
    title: /gives up after a few seconds/,
    fix: /at least a minute/,
    suffers: ALL_BUT_THE_APP,
    nginx: 'proxy_read_timeout 1h;',
  },
  {
    name: 'redirects every request in a loop',
    settings: { redirects: 'loop' },
    check: 'instance',
    title: /redirects every request to the same address/,
    fix: /Full \(strict\)/,
    suffers: EVERYBODY,
    nginx: 'return 301 https://$host$request_uri;',
  },
  {
    name: 'has a wrong clock',
    settings: { ahead: 300_000 },
    outcome: 'note',
    check: 'clock',
    title: /this server and the reverse proxy differ by about 5 minutes/,
    fix: /NTP/,
    suffers: [],
  },
]

describe('the doctor reports when the proxy', () => {
  let place: Place
  let site: Site
  beforeAll(async () => {
    place = await (ENGINES[0] as (typeof ENGINES)[number]).place()
    site = await startSite(place.target)
  })
  afterAll(async () => {
    await site.close()
    await place.remove()
    expect(site.running.failures).toEqual([])
  })

  test.each(CASES)('$name', async ({ settings, outcome = 'failed', check, title, fix, suffers, nginx }) => {
    site.proxy.use(settings)
    // The proxy may take a while to refuse.
    const patience = check === 'size' ? { ...PATIENCE, refusal: 10_000 } : PATIENCE
    const report = await site.examine(undefined, undefined, { patience })
    const problems = troubles(report)
    expect(problems.map((one) => [one.check, one.outcome, one.title])).toEqual([
      [check, outcome, expect.stringMatching(title)],
    ])
    expect(problems[0]?.fix).toMatch(fix)
    expect(problems[0]?.suffers).toEqual(suffers)
    expect(report.outcome).toBe(outcome)
    expect(report.clients.filter(({ works }) => works !== 'wholly').map(({ name }) => name)).toEqual(suffers)
    const lines = problems[0]?.directives.map(({ lines }) => lines).join('\n') ?? ''
    if (nginx === undefined) expect(lines).toBe('')
    else expect(lines).toContain(nginx)
  })

  test('leads to another instance', async () => {
    const other = await startSite(`${place.target}-other`, { ALLOWED_HOSTS: NAME, ENCRYPTION_KEY: '7a'.repeat(32) })
    site.proxy.use({ serves: other.running.url })
    const report = await site.examine()
    expect(troubles(report)).toMatchObject([
      { check: 'instance', title: 'APP_URL leads to another server than this one', suffers: EVERYBODY },
    ])
    await other.close()
  })
})

import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { opensMcp, registerProgram, webToken, withAnaAndProgram } from '../../../../../test/harness/attacks.ts'
import { call, initialize, post } from '../../../../../test/harness/mcp/wire.ts'
import { browserOf, newVerifier, type Tokens } from '../../../../../test/harness/rigs/oauth.ts'
import { eachRunning } from '../../../../../test/harness/rigs/running.ts'
import { cookiesOf, cookieValue } from '../../cookie.ts'
import { hashToken } from '../../tokens.ts'

/** Every kind of credential, and the endpoints that refuse it. */

eachRunning((running) => {
  const { ana, browser, program, connect } = withAnaAndProgram(running)

  let tokens: Tokens
  beforeAll(async () => {
    tokens = await connect()
  })

  const mcp = () => new URL(`${running().url}/mcp`)
  const rows = () => running().database.kysely
  const me = (headers: Record<string, string>) => fetch(`${running().url}/api/me`, { headers })

  const cookieSent = () => cookieValue(browser().cookieFor('/'), cookiesOf(null).session) as string

  /** The status that `/mcp` answers to these headers. */
  async function knock(headers: Record<string, string>, path = '/mcp') {
    const { status, headers: answerHeaders } = await post(new URL(running().url + path), call('ping'), headers)
    expect(answerHeaders.get('mcp-session-id')).toBeNull()
    return status
  }

  describe('at /mcp', () => {
    test.each<[string, () => Promise<string> | string]>([
      ['nothing', () => ''],
      ['a refresh token', () => tokens.refresh_token as string],
      ['a code', async () => (await program().consent(browser(), newVerifier())).code],
      ['the secret of a client', async () => (await registerProgram(running(), ana())).program.secret as string],
      ['the id of a client', () => program().clientId],
      ['the cookie of the app', () => decodeURIComponent(cookieSent())],
      ['the cookie in its encoded form', () => cookieSent()],
      ['the token in the cookie', () => cookieSent().split('.')[0] as string],
      ['the stored hash of an access token', () => hashToken(tokens.access_token)],
      ['the stored hash with the prefix', () => `trekoa_${hashToken(tokens.access_token)}`],
      ['the stored hash of a static token', () => `trek_${hashToken(ana().token).slice(0, 48)}`],
      ['an invented token', () => `trekoa_${randomBytes(32).toString('hex')}`],
      ['a token in capitals', () => tokens.access_token.toUpperCase()],
      ['a truncated token', () => tokens.access_token.slice(0, -1)],
      ['a token with a suffix', () => `${tokens.access_token}=`],
      ['a wildcard token', () => 'trekoa_%'],
      ['the password', () => ana().password],
    ])('%s opens nothing', async (_what, bearerToken) => {
      const token = await bearerToken()
      expect(await knock({ authorization: `Bearer ${token}` })).toBe(401)
      expect(await knock({ authorization: `Bearer ${encodeURIComponent(token)}` })).toBe(401)
    })

    test.each<[string, () => Record<string, string>]>([
      ['in a cookie', () => ({ cookie: `${cookiesOf(null).session}=${tokens.access_token}` })],
      ['with another scheme', () => ({ authorization: `Basic ${tokens.access_token}` })],
      ['as a user name', () => ({ authorization: `Basic ${btoa(`${tokens.access_token}:`)}` })],
      ['twice', () => ({ authorization: `Bearer ${tokens.access_token}, Bearer ${tokens.access_token}` })],
      ['without a scheme', () => ({ authorization: tokens.access_token })],
      ['in a custom header', () => ({ 'x-access-token': tokens.access_token })],
    ])('a good token %s opens nothing', async (_where, headers) => {
      expect(await knock(headers())).toBe(401)
    })

    test('a good token in the address opens nothing', async () => {
      expect(await knock({}, `/mcp?access_token=${tokens.access_token}`)).toBe(401)
    })

    test('the cookie of the app alone opens nothing, not even from one of our pages', async () => {
      const cookie = browser().cookieFor('/')
      expect((await me({ cookie })).status).toBe(200)
      expect(await knock({ cookie })).toBe(401)
      expect(await knock({ cookie, origin: running().url, 'sec-fetch-site': 'same-origin' })).toBe(401)
      const session = await initialize(mcp(), tokens.access_token)
      expect(await knock({ cookie, 'mcp-session-id': session })).toBe(401)
    })
  })

  describe('at each endpoint', () => {
    /** Which credentials each endpoint accepts. */
    const OPENED: [string, () => Promise<string> | string, { mcp: boolean; rest: boolean }][] = [
      ['a static token', () => ana().token, { mcp: true, rest: true }],
      ['an access token', () => tokens.access_token, { mcp: true, rest: false }],
      ['the access token of a machine client', () => machineToken(), { mcp: true, rest: false }],
      ['a web token', () => webToken(browser()), { mcp: true, rest: false }],
      ['a refresh token', () => tokens.refresh_token as string, { mcp: false, rest: false }],
      ['the cookie of the app as a bearer', () => decodeURIComponent(cookieSent()), { mcp: false, rest: false }],
    ]

    async function machineToken(): Promise<string> {
      const { program: machine } = await registerProgram(running(), ana(), { machine: true })
      const answer = await machine.post({ grant_type: 'client_credentials' })
      return ((await answer.json()) as Tokens).access_token
    }

    const socketStatus = async (path: string, headers: Record<string, string>) => {
      const socket = new WebSocket(`${running().url.replace('http', 'ws')}${path}`, {
        headers: { origin: running().url, ...headers },
      })
      const status = await new Promise((resolve) => {
        socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
        socket.on('open', () => resolve('open'))
        socket.on('error', () => {})
      })
      socket.terminate()
      return status
    }

    test.each(OPENED)('%s opens only what it is meant for', async (_what, bearerToken, opens) => {
      const token = await bearerToken()
      const authorization = `Bearer ${token}`
      expect(await opensMcp(running(), token)).toBe(opens.mcp)
      expect((await me({ authorization })).status).toBe(opens.rest ? 200 : 401)
      expect(await socketStatus('/ws', { authorization })).toBe(401)
      for (const name of ['token', 'access_token']) {
        expect(await socketStatus(`/ws?${name}=${encodeURIComponent(token)}`, {})).toBe(401)
      }
    })

    test('the cookie opens REST and the socket, and never /mcp', async () => {
      const cookie = browser().cookieFor('/')
      expect((await me({ cookie })).status).toBe(200)
      expect(await socketStatus('/ws', { cookie })).toBe('open')
      expect(await knock({ cookie })).toBe(401)
    })
  })

  describe('at other endpoints', () => {
    test.each<[string, () => string]>([
      ['an access token', () => tokens.access_token],
      ['a refresh token', () => tokens.refresh_token as string],
    ])('%s opens no REST, even beside a cookie that would', async (_what, bearerToken) => {
      const authorization = `Bearer ${bearerToken()}`
      expect((await me({ authorization })).status).toBe(401)
      expect((await me({ authorization, cookie: browser().cookieFor('/') })).status).toBe(401)
      const answer = await post(new URL(`${running().url}/api/trips`), { title: 'Mine' }, { authorization })
      expect(answer.status).toBe(401)
    })

    test('a token opens no socket', async () => {
      for (const bearerToken of [tokens.access_token, ana().token]) {
        const socket = new WebSocket(`${running().url.replace('http', 'ws')}/ws`, {
          headers: { authorization: `Bearer ${bearerToken}`, origin: running().url },
        })
        const status = await new Promise((resolve) => {
          socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
          socket.on('open', () => resolve('open'))
          socket.on('error', () => {})
        })
        socket.terminate()
        expect(status).toBe(401)
      }
    })

    test('only an access token can query its user', async () => {
      const userinfo = (token: string) =>
        fetch(`${running().url}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } })
      expect((await userinfo(tokens.access_token)).status).toBe(200)
      for (const bearerToken of [tokens.refresh_token as string, ana().token, await webToken(browser()), 'trekoa_']) {
        const { status, headers } = await userinfo(bearerToken)
        expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('invalid_token')])
      }
    })
  })

  describe('a token', () => {
    /** Changes the stored row of the token. */
    async function forge(token: string, change: (payload: Record<string, unknown>) => void) {
      const of = rows().selectFrom('oauth_artifacts').select('payload').where('id_hash', '=', hashToken(token))
      const payload = JSON.parse((await of.executeTakeFirstOrThrow()).payload.replaceAll('\u0001', '\\u0001'))
      change(payload)
      await rows()
        .updateTable('oauth_artifacts')
        .set({ payload: JSON.stringify(payload).replaceAll('\\u0001', '\u0001') })
        .where('id_hash', '=', hashToken(token))
        .execute()
    }

    test.each<[string, unknown]>([
      ['another server', 'https://elsewhere.example/mcp'],
      ['another address of this one', 'http://localhost/api'],
      ['a longer path', 'http://localhost/mcp/other'],
      ['a longer host name', 'http://localhost.evil.example/mcp'],
      ['a host behind a user name', 'http://localhost@evil.example/mcp'],
      ['another scheme', 'https://localhost/mcp'],
      ['several servers', ['http://localhost/mcp', 'https://elsewhere.example/mcp']],
      ['nobody', undefined],
      ['anybody', '*'],
      ['nothing', ''],
    ])('that is meant for %s opens nothing here', async (_whom, aud) => {
      const { access_token } = await program().connect(browser())
      expect(await opensMcp(running(), access_token)).toBe(true)
      await forge(access_token, (payload) => Object.assign(payload, { aud }))
      expect(await opensMcp(running(), access_token)).toBe(false)
    })

    test('that has expired, or is another kind of row, opens nothing', async () => {
      for (const change of [
        { expires_at: new Date(Date.now() - 1).toISOString() },
        { model: 'AuthorizationCode' },
        { model: 'RefreshToken' },
        { grant_id: null },
      ]) {
        const { access_token } = await program().connect(browser())
        const hash = hashToken(access_token)
        await rows().updateTable('oauth_artifacts').set(change).where('id_hash', '=', hash).execute()
        expect(await opensMcp(running(), access_token)).toBe(false)
      }
    })

    test('of a user blocked directly in the database opens nothing', async () => {
      const ben = await running().person('Ben')
      const { access_token, refresh_token } = await program().connect(await browserOf(running(), ben))
      await rows().updateTable('users').set({ banned: true }).where('id', '=', ben.caller.userId).execute()
      expect(await opensMcp(running(), access_token)).toBe(false)
      expect((await program().refresh(refresh_token as string)).status).toBe(400)
    })
  })
})

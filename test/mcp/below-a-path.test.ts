import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { type Assistant, CLIENTS, connect, createTrip, useEverything } from '../harness/assistants/assistants.ts'
import { Memory } from '../harness/assistants/memory.ts'
import { type Office, openOffice } from '../harness/assistants/office.ts'
import { makeHome, startRemote } from '../harness/assistants/remote.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { INITIALIZE, post } from '../harness/mcp/wire.ts'

/**
 * Assistants at a server below a path of its host, behind a proxy that keeps the path and behind one that removes it.
 */

const PROXIES = [
  { kind: 'keeps the path', settings: { prefix: '/trek', passesWellKnown: true, keepsPrefix: true } },
  { kind: 'removes the path', settings: { prefix: '/trek', passesWellKnown: true } },
]

const browser = withBrowser()

const open: Assistant[] = []
afterEach(async () => {
  for (const { client } of open.splice(0)) await client.close()
})

describe.each(PROXIES)('behind a proxy that $kind', ({ settings }) => {
  let office: Office
  beforeAll(async () => {
    office = await openOffice(browser(), ENGINES[0].place, { proxied: true, below: '/trek' })
    office.proxy.use(settings)
  })
  afterAll(() => office.close())

  const jsonAt = async (path: string) => {
    const answer = await fetch(office.proxy.url + path)
    expect([path, answer.status]).toEqual([path, 200])
    return answer.json()
  }

  test.each(CLIENTS)(
    '$name connects with nothing but the address, and stays connected',
    { timeout: 120_000 },
    async ({ start }) => {
      const memory = new Memory(office.callback.uri)
      const assistant = await connect(start, office.url, memory, office)
      open.push(assistant)
      await useEverything(assistant.client)
      await office.expireAccessTokens()
      await createTrip(assistant.client)
      expect(memory.unanswered).toBe(0)
      const [grant, ...others] = await office.grantsOf(memory.clientId)
      expect(others).toEqual([])
      expect(grant?.kind).toBe('consent')
      // The documents were enough: the client requested nothing outside the paths that the proxy forwards.
      const services = office.proxy.requests.filter(
        (line) => !/^\w+ (\/trek[/?]|\/\.well-known\/[^/]+\/trek(\/mcp)?$)/.test(line),
      )
      expect(services).toEqual([])
    },
  )

  test('mcp-remote connects', { timeout: 120_000 }, async () => {
    const home = makeHome()
    const remote = startRemote(office.url, home)
    await office.person.allow(await home.nextOpened())
    await remote.connected
    await createTrip(remote.client)
    await office.expireAccessTokens()
    await createTrip(remote.client)
    expect(home.timesOpened()).toBe(1)
    await remote.close()
    home.remove()
  })

  test('a refused assistant is sent to the document about exactly the address it requested', async () => {
    for (const path of ['/mcp', '/mcp/']) {
      const { status, headers } = await post(new URL(office.url + path), INITIALIZE, {})
      const named = /resource_metadata="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1]
      const document = `/.well-known/oauth-protected-resource/trek${path}`
      expect([status, named]).toEqual([401, office.proxy.url + document])
      expect(await jsonAt(document)).toMatchObject({
        resource: office.url + path,
        authorization_servers: [office.url],
      })
    }
  })

  test('the documents of the authorization server are where programs look for them, and all their addresses are below the path', async () => {
    for (const path of [
      '/.well-known/oauth-authorization-server/trek',
      '/.well-known/openid-configuration/trek',
      '/.well-known/oauth-authorization-server/trek/mcp',
      '/trek/.well-known/openid-configuration',
      '/trek/.well-known/oauth-authorization-server',
      '/trek/mcp/.well-known/openid-configuration',
    ]) {
      const document: Record<string, unknown> = await jsonAt(path)
      expect(document.issuer).toBe(office.url)
      const named = Object.entries(document).filter(([name]) => /_(endpoint|uri)$/.test(name))
      expect(named.length).toBeGreaterThan(5)
      for (const [name, address] of named) {
        expect([name, String(address).startsWith(`${office.url}/oauth/`)]).toEqual([name, true])
      }
    }
  })

  test('a browser is redirected below the path, with cookies for that path alone', async () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'nobody',
      redirect_uri: 'http://localhost/x',
    })
    const refused = await fetch(`${office.url}/authorize?${query}`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    })
    expect(new URL(refused.headers.get('location') ?? '', refused.url).href).toMatch(
      `${office.url}/oauth/problem?error=invalid_client`,
    )
    const { client_id } = await (
      await fetch(`${office.url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [office.callback.uri], token_endpoint_auth_method: 'none' }),
      })
    ).json()
    const authorizeParams = new URLSearchParams({
      ...{ response_type: 'code', client_id, redirect_uri: office.callback.uri, resource: `${office.url}/mcp` },
      ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
    })
    const answer = await fetch(`${office.url}/oauth/authorize?${authorizeParams}`, { redirect: 'manual' })
    const { href } = new URL(answer.headers.get('location') ?? '', answer.url)
    expect(href).toMatch(`${office.url}/oauth/consent/`)
    const paths = answer.headers.getSetCookie().map((cookie) => /path=([^;]*)/i.exec(cookie)?.[1] ?? '')
    expect(paths.length).toBeGreaterThan(1)
    expect(paths.filter((path) => !path.startsWith('/trek/oauth/'))).toEqual([])
  })

  test('a token is valid only for the address with the path', async () => {
    const { client, client_secret } = await office.addClient({ machine: true })
    const requestToken = (resource: string) =>
      fetch(`${office.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ grant_type: 'client_credentials', client_id: client.client_id, client_secret: String(client_secret) },
          resource,
        }),
      })
    const refused = await requestToken(`${office.proxy.url}/mcp`)
    expect([refused.status, (await refused.json()).error]).toEqual([400, 'invalid_target'])
    const { access_token } = await (await requestToken(`${office.url}/mcp`)).json()
    const mcpAnswer = await post(new URL(`${office.url}/mcp`), INITIALIZE, { authorization: `Bearer ${access_token}` })
    expect(mcpAnswer.status).toBe(200)
  })

  test('issued links lead below the path', async () => {
    const { assistant } = office.ana
    const ben = await office.running.person('Ben')
    const { trip } = structured<{ trip: { id: number } }>(await assistant.tool('create_trip', { title: 'Kyoto' }))
    const { url } = structured<{ url: string }>(await assistant.tool('create_share_link', { tripId: trip.id }))
    expect(url).toMatch(`${office.url}/shared/`)
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    expect(await page.text()).toContain('<meta name="base-path" content="/trek" />')
    await assistant.tool('add_trip_member', { tripId: trip.id, identifier: ben.username })
    const news = await fetch(`${office.url}/api/notifications`, { headers: { authorization: `Bearer ${ben.token}` } })
    const { notifications } = (await news.json()) as { notifications: { url: string; link: string }[] }
    expect(notifications.map(({ url }) => url)).toEqual([`${office.url}/trips/${trip.id}`])
    const { servers } = await jsonAt('/trek/api/openapi.json')
    expect(servers).toEqual([{ url: office.url }])
  })
})

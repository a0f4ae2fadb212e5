import { generateKeyPairSync } from 'node:crypto'
import {
  ClientCredentialsProvider,
  type OAuthClientProvider,
  PrivateKeyJwtProvider,
} from '@modelcontextprotocol/client'
import {
  ClientCredentialsProvider as FirstClientCredentialsProvider,
  PrivateKeyJwtProvider as FirstPrivateKeyJwtProvider,
} from '@modelcontextprotocol/sdk/client/auth-extensions.js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { revoke_oauth_grant } from '../../src/identity/contract/oauth.ts'
import {
  type Assistant,
  CLIENTS,
  connect,
  createTrip,
  type Start,
  toolsOf,
  useEverything,
} from '../harness/assistants/assistants.ts'
import { Memory } from '../harness/assistants/memory.ts'
import { type Office, openOffice } from '../harness/assistants/office.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { ENGINES } from '../harness/database/databases.ts'
import type { ProxySettings } from '../harness/network/proxy.ts'

/** The official clients, connected by a person at a browser, with nothing but the address of the server. */

const browser = withBrowser()

const open: Assistant[] = []
afterEach(async () => {
  for (const { client } of open.splice(0)) await client.close()
})

const closedAfterwards = (assistant: Assistant): Assistant => {
  open.push(assistant)
  return assistant
}

const [FIRST, SECOND, NEWEST] = CLIENTS

describe.each(ENGINES)('on $engine', ({ engine, place }) => {
  let office: Office
  beforeAll(async () => {
    office = await openOffice(browser(), place)
  })
  afterAll(() => office.close())

  const newMemory = () => new Memory(office.callback.uri)
  const letIn = async (start: Start, memory: Memory, only?: readonly string[]) =>
    closedAfterwards(await connect(start, office.url, memory, office, only))

  test.each(CLIENTS)(
    '$name connects, and stays connected until it is disconnected',
    { timeout: 120_000 },
    async ({ start }) => {
      const memory = newMemory()
      const { client, sessionId } = await letIn(start, memory)
      await useEverything(client)
      const { access_token } = memory.tokensKept
      const session = sessionId()

      await office.expireAccessTokens()
      await useEverything(client)
      expect(memory.tokensKept.access_token).not.toBe(access_token)

      await office.expireAccessTokens()
      const calls = await Promise.allSettled(Array.from({ length: 8 }, () => createTrip(client)))
      // The first generation drops a call that is refused just after another call has refreshed.
      if (start !== FIRST.start) expect(calls.filter(({ status }) => status === 'rejected')).toEqual([])
      await createTrip(client)
      expect(sessionId()).toBe(session)
      expect(memory.unanswered).toBe(0)

      const [grant, ...others] = await office.grantsOf(memory.clientId)
      const redirect_host = new URL(office.callback.uri).host
      expect(grant).toMatchObject({ kind: 'consent', client_name: 'Travel Assistant', redirect_host })
      expect(others).toEqual([])
      expect(await office.tripsChangedBy(grant)).toBeGreaterThan(2)

      const { pipeline } = office.running
      await pipeline.run(revoke_oauth_grant, { grantId: grant?.id as number }, office.ana.caller)
      await expect(createTrip(client)).rejects.toThrow(/Unauthorized/)
      expect(memory.unanswered).toBeGreaterThan(0)
    },
  )

  // The following tests ask nothing new of the database.
  if (engine === 'postgres') return

  test.each([FIRST, SECOND])(
    '$name continues its session after a wider grant',
    { timeout: 120_000 },
    async ({ start }) => {
      const memory = newMemory()
      const assistant = closedAfterwards(start(office.url, memory))
      const authorize = async (scope: string) => {
        await assistant.askFor(scope)
        await office.person.allow(memory.sentTo())
        await assistant.finish(await office.callback.next())
        expect(memory.scopes).toEqual(scope.split(' '))
      }
      await authorize('trips:read')
      await assistant.connect()
      const session = assistant.sessionId()
      expect(await toolsOf(assistant.client)).not.toContain('create_trip')
      const refused = await assistant.client.callTool({ name: 'create_trip', arguments: { title: 'Kyoto' } })
      expect(refused).toMatchObject({ isError: true })
      expect(JSON.stringify(refused.content)).toContain('needs the scope trips:write')

      await authorize('trips:read trips:write')
      expect(await toolsOf(assistant.client)).toContain('create_trip')
      await createTrip(assistant.client)
      expect(assistant.sessionId()).toBe(session)
    },
  )

  test(`${NEWEST.name} requests more scopes by itself`, { timeout: 120_000 }, async () => {
    const memory = newMemory()
    const assistant = await letIn(NEWEST.start, memory, ['trips:read'])
    expect(memory.scopes).toEqual(['trips:read'])
    expect(await toolsOf(assistant.client)).not.toContain('create_trip')

    await expect(createTrip(assistant.client)).rejects.toThrow(/Unauthorized/)
    const authorizeUrl = memory.sentTo()
    expect(authorizeUrl.searchParams.get('scope')?.split(' ').sort()).toEqual(['trips:read', 'trips:write'])
    await office.person.allow(authorizeUrl)
    await assistant.finish(await office.callback.next())
    expect(memory.scopes).toEqual(['trips:read', 'trips:write'])
    await createTrip(assistant.client)
    expect(await toolsOf(assistant.client)).toContain('create_trip')
  })

  test('a client is told that the person refused it', { timeout: 120_000 }, async () => {
    const memory = newMemory()
    const assistant = closedAfterwards(NEWEST.start(office.url, memory))
    await expect(assistant.connect()).rejects.toThrow(/Unauthorized/)
    await office.person.refuse(memory.sentTo())
    await expect(assistant.finish(await office.callback.next())).rejects.toMatchObject({ code: 'access_denied' })
    expect(memory.kept).toBeUndefined()
  })

  test.each([FIRST, NEWEST])(
    '$name connects with a secret from its owner, and needs consent once',
    { timeout: 120_000 },
    async ({ start }) => {
      const { client, client_secret } = await office.addClient({ redirect_uris: ['http://localhost'] })
      const credentials = { client_id: client.client_id, client_secret: client_secret ?? '' }
      const newInstallation = () => new Memory(office.callback.uri, { client: credentials })
      const memory = newInstallation()
      const assistant = await letIn(start, memory)
      expect(memory.scopes).toEqual(['trips:read', 'trips:write'])
      await createTrip(assistant.client)
      await office.expireAccessTokens()
      await createTrip(assistant.client)
      expect(memory.unanswered).toBe(0)

      const another = newInstallation()
      const elsewhere = closedAfterwards(start(office.url, another))
      await elsewhere.askFor('trips:read')
      await office.person.pass(another.sentTo())
      await elsewhere.finish(await office.callback.next())
      await elsewhere.connect()
      expect(await toolsOf(elsewhere.client)).toContain('list_trips')
      await createTrip(assistant.client)
      expect(await office.grantsOf(client.client_id)).toHaveLength(2)
    },
  )

  describe('a machine', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const keys = [publicKey.export({ format: 'jwk' }) as { kty: 'EC' }]
    const key = { privateKey: privateKey.export({ format: 'jwk' }) as Record<string, unknown>, algorithm: 'ES256' }

    const withSecret = async () => {
      const { client, client_secret } = await office.addClient({ machine: true })
      return { clientId: client.client_id, clientSecret: client_secret ?? '', expectedIssuer: office.url }
    }
    const withKey = async () => {
      const { client } = await office.addClient({ machine: true, public_keys: { keys } })
      return { clientId: client.client_id, ...key, expectedIssuer: office.url }
    }
    const machines: [string, Start, () => Promise<OAuthClientProvider>][] = [
      [`a secret, ${FIRST.name}`, FIRST.start, async () => new FirstClientCredentialsProvider(await withSecret())],
      [`a key, ${FIRST.name}`, FIRST.start, async () => new FirstPrivateKeyJwtProvider(await withKey())],
      [`a secret, ${SECOND.name}`, SECOND.start, async () => new ClientCredentialsProvider(await withSecret())],
      [`a key, ${NEWEST.name}`, NEWEST.start, async () => new PrivateKeyJwtProvider(await withKey())],
    ]

    test.each(machines)('with %s, logs in by itself repeatedly', async (_, start, providerFor) => {
      const provider = await providerFor()
      const { client, connect } = closedAfterwards(start(office.url, provider))
      await connect()
      await createTrip(client)
      expect(await provider.tokens()).toMatchObject({ scope: 'trips:read trips:write' })
      await office.expireAccessTokens()
      await createTrip(client)
      const [grant] = await office.grantsOf((await provider.clientInformation())?.client_id ?? '')
      expect(grant).toMatchObject({ kind: 'machine', scopes: ['trips:read', 'trips:write'] })
      expect(await office.tripsChangedBy(grant)).toBe(2)
    })
  })
})

describe('behind a reverse proxy', () => {
  let office: Office
  beforeAll(async () => {
    const env = { TRUST_PROXY: 'true', ALLOWED_HOSTS: 'trek' }
    office = await openOffice(browser(), ENGINES[0].place, { proxied: true, env })
  })
  afterAll(() => office.close())

  const HOSTILE: [string, ProxySettings, (typeof CLIENTS)[number]][] = [
    ['sends its own host name and no forwarded headers', { host: true, dropsForwarded: true }, NEWEST],
    ['uses an internal name for the server', { host: 'trek:3000', dropsForwarded: true }, SECOND],
    ['is trusted, and reports https', { forwardedProto: 'https' }, FIRST],
  ]

  test.each(HOSTILE)('that %s, a client notices nothing', { timeout: 120_000 }, async (_, settings, { start }) => {
    office.proxy.use(settings)
    const memory = new Memory(office.callback.uri)
    const { client } = closedAfterwards(await connect(start, office.url, memory, office))
    await useEverything(client)
    await office.expireAccessTokens()
    await createTrip(client)
    expect(memory.unanswered).toBe(0)
    expect(office.proxy.requests).toContain('POST /oauth/token')
  })
})

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CLIENTS, connect, createTrip, useEverything } from '../harness/assistants/assistants.ts'
import { Memory } from '../harness/assistants/memory.ts'
import { type Office, openOffice } from '../harness/assistants/office.ts'
import { makeHome, startRemote } from '../harness/assistants/remote.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { makeCertificate } from '../harness/network/certificate.ts'
import { browserOf, newVerifier, Program, type Tokens } from '../harness/rigs/oauth.ts'

/** Clients whose id is the address of a metadata document on their own site. */

const SITE = 'assistant.example.org'

// The only name that resolves in this test leads to this machine, as if it were on the internet.
vi.mock('../../src/adapters/http/ssrf-guard.ts', async (load) => ({
  ...(await load<typeof import('../../src/adapters/http/ssrf-guard.ts')>()),
  resolveName: async (name: string) => (name === SITE ? [{ address: '127.0.0.1', family: 4 }] : []),
  mayCall: (address: string) => address === '127.0.0.1',
}))

type Document = Record<string, unknown>

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** The site of the assistants, with the document of each and their keys. */
async function openSite() {
  const certificate = await makeCertificate([SITE])
  const trusted = getCACertificates('default')
  setDefaultCACertificates([...trusted, certificate.cert])
  const documents = new Map<string, Document>([
    ['/jwks.json', { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] }],
  ])
  const server = createServer(certificate, (request, response) => {
    const document = documents.get(request.url ?? '')
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `https://${SITE}:${(server.address() as AddressInfo).port}`
  return {
    url,
    /** Publishes the metadata of an assistant; returns its address, which is the client id from then on. */
    publish(name: string, document: Document): string {
      const path = `/oauth/${name}.json`
      documents.set(path, { client_id: url + path, ...document })
      return url + path
    },
    close() {
      setDefaultCACertificates(trusted)
      server.closeAllConnections()
      server.close()
    },
  }
}

const browser = withBrowser()
let office: Office
let site: Awaited<ReturnType<typeof openSite>>
let address: string
beforeAll(async () => {
  office = await openOffice(browser(), ENGINES[0].place)
  site = await openSite()
  address = site.publish('client', {
    client_name: 'Described Assistant',
    redirect_uris: [office.callback.uri, 'http://localhost/oauth/callback'],
    token_endpoint_auth_method: 'none',
  })
})
afterAll(async () => {
  site.close()
  await office.close()
})

test.each(CLIENTS)('$name is identified by its document', { timeout: 120_000 }, async ({ start }) => {
  const before = (await office.grantsOf(address)).length
  const memory = new Memory(office.callback.uri, { document: address })
  const assistant = await connect(start, office.url, memory, office)
  expect(memory.clientId).toBe(address)
  await useEverything(assistant.client)
  await office.expireAccessTokens()
  await createTrip(assistant.client)
  await assistant.client.close()
  expect(memory.unanswered).toBe(0)
  const grants = await office.grantsOf(address)
  expect(grants).toHaveLength(before + 1)
  expect(grants[0]).toMatchObject({ client_name: 'Described Assistant', kind: 'consent' })
})

test('mcp-remote is identified by its document', { timeout: 120_000 }, async () => {
  const home = makeHome()
  const remote = startRemote(office.url, home, '--client-metadata-url', address)
  const openedUrl = await home.nextOpened()
  expect(new URL(openedUrl).searchParams.get('client_id')).toBe(address)
  await office.person.allow(openedUrl)
  await remote.connected
  await createTrip(remote.client)
  await office.expireAccessTokens()
  await createTrip(remote.client)
  expect(home.timesOpened()).toBe(1)
  await remote.close()
  home.remove()
})

describe('a document', () => {
  const web = { client_name: 'Assistant', redirect_uris: ['https://assistant.example.org/callback'] }
  const grant_types = ['authorization_code', 'refresh_token']
  const keys = () => ({ token_endpoint_auth_signing_alg: 'RS256', jwks_uri: `${site.url}/jwks.json` })
  const jwt = 'private_key_jwt'

  const shapes: [string, () => Document, string?][] = [
    ['as short as it may be', () => web],
    [
      'as Claude has it',
      () => ({
        ...web,
        client_uri: 'https://assistant.example.org',
        grant_types: [...grant_types, 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
        response_types: ['code'],
        token_endpoint_auth_signing_alg: 'RS256',
        token_endpoint_auth_method: 'none',
      }),
    ],
    [
      'as Claude Code has it',
      () => ({
        ...web,
        redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
        grant_types,
        token_endpoint_auth_method: 'none',
      }),
      'http://127.0.0.1:52163/callback',
    ],
    [
      'as ChatGPT has it',
      () => ({
        ...web,
        ...keys(),
        grant_types,
        token_endpoint_auth_method: jwt,
        token_endpoint_auth_methods_supported: ['none', jwt],
      }),
    ],
    ['with nothing but keys', () => ({ ...web, ...keys(), grant_types, token_endpoint_auth_method: jwt })],
    ['with a choice', () => ({ ...web, ...keys(), token_endpoint_auth_methods_supported: ['none', jwt] })],
    ['with a choice and no keys', () => ({ ...web, token_endpoint_auth_methods_supported: ['none', jwt] })],
  ]

  test.each(shapes)('%s lets its assistant in', async (name, document, redirect = web.redirect_uris[0]) => {
    const described = document()
    const program = new Program(office.url, redirect)
    program.clientId = site.publish(name.replaceAll(' ', '-'), described)
    const proof = async () =>
      'jwks_uri' in described
        ? {
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: await new SignJWT({ jti: randomUUID() })
              .setProtectedHeader({ alg: 'RS256', kid: 'one' })
              .setIssuer(program.clientId)
              .setSubject(program.clientId)
              .setAudience(`${office.url}/oauth/token`)
              .setIssuedAt()
              .setExpirationTime('1m')
              .sign(privateKey),
          }
        : {}
    const verifier = newVerifier()
    const { code } = await program.consent(await browserOf(office, office.ana), verifier)
    const tokens = await program.exchange(code, verifier, await proof())
    expect(tokens.status).toBe(200)
    const { refresh_token } = (await tokens.json()) as Tokens
    const refreshed = await program.refresh(refresh_token ?? '', await proof())
    expect(refreshed.status).toBe(200)
    if ('jwks_uri' in described) {
      const { refresh_token: next } = (await refreshed.json()) as Tokens
      expect((await program.refresh(next ?? '')).status).toBe(401)
    }
  })
})

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { expectRefused, issuesNothing } from '../attacks.ts'
import { type Browser, newVerifier, Program } from '../rigs/oauth.ts'
import type { Running } from '../rigs/running.ts'
import { makeCertificate } from './certificate.ts'
import { INTERNET, names } from './internet.ts'

/** Sites of strangers that a server can be made to fetch. The test replaces the guard by `internet.ts`. */

export const SITE = 'app.example.org'
export const REDIRECT = `https://${SITE}/callback`

/** A site at every address of this machine, with answers that a test sets. It records the requests and the addresses used. */
async function openSite(make: (answer: RequestListener) => Server) {
  const requests: string[] = []
  const connected: string[] = []
  let answer: RequestListener = (_request, response) => response.writeHead(404).end()
  const server = make((request, response) => {
    requests.push(request.url ?? '')
    response.setHeader('connection', 'close')
    answer(request, response)
  })
  server.on('connection', (socket) => connected.push(socket.localAddress?.replace('::ffff:', '') ?? ''))
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
  const { port } = server.address() as AddressInfo
  return {
    requests,
    connected,
    port,
    answers(as: RequestListener) {
      answer = as
    },
    respondWith(body: string, status = 200, type = 'application/json') {
      answer = (_request, response) => response.writeHead(status, { 'content-type': type }).end(body)
    },
    sendsTo(location: string) {
      answer = (_request, response) => response.writeHead(302, { location }).end()
    },
    /** Answers with a valid document, except for these fields. */
    publishes(more: Record<string, unknown> = {}) {
      answer = (request, response) => {
        const client_id = `https://${request.headers.host}${request.url}`
        const validDocument = {
          client_id,
          client_name: 'App',
          redirect_uris: [REDIRECT],
          token_endpoint_auth_method: 'none',
        }
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ ...validDocument, ...more }))
      }
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Site = Awaited<ReturnType<typeof openSite>>

/** A site on the internet, and one without TLS that no server may reach; opened for a suite, and reset for each test. */
export function sitesOfStrangers() {
  const sites = {} as { site: Site; plain: Site }
  const trusted = getCACertificates('default')
  const tried: string[] = []
  const note = (message: unknown) => {
    const { hostname, port } = (message as { connectParams: { hostname: string; port: string } }).connectParams
    const isOfTest = hostname === 'localhost' && port && ![sites.site.port, sites.plain.port].includes(Number(port))
    if (!isOfTest) tried.push(hostname)
  }
  let pages = 0

  beforeAll(async () => {
    const certificate = await makeCertificate([SITE])
    setDefaultCACertificates([...trusted, certificate.cert])
    sites.site = await openSite((answer) => createServer(certificate, answer))
    sites.plain = await openSite(createPlainServer)
    subscribe('undici:client:beforeConnect', note)
  })
  beforeEach(() => {
    const { site, plain } = sites
    for (const list of [site.requests, site.connected, plain.requests, plain.connected, tried]) list.length = 0
    names.clear()
    names.set(SITE, [[INTERNET]])
    site.publishes()
  })
  afterAll(() => {
    unsubscribe('undici:client:beforeConnect', note)
    setDefaultCACertificates(trusted)
    sites.site.close()
    sites.plain.close()
  })

  return {
    sites,
    /** A new address of the site: the server caches the result for an address. */
    freshId: (host = SITE) => `https://${host}:${sites.site.port}/client-${++pages}`,
    /** Asserts that no connection was made or tried. */
    expectNobodyCalled() {
      expect([sites.site.connected, sites.plain.connected, tried]).toEqual([[], [], []])
    },
  }
}

/** A program with this id, for a running server. */
export function programOf({ url }: Running, id: string): Program {
  const program = new Program(url, REDIRECT)
  program.clientId = id
  return program
}

/** Asserts that no endpoint accepts a program with this id, and that no answer says why. */
export async function expectUnknown(
  running: Running,
  browser: Browser,
  id: string,
  error: string | RegExp = /^invalid_client$/,
): Promise<void> {
  const program = programOf(running, id)
  const url = program.authorizeUrl(newVerifier())
  await issuesNothing(running, async () => {
    const answer = await browser.fetch(url)
    const body = (await answer.clone().json()) as { error: string }
    expect(body.error).toMatch(error)
    await expectRefused(answer, 400, body.error)
    expect(['error', 'error_description', 'state', 'iss']).toEqual(expect.arrayContaining(Object.keys(body)))
    const page = await browser.fetch(url, { headers: { accept: 'text/html' } })
    expect(page.headers.get('location')).toBe(`${running.url}/oauth/problem?error=${body.error}`)
    for (const path of ['/oauth/token', '/oauth/introspect', '/oauth/revoke']) {
      const form = { token: 'x', grant_type: 'refresh_token', refresh_token: 'x' }
      expect([400, 401]).toContain((await program.post(form, path)).status)
    }
  })
}

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { beforeAll, describe, expect, test } from 'vitest'
import { bearer, call, INITIALIZE, initialize, openStream, post, postModern, reading } from '../harness/mcp/wire.ts'
import { type Browser, browserOf, newVerifier, Program } from '../harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

/**
 * The addresses at which assistants find the endpoint. Some compare the address they were given with the one in the
 * answers.
 */

const PATHS = ['/mcp', '/mcp/'] as const

eachRunning((running) => {
  let ana: Person
  let browser: Browser
  beforeAll(async () => {
    ana = await running().person('Ana')
    browser = await browserOf(running(), ana)
  })

  const at = (path: string) => new URL(running().url + path)
  const jsonAt = async (path: string) => {
    const answer = await fetch(at(path))
    expect([path, answer.status]).toEqual([path, 200])
    return answer.json()
  }

  describe.each(PATHS)('%s', (path) => {
    test('names exactly itself in its 401 and in the document that the 401 leads to', async () => {
      const document = `${running().url}/.well-known/oauth-protected-resource${path}`
      for (const headers of [{}, { authorization: 'Bearer trek_nonsense' }]) {
        const { status, headers: answerHeaders } = await post(at(path), INITIALIZE, headers)
        const named = /resource_metadata="([^"]*)"/.exec(answerHeaders.get('www-authenticate') ?? '')?.[1]
        expect([status, named]).toEqual([401, document])
      }
      const resource = await jsonAt(`/.well-known/oauth-protected-resource${path}`)
      expect(resource).toMatchObject({ resource: at(path).href, authorization_servers: [running().url] })
    })

    test('names itself also when it asks for more scopes', async () => {
      const program = await new Program(running().url).register()
      const { access_token } = await program.connect(browser, { scope: 'trips:read' })
      const { status, headers } = await postModern(at(path), access_token, 'tools/call', {
        name: 'create_place',
        arguments: {},
      })
      expect([status, headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringContaining(`/.well-known/oauth-protected-resource${path}"`),
      ])
    })

    test('has the documents of the authorization server where programs look for them', async () => {
      for (const name of ['oauth-authorization-server', 'openid-configuration']) {
        expect(await jsonAt(`/.well-known/${name}${path}`)).toMatchObject({ issuer: running().url })
      }
    })

    test('can be the resource of a request, and gets a token that is valid at both', async () => {
      const program = await new Program(running().url).register()
      const resource = at(path).href
      const verifier = newVerifier()
      const { code } = await program.consent(browser, verifier, { resource })
      const answer = await program.exchange(code, verifier, { resource })
      const tokens = (await answer.json()) as { access_token: string; refresh_token: string }
      const next = (await (await program.refresh(tokens.refresh_token, { resource })).json()) as typeof tokens
      for (const one of PATHS) {
        for (const { access_token } of [tokens, next]) {
          expect((await post(at(one), INITIALIZE, bearer(access_token))).status).toBe(200)
        }
      }
    })

    test('serves every method, and a session that was opened at the other', async () => {
      const other = PATHS.find((one) => one !== path) as string
      const session = await initialize(at(other), ana.token)
      expect((await post(at(path), call('ping'), bearer(ana.token, session))).body).toMatchObject({ result: {} })
      const stream = reading(await openStream(at(path), ana.token, session))
      await until(() => stream.heard.includes('open'))
      expect((await fetch(at(path), { method: 'DELETE', headers: bearer(ana.token, session) })).status).toBe(204)
      await until(() => stream.ended)
      expect((await post(at(other), call('ping'), bearer(ana.token, session))).status).toBe(404)
      expect((await postModern(at(path), ana.token, 'tools/list')).status).toBe(200)
      expect((await fetch(at(path), { method: 'OPTIONS' })).status).toBe(204)
      expect((await fetch(at(path), { method: 'PUT', headers: bearer(ana.token) })).status).toBe(405)
      const foreignHeaders = { ...bearer(ana.token), origin: 'https://evil.example' }
      expect((await post(at(path), INITIALIZE, foreignHeaders)).status).toBe(403)
    })

    test.each(['2025-11-25', '2026-07-28'])('the official client uses it in %s', async (era) => {
      const options = era === '2026-07-28' ? { versionNegotiation: { mode: { pin: era } } } : {}
      const client = new Client({ name: 'Test Assistant', version: '1' }, options)
      await client.connect(new StreamableHTTPClientTransport(at(path), { requestInit: { headers: bearer(ana.token) } }))
      const { prompts } = await client.listPrompts()
      expect(prompts.map(({ name }) => name)).toContain('token_auth_notice')
      const { messages } = await client.getPrompt({ name: 'token_auth_notice' })
      expect(JSON.stringify(messages)).toContain(`nothing but its address: ${running().url}/mcp\\n`)
      await client.close()
    })
  })

  test('no other address below /mcp is the endpoint', async () => {
    for (const path of ['/mcp//', '/mcp/x', '/mcpx', '/MCP']) {
      expect((await post(at(path), INITIALIZE, bearer(ana.token))).status).toBe(404)
    }
  })
})

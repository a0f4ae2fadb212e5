import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, SERVER, start, stop } from '../../bench/processes.ts'
import { readConfig } from '../../src/config/index.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'
import { create_user } from '../../src/features/admin/contract/index.ts'
import { hashToken } from '../../src/identity/server/tokens.ts'
import { openProduct } from '../../src/product.ts'
import { eachDatabase, type Place } from '../harness/database/databases.ts'
import { bearer, call, initialize, openStream, post, reading } from '../harness/mcp/wire.ts'
import { commandLine, PASSWORD } from '../harness/rigs/accounts.ts'
import {
  Browser,
  beginConsent,
  consentTo,
  decide,
  decisionOn,
  newVerifier,
  Program,
  readConsentPage,
  type Tokens,
} from '../harness/rigs/oauth.ts'
import { until } from '../harness/until.ts'

/** OAuth for an assistant over several processes on one database, and through the kill of one. */

const ANA = { username: 'ana', email: 'ana@example.org', password: PASSWORD }

interface Serving {
  readonly url: string
  readonly child: ChildProcess
}

const environment = (database: OpenDatabase, { target, folder }: Place): Record<string, string> => ({
  ENCRYPTION_KEY: '5e'.repeat(32),
  HOST: '127.0.0.1',
  LOG_LEVEL: 'error',
  MCP_RATE_LIMIT: '1000000',
  DATA_DIR: folder,
  DATABASE_URL: database.dialect.name === 'postgres' ? target : '',
})

async function serve(port: number, env: Record<string, string>): Promise<Serving> {
  const url = `http://localhost:${port}`
  const healthy = async () => (await fetch(`${url}/api/health`)).ok
  const { child } = await start(SERVER, ['serve', '--enable', 'mcp'], { ...env, PORT: String(port) }, healthy)
  return { url, child }
}

async function makeAna(env: Record<string, string>): Promise<void> {
  const product = await openProduct(readConfig(env), { onError: () => {} })
  await product.pipeline.run(create_user, ANA, commandLine)
  await product.close()
}

async function kill({ child }: Serving): Promise<void> {
  const died = once(child, 'exit')
  child.kill('SIGKILL')
  await died
}

async function tokensOf(answer: Response): Promise<Tokens> {
  expect(answer.status).toBe(200)
  return (await answer.json()) as Tokens
}

const isIn = async ({ url }: Serving, token: string): Promise<boolean> =>
  (await post(new URL(`${url}/mcp`), call('ping'), bearer(token))).status === 400

eachDatabase((database, place) => {
  describe('two processes', () => {
    let a: Serving
    let b: Serving
    let browser: Browser

    beforeAll(async () => {
      const port = await freePort()
      const env = { ...environment(database(), place()), APP_URL: `http://localhost:${port}` }
      await makeAna(env)
      a = await serve(port, env)
      b = await serve(await freePort(), env)
      browser = new Browser(a.url)
      await browser.logIn(ANA.username, ANA.password)
    })
    afterAll(() => Promise.all([stop(a.child), stop(b.child)]))

    /** The same program, calling this process. */
    function at({ url }: Serving, program: Program): Program {
      const otherProgram = new Program(url, program.redirectUri)
      otherProgram.clientId = program.clientId
      otherProgram.secret = program.secret
      return otherProgram
    }

    const resource = () => ({ resource: `${a.url}/mcp` })

    /**
     * Registers at one process, requests at the other, gets consent at the first, and exchanges the code at the other.
     */
    async function connected(): Promise<{ program: Program; tokens: Tokens }> {
      const program = await new Program(a.url).register()
      const verifier = newVerifier()
      const uid = await beginConsent(browser, at(b, program).authorizeUrl(verifier, resource()))
      const landed = await decide(browser, uid, true)
      expect(landed.searchParams.get('iss')).toBe(a.url)
      const answer = await at(b, program).exchange(landed.searchParams.get('code') as string, verifier)
      return { program, tokens: await tokensOf(answer) }
    }

    test('are one authorization server: a flow begun in one continues in the other', async () => {
      const { tokens } = await connected()
      for (const process of [a, b]) expect(await isIn(process, tokens.access_token)).toBe(true)
      const metadata = async ({ url }: Serving) =>
        (await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json()) as object
      expect(await metadata(b)).toEqual(await metadata(a))
    })

    test('give one successor for fifty refreshes at once', async () => {
      const { program, tokens } = await connected()
      const sides = [at(a, program), at(b, program)] as const
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (sides[index % 2] as Program).refresh(tokens.refresh_token as string)),
      )
      const tokenSets = await Promise.all(answers.map(tokensOf))
      const [successor = '', ...others] = new Set(tokenSets.map(({ refresh_token }) => refresh_token))
      expect(others).toEqual([])
      for (const { access_token } of tokenSets) expect(await isIn(b, access_token)).toBe(true)
      await tokensOf(await sides[1].refresh(successor))
    })

    test('let in at most one for one code presented several times at once', async () => {
      const program = await new Program(a.url).register()
      const verifier = newVerifier()
      const uid = await beginConsent(browser, program.authorizeUrl(verifier))
      const code = (await decide(browser, uid, true)).searchParams.get('code') as string
      const answers = await Promise.all([a, b, a, b].map((process) => at(process, program).exchange(code, verifier)))
      const tokenSets = await Promise.all(answers.filter(({ ok }) => ok).map(tokensOf))
      expect(tokenSets.length).toBeLessThanOrEqual(1)
      for (const { status } of answers.filter(({ ok }) => !ok)) expect(status).toBe(400)
      for (const { access_token } of tokenSets) expect(await isIn(b, access_token)).toBe(false)
    })

    test('both apply a revocation made at one: to the next request, the session and its stream', async () => {
      const { program, tokens } = await connected()
      const mcp = new URL(`${b.url}/mcp`)
      const session = await initialize(mcp, tokens.access_token)
      const stream = reading(await openStream(mcp, tokens.access_token, session))
      const revoked = await program.post({ token: tokens.refresh_token as string }, '/oauth/revoke')
      expect(revoked.status).toBe(200)
      expect((await post(mcp, call('ping'), bearer(tokens.access_token, session))).status).toBe(401)
      await until(() => stream.ended)
      const { kysely } = database()
      const sessionsLeft = () => kysely.selectFrom('mcp_sessions').select('id').where('id', '=', session).execute()
      await until(async () => !(await sessionsLeft()).length)
    })

    test('keep the session of a program with a wider grant from the other, and end it with that grant', async () => {
      const { program, tokens } = await connected()
      const mcp = new URL(`${b.url}/mcp`)
      const session = await initialize(mcp, tokens.access_token)
      const stream = reading(await openStream(mcp, tokens.access_token, session))
      const widerTokens = await program.connect(browser, { scope: 'trips:read trips:write' })
      const pinged = await post(new URL(`${a.url}/mcp`), call('ping'), bearer(widerTokens.access_token, session))
      expect(pinged.status).toBe(200)
      await program.post({ token: widerTokens.access_token }, '/oauth/revoke')
      // The stream was opened with the first grant, which is still valid; its session has ended with the second.
      await until(() => stream.ended)
      expect((await post(mcp, call('ping'), bearer(tokens.access_token, session))).status).toBe(404)
    })
  })

  describe('a process that is killed', () => {
    let env: Record<string, string>
    let port: number
    let server: Serving
    let browser: Browser
    let program: Program

    beforeAll(async () => {
      port = await freePort()
      env = environment(database(), place())
      server = await serve(port, env)
      browser = new Browser(server.url)
      await browser.logIn(ANA.username, ANA.password)
      program = await new Program(server.url).register()
    })
    afterAll(() => stop(server.child))

    async function restart(): Promise<void> {
      await kill(server)
      server = await serve(port, env)
    }

    test('between request and consent, consent and code, or code and tokens interrupts no flow', async () => {
      const verifier = newVerifier()
      const uid = await beginConsent(browser, program.authorizeUrl(verifier))
      await restart()
      const consentPage = await readConsentPage(browser, uid)
      expect(consentPage.asked?.client.name).toBe('Test program')
      const decided = await browser.post(decisionOn(uid), consentTo(consentPage))
      const { redirect } = (await decided.json()) as { redirect: string }
      await restart()
      const landed = new URL((await browser.fetch(redirect)).headers.get('location') as string)
      await restart()
      const tokens = await tokensOf(await program.exchange(landed.searchParams.get('code') as string, verifier))
      expect(await isIn(server, tokens.access_token)).toBe(true)
    }, 60_000)

    /** Sends a refresh and reads no answer. */
    function refreshUnheard(token: string): void {
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: program.clientId,
        refresh_token: token,
      })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const outgoing = request(`${server.url}/oauth/token`, { method: 'POST', headers, agent: false })
      outgoing.on('error', () => {})
      outgoing.end(String(form))
    }

    test('between the commit of a refresh and its answer gives the same answer again', async () => {
      const { refresh_token: token = '' } = await program.connect(browser)
      const { kysely } = database()
      const artifacts = await kysely.selectFrom('oauth_artifacts').select('id_hash').execute()
      const knownHashes = new Set(artifacts.map(({ id_hash }) => id_hash))
      const fresh = async () =>
        (
          await kysely.selectFrom('oauth_artifacts').select('id_hash').where('model', '=', 'RefreshToken').execute()
        ).find(({ id_hash }) => !knownHashes.has(id_hash))
      refreshUnheard(token)
      const { id_hash } = await until(fresh)
      await restart()
      const refreshedTokens = await tokensOf(await program.refresh(token))
      expect(hashToken(refreshedTokens.refresh_token as string)).toBe(id_hash)
      expect(await isIn(server, refreshedTokens.access_token)).toBe(true)
      await tokensOf(await program.refresh(refreshedTokens.refresh_token as string))
    }, 30_000)

    test('at any moment of many refreshes leaves every chain intact', async () => {
      const chains = await Promise.all(
        Array.from({ length: 4 }, async () => ({ token: (await program.connect(browser)).refresh_token as string })),
      )
      for (const moment of [20, 70]) {
        const refreshing = chains.map(async (chain) => {
          for (;;) {
            const answer = await program.refresh(chain.token).catch(() => null)
            // Only the connection can break.
            if (!answer) return
            const text = await answer.text().catch(() => null)
            if (text === null) return
            expect([answer.status, text]).toEqual([200, expect.stringContaining('refresh_token')])
            chain.token = (JSON.parse(text) as { refresh_token: string }).refresh_token
          }
        })
        await new Promise((resolve) => setTimeout(resolve, moment))
        await restart()
        await Promise.all(refreshing)
        for (const chain of chains) {
          const next = await tokensOf(await program.refresh(chain.token))
          expect(await isIn(server, next.access_token)).toBe(true)
          chain.token = next.refresh_token as string
        }
      }
    }, 60_000)
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { INSTANCE } from '../../src/core/data/space.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { setAddon } from '../../src/core/run/settings.ts'
import { create_trip } from '../../src/features/trips/contract/index.ts'
import { create_oauth_client } from '../../src/identity/contract/oauth.ts'
import { SCOPES } from '../../src/identity/contract/scopes.ts'
import {
  ACCEPT,
  type Answer,
  bearer,
  call,
  INITIALIZE,
  initialize,
  MODERN,
  post,
  postModern,
  reading,
} from '../harness/mcp/wire.ts'
import { browserOf, Program } from '../harness/rigs/oauth.ts'
import { eachRunning, type Person } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

/** What a token may do at `/mcp`, for every tool, resource and prompt, in both eras of the protocol. */

const ALL = SCOPES.map(({ scope }) => scope)
const ERAS = ['2025-11-25', '2026-07-28'] as const
type Era = (typeof ERAS)[number]

const groupOf = (scope: string) => scope.split(':')[0]
/** Whether a token with this scope alone may do an operation that needs one of these. */
const unlocks = (scope: string, needed: AnyOperation['scope']): boolean =>
  needed === null ||
  [needed].flat().some((one) => one === scope || (one.endsWith(':read') && scope === `${groupOf(one)}:write`))
/** Every scope that does not allow this. */
const allBut = (needed: AnyOperation['scope']) => ALL.filter((scope) => !unlocks(scope, needed))

eachRunning(
  (running) => {
    let ana: Person
    let mcp: URL
    let machine: Program
    let session: string
    let tripId: number
    const tokens = new Map<string, Promise<string>>()

    beforeAll(async () => {
      const { database, pipeline, url } = running()
      mcp = new URL(`${url}/mcp`)
      tokens.clear()
      for (const addon of pipeline.parts.catalogue.addons.values()) {
        await database.write(INSTANCE, (tx) => setAddon(tx, addon, true))
      }
      await database.notifier.publish('instance:0')
      ana = await running().person('Ana')
      tripId = (await pipeline.run(create_trip, { title: 'Kyoto' }, ana.caller)).trip.id
      machine = await machineOf(ana)
      session = await initialize(mcp, await tokenFor(ALL))
    })

    /** A client that can get a token for any scopes. */
    async function machineOf(owner: typeof ana): Promise<Program> {
      const machineFields = { name: 'Machine', scopes: ALL, machine: true }
      const caller = { ...owner.caller, way: 'web' } as const
      const { client, client_secret } = await running().pipeline.run(create_oauth_client, machineFields, caller)
      const program = new Program(running().url)
      program.clientId = client.client_id
      program.secret = client_secret
      return program
    }

    async function tokenWithScope(program: Program, scope: string): Promise<string> {
      const answer = await program.post({ grant_type: 'client_credentials', scope })
      const tokens = (await answer.json()) as { access_token: string; scope: string }
      expect(tokens.scope.split(' ').sort()).toEqual(scope.split(' ').sort())
      return tokens.access_token
    }

    function tokenFor(scopes: readonly string[]): Promise<string> {
      const scope = scopes.join(' ')
      let token = tokens.get(scope)
      if (!token) tokens.set(scope, (token = tokenWithScope(machine, scope)))
      return token
    }

    const send = (era: Era, token: string, method: string, params: object = {}): Promise<Answer> =>
      era === '2026-07-28'
        ? postModern(mcp, token, method, params)
        : post(mcp, call(method, params), bearer(token, session))

    const catalogue = () => running().pipeline.parts.catalogue
    const tools = () => [...catalogue().operations.values()].map((bound) => bound.operation).filter(isTool)
    const isTool = ({ expose }: AnyOperation) => expose.includes('mcp')
    const uriOf = (template: string) =>
      template.replace(/\{(\w+)\}/g, (_, name) => (name === 'tripId' ? String(tripId) : '999999'))

    /** The scope that a refusal named as missing; null for any other answer. */
    const namedIn = ({ body }: Answer): string | null => {
      const error = body.result?._meta?.['trek/error'] ?? body.result?.structuredContent?.error ?? body.error?.data
      return error?.code === 'forbidden' ? (error.details?.scope ?? null) : null
    }

    /** Expects the challenge for a token that has these scopes and needs this one too. */
    function expectChallenge({ status, headers, body }: Answer, granted: readonly string[], needed: string): void {
      expect([status, body.error.data]).toEqual([403, { code: 'forbidden', details: { scope: needed } }])
      const challenge = headers.get('www-authenticate') ?? ''
      expect(challenge).toMatch(/^Bearer .*error="insufficient_scope"/)
      const [, scope = ''] = /scope="([^"]*)"/.exec(challenge) ?? []
      expect(scope.split(' ').sort()).toEqual([...granted, needed].sort())
      const metadata = `${running().url}/.well-known/oauth-protected-resource/mcp`
      expect(challenge).toContain(`resource_metadata="${metadata}"`)
    }

    describe.each(ERAS)('in %s', (era) => {
      const names = async (token: string, method: string, list: string, key: string): Promise<string[]> => {
        const { body } = await send(era, token, method)
        return body.result[list].map((one: Record<string, string>) => one[key]).sort()
      }
      const listEverything = async (token: string) => ({
        tools: await names(token, 'tools/list', 'tools', 'name'),
        resources: [
          ...(await names(token, 'resources/list', 'resources', 'uri')),
          ...(await names(token, 'resources/templates/list', 'resourceTemplates', 'uriTemplate')),
        ].sort(),
        prompts: await names(token, 'prompts/list', 'prompts', 'name'),
      })
      const expected = (may: (needed: AnyOperation['scope']) => boolean) => ({
        tools: tools()
          .filter(({ scope }) => may(scope))
          .map(({ name }) => name)
          .sort(),
        resources: catalogue()
          .resources.filter(({ operation }) => may(operation.operation.scope))
          .map(({ resource }) => resource.uri)
          .sort(),
        prompts: catalogue()
          .prompts.filter(({ prompt }) => prompt.reads.every(({ scope }: AnyOperation) => may(scope)))
          .map(({ prompt }) => prompt.name)
          .sort(),
      })

      test('each scope alone lists what it allows and nothing else', async () => {
        for (const scope of ALL) {
          const listedWithScope = await listEverything(await tokenFor([scope]))
          expect([scope, listedWithScope]).toEqual([scope, expected((needed) => unlocks(scope, needed))])
          expect(listedWithScope.tools).toEqual(expect.arrayContaining(['list_trips', 'get_trip_summary']))
        }
      })

      test('each scope for trips allows reading trips, writing includes reading, and sharing allows no reading', async () => {
        for (const scope of ['trips:read', 'trips:write', 'trips:delete', 'trips:share']) {
          expect((await listEverything(await tokenFor([scope]))).resources).toContain('trek://trips/{tripId}/members')
        }
        const writer = await listEverything(await tokenFor(['packing:write']))
        expect(writer.tools).toContain('create_packing_item')
        expect(writer.resources).toContain('trek://trips/{tripId}/packing')
        const sharer = await listEverything(await tokenFor(['journey:share']))
        expect(sharer.tools).toEqual(expected((needed) => needed === null).tools)
      })

      test('all scopes together list everything', async () => {
        const everything = expected(() => true)
        expect(await listEverything(await tokenFor(ALL))).toEqual(everything)
        expect(everything.tools.length).toBeGreaterThan(60)
      })

      test('every tool can be called with its own scope and with no other', async () => {
        for (const { name, scope } of tools()) {
          const invoke = async (scopes: readonly string[]) =>
            send(era, await tokenFor(scopes), 'tools/call', { name, arguments: {} })
          for (const one of scope === null ? ['journey:share'] : [scope].flat()) {
            const allowed = await invoke([one])
            expect([name, one, allowed.status, namedIn(allowed)]).toEqual([name, one, 200, null])
            expect(allowed.body.result).toBeDefined()
          }
          if (scope === null) continue
          const granted = allBut(scope)
          const needed = [scope].flat()[0] as string
          const refused = await invoke(granted)
          if (era === '2026-07-28') expectChallenge(refused, granted, needed)
          else {
            const { result } = refused.body
            expect([name, refused.status, result.isError, namedIn(refused)]).toEqual([name, 200, true, needed])
            expect(result.content.at(-1).text).toContain(`needs the scope ${needed}`)
          }
        }
      }, 60_000)

      test('every resource can be read with its own scope and with no other', async () => {
        for (const { resource, operation } of catalogue().resources) {
          const { scope } = operation.operation
          const uri = uriOf(resource.uri)
          const read = async (scopes: readonly string[]) => send(era, await tokenFor(scopes), 'resources/read', { uri })
          for (const one of scope === null ? ['journey:share'] : [scope].flat()) {
            const { body, status } = await read([one])
            // Some addresses contain a day, which does not exist.
            if (uri.includes('999999')) expect([uri, body.error?.data?.code]).toEqual([uri, 'not_found'])
            else expect([uri, status, body.result?.contents?.[0]?.uri]).toEqual([uri, 200, uri])
          }
          if (scope === null) continue
          const refused = await read(allBut(scope))
          const needed = [scope].flat()[0] as string
          if (era === '2026-07-28') expectChallenge(refused, allBut(scope), needed)
          else expect([uri, refused.body.result, namedIn(refused)]).toEqual([uri, undefined, needed])
        }
      })

      test('every prompt can be requested with the scopes of what it reads and with no others', async () => {
        for (const { prompt } of catalogue().prompts) {
          const promptParams = { name: prompt.name, arguments: { tripId: String(tripId) } }
          const reads: AnyOperation[] = prompt.reads.filter(({ scope }: AnyOperation) => scope !== null)
          const firstScope = ({ scope }: AnyOperation) => [scope].flat()[0] as string
          const promptAnswer = await send(era, await tokenFor(reads.map(firstScope)), 'prompts/get', promptParams)
          expect([prompt.name, promptAnswer.body.result?.messages?.length]).toEqual([prompt.name, 1])
          for (const missing of reads) {
            const granted = allBut(missing.scope)
            const refused = await send(era, await tokenFor(granted), 'prompts/get', promptParams)
            if (era === '2026-07-28') expectChallenge(refused, granted, firstScope(missing))
            else expect(refused.body.error.message).toMatch(/^There is no such prompt/)
          }
        }
      })

      test('the argument of a prompt is completed for callers who may request it', async () => {
        const complete = async (scopes: string[]) => {
          const ref = { type: 'ref/prompt', name: 'packing-list' }
          const completionParams = { ref, argument: { name: 'tripId', value: 'Ky' } }
          return (await send(era, await tokenFor(scopes), 'completion/complete', completionParams)).body.result
            .completion.values
        }
        expect(await complete(['packing:read'])).toEqual([String(tripId)])
        expect(await complete(['packing:write'])).toEqual([String(tripId)])
        expect(await complete(allBut('packing:read'))).toEqual([])
      })

      test('the summary of a trip states what it omits, and why', async () => {
        const summary = async (scopes: readonly string[]) => {
          const summaryParams = { name: 'get_trip_summary', arguments: { tripId } }
          return (await send(era, await tokenFor(scopes), 'tools/call', summaryParams)).body.result.structuredContent
        }
        const narrowSummary = await summary(['weather:read'])
        expect(narrowSummary.trip).toEqual({ id: tripId, title: 'Kyoto' })
        expect(Object.keys(narrowSummary).sort()).toEqual(['omitted', 'trip'])
        const reasons = Object.fromEntries(
          narrowSummary.omitted.map(({ section, reason }: Record<string, string>) => [section, reason]),
        )
        expect(reasons).toMatchObject({
          days: 'needs the scope trips:read',
          packing: 'needs the scope packing:read',
          budget: 'needs the scope budget:read',
          unassigned_places: 'needs the scope places:read',
        })
        const wideSummary = await summary(ALL)
        expect(wideSummary.omitted).toEqual([])
        expect(
          Object.keys(wideSummary)
            .filter((section) => section !== 'omitted')
            .sort(),
        ).toEqual(expect.arrayContaining(Object.keys(reasons).filter((section) => section in wideSummary)))
        expect(Object.keys(reasons).filter((section) => !(section in wideSummary))).toEqual([])
      })
    })

    test('a resource outside the scopes cannot be followed', async () => {
      const [mine, other] = [uriOf('trek://trips/{tripId}/packing'), uriOf('trek://trips/{tripId}/budget')]
      const token = await tokenFor(['packing:read'])
      const subscribe = (uri: string) => send('2025-11-25', token, 'resources/subscribe', { uri })
      expect((await subscribe(mine)).body.result).toEqual({})
      expect((await subscribe(other)).body.error).toMatchObject({ data: { code: 'forbidden' } })

      const response = await fetch(mcp, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...ACCEPT,
          ...bearer(token),
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'subscriptions/listen',
        },
        body: JSON.stringify(
          call('subscriptions/listen', { notifications: { resourceSubscriptions: [mine, other] }, _meta: MODERN }),
        ),
      })
      const stream = reading(response)
      await until(() => stream.messages().length > 0)
      expect(stream.messages()[0].params.notifications).toEqual({ resourceSubscriptions: [mine] })
      await response.body?.cancel().catch(() => {})
    })

    test('a static token and the token of a page may do everything', async () => {
      const browser = await browserOf(running(), ana)
      const { token } = (await (await browser.post('/api/me/web-token', {})).json()) as { token: string }
      for (const one of [ana.token, token]) {
        const { body } = await postModern(mcp, one, 'tools/list')
        expect(body.result.tools).toHaveLength(tools().length)
        const called = await postModern(mcp, one, 'tools/call', { name: 'list_trips', arguments: {} })
        // Only the static token gets the notice that it is deprecated.
        expect(JSON.stringify(called.body).includes('deprecated')).toBe(one === ana.token)
      }
    })

    test('the refusal of a caller without a token names the scopes to request: all that any tool needs', async () => {
      const { status, headers } = await post(mcp, INITIALIZE, {})
      const [, scope = ''] = /scope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '') ?? []
      expect(status).toBe(401)
      const requestedScopes = scope.split(' ')
      for (const { name, scope: needed } of tools()) {
        const neededScopes = [needed ?? []].flat()
        if (neededScopes.length)
          expect(
            neededScopes.some((one) => requestedScopes.includes(one)),
            name,
          ).toBe(true)
      }
      expect(ALL).toEqual(expect.arrayContaining(requestedScopes))
    })
  },
  { MCP_MAX_SESSION_PER_USER: '1000' },
)

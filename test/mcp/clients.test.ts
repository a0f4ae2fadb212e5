import { randomUUID } from 'node:crypto'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { grantTopic } from '../../src/core/run/authentication.ts'
import { MOST_TEXT } from '../../src/core/run/continuations.ts'
import { create_thing, update_thing } from '../fixtures/toy/contract/index.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { callerFor, makeKeys, startServer, type TestServer, until } from '../harness/mcp/rig.ts'
import { bearer, call, initialize, post, postModern } from '../harness/mcp/wire.ts'

const ERAS = ['2025-11-25', '2026-07-28'] as const

const keys = makeKeys()
const open: Client[] = []

/** The official client, set up as an assistant would be. */
async function connect(server: TestServer, token: string, era: (typeof ERAS)[number], sessionId?: string) {
  const client = new Client(
    { name: 'Test Assistant', version: '3.1' },
    era === '2026-07-28' ? { versionNegotiation: { mode: { pin: era } } } : {},
  )
  let listens = false
  const transport = new StreamableHTTPClientTransport(server.url, {
    fetch: async (url, init) => {
      const answer = await fetch(url, init)
      listens ||= init?.method === 'GET' && answer.ok
      return answer
    },
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    ...(sessionId !== undefined && { sessionId }),
  })
  await client.connect(transport)
  open.push(client)
  // In a session, notifications come on a stream that the client opens by itself, without waiting for it.
  if (era === '2025-11-25' && sessionId === undefined) await until(() => listens, 'the stream of the session')
  return { client, transport }
}

const textOf = (result: { content: unknown[] }, index = -1) => (result.content.at(index) as { text: string }).text

/** The URIs that this client is told have changed. */
function updatesTo(client: Client): string[] {
  const uris: string[] = []
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    uris.push(params.uri)
  })
  return uris
}

async function follow(client: Client, era: (typeof ERAS)[number], uris: string[]): Promise<void> {
  if (era === '2026-07-28') await client.listen({ resourceSubscriptions: uris, toolsListChanged: true })
  else for (const uri of uris) await client.subscribeResource({ uri })
}

afterEach(async () => {
  for (const client of open.splice(0)) await client.close()
})

eachDatabase((_database, place) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(place().target, keys)
  })
  afterAll(() => server.stop())

  async function crateOf(client: Client, label = 'Attic'): Promise<number> {
    const { structuredContent } = await client.callTool({ name: 'create_crate', arguments: { label } })
    return (structuredContent as { crate: { id: number } }).crate.id
  }

  describe.each(ERAS)('in %s', (era) => {
    test('a tool is listed with everything a model needs, always in the same order', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual([
        'add_member',
        'appraise_thing',
        'assistants_only',
        'create_crate',
        'create_memo',
        'create_sticker',
        'create_thing',
        'delete_thing',
        'fail',
        'give_crate',
        'list_crates',
        'list_memos',
        'list_things',
        'remove_member',
        'update_thing',
      ])
      const named = (toolName: string) => tools.find(({ name }) => name === toolName)
      expect(named('create_crate')).toMatchObject({
        title: 'Make a crate',
        description: 'Make a crate.',
        inputSchema: { type: 'object', required: ['label'] },
        outputSchema: { type: 'object', required: ['crate'] },
      })
      expect(named('list_crates')?.annotations).toEqual({ readOnlyHint: true, openWorldHint: false })
      expect(named('create_crate')?.annotations).toEqual({ destructiveHint: false, openWorldHint: false })
      expect(named('add_member')?.annotations).toEqual({
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      })
      expect(named('delete_thing')?.annotations).toEqual({
        idempotentHint: true,
        openWorldHint: false,
      })
    })

    test('a write carries the UUID that the client gave it', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const calls: string[] = []
      const stop = server.pipeline.parts.feed.tap(({ commit }) => calls.push(commit.id))
      const key = randomUUID()
      for (const _meta of [{ 'trek/idempotencyKey': key }, { 'trek/idempotencyKey': 7 }, undefined]) {
        await client.callTool({ name: 'create_crate', arguments: { label: 'Attic' }, ...(_meta && { _meta }) })
      }
      stop()
      expect(calls[0]).toBe(key)
      expect(new Set(calls).size).toBe(3)
    })

    test('a repeated write gets the first answer, marked as a replay; an invalid key is refused', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const send = (key: unknown, label = 'Attic') =>
        client.callTool({ name: 'create_crate', arguments: { label }, _meta: { 'trek/idempotencyKey': key } })
      const key = randomUUID()
      const firstAnswer = await send(key)
      const secondAnswer = await send(key)
      expect(secondAnswer.structuredContent).toEqual(firstAnswer.structuredContent)
      expect(secondAnswer._meta).toMatchObject({ 'trek/replayed': expect.stringMatching(/^\d{4}-/) })
      expect(secondAnswer.content).toMatchObject([
        { text: expect.stringContaining('already been done') },
        { type: 'text' },
      ])
      expect(firstAnswer.content).toHaveLength(1)
      for (const refused of [await send(key, 'Cellar'), await send({ a: 1 }), await send('')]) {
        expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/key/i) }] })
      }
    })

    test('a write returns the base for the next one, and a write with an older base overwrites nothing', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const crateId = await crateOf(client)
      const result = await client.callTool({ name: 'create_thing', arguments: { crateId, name: 'Lamp' } })
      const { thing } = result.structuredContent as { thing: { id: number } }
      const seq = result._meta?.['trek/seq'] as number
      await server.pipeline.run(update_thing, { crateId, thingId: thing.id, note: 'brass' }, callerFor(1))
      const based = (base: unknown) =>
        client.callTool({
          name: 'update_thing',
          arguments: { crateId, thingId: thing.id, note: 'iron' },
          _meta: { 'trek/baseSeq': base },
        })
      for (const base of [seq, String(seq)]) {
        expect(await based(base)).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('note') }] })
      }
      expect(await based('soon')).toMatchObject({
        isError: true,
        content: [{ text: expect.stringContaining('baseSeq') }],
      })
      const accepted = await based(seq + 1)
      expect([accepted.isError, accepted._meta?.['trek/seq']]).toEqual([undefined, seq + 2])
    })

    test('the list contains the tools that the scopes allow', async () => {
      const { client } = await connect(server, keys.issue(1, { scopes: new Set(['things:write']) }), era)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual([
        'appraise_thing',
        'assistants_only',
        'create_memo',
        'create_sticker',
        'create_thing',
        'fail',
        'list_crates',
        'list_memos',
        'list_things',
        'update_thing',
      ])
    })

    test('a call answers with structured content and the same as text', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      await client.listTools()
      const crateId = await crateOf(client)
      const result = await client.callTool({ name: 'create_thing', arguments: { crateId, name: 'Milk' } })
      expect(result.structuredContent).toMatchObject({ thing: { name: 'Milk', note: null, secret: false } })
      expect(JSON.parse(textOf(result))).toEqual(result.structuredContent)
      expect(result.content).toHaveLength(1)
    })

    test('arguments are accepted in the forms that programs send: as text, as null, or with invented names', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      await client.listTools()
      const crateId = await crateOf(client)
      const sent = {
        crateId: String(crateId),
        name: '6',
        count: '2',
        secret: 'true',
        finder_ids: '[1,"2"]',
        price: '9.5',
      }
      const more = { note: null, before: null, currency: 'EUR' }
      const result = await client.callTool({ name: 'create_thing', arguments: { ...sent, ...more } })
      expect(result.structuredContent).toMatchObject({
        thing: { name: '6', count: 2, secret: true, finder_ids: [1, 2], price: 9.5, note: null },
      })
      const wrong = await client.callTool({ name: 'create_thing', arguments: { ...sent, count: '1e0' } })
      expect(textOf(wrong)).toMatch(/count must be a number, not the text "1e0"/)
    })

    test.each([
      ['null', null],
      ['nothing', ''],
      ['JSON text', '{"limit":"5"}'],
      ['an empty object as text', '{}'],
    ])('arguments that are %s are understood', async (_what, sent) => {
      const token = keys.issue(1)
      const params = { name: 'list_crates', arguments: sent }
      const { status, body } =
        era === '2026-07-28'
          ? await postModern(server.url, token, 'tools/call', params)
          : await post(server.url, call('tools/call', params), bearer(token, await initialize(server.url, token)))
      expect(status).toBe(200)
      expect(body.result.structuredContent).toMatchObject({ crates: expect.any(Array) })
    })

    test('an error names the problem and the remedy', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      await client.listTools()
      const wrong = async (name: string, input: Record<string, unknown>) => {
        const result = await client.callTool({ name, arguments: input })
        expect(result.isError).toBe(true)
        return { text: textOf(result), result }
      }
      const { text, result } = await wrong('create_thing', { crteId: 1, name: 5 })
      expect(text).toMatch(/crateId is required/)
      expect(text).toMatch(/name must be a text/)
      expect(text).toMatch(/crteId is not known here\. Did you mean crateId\?/)
      const error = era === '2026-07-28' ? result.structuredContent : { error: result._meta?.['trek/error'] }
      expect(error).toMatchObject({ error: { code: 'invalid', issues: expect.any(Array) } })
      expect((await wrong('list_things', { crateId: 987_654 })).text).toBe(
        'There is no such crate\nCall list_crates to find one.',
      )
      expect((await wrong('fail', { how: 'conflict' })).text).toMatch(/would_delete/)
      await expect(client.callTool({ name: 'create_crates', arguments: {} })).rejects.toMatchObject({
        code: -32_602,
        message: expect.stringMatching(/no tool "create_crates"\. Did you mean create_crate\?/),
      })
      // An operation that is not exposed to assistants is no tool either.
      const hidden = client.callTool({ name: 'switch_addon', arguments: { addon: 'stickers', on: false } })
      await expect(hidden).rejects.toMatchObject({ code: -32_602 })
    })

    test('an answer that is too long is cut, and says what it omits', async () => {
      const rows = Array.from({ length: 2500 }, () => ({ owner_id: 77, label: 'x'.repeat(20) }))
      const kysely = server.pipeline.parts.database.kysely as unknown as Kysely<Record<string, Record<string, unknown>>>
      await kysely.insertInto('crates').values(rows).execute()
      const { client } = await connect(server, keys.issue(77), era)
      const result = await client.callTool({ name: 'list_crates', arguments: {} })
      const shownCount = (result.structuredContent as { crates: unknown[] }).crates.length
      expect(result.content).toMatchObject([{ text: expect.stringContaining(`the first ${shownCount} of 2500`) }, {}])
      expect(result.structuredContent).toMatchObject({ about_this_answer: textOf(result, 0) })
      expect(Buffer.byteLength(JSON.stringify(result.content))).toBeLessThan(MOST_TEXT * 1.2)
      await kysely.deleteFrom('crates').where('owner_id', '=', 77).execute()
    })

    test('a completed write never answers as a failure, however long its answer is', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const result = await client.callTool({ name: 'fail', arguments: { how: 'huge' } })
      expect(result.isError ?? false).toBe(false)
      expect(result.content).toMatchObject([{ text: expect.stringMatching(/^This is done\./) }, {}])
      expect((result.structuredContent as { text: string }).text).toHaveLength(2000)
    })

    test('a bug is logged once, and the answer contains only its id in the log', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const before = server.logged.length
      const result = await client.callTool({ name: 'fail', arguments: { how: 'bug' } })
      expect(result.isError).toBe(true)
      expect(textOf(result)).not.toMatch(/swordfish/)
      const incident = /log as ([0-9a-f-]{36})/.exec(textOf(result))?.[1] as string
      expect(server.logged.slice(before).filter((line) => line.includes(incident))).toHaveLength(1)
    })

    test('a deprecated token is announced in the instructions, before every result and in a prompt of its own', async () => {
      const [notice, guide] = ['This token is old-fashioned.', 'Use another, and delete this one.']
      const noticeSent = { grant: 'token:7', notice: { short: notice, guide } }
      const { client } = await connect(server, keys.issue(1, noticeSent), era)
      expect(client.getInstructions()?.startsWith(`${notice}\n\nCrates hold things.\n\n`)).toBe(true)
      for (const name of ['list_crates', 'list_memos']) {
        const result = await client.callTool({ name, arguments: {} })
        expect(result.isError).toBeFalsy()
        expect(textOf(result, 0)).toBe(notice)
        expect(JSON.parse(textOf(result, 1))).toEqual(result.structuredContent)
      }
      expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain('token_auth_notice')
      expect((await client.getPrompt({ name: 'token_auth_notice' })).messages[0]?.content).toMatchObject({
        text: guide,
      })
      const other = await connect(server, keys.issue(1), era)
      expect(other.client.getInstructions()).toMatch(/^Crates hold things\.\n\n/)
      expect((await other.client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['crate-summary'])
    })

    test('resources are listed, and read by URI with a query', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const crateId = await crateOf(client)
      for (const name of ['Milk', 'Bread']) {
        await client.callTool({ name: 'create_thing', arguments: { crateId, name } })
      }
      expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['toy://crates', 'toy://memos'])
      expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
        { uriTemplate: 'toy://crates/{crateId}/things', title: 'Things', mimeType: 'application/json' },
      ])
      const read = async (uri: string) => {
        const { contents } = await client.readResource({ uri })
        return JSON.parse((contents[0] as { text: string }).text)
      }
      expect((await read(`toy://crates/${crateId}/things`)).things).toHaveLength(2)
      expect(await read(`toy://crates/${crateId}/things?names=Bread`)).toMatchObject({ things: [{ name: 'Bread' }] })
      const page = await read(`toy://crates/${crateId}/things?limit=1`)
      expect(page).toMatchObject({ things: [{ name: 'Milk' }], remaining: 1 })
      expect(await read(`toy://crates/${crateId}/things?cursor=${page.next_cursor}`)).toMatchObject({ remaining: 0 })
      // An id in the query does not replace the one in the path.
      expect((await read(`toy://crates/${crateId}/things?crateId=999999`)).things).toHaveLength(2)
      for (const uri of ['toy://crates/999999/things', 'toy://nothing']) {
        await expect(read(uri)).rejects.toMatchObject({ message: expect.stringMatching(/There is no such/) })
      }
    })

    test('a prompt takes its arguments as text and obeys the scopes; completion offers existing values', async () => {
      const { client } = await connect(server, keys.issue(40), era)
      const crateId = await crateOf(client, `Cellar ${era}`)
      await client.callTool({ name: 'create_thing', arguments: { crateId, name: 'Wine' } })
      const prompt = await client.getPrompt({ name: 'crate-summary', arguments: { crateId: String(crateId) } })
      expect(prompt.messages[0]?.content).toMatchObject({ text: 'Things: Wine' })
      await expect(client.getPrompt({ name: 'crate-summary', arguments: { crateId: 'x' } })).rejects.toMatchObject({
        code: -32_602,
      })
      const completed = await client.complete({
        ref: { type: 'ref/prompt', name: 'crate-summary' },
        argument: { name: 'crateId', value: `cellar ${era}` },
      })
      expect(completed.completion.values).toEqual([String(crateId)])
      const blind = await connect(server, keys.issue(40, { grant: 'token:1', scopes: new Set(['crates:read']) }), era)
      expect((await blind.client.listPrompts()).prompts).toEqual([])
      await expect(
        blind.client.getPrompt({ name: 'crate-summary', arguments: { crateId: String(crateId) } }),
      ).rejects.toMatchObject({ code: -32_602 })
    })

    test('a subscriber of a resource is notified of the changes that it may see, and of no others', async () => {
      const owner = await connect(server, keys.issue(50), era)
      const member = await connect(server, keys.issue(51), era)
      const stranger = await connect(server, keys.issue(52), era)
      const crateId = await crateOf(owner.client)
      await owner.client.callTool({ name: 'add_member', arguments: { crateId, userId: 51 } })
      const uri = `toy://crates/${crateId}/things`
      const updates = updatesTo(member.client)
      const overheard = updatesTo(stranger.client)
      await follow(member.client, era, [uri, 'toy://memos'])
      await follow(stranger.client, era, [uri]).catch(() => {})
      const write = (name: string, secret: boolean) =>
        server.pipeline.run(create_thing, { crateId, name, secret }, callerFor(50))
      await write('for all', false)
      await until(() => updates.length === 1, 'the thing for all')
      await write('for me', true)
      await owner.client.callTool({ name: 'create_memo', arguments: { text: 'mine' } })
      await member.client.callTool({ name: 'create_memo', arguments: { text: 'the member’s' } })
      await until(() => updates.length === 2, 'the memo')
      await write('again for all', false)
      await until(() => updates.length === 3, 'the second thing for all')
      expect(updates).toEqual([uri, 'toy://memos', uri])
      expect(overheard).toEqual([])
    })

    test('a resource that spans spaces is reported when its answer changes', async () => {
      const { client } = await connect(server, keys.issue(60), era)
      const updates = updatesTo(client)
      await follow(client, era, ['toy://crates'])
      await crateOf(client)
      await until(() => updates.length === 1, 'the new crate')
      expect(updates).toEqual(['toy://crates'])
    })

    test('when an add-on is switched, listeners are notified and the list of tools changes', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      let notifiedCount = 0
      client.setNotificationHandler('notifications/tools/list_changed', () => {
        notifiedCount++
      })
      await follow(client, era, ['toy://crates'])
      await server.switchAddon('stickers', false)
      await until(() => notifiedCount > 0, 'that the tools are others')
      const after = await connect(server, keys.issue(1), era)
      expect((await after.client.listTools()).tools.map(({ name }) => name)).not.toContain('create_sticker')
      const result = await after.client.callTool({ name: 'create_sticker', arguments: {} })
      expect(textOf(result)).toMatch(/Stickers is switched off/)
      await server.switchAddon('stickers', true)
    })

    test('when a grant ends, its streams end at once', async () => {
      const grant = `grant:${randomUUID()}`
      const token = keys.issue(1, { grant })
      const { client, transport } = await connect(server, token, era)
      let hasEnded = false
      if (era === '2026-07-28') {
        const subscription = await client.listen({ resourceSubscriptions: ['toy://crates'] })
        subscription.closed.then(() => {
          hasEnded = true
        })
      } else {
        const stream = await fetch(server.url, {
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'text/event-stream',
            'mcp-session-id': transport.sessionId as string,
          },
        })
        stream.text().then(() => {
          hasEnded = true
        })
      }
      keys.end(grant)
      await server.database.notifier.publish(grantTopic(grant))
      await until(() => hasEnded, 'the end of the stream')
      await expect(client.callTool({ name: 'list_crates', arguments: {} })).rejects.toThrow()
    })
  })

  test('a client of the newer revision with an OAuth token is told which scopes to request', async () => {
    const granted = { scopes: new Set(['things:read']) }
    const { client } = await connect(server, keys.issue(1, granted), '2026-07-28')
    await expect(client.callTool({ name: 'create_crate', arguments: { label: 'x' } })).rejects.toMatchObject({
      message: expect.stringMatching(/crates:write/),
    })
    const old = await connect(server, keys.issue(1, granted), '2025-11-25')
    const result = await old.client.callTool({ name: 'create_crate', arguments: { label: 'x' } })
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(/needs the scope crates:write/)])
    const token = await connect(server, keys.issue(1, { ...granted, grant: 'token:3' }), '2026-07-28')
    expect((await token.client.callTool({ name: 'create_crate', arguments: { label: 'x' } })).isError).toBe(true)
  })

  test('a client that was idle for hours, or whose session was put to sleep for others, continues unaffected', async () => {
    const small = await startServer(place().target, keys, { limits: { sessionsPerUser: 2 } })
    const token = keys.issue(80)
    const { client, transport } = await connect(small, token, '2025-11-25')
    const id = transport.sessionId as string
    const crateId = await crateOf(client)
    for (let handshakes = 0; handshakes < 4; handshakes++) await initialize(small.url, token)
    expect((await client.listTools()).tools.length).toBeGreaterThan(0)
    const hours = new Date(Date.now() - 5 * 3_600_000).toISOString()
    await small.database.kysely.updateTable('mcp_sessions').set({ last_activity: hours }).where('id', '=', id).execute()
    await client.callTool({ name: 'create_thing', arguments: { crateId, name: 'Milk' } })
    expect(transport.sessionId).toBe(id)
    await client.close()
    await small.stop()
  })

  test('a session and its subscriptions survive a restart of the server', async () => {
    const first = await startServer(place().target, keys)
    const token = keys.issue(70)
    const { client, transport } = await connect(first, token, '2025-11-25')
    const crateId = await crateOf(client)
    const uri = `toy://crates/${crateId}/things`
    await client.subscribeResource({ uri })
    const id = transport.sessionId as string
    await first.stop()
    const second = await startServer(place().target, keys)
    try {
      const resumed = await fetch(second.url, {
        headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'mcp-session-id': id },
      })
      expect(resumed.status).toBe(200)
      let body = ''
      const reader = (resumed.body as ReadableStream<Uint8Array>).getReader()
      const listening = (async () => {
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          body += new TextDecoder().decode(part.value)
        }
      })()
      await second.pipeline.run(create_thing, { crateId, name: 'after' }, callerFor(70))
      await until(() => body.includes(`"params":{"uri":"${uri}"}`), 'the change')
      await second.app.close()
      await listening
    } finally {
      await second.stop().catch(() => {})
    }
    expect(server.failures).toEqual([])
  })
})

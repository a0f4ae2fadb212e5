import { randomUUID } from 'node:crypto'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { grantTopic } from '../../src/core/run/door.ts'
import { create_note } from '../fixtures/rooms.ts'
import { eachDatabase } from '../harness/databases.ts'
import { callerFor, makeKeys, startServer, type TestServer, until } from '../harness/mcp/rig.ts'

const ERAS = ['2025-11-25', '2026-07-28'] as const

const keys = makeKeys()
const open: Client[] = []

/** The official client, as an assistant would be it. */
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
  // In a session, what nobody asked for comes on a stream that the client opens by itself, and does not wait for.
  if (era === '2025-11-25' && sessionId === undefined) await until(() => listens, 'the stream of the session')
  return { client, transport }
}

const textOf = (result: { content: unknown[] }, index = -1) => (result.content.at(index) as { text: string }).text

/** Whether the room has changed as far as this client is told. */
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

  async function roomOf(client: Client, label = 'Attic'): Promise<number> {
    const { structuredContent } = await client.callTool({ name: 'create_room', arguments: { label } })
    return (structuredContent as { room: { id: number } }).room.id
  }

  describe.each(ERAS)('in %s', (era) => {
    test('a tool is listed with everything a model needs, in the same order every time', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual([
        'add_guest',
        'create_room',
        'go_wrong',
        'list_rooms',
        'create_note',
        'delete_note',
        'list_notes',
        'create_memo',
        'list_memos',
        'light_lamp',
      ])
      const [update, create, , read] = tools
      expect(create).toMatchObject({
        title: 'Make a room',
        description: 'Make a room.',
        inputSchema: { type: 'object', required: ['label'] },
        outputSchema: { type: 'object', required: ['room'] },
      })
      expect(read?.annotations).toEqual({ readOnlyHint: true, openWorldHint: false })
      expect(create?.annotations).toEqual({ destructiveHint: false, openWorldHint: false })
      expect(update?.annotations).toEqual({ destructiveHint: false, idempotentHint: true, openWorldHint: false })
      expect(tools.find(({ name }) => name === 'delete_note')?.annotations).toEqual({
        idempotentHint: true,
        openWorldHint: false,
      })
    })

    test('the list holds what the scopes allow', async () => {
      const { client } = await connect(server, keys.issue(1, { scopes: new Set(['notes:write']) }), era)
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual([
        'go_wrong',
        'list_rooms',
        'create_note',
        'list_notes',
        'create_memo',
        'list_memos',
        'light_lamp',
      ])
    })

    test('a call answers with content that is structured and the same as text', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      await client.listTools()
      const roomId = await roomOf(client)
      const made = await client.callTool({ name: 'create_note', arguments: { roomId, text: 'Milk' } })
      expect(made.structuredContent).toMatchObject({ note: { text: 'Milk', body: null, secret: false } })
      expect(JSON.parse(textOf(made))).toEqual(made.structuredContent)
      expect(made.content).toHaveLength(1)
    })

    test('what goes wrong is told in a way one can learn from', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      await client.listTools()
      const wrong = async (name: string, input: Record<string, unknown>) => {
        const result = await client.callTool({ name, arguments: input })
        expect(result.isError).toBe(true)
        return { text: textOf(result), result }
      }
      const { text, result } = await wrong('create_note', { romId: 1, text: 5 })
      expect(text).toMatch(/roomId is required/)
      expect(text).toMatch(/text must be a text/)
      expect(text).toMatch(/romId is not known here\. Did you mean roomId\?/)
      const error = era === '2026-07-28' ? result.structuredContent : { error: result._meta?.['trek/error'] }
      expect(error).toMatchObject({ error: { code: 'invalid', issues: expect.any(Array) } })
      expect((await wrong('list_notes', { roomId: 987_654 })).text).toBe(
        'There is no such room\nCall list_rooms to find one.',
      )
      expect((await wrong('go_wrong', { how: 'conflict' })).text).toMatch(/would_delete/)
      expect((await wrong('go_wrong', { how: 'huge' })).text).toMatch(/150 kB long, and at most 100 kB/)
      await expect(client.callTool({ name: 'create_rooms', arguments: {} })).rejects.toMatchObject({
        code: -32_602,
        message: expect.stringMatching(/no tool "create_rooms"\. Did you mean create_room\?/),
      })
      // An operation that is there, but not for assistants, is no tool either.
      const hidden = client.callTool({ name: 'switch_addon', arguments: { addon: 'lamps', on: false } })
      await expect(hidden).rejects.toMatchObject({ code: -32_602 })
    })

    test('a bug is logged once, and told only as the id it has in the log', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const before = server.logged.length
      const result = await client.callTool({ name: 'go_wrong', arguments: { how: 'bug' } })
      expect(result.isError).toBe(true)
      expect(textOf(result)).not.toMatch(/swordfish/)
      const incident = /log as ([0-9a-f-]{36})/.exec(textOf(result))?.[1] as string
      expect(server.logged.slice(before).filter((line) => line.includes(incident))).toHaveLength(1)
    })

    test('a deprecated way in is told of in the instructions, before every result and in a prompt of its own', async () => {
      const notice = 'This token is old-fashioned.'
      const { client } = await connect(server, keys.issue(1, { grant: 'token:7', notice }), era)
      expect(client.getInstructions()?.startsWith(`${notice}\n\nRooms hold notes.\n\n`)).toBe(true)
      for (const name of ['list_rooms', 'list_memos']) {
        const result = await client.callTool({ name, arguments: {} })
        expect(result.isError).toBeFalsy()
        expect(textOf(result, 0)).toBe(notice)
        expect(JSON.parse(textOf(result, 1))).toEqual(result.structuredContent)
      }
      expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain('token_auth_notice')
      expect((await client.getPrompt({ name: 'token_auth_notice' })).messages[0]?.content).toMatchObject({
        text: notice,
      })
      const other = await connect(server, keys.issue(1), era)
      expect(other.client.getInstructions()).toMatch(/^Rooms hold notes\.\n\n/)
      expect((await other.client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['room-summary'])
    })

    test('resources are listed, and read by URI with a query', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      const roomId = await roomOf(client)
      for (const text of ['Milk', 'Bread']) {
        await client.callTool({ name: 'create_note', arguments: { roomId, text } })
      }
      expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['rig://rooms', 'rig://memos'])
      expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
        { uriTemplate: 'rig://rooms/{roomId}/notes', title: 'Notes', mimeType: 'application/json' },
      ])
      const read = async (uri: string) => {
        const { contents } = await client.readResource({ uri })
        return JSON.parse((contents[0] as { text: string }).text)
      }
      expect((await read(`rig://rooms/${roomId}/notes`)).notes).toHaveLength(2)
      expect(await read(`rig://rooms/${roomId}/notes?text=Bread`)).toMatchObject({ notes: [{ text: 'Bread' }] })
      const page = await read(`rig://rooms/${roomId}/notes?limit=1`)
      expect(page).toMatchObject({ notes: [{ text: 'Milk' }], remaining: 1 })
      expect(await read(`rig://rooms/${roomId}/notes?cursor=${page.next_cursor}`)).toMatchObject({ remaining: 0 })
      // An id in the query does not stand in for the one in the path.
      expect((await read(`rig://rooms/${roomId}/notes?roomId=999999`)).notes).toHaveLength(2)
      for (const uri of ['rig://rooms/999999/notes', 'rig://nothing']) {
        await expect(read(uri)).rejects.toMatchObject({ message: expect.stringMatching(/There is no such/) })
      }
    })

    test('a prompt takes its arguments as text and obeys the scopes; completion offers what is there', async () => {
      const { client } = await connect(server, keys.issue(40), era)
      const roomId = await roomOf(client, `Cellar ${era}`)
      await client.callTool({ name: 'create_note', arguments: { roomId, text: 'Wine' } })
      const got = await client.getPrompt({ name: 'room-summary', arguments: { roomId: String(roomId) } })
      expect(got.messages[0]?.content).toMatchObject({ text: 'Notes: Wine' })
      await expect(client.getPrompt({ name: 'room-summary', arguments: { roomId: 'x' } })).rejects.toMatchObject({
        code: -32_602,
      })
      const completed = await client.complete({
        ref: { type: 'ref/prompt', name: 'room-summary' },
        argument: { name: 'roomId', value: `cellar ${era}` },
      })
      expect(completed.completion.values).toEqual([String(roomId)])
      const blind = await connect(server, keys.issue(40, { grant: 'token:1', scopes: new Set(['rooms:read']) }), era)
      expect((await blind.client.listPrompts()).prompts).toEqual([])
      await expect(
        blind.client.getPrompt({ name: 'room-summary', arguments: { roomId: String(roomId) } }),
      ).rejects.toMatchObject({ code: -32_602 })
    })

    test('who follows a resource hears of the changes they may see, and of no others', async () => {
      const owner = await connect(server, keys.issue(50), era)
      const guest = await connect(server, keys.issue(51), era)
      const stranger = await connect(server, keys.issue(52), era)
      const roomId = await roomOf(owner.client)
      await owner.client.callTool({ name: 'add_guest', arguments: { roomId, userId: 51 } })
      const uri = `rig://rooms/${roomId}/notes`
      const heard = updatesTo(guest.client)
      const overheard = updatesTo(stranger.client)
      await follow(guest.client, era, [uri, 'rig://memos'])
      await follow(stranger.client, era, [uri]).catch(() => {})
      const write = (text: string, secret: boolean) =>
        server.pipeline.run(create_note, { roomId, text, secret }, callerFor(50))
      await write('for all', false)
      await until(() => heard.length === 1, 'the note for all')
      await write('for me', true)
      await owner.client.callTool({ name: 'create_memo', arguments: { text: 'mine' } })
      await guest.client.callTool({ name: 'create_memo', arguments: { text: 'the guest’s' } })
      await until(() => heard.length === 2, 'the memo')
      await write('again for all', false)
      await until(() => heard.length === 3, 'the second note for all')
      expect(heard).toEqual([uri, 'rig://memos', uri])
      expect(overheard).toEqual([])
    })

    test('a resource that spans spaces is told of when its answer is another', async () => {
      const { client } = await connect(server, keys.issue(60), era)
      const heard = updatesTo(client)
      await follow(client, era, ['rig://rooms'])
      await roomOf(client)
      await until(() => heard.length === 1, 'the new room')
      expect(heard).toEqual(['rig://rooms'])
    })

    test('when an add-on is switched, listeners are told and the list is another', async () => {
      const { client } = await connect(server, keys.issue(1), era)
      let told = 0
      client.setNotificationHandler('notifications/tools/list_changed', () => {
        told++
      })
      await follow(client, era, ['rig://rooms'])
      await server.switchAddon('lamps', false)
      await until(() => told > 0, 'that the tools are others')
      const after = await connect(server, keys.issue(1), era)
      expect((await after.client.listTools()).tools.map(({ name }) => name)).not.toContain('light_lamp')
      const result = await after.client.callTool({ name: 'light_lamp', arguments: {} })
      expect(textOf(result)).toMatch(/Lamps is switched off/)
      await server.switchAddon('lamps', true)
    })

    test('when a grant ends, its streams end at once', async () => {
      const grant = `grant:${randomUUID()}`
      const token = keys.issue(1, { grant })
      const { client, transport } = await connect(server, token, era)
      let ended = false
      if (era === '2026-07-28') {
        const subscription = await client.listen({ resourceSubscriptions: ['rig://rooms'] })
        subscription.closed.then(() => {
          ended = true
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
          ended = true
        })
      }
      keys.end(grant)
      await server.database.doorbell.ring(grantTopic(grant))
      await until(() => ended, 'the end of the stream')
      await expect(client.callTool({ name: 'list_rooms', arguments: {} })).rejects.toThrow()
    })
  })

  test('a client of the newer revision with an OAuth token is told which scopes to ask for', async () => {
    const granted = { scopes: new Set(['notes:read']) }
    const { client } = await connect(server, keys.issue(1, granted), '2026-07-28')
    await expect(client.callTool({ name: 'create_room', arguments: { label: 'x' } })).rejects.toMatchObject({
      message: expect.stringMatching(/rooms:write/),
    })
    const old = await connect(server, keys.issue(1, granted), '2025-11-25')
    const result = await old.client.callTool({ name: 'create_room', arguments: { label: 'x' } })
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(/needs the scope rooms:write/)])
    const token = await connect(server, keys.issue(1, { ...granted, grant: 'token:3' }), '2026-07-28')
    expect((await token.client.callTool({ name: 'create_room', arguments: { label: 'x' } })).isError).toBe(true)
  })

  test('a session and what it follows survive a restart of the server', async () => {
    const first = await startServer(place().target, keys)
    const token = keys.issue(70)
    const { client, transport } = await connect(first, token, '2025-11-25')
    const roomId = await roomOf(client)
    const uri = `rig://rooms/${roomId}/notes`
    await client.subscribeResource({ uri })
    const id = transport.sessionId as string
    await first.stop()
    const second = await startServer(place().target, keys)
    try {
      const resumed = await fetch(second.url, {
        headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'mcp-session-id': id },
      })
      expect(resumed.status).toBe(200)
      let heard = ''
      const reader = (resumed.body as ReadableStream<Uint8Array>).getReader()
      const listening = (async () => {
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          heard += new TextDecoder().decode(part.value)
        }
      })()
      await second.pipeline.run(create_note, { roomId, text: 'after' }, callerFor(70))
      await until(() => heard.includes(`"params":{"uri":"${uri}"}`), 'the change')
      await second.app.close()
      await listening
    } finally {
      await second.stop().catch(() => {})
    }
    expect(server.failures).toEqual([])
  })
})

import { auth, Client, type OAuthClientProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { auth as firstAuth } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { expect } from 'vitest'
import { everyOperation } from '../operations.ts'
import type { Callback } from './callback.ts'
import type { Memory } from './memory.ts'
import type { Person } from './person.ts'

/** What every assistant can do, whichever library it is made with. */
export type Using = Pick<Client, 'listTools' | 'callTool' | 'readResource' | 'getPrompt' | 'complete' | 'close'>

/** An official client, from the first request on. */
export interface Assistant {
  readonly client: Using
  readonly sessionId: () => string | undefined
  connect(): Promise<void>
  /** Sends the browser away once more, to ask for these scopes. */
  askFor(scope: string): Promise<void>
  /** Goes on with what the browser brought back. */
  finish(brought: URLSearchParams): Promise<void>
}

export type Start = (url: string, provider: OAuthClientProvider) => Assistant

const second =
  (era: string): Start =>
  (url, authProvider) => {
    const options = era === '2026-07-28' ? { versionNegotiation: { mode: { pin: era } } } : {}
    const client = new Client({ name: 'Travel Assistant', version: '2.0' }, options)
    const serverUrl = new URL(`${url}/mcp`)
    const transport = new StreamableHTTPClientTransport(serverUrl, { authProvider })
    return {
      client,
      sessionId: () => transport.sessionId,
      connect: () => client.connect(transport),
      async askFor(scope) {
        expect(await auth(authProvider, { serverUrl, scope, forceReauthorization: true })).toBe('REDIRECT')
      },
      finish: (brought) => transport.finishAuth(brought),
    }
  }

const first: Start = (url, authProvider) => {
  const client = new FirstClient({ name: 'Travel Assistant', version: '1.0' })
  const serverUrl = new URL(`${url}/mcp`)
  const transport = new FirstTransport(serverUrl, { authProvider })
  return {
    client: client as unknown as Using,
    sessionId: () => transport.sessionId,
    connect: () => client.connect(transport as Transport),
    async askFor(scope) {
      // This generation would rather refresh what it has.
      await authProvider.invalidateCredentials?.('tokens')
      expect(await firstAuth(authProvider, { serverUrl, scope })).toBe('REDIRECT')
    },
    finish: (brought) => transport.finishAuth(brought.get('code') ?? ''),
  }
}

/** The official clients, in each revision of the protocol that they speak. */
export const CLIENTS = [
  { name: 'the first generation', start: first },
  { name: 'the second generation in 2025-11-25', start: second('2025-11-25') },
  { name: 'the second generation in 2026-07-28', start: second('2026-07-28') },
] as const

/** Who sits in front of an assistant, and where it waits for them. */
export interface Desk {
  readonly person: Person
  readonly callback: Callback
}

/** Connects as a client does that knows nothing but the address: it is refused, sends the browser away, and comes back. */
export async function connect(
  start: Start,
  url: string,
  memory: Memory,
  { person, callback }: Desk,
  only?: readonly string[],
): Promise<Assistant> {
  const refused = start(url, memory)
  await expect(refused.connect()).rejects.toThrow(/Unauthorized/)
  await person.allow(memory.sentTo(), only)
  await refused.finish(await callback.next())
  await refused.client.close()
  const assistant = start(url, memory)
  await assistant.connect()
  return assistant
}

/** The tools there are without the right to delete for good, which no client asks for by itself. */
const USUAL = everyOperation
  .filter(({ operation: { expose, scope } }) => expose.includes('mcp') && scope !== 'trips:delete')
  .map(({ operation }) => operation.name)
  .sort()

/** Lists the tools, calls one, reads a resource, gets a prompt and has an argument completed. */
export async function useEverything(client: Using): Promise<void> {
  expect((await toolsOf(client)).sort()).toEqual(USUAL)
  const tripId = await createTrip(client)
  const read = await client.readResource({ uri: `trek://trips/${tripId}` })
  expect(JSON.stringify(read.contents)).toContain('Kyoto')
  const { messages } = await client.getPrompt({ name: 'trip-summary', arguments: { tripId: String(tripId) } })
  expect(JSON.stringify(messages)).toContain('Kyoto')
  const { completion } = await client.complete({
    ref: { type: 'ref/prompt', name: 'trip-summary' },
    argument: { name: 'tripId', value: 'Kyo' },
  })
  expect(completion.values).toContain(String(tripId))
}

export async function createTrip(client: Using): Promise<number> {
  const { structuredContent } = await client.callTool({ name: 'create_trip', arguments: { title: 'Kyoto' } })
  return (structuredContent as { trip: { id: number } }).trip.id
}

/** The names of the tools there are for this client now, whatever it remembers. */
export const toolsOf = async (client: Using): Promise<string[]> =>
  (await client.listTools(undefined, { cacheMode: 'refresh' })).tools.map(({ name }) => name)

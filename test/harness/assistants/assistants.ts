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

/** The methods that both generations of the official library have. */
export type Using = Pick<Client, 'listTools' | 'callTool' | 'readResource' | 'getPrompt' | 'complete' | 'close'>

/** An official client that is not connected yet. */
export interface Assistant {
  readonly client: Using
  readonly sessionId: () => string | undefined
  connect(): Promise<void>
  /** Sends the browser to the authorization page again, to request these scopes. */
  askFor(scope: string): Promise<void>
  /** Continues with the parameters that the browser brought back. */
  finish(callbackParams: URLSearchParams): Promise<void>
}

export type Start = (url: string, provider: OAuthClientProvider) => Assistant

const startSecond =
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
      finish: (callbackParams) => transport.finishAuth(callbackParams),
    }
  }

const startFirst: Start = (url, authProvider) => {
  const client = new FirstClient({ name: 'Travel Assistant', version: '1.0' })
  const serverUrl = new URL(`${url}/mcp`)
  const transport = new FirstTransport(serverUrl, { authProvider })
  return {
    client: client as unknown as Using,
    sessionId: () => transport.sessionId,
    connect: () => client.connect(transport as Transport),
    async askFor(scope) {
      // With tokens, this generation refreshes instead of asking again.
      await authProvider.invalidateCredentials?.('tokens')
      expect(await firstAuth(authProvider, { serverUrl, scope })).toBe('REDIRECT')
    },
    finish: (callbackParams) => transport.finishAuth(callbackParams.get('code') ?? ''),
  }
}

/** The official clients, each with every protocol revision that it supports. */
export const CLIENTS = [
  { name: 'the first generation', start: startFirst },
  { name: 'the second generation in 2025-11-25', start: startSecond('2025-11-25') },
  { name: 'the second generation in 2026-07-28', start: startSecond('2026-07-28') },
] as const

/** The person who uses an assistant, and the port where the assistant waits for their browser. */
export interface Desk {
  readonly person: Person
  readonly callback: Callback
}

/** Connects a client that knows only the address: the server refuses it, it sends the browser away, and it tries again. */
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

/** All tools except those that need `trips:delete`, a scope that no client requests by itself. */
const USUAL = everyOperation
  .filter(({ operation: { expose, scope } }) => expose.includes('mcp') && scope !== 'trips:delete')
  .map(({ operation }) => operation.name)
  .sort()

/** Lists the tools, calls one, reads a resource, gets a prompt and completes an argument. */
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

/** The names of the tools that this client has now, without its cache. */
export const toolsOf = async (client: Using): Promise<string[]> =>
  (await client.listTools(undefined, { cacheMode: 'refresh' })).tools.map(({ name }) => name)

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect } from 'vitest'

/** The protocol revisions that the official client supports: one with sessions, one without. */
export const ERAS = ['2025-11-25', '2026-07-28'] as const

/** Calls a tool; an error fails the test. */
export type Tool = <T = unknown>(name: string, args: object) => Promise<T>

/** The official client, connected as an assistant. */
export async function connectAssistant(url: string, token: string, era: (typeof ERAS)[number]) {
  const options = era === '2026-07-28' ? { versionNegotiation: { mode: { pin: era } } } : {}
  const client = new Client({ name: 'Test Assistant', version: '1.0.0' }, options)
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
  const tool: Tool = async <T>(name: string, args: object) => {
    const result = await client.callTool({ name, arguments: { ...args } })
    expect(result.isError, `${name}: ${JSON.stringify(result.content)}`).toBeFalsy()
    return result.structuredContent as T
  }
  return { client, tool, close: () => client.close() }
}

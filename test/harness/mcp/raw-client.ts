import { expect } from 'vitest'
import type { AnyOperation } from '../../../src/core/declare/operation.ts'
import type { Tool } from '../assistant.ts'
import { everyOperation } from '../operations.ts'

/** How a program differs from the official client in the requests that it sends. */
export interface Habit {
  /** The name of the client. */
  readonly name?: string
  readonly path?: string
  /** Null sends an empty header, because `fetch` cannot leave it out. */
  readonly accept?: string | null
  /** The protocol version in the header; null leaves the header out. */
  readonly version?: string | null
  /** Whether the client keeps its session after `initialize`. */
  readonly keepsSession?: boolean
  readonly id?: (count: number) => string | number
  readonly arguments?: (operation: AnyOperation, args: Record<string, unknown>) => unknown
  /** How many bytes the client reads at a time. */
  readonly pieces?: number
  /** Called before each tool call, with the session. */
  readonly before?: (session: string, count: number) => Promise<void>
  /** Whether independent calls are sent at once. */
  readonly parallel?: boolean
}

const SAME = '2025-11-25'

/** An assistant over plain HTTP, with a habit. */
export async function connectRaw(url: string, token: string, habit: Habit): Promise<Tool> {
  let count = 0
  let session: string | null = null
  const version = habit.version === undefined ? SAME : habit.version

  async function send(method: string, params: object | undefined, isRequest = true) {
    const id = habit.id?.(++count) ?? ++count
    const response = await fetch(`${url}${habit.path ?? '/mcp'}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: habit.accept === undefined ? 'application/json, text/event-stream' : (habit.accept ?? ''),
        authorization: `Bearer ${token}`,
        ...(session !== null && { 'mcp-session-id': session }),
        ...(method !== 'initialize' && version !== null && { 'mcp-protocol-version': version }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...(isRequest && { id }), method, ...(params && { params }) }),
    })
    const text = await readInPieces(response, habit.pieces ?? 1_000_000)
    if (!isRequest) return expect([method, response.status, text]).toEqual([method, 202, ''])
    expect([method, response.status], text).toEqual([method, 200])
    const isStream = response.headers.get('content-type') === 'text/event-stream'
    const answers = isStream ? [...text.matchAll(/^data: (.+)$/gm)].map(([, json]) => json as string) : [text]
    const answer = answers.map((one) => JSON.parse(one)).find((one) => one.id === id)
    expect(answer?.error, `${method} ${text}`).toBeUndefined()
    if (method === 'initialize' && habit.keepsSession !== false) session = response.headers.get('mcp-session-id')
    return answer.result
  }

  await send('initialize', {
    protocolVersion: version ?? SAME,
    capabilities: {},
    clientInfo: { name: habit.name ?? 'raw', version: '1' },
  })
  await send('notifications/initialized', undefined, false)
  return async (name, args) => {
    await habit.before?.(session ?? '', count)
    const operation = everyOperation.find((one) => one.operation.name === name)?.operation as AnyOperation
    const sentArguments = habit.arguments ? habit.arguments(operation, { ...args }) : args
    const result = await send('tools/call', { name, arguments: sentArguments })
    expect(result.isError, `${name} ${JSON.stringify(sentArguments)}: ${JSON.stringify(result.content)}`).toBeFalsy()
    return result.structuredContent
  }
}

async function readInPieces({ body }: Response, size: number): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += size) {
      text += decoder.decode(chunk.subarray(at, at + size), { stream: true })
    }
  }
  return text + decoder.decode()
}

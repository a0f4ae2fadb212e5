/** Plain HTTP requests, for behaviour that no correct client has. */

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says
  body: any
}

export const ACCEPT = { accept: 'application/json, text/event-stream' }

export const bearer = (token: string, sessionId?: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(sessionId !== undefined && { 'mcp-session-id': sessionId }),
})

export async function post(url: URL, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...ACCEPT, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return answerOf(response)
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

let lastId = 0

export const call = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: ++lastId, method, params })

/** The metadata of a request in the newest protocol revision. */
export const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** Sends a request in the newest protocol revision, with the headers that it requires. */
export function postModern(url: URL, token: string, method: string, params: object = {}): Promise<Answer> {
  const { name, uri } = params as { name?: string; uri?: string }
  const mcpName = name ?? uri
  return post(
    url,
    { jsonrpc: '2.0', id: ++lastId, method, params: { ...params, _meta: MODERN } },
    {
      ...bearer(token),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(mcpName !== undefined && { 'mcp-name': mcpName }),
    },
  )
}

export const INITIALIZE = call('initialize', {
  protocolVersion: '2025-11-25',
  capabilities: { elicitation: {} },
  clientInfo: { name: 'wire', version: '1' },
})

/** Opens a session and returns its id. */
export async function initialize(url: URL, token: string): Promise<string> {
  const { status, headers, body } = await post(url, INITIALIZE, bearer(token))
  const id = headers.get('mcp-session-id')
  if (status !== 200 || id === null) throw new Error(`initialize: ${status} ${JSON.stringify(body)}`)
  return id
}

/** Reads a stream: its text so far, and whether it has ended. */
export function reading(response: Response) {
  const stream = { heard: '', ended: false, messages: () => messagesIn(stream.heard) }
  const read = async () => {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const decoder = new TextDecoder()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      stream.heard += decoder.decode(part.value, { stream: true })
    }
  }
  read()
    .catch(() => {})
    .finally(() => {
      stream.ended = true
    })
  return stream
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
const messagesIn = (text: string): any[] =>
  [...text.matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json as string))

export const openStream = (url: URL, token: string, sessionId: string): Promise<Response> =>
  fetch(url, { headers: { ...bearer(token, sessionId), accept: 'text/event-stream' } })

import { Agent, request } from 'node:http'

/** The answer to one request. */
export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** A client with minimal overhead: keep-alive sockets, JSON in, text out. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  readonly #port: number
  readonly #headers: Record<string, string>
  #id = 0

  constructor(port: number, token = '') {
    this.#port = port
    this.#headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    }
  }

  post(path: string, body: unknown): Promise<Reply> {
    const payload = JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const headers = { ...this.#headers, 'content-length': Buffer.byteLength(payload) }
      const outgoing = request(
        { host: '127.0.0.1', port: this.#port, path, method: 'POST', headers, agent: this.#agent },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk) => {
            text += chunk
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
        },
      )
      outgoing.on('error', reject)
      outgoing.end(payload)
    })
  }

  /** One JSON-RPC call on `/mcp`; throws unless the answer is a result. */
  async call(method: string, params: object): Promise<string> {
    const { status, text } = await this.post('/mcp', { jsonrpc: '2.0', id: ++this.#id, method, params })
    if (status !== 200 || !text.includes('"result"') || text.includes('"isError":true')) {
      throw new Error(`${method} answered ${status}: ${text.slice(0, 300)}`)
    }
    return text
  }

  /** Calls a tool, with an idempotency key if one is given. */
  tool(name: string, args: object, key?: string): Promise<string> {
    const params = { name, arguments: args }
    return this.call('tools/call', key ? { ...params, _meta: { 'trek/idempotencyKey': key } } : params)
  }

  /** Opens a session and uses it from now on. */
  async handshake(): Promise<void> {
    delete this.#headers['mcp-session-id']
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
    const { headers } = await this.post('/mcp', { jsonrpc: '2.0', id: ++this.#id, method: 'initialize', params })
    const session = headers['mcp-session-id']
    if (typeof session === 'string') this.#headers['mcp-session-id'] = session
    this.#headers['mcp-protocol-version'] = '2025-11-25'
    await this.post('/mcp', { jsonrpc: '2.0', method: 'notifications/initialized' })
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** The structured content of a tool's answer. */
export const structured = <T>(text: string): T =>
  (JSON.parse(text) as { result: { structuredContent: T } }).result.structuredContent

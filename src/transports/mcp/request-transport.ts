import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type LoggingLevel,
  type MessageExtraInfo,
  type Server,
  type Transport,
} from '@modelcontextprotocol/server'
import type { ClientRequests } from './client-requests.ts'
import type { Outlet } from './outlet.ts'
import type { Session } from './sessions.ts'

const LEVELS: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]

/** Older clients expect this code for a missing resource; the SDK sends the newer one to all. */
const RESOURCE_NOT_FOUND = -32_002

const INTRODUCTION = 'introduction'

/** One request of a session, handled by a server that lives only for this request. */
export class RequestTransport implements Transport {
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  onmessage?: (<T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void) | undefined

  readonly #request: JSONRPCRequest
  /** Null for the request that opens the session. */
  readonly #session: Session | null
  readonly #clientRequests: ClientRequests
  readonly #outlet: Outlet
  readonly #answer: Promise<JSONRPCMessage | null>
  readonly #resolve: (answer: JSONRPCMessage | null) => void
  readonly #requestIds = new Set<string>()
  #introduced: (() => void) | null = null
  #closed = false

  constructor(request: JSONRPCRequest, session: Session | null, clientRequests: ClientRequests, outlet: Outlet) {
    this.#request = request
    this.#session = session
    this.#clientRequests = clientRequests
    this.#outlet = outlet
    const { promise, resolve } = Promise.withResolvers<JSONRPCMessage | null>()
    this.#answer = promise
    this.#resolve = resolve
  }

  /** Lets the server answer the request. Null if the client cancels it, and waits for no answer. */
  async serve(server: Server): Promise<JSONRPCMessage | null> {
    await server.connect(this)
    if (this.#session && canBeAsked(this.#session)) await this.#introduce(this.#session)
    this.onmessage?.(this.#request)
    return this.#answer
  }

  /** Passes on a cancellation. The protocol leaves such a request without an answer. */
  cancel(notification: JSONRPCNotification): void {
    this.onmessage?.(notification)
    this.#end(null)
  }

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) this.#heard(message)
    else if (isJSONRPCRequest(message)) await this.#ask(message)
    else if (isJSONRPCNotification(message) && this.#isWanted(message)) this.#outlet.open().send(message)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.onclose?.()
    await this.#clientRequests.forget([...this.#requestIds])
  }

  /** Initialises the new server with the client's data from the start of the session. */
  #introduce({ protocolVersion, capabilities, client }: Session): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#introduced = resolve
    this.onmessage?.({
      jsonrpc: '2.0',
      id: INTRODUCTION,
      method: 'initialize',
      params: { protocolVersion, capabilities, clientInfo: client ?? { name: 'unknown', version: '' } },
    })
    return promise
  }

  #heard(message: JSONRPCMessage): void {
    if (this.#introduced) {
      this.#introduced()
      this.#introduced = null
      return
    }
    this.#end(this.#recoded(message))
  }

  async #ask(question: JSONRPCRequest): Promise<void> {
    if (!this.#session) throw new Error('Nothing can be asked before there is a session')
    if (!this.#outlet.readsStreams)
      throw new Error('Nothing can be asked of a client that does not read text/event-stream')
    const id = await this.#clientRequests.ask(this.#session.id, (answer) => {
      this.#requestIds.delete(id)
      this.onmessage?.({ ...answer, id: question.id })
    })
    this.#requestIds.add(id)
    this.#outlet.open().send({ ...question, id })
  }

  #end(answer: JSONRPCMessage | null): void {
    this.#resolve(answer)
    // An idle server needs no close, which creates an error each time.
    if (answer && !this.#requestIds.size) {
      this.#closed = true
      return
    }
    // The server sends its answer during its own work; it is closed after that.
    queueMicrotask(() => this.close().catch((error) => this.onerror?.(error)))
  }

  #isWanted({ method, params }: JSONRPCNotification): boolean {
    if (!this.#outlet.readsStreams) return false
    const least = LEVELS.indexOf(this.#session?.logLevel as LoggingLevel)
    return method !== 'notifications/message' || LEVELS.indexOf(params?.level as LoggingLevel) >= least
  }

  #recoded(message: JSONRPCMessage): JSONRPCMessage {
    if (this.#request.method !== 'resources/read' || !isJSONRPCErrorResponse(message)) return message
    const { code } = (message.error.data ?? {}) as { code?: unknown }
    return code === 'not_found' ? { ...message, error: { ...message.error, code: RESOURCE_NOT_FOUND } } : message
  }
}

/** Only then does a server need to know the client's capabilities. */
const canBeAsked = ({ capabilities }: Session): boolean =>
  Boolean(capabilities.elicitation || capabilities.sampling || capabilities.roots)

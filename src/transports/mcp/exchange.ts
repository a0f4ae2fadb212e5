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
import type { EventStream } from './event-stream.ts'
import type { Questions } from './questions.ts'
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

/** Older clients know a resource that is not there by this code; the SDK answers every client with the newer one. */
const RESOURCE_NOT_FOUND = -32_002

const INTRODUCTION = 'introduction'

/** What a request is answered with: one message, or a stream that brings others first. */
export type Reply = { message: JSONRPCMessage } | { stream: EventStream }

/**
 * One request of a session on its way through a server that lives no longer than the request. It is answered with plain
 * JSON, and becomes a stream only when the server has something to say or to ask before the answer.
 */
export class Exchange implements Transport {
  onclose?: (() => void) | undefined
  onerror?: ((error: Error) => void) | undefined
  onmessage?: (<T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void) | undefined

  readonly reply: Promise<Reply>
  readonly #request: JSONRPCRequest
  /** Null for the request that opens the session. */
  readonly #session: Session | null
  readonly #questions: Questions
  readonly #openStream: () => EventStream
  readonly #readsStreams: boolean
  readonly #settle: (reply: Reply) => void
  readonly #asked = new Set<string>()
  #stream: EventStream | null = null
  #introduced: (() => void) | null = null
  #answered = false
  #closed = false

  constructor(
    request: JSONRPCRequest,
    session: Session | null,
    questions: Questions,
    { openStream, readsStreams }: { openStream: () => EventStream; readsStreams: boolean },
  ) {
    this.#request = request
    this.#session = session
    this.#questions = questions
    this.#openStream = openStream
    this.#readsStreams = readsStreams
    const { promise, resolve } = Promise.withResolvers<Reply>()
    this.reply = promise
    this.#settle = resolve
  }

  /** Says this before the answer. */
  announce(methods: readonly string[]): void {
    for (const method of methods) this.#open().send({ jsonrpc: '2.0', method })
  }

  /** Has the server answer the request. */
  async serve(server: Server): Promise<Reply> {
    await server.connect(this)
    if (this.#session && canBeAsked(this.#session)) await this.#introduce(this.#session)
    this.onmessage?.(this.#request)
    return this.reply
  }

  /** Hands on what the client says about this request while it runs. */
  tell(notification: JSONRPCNotification): void {
    this.onmessage?.(notification)
    // The protocol leaves a cancelled request without an answer; the connection must not wait for one.
    if (notification.method === 'notifications/cancelled') this.#end()
  }

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) this.#answer(message)
    else if (isJSONRPCRequest(message)) await this.#ask(message)
    else if (isJSONRPCNotification(message) && this.#isWanted(message)) this.#open().send(message)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.onclose?.()
    await this.#questions.forget([...this.#asked])
  }

  /** Tells the fresh server who it is talking to, as the client did when it opened the session. */
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

  #answer(message: JSONRPCMessage): void {
    if (this.#introduced) {
      this.#introduced()
      this.#introduced = null
      return
    }
    const answer = this.#recoded(message)
    if (this.#stream) this.#stream.send(answer)
    else this.#settle({ message: answer })
    this.#answered = true
    this.#end()
  }

  async #ask(question: JSONRPCRequest): Promise<void> {
    if (!this.#session) throw new Error('Nothing can be asked before there is a session')
    if (!this.#readsStreams) throw new Error('Nothing can be asked of a client that does not read text/event-stream')
    const id = await this.#questions.ask(this.#session.id, (answer) => {
      this.#asked.delete(id)
      this.onmessage?.({ ...answer, id: question.id })
    })
    this.#asked.add(id)
    this.#open().send({ ...question, id })
  }

  #open(): EventStream {
    if (!this.#stream) {
      this.#stream = this.#openStream()
      this.#settle({ stream: this.#stream })
    }
    return this.#stream
  }

  #end(): void {
    // The server writes its answer in the middle of its own work; it is closed when that is over.
    queueMicrotask(() => {
      if (!this.#answered) this.#open()
      this.#stream?.end()
      this.close().catch((error) => this.onerror?.(error))
    })
  }

  #isWanted({ method, params }: JSONRPCNotification): boolean {
    if (!this.#readsStreams) return false
    const least = LEVELS.indexOf(this.#session?.logLevel as LoggingLevel)
    return method !== 'notifications/message' || LEVELS.indexOf(params?.level as LoggingLevel) >= least
  }

  #recoded(message: JSONRPCMessage): JSONRPCMessage {
    if (this.#request.method !== 'resources/read' || !isJSONRPCErrorResponse(message)) return message
    const { code } = (message.error.data ?? {}) as { code?: unknown }
    return code === 'not_found' ? { ...message, error: { ...message.error, code: RESOURCE_NOT_FOUND } } : message
  }
}

/** Only then does a server have to know the client: to see what it may ask. */
const canBeAsked = ({ capabilities }: Session): boolean =>
  Boolean(capabilities.elicitation || capabilities.sampling || capabilities.roots)

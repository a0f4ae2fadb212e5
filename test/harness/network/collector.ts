import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A received span (OTLP, JSON Protobuf encoding). */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: Record<string, unknown>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly status: number
  /** The attributes of the process that the span belongs to. */
  readonly resource: Record<string, unknown>
}

type Attributes = readonly { key: string; value: Record<string, unknown> }[]
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes }
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'attributes' | 'status' | 'links'> & {
        readonly attributes: Attributes
        readonly links?: CollectedSpan['links']
        readonly status?: { readonly code?: number }
      })[]
    }[]
  }[]
}

const flat = (attributes: Attributes) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** An OpenTelemetry collector on this machine that receives traces over HTTP and keeps them. */
export class Collector {
  readonly spans: CollectedSpan[] = []
  /** The headers of each call. */
  readonly headers: IncomingHttpHeaders[] = []
  /** The bodies of all calls, unparsed. */
  text = ''
  /** The status of each answer; 'nothing' sends none. */
  answers: number | 'nothing' = 200
  port = 0
  #server: Server | null = null

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts, on the same port as before. */
  async up(): Promise<this> {
    this.#server = createServer(async (request, response) => {
      const body = await text(request).catch(() => null)
      // The sender disconnected in the middle of the body.
      if (body === null) return
      if (this.answers === 'nothing') return
      if (this.answers === 200 && request.method === 'POST' && request.url === '/v1/traces') {
        this.headers.push(request.headers)
        this.#keep(body)
      }
      response.writeHead(this.answers, { 'content-type': 'application/json' }).end('{}')
    }).listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  async down(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = null
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }

  #keep(body: string): void {
    this.text += body
    for (const { resource, scopeSpans } of (JSON.parse(body) as Sent).resourceSpans) {
      for (const { spans } of scopeSpans) {
        for (const span of spans) {
          const { attributes, status, links = [] } = span
          this.spans.push({
            ...span,
            attributes: flat(attributes),
            links,
            status: status?.code ?? 0,
            resource: flat(resource.attributes),
          })
        }
      }
    }
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { onceAMinute } from '../../core/data/once-a-minute.ts'
import type { RequestBegun, RequestObserved, TraceHeaders, Work } from '../../core/run/observer.ts'

/** Pending spans; further ones are dropped. */
const MOST_WAITING = 2048
const SENT_AT_ONCE = 512
/** Nothing waits for this, but it bounds how long spans are kept while being sent. */
const GIVE_UP_MS = 10_000
const MOST_IN_FLIGHT = 2
const LAST_WORDS_MS = 900

export interface TracesOptions {
  /** The collector's URL, without the path for traces. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly service: string
  readonly version: string
  /** Identifies this process. */
  readonly process: string
  /** The share of traces that begin here and are kept, from 0 to 1. */
  readonly part: number
  /** How long spans are collected before sending, in milliseconds. */
  readonly sentEvery: number
  readonly engine: 'sqlite' | 'postgresql'
  /** Receives messages when the collector refuses spans and when it works again. */
  warn(warning: string): void
}

const propagator = new W3CTraceContextPropagator()

const IN_FIELDS = {
  keys: (carrier: TraceHeaders) => Object.keys(carrier),
  get(carrier: TraceHeaders, name: string) {
    const value = carrier[name as keyof TraceHeaders]
    return typeof value === 'string' ? value : undefined
  },
}
const INTO_FIELDS = {
  set(carrier: Record<string, string>, name: string, value: string) {
    carrier[name] = value
  },
}

/** Sends the traces of this process to a collector. */
export class Tracing {
  readonly #provider: TracerProvider
  readonly #tracer: Tracer
  readonly #here = new AsyncLocalStorage<Context>()
  readonly #engine: TracesOptions['engine']

  constructor({ endpoint, headers, service, version, process, part, sentEvery, engine, warn }: TracesOptions) {
    const exporter = new OTLPTraceExporter({
      url: `${endpoint}/v1/traces`,
      headers,
      timeoutMillis: GIVE_UP_MS,
      concurrencyLimit: MOST_IN_FLIGHT,
    })
    this.#engine = engine
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': service,
        'service.version': version,
        'service.instance.id': process,
      }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(part) }),
      // Clients can send values of any length.
      spanLimits: { attributeValueLengthLimit: 200 },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: telling(exporter, new URL(endpoint).origin, warn),
          maxQueueSize: MOST_WAITING,
          maxExportBatchSize: SENT_AT_ONCE,
          scheduledDelayMillis: sentEvery,
          exportTimeoutMillis: GIVE_UP_MS + 1000,
        }),
      ],
    })
    this.#tracer = this.#provider.getTracer('trek', version)
  }

  async during<T>(work: Work, run: () => Promise<T>, outcomeOf: (error: unknown) => string): Promise<T> {
    // The server's own reads belong to no trace.
    if (work.kind === 'transaction' && !this.#here.getStore()) return run()
    const { span, context } = this.#begin(work)
    try {
      return await this.#here.run(context, run)
    } catch (error) {
      const outcome = outcomeOf(error)
      span.setAttribute('error.type', outcome)
      // Refusals are normal answers. Sends nothing of the error itself: it can contain what people wrote.
      if (outcome === 'bug' || outcome === 'unavailable') span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  }

  request({ id, method, route, headers }: RequestBegun): RequestObserved {
    const span = this.#tracer.startSpan(
      route === null ? method : `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': method,
          ...(route !== null && { 'http.route': route }),
          'trek.request_id': id,
        },
      },
      propagator.extract(ROOT_CONTEXT, headers, IN_FIELDS),
    )
    const context = trace.setSpan(ROOT_CONTEXT, span)
    return {
      within: (next) => this.#here.run(context, next),
      over(status, way) {
        span.setAttribute('trek.way', way)
        if (status !== null) span.setAttribute('http.response.status_code', status)
        if (status !== null && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }

  traceHeaders(): Record<string, string> {
    const headers: Record<string, string> = {}
    const here = this.#here.getStore()
    if (here) propagator.inject(here, headers, INTO_FIELDS)
    return headers
  }

  /** Sends pending spans if that is quick: an unreachable collector must not delay the stop of a server. */
  async close(): Promise<void> {
    await Promise.race([this.#provider.shutdown(), pause(LAST_WORDS_MS, undefined, { ref: false })])
  }

  #begin(work: Work): { span: Span; context: Context } {
    const here = this.#here.getStore() ?? ROOT_CONTEXT
    const { name, kind, attributes } = this.#described(work)
    const theirs = work.kind === 'message' ? propagator.extract(ROOT_CONTEXT, work.meta, IN_FIELDS) : ROOT_CONTEXT
    const parent = trace.getSpanContext(theirs) ? theirs : here
    const carrier = parent === here ? undefined : trace.getSpanContext(here)
    // The message belongs to the client's trace; the request that carried it has its own.
    const links = carrier && { links: [{ context: carrier }] }
    const span = this.#tracer.startSpan(name, { kind, attributes, ...links }, parent)
    return { span, context: trace.setSpan(parent, span) }
  }

  #described(work: Work): { name: string; kind: SpanKind; attributes: Attributes } {
    switch (work.kind) {
      case 'operation':
        return {
          name: work.name,
          kind: SpanKind.INTERNAL,
          attributes: { 'trek.operation': work.name, 'trek.caller.way': work.way },
        }
      case 'transaction':
        return {
          name: `database ${work.name}`,
          kind: SpanKind.CLIENT,
          attributes: { 'db.system.name': this.#engine, 'db.operation.name': work.name },
        }
      case 'job':
        return { name: `job ${work.name}`, kind: SpanKind.INTERNAL, attributes: { 'trek.job': work.name } }
      case 'message': {
        const [method = '', tool] = work.name.split(' ')
        return {
          name: work.name,
          kind: SpanKind.SERVER,
          attributes: { 'mcp.method.name': method, ...(tool && { 'gen_ai.tool.name': tool }) },
        }
      }
    }
  }
}

/** The exporter, with failures logged once a minute: the code that makes spans does not see them. */
function telling(exporter: SpanExporter, origin: string, warn: (warning: string) => void): SpanExporter {
  const lines = onceAMinute(warn)
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      exporter.export(spans, ({ code, error }) => {
        if (code === ExportResultCode.SUCCESS) {
          if (lines.hasTold()) warn(`The collector at ${origin} takes traces again.`)
          lines.forget()
        } else {
          const reason = error?.message ? ` (${error.message})` : ''
          lines.tell(
            `The collector at ${origin} does not take traces${reason}. They are lost; nothing else is.`,
            'lost',
          )
        }
        done({ code: ExportResultCode.SUCCESS })
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}

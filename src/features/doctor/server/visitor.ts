import type { ProbeClient, ProbeResponse } from '../../../adapters/http/probe-client.ts'
import { addressOf } from '../../../core/run/base-path.ts'

/** How long the doctor waits, in milliseconds. */
export interface Patience {
  /** For one answer. */
  readonly step: number
  /** For all checks. */
  readonly whole: number
  /** For the first byte of a stream, which should come at once. */
  readonly firstByte: number
  /** For the refusal of a body because of its length. */
  readonly refusal: number
  /** How long a stream has to stay open, and how long a slow answer takes. */
  readonly hold: number
}

export const PATIENCE: Patience = { step: 5000, whole: 30_000, firstByte: 2500, refusal: 1500, hold: 3500 }

export interface Request {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly declares?: number
  readonly waitMs?: number
}

/** A complete answer. */
export interface HttpAnswer {
  /** The request, like `GET /mcp`. */
  readonly asked: string
  readonly url: URL
  readonly status: number
  readonly headers: ProbeResponse['headers']
  readonly text: string
  /** The body if it is JSON, else undefined. */
  readonly json: Readonly<Record<string, unknown>> | undefined
  /** The target of a redirect, or null. */
  readonly location: URL | null
  readonly port: number | null
  readonly certificateEnds: Date | null
}

/** There was no answer; `code` is the network error. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  readonly asked: string
  readonly code: string

  constructor(asked: string, error: unknown) {
    super(error instanceof Error ? error.message : String(error))
    this.asked = asked
    this.code = codeOf(error)
  }
}

/** Node throws a list of errors if a name has several addresses. */
function codeOf(error: unknown): string {
  const { name, code, errors, cause } = error as NodeJS.ErrnoException & { errors?: unknown[]; cause?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError') return 'TIMEOUT'
  return code ?? (errors?.[0] || cause ? codeOf(errors?.[0] ?? cause) : 'UNKNOWN')
}

const MOST_TEXT = 256 * 1024

/** An outsider who calls the public address. */
export class Visitor {
  readonly base: string
  readonly #visits: ProbeClient
  readonly #patience: Patience
  readonly #over: AbortSignal

  constructor(base: string, visits: ProbeClient, patience: Patience) {
    this.base = base
    this.#visits = visits
    this.#patience = patience
    this.#over = AbortSignal.timeout(patience.whole)
  }

  /** The addresses of a name; empty if it has none or does not resolve in time. */
  async resolve(hostname: string): Promise<string[]> {
    let late: NodeJS.Timeout | undefined
    const nothing = new Promise<string[]>((resolve) => {
      late = setTimeout(() => resolve([]), this.#patience.step)
    })
    const resolved = this.#visits.resolve(hostname).catch(() => [])
    return Promise.race([resolved, nothing]).finally(() => clearTimeout(late))
  }

  /** The origin of the public address. */
  get origin(): string {
    return new URL(this.base).origin
  }

  /** The answer at this path below the address; throws `Unanswered` if there is none in time. */
  async ask(path: string, { waitMs = this.#patience.step, ...request }: Request = {}): Promise<HttpAnswer> {
    const requestLine = `${request.method ?? 'GET'} ${path.split('?', 1)[0]}`
    const url = new URL(addressOf(this.base, path))
    const signal = AbortSignal.any([this.#over, AbortSignal.timeout(waitMs)])
    try {
      const visited = await this.#send(url, request, signal)
      const text = request.declares === undefined ? await textOf(visited) : ''
      const { status, headers, port, certificateEnds } = visited
      const location = headers.location === undefined ? null : URL.parse(headers.location, url)
      return { asked: requestLine, url, status, headers, text, json: parsed(text), location, port, certificateEnds }
    } catch (error) {
      throw new Unanswered(requestLine, error)
    }
  }

  /** Opens a stream; resolves at its first byte. The caller ends it. */
  async open(path: string, headers: Record<string, string>): Promise<Stream> {
    const requestLine = `GET ${path}`
    const stop = new AbortController()
    const signal = AbortSignal.any([this.#over, stop.signal])
    const late = setTimeout(() => stop.abort(new DOMException('Too late', 'TimeoutError')), this.#patience.firstByte)
    try {
      const visited = await this.#send(new URL(addressOf(this.base, path)), { headers }, signal)
      if (visited.status !== 200) {
        const text = await textOf(visited)
        return { ...visited, text, json: parsed(text), lasts: async () => false, end: () => stop.abort() }
      }
      await new Promise<void>((resolve, reject) => {
        visited.body.once('data', () => resolve())
        visited.body.once('error', reject)
        visited.body.once('close', () => resolve())
      })
      return {
        ...visited,
        text: '',
        json: undefined,
        lasts: (ms) => staysOpen(visited, ms),
        end: () => stop.abort(),
      }
    } catch (error) {
      throw new Unanswered(requestLine, error)
    } finally {
      clearTimeout(late)
    }
  }

  #send(url: URL, { method, headers, body, declares }: Request, signal: AbortSignal): Promise<ProbeResponse> {
    return this.#visits.visit(url, {
      signal,
      headers: { 'user-agent': 'TREK-doctor', accept: 'application/json', ...headers },
      ...(method !== undefined && { method }),
      ...(body !== undefined && { body }),
      ...(declares !== undefined && { declares }),
    })
  }
}

export interface Stream extends Pick<HttpAnswer, 'status' | 'headers' | 'text' | 'json'> {
  /** Whether it is still open after this time. */
  lasts(ms: number): Promise<boolean>
  end(): void
}

function staysOpen({ body }: ProbeResponse, ms: number): Promise<boolean> {
  if (body.closed || body.readableEnded) return Promise.resolve(false)
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms)
    body.once('close', () => {
      clearTimeout(timer)
      resolve(false)
    })
  })
}

async function textOf({ body, status }: ProbeResponse): Promise<string> {
  if (status === 101) return ''
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += (chunk as Buffer).length
    if (size > MOST_TEXT) break
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): HttpAnswer['json'] {
  try {
    const json: unknown = JSON.parse(text)
    return json && typeof json === 'object' ? (json as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

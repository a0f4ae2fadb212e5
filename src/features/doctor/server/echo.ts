import type { FastifyInstance, FastifyRequest } from 'fastify'
import { messages } from '../contract/messages.ts'
import type { Probes } from './probe.ts'

/** Where the server says what arrived of a request. */
export const ECHO_PATH = '/api/doctor/echo'

/** A request as it reached the server. */
export interface Arrived {
  /** Shows that this instance answered, and no other. */
  readonly answer: string
  /** Under which address the server that runs gives out documents and tokens. */
  readonly issuer: string
  /** Whether assistants may come in. */
  readonly assistants: boolean
  /** Whether any proxy is believed. */
  readonly trusts: boolean
  readonly now: string
  /** As the request says it, and as the server reads it after all that proxies say. */
  readonly host: string
  readonly reads: { readonly host: string; readonly scheme: string; readonly address: string }
  /** Who holds the other end of the connection. */
  readonly peer: { readonly address: string; readonly port: number }
  readonly forwarded: { readonly for: string | null; readonly scheme: string | null; readonly host: string | null }
  /** The names of all headers. */
  readonly headers: readonly string[]
  /** How much of the padding in the body arrived. */
  readonly bytes: number
}

export interface EchoParts {
  readonly probes: Probes
  issuerFor(host: string): string
  assistantsOn(): Promise<boolean>
  /** Whether any proxy is believed in what it says of a request. */
  readonly trustsProxies: boolean
  readonly clock: () => Date
}

const LONGEST_WAIT_MS = 10_000

interface Asked {
  readonly question?: string
  /** How many milliseconds to wait before the answer. */
  readonly wait?: string
}

/** Answers the doctor, who has to show that he is of this instance; to everybody else there is nothing here. */
export function echoRoute(app: FastifyInstance, parts: EchoParts): void {
  app.route<{ Querystring: Asked }>({
    method: ['GET', 'POST'],
    url: ECHO_PATH,
    exposeHeadRoute: false,
    onRequest: async ({ query }) => void answerTo(query, parts),
    handler: async (request, reply) => {
      const answer = answerTo(request.query, parts)
      const { wait } = request.query
      const ms = Math.min(Number(wait) || 0, LONGEST_WAIT_MS)
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
      return reply.header('cache-control', 'no-store').send(await arrived(request, answer, parts))
    },
  })
}

function answerTo({ question }: Asked, { probes }: EchoParts): string {
  const answer = probes.answer(String(question))
  if (!answer) throw messages.nothingHere()
  return answer
}

async function arrived(request: FastifyRequest, answer: string, parts: EchoParts): Promise<Arrived> {
  const { headers, host, protocol, ip, socket } = request
  const forwarded = (name: string) => [headers[`x-forwarded-${name}`] ?? null].flat()[0] ?? null
  return {
    answer,
    issuer: parts.issuerFor(host),
    assistants: await parts.assistantsOn(),
    trusts: parts.trustsProxies,
    now: parts.clock().toISOString(),
    host: headers.host ?? '',
    reads: { host, scheme: protocol, address: ip },
    peer: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    forwarded: { for: forwarded('for'), scheme: forwarded('proto'), host: forwarded('host') },
    headers: Object.keys(headers),
    bytes: String((request.body as { padding?: unknown } | undefined)?.padding ?? '').length,
  }
}

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { messages } from '../contract/messages.ts'
import type { Probes } from './probe.ts'

/** The path at which the server reports how a request arrived. */
export const ECHO_PATH = '/api/doctor/echo'

/** A request as it reached the server. */
export interface Arrived {
  /** Proves that this instance answered, and no other. */
  readonly answer: string
  /** The address at which the running server issues documents and tokens. */
  readonly issuer: string
  /** Whether assistants have access. */
  readonly assistants: boolean
  /** Whether the server trusts any proxy. */
  readonly trusts: boolean
  readonly now: string
  /** The host in the request; `reads` has what the server derives from it and from proxy headers. */
  readonly host: string
  readonly reads: { readonly host: string; readonly scheme: string; readonly address: string }
  /** The other end of the connection. */
  readonly peer: { readonly address: string; readonly port: number }
  readonly forwarded: { readonly for: string | null; readonly scheme: string | null; readonly host: string | null }
  /** The names of all headers. */
  readonly headers: readonly string[]
  /** How many bytes of padding arrived in the body. */
  readonly bytes: number
}

export interface EchoParts {
  readonly probes: Probes
  issuerFor(host: string): string
  assistantsOn(): Promise<boolean>
  /** Whether the server trusts any proxy's headers. */
  readonly trustsProxies: boolean
  readonly clock: () => Date
}

const LONGEST_WAIT_MS = 10_000

interface Asked {
  readonly question?: string
  /** How many milliseconds to wait before the answer. */
  readonly wait?: string
}

/** Answers the doctor, who has to prove that it belongs to this instance; everybody else gets a 404. */
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

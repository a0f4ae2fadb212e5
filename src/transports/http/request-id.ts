import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { compile } from '@fastify/proxy-addr'

export const REQUEST_ID = 'x-request-id'

/**
 * The ids of proxies: UUIDs, hexadecimal numbers, words with a counter. Characters with a meaning in logs or headers
 * are excluded.
 */
const SANE = /^[\w.:-]{1,100}$/

/**
 * The id of a request: in its answer, in the error shown for a bug, and in every log line of the request. A trusted
 * reverse proxy may have given one already.
 */
export function requestIds(trustProxy: boolean | string | string[]): (request: IncomingMessage) => string {
  const named = typeof trustProxy === 'string' ? trustProxy.split(',').map((one) => one.trim()) : trustProxy
  const isTrusted = typeof named === 'boolean' ? () => named : compile(named)
  return ({ headers, socket }) => {
    const header = headers[REQUEST_ID]
    const isTaken = typeof header === 'string' && SANE.test(header) && isTrusted(socket.remoteAddress ?? '', 0)
    return isTaken ? header : randomUUID()
  }
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { EVENT_STREAM_HEADERS, type EventStream } from './event-stream.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Whether the client accepts this type. Many name only one type, against the protocol; some name none. */
function reads({ headers: { accept } }: FastifyRequest, type: string): boolean {
  if (!accept) return true
  const any = `${type.slice(0, type.indexOf('/'))}/*`
  const named = accept.toLowerCase()
  return [type, any, '*/*'].some((taken) => named.includes(taken))
}

export const readsJson = (request: FastifyRequest): boolean => reads(request, 'application/json')
export const readsStreams = (request: FastifyRequest): boolean => reads(request, 'text/event-stream')

/** Answers with JSON text as it is; null sends no body. */
export const sendJson = (reply: FastifyReply, text: string | Buffer | null): FastifyReply =>
  text === null ? reply.send() : reply.header('content-type', JSON_TYPE).send(text)

/**
 * Answers with one message, JSON text in one line: as it is, or as the only event of a stream for clients that accept
 * only streams.
 */
export const sendMessage = (reply: FastifyReply, text: string | Buffer): FastifyReply =>
  readsJson(reply.request)
    ? sendJson(reply, text)
    : reply.headers(EVENT_STREAM_HEADERS).send(`event: message\ndata: ${text}\n\n`)

export const sendStream = (reply: FastifyReply, stream: EventStream): FastifyReply =>
  reply.headers(EVENT_STREAM_HEADERS).send(stream.body)

/** The answer to `tools/list` with serialised tools; `rest` has the other members of the result. */
export function listing(id: string | number, tools: Buffer, rest: object): Buffer {
  const before = Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":`)
  const members = JSON.stringify(rest).slice(1, -1)
  const after = Buffer.from(`${members && `,${members}`}}}`)
  return Buffer.concat([before, tools, after])
}

import type { FastifyReply } from 'fastify'
import { EVENT_STREAM_HEADERS, type EventStream } from './event-stream.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Answers with a JSON text as it is; null answers with nothing. */
export const sendJson = (reply: FastifyReply, text: string | Buffer | null): FastifyReply =>
  text === null ? reply.send() : reply.header('content-type', JSON_TYPE).send(text)

export const sendStream = (reply: FastifyReply, stream: EventStream): FastifyReply =>
  reply.headers(EVENT_STREAM_HEADERS).send(stream.body)

/** Answers `tools/list` with tools that are bytes already; `rest` are the further members of the result. */
export function sendListing(reply: FastifyReply, id: string | number, tools: Buffer, rest: object): FastifyReply {
  const before = Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{"tools":`)
  const members = JSON.stringify(rest).slice(1, -1)
  const after = Buffer.from(`${members && `,${members}`}}}`)
  return sendJson(reply, Buffer.concat([before, tools, after]))
}

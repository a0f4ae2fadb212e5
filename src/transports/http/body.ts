import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasTooManyParts, MOST_PARTS } from '../../core/run/meant.ts'
import { messages } from './messages.ts'

/**
 * The most of an oversized body that is still read, so that the sender gets the answer instead of a broken connection.
 */
const DRAIN_LIMIT = 64 * 1024 * 1024
const DRAIN_MS = 30_000

/** The reason why valid JSON was rejected; undefined if it is no valid JSON. */
function forbiddenMember(body: string): Error | undefined {
  try {
    JSON.parse(body)
  } catch {
    return undefined
  }
  return messages.forbiddenMember()
}

/** Accepts JSON bodies only; a transport that needs another type adds it for itself. */
export function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else if (hasTooManyParts(body as string)) done(messages.tooManyParts({ maximum: MOST_PARTS }))
    else
      parse(request, body as string, (error, value) => done(error && (forbiddenMember(body as string) ?? error), value))
  })
}

/** Whether nothing of a body is left to read: there was none, it has been read, or the sender has disconnected. */
export function isRead({ raw, headers }: FastifyRequest): boolean {
  const announced = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return !announced || raw.readableEnded || raw.destroyed
}

/**
 * Reads and discards the rest of a body. If that is too much or takes too long, the connection is closed after the
 * answer.
 */
export function drain({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    let left = DRAIN_LIMIT
    const forget = (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) giveUp()
    }
    const giveUp = () => {
      reply.header('connection', 'close')
      raw.pause()
      finish()
    }
    const late = setTimeout(giveUp, DRAIN_MS).unref()
    const finish = () => {
      clearTimeout(late)
      raw.off('data', forget).off('end', finish).off('close', finish)
      resolve()
    }
    raw.unpipe()
    raw.on('data', forget).once('end', finish).once('close', finish).resume()
  })
}

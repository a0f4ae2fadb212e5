import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasTooManyParts, MOST_PARTS } from '../../core/run/meant.ts'
import { messages } from './messages.ts'

/** A body beyond the limit is still read this far, so that the sender gets the answer rather than a broken connection. */
const DRAIN_LIMIT = 64 * 1024 * 1024
const DRAIN_MS = 30_000

/** Why a body that is valid JSON all the same is not taken; undefined where it is no JSON. */
function forbiddenMember(body: string): Error | undefined {
  try {
    JSON.parse(body)
  } catch {
    return undefined
  }
  return messages.forbiddenMember()
}

/** JSON is the only body that is taken everywhere; a way in that needs another kind adds it for itself. */
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

/** Nothing of a body is left to read: there was none, it has been read, or its sender has gone. */
export function isRead({ raw, headers }: FastifyRequest): boolean {
  const announced = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return !announced || raw.readableEnded || raw.destroyed
}

/** Reads what is left of a body and forgets it. Where that is too much or takes too long, the answer is the last of its connection. */
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

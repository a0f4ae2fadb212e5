import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** A body beyond the limit is still read this far, so that the sender gets the answer rather than a broken connection. */
const DRAIN_LIMIT = 64 * 1024 * 1024

/** JSON is the only body that is taken everywhere; a way in that needs another kind adds it for itself. */
export function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
}

/** Reads what is left of a body and forgets it. Where that is too much, the answer is the last of its connection. */
export async function drain({ raw }: FastifyRequest, reply?: FastifyReply): Promise<void> {
  let read = 0
  try {
    // Destroying the request would take the answer with it.
    for await (const chunk of raw.iterator({ destroyOnReturn: false })) {
      read += (chunk as Buffer).length
      if (read > DRAIN_LIMIT) {
        reply?.header('connection', 'close')
        return
      }
    }
  } catch {
    // The sender has gone; there is nobody left to answer.
  }
}

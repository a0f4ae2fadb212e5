import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Delivery } from '../../core/run/lost.ts'

/**
 * A client that keeps its connections does not end one right after an answer. When it does, or a proxy between does, the answer
 * may not have arrived. In milliseconds.
 */
const RIGHT_AFTER_MS = 1000

/** How to stop watching a connection: the next request on it shows that the answer has arrived. */
const watched = new WeakMap<Socket, () => void>()

/** How the answer to a request fares on its way. */
export function deliveryOf(
  { raw: { socket }, body }: FastifyRequest,
  { raw }: FastifyReply,
  session: string | null,
): Delivery {
  watched.get(socket)?.()
  const { id } = (body ?? {}) as { id?: unknown }
  const isGone = () => raw.destroyed && !raw.writableFinished
  return {
    client: session ?? 'no session',
    sessionless: session === null,
    order: typeof id === 'number' ? id : null,
    get gone() {
      return isGone()
    },
    whenLost(tell) {
      if (isGone()) return tell(true)
      raw.once('close', () => {
        if (isGone()) tell(true)
        else if (raw.shouldKeepAlive) watch(socket, () => tell(false))
      })
    },
  }
}

/** Calls back when the other side ends a connection right after the answer. */
function watch(socket: Socket, ended: () => void): void {
  const stop = () => {
    clearTimeout(timer)
    socket.off('end', heard)
    socket.off('error', heard)
    watched.delete(socket)
  }
  const heard = () => {
    stop()
    ended()
  }
  const timer = setTimeout(stop, RIGHT_AFTER_MS).unref()
  socket.once('end', heard)
  socket.once('error', heard)
  watched.set(socket, stop)
  if (socket.readableEnded || socket.errored) heard()
}

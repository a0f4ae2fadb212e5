import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Delivery } from '../../core/run/lost.ts'

/**
 * A client that keeps its connections does not close one right after an answer. If it does, or a proxy does, the answer
 * may not have arrived. In milliseconds.
 */
const RIGHT_AFTER_MS = 1000

/** Stops watching a connection: the next request on it proves that the answer has arrived. */
const watched = new WeakMap<Socket, () => void>()

type Tell = (certain: boolean) => void

/** The callbacks for the delivery of an answer; an answer to a batch answers several writes. */
const waiting = new WeakMap<ServerResponse, Tell[]>()

/** The delivery of the answer to this message of a request. `batch` identifies the batch. */
export function deliveryOf(
  { raw: { socket } }: FastifyRequest,
  { raw }: FastifyReply,
  { session, message, batch }: { session: string | null; message: unknown; batch: string | null },
): Delivery {
  watched.get(socket)?.()
  const { id } = (message ?? {}) as { id?: unknown }
  const isGone = () => raw.destroyed && !raw.writableFinished
  return {
    batch,
    client: session ?? 'no session',
    sessionless: session === null,
    order: typeof id === 'number' ? id : null,
    get gone() {
      return isGone()
    },
    whenLost(tell) {
      if (isGone()) return tell(true)
      const others = waiting.get(raw)
      if (others) {
        others.push(tell)
        return
      }
      const all = [tell]
      waiting.set(raw, all)
      const tellAll = (certain: boolean) => {
        for (const one of all) one(certain)
      }
      raw.once('close', () => {
        if (isGone()) tellAll(true)
        else if (raw.shouldKeepAlive) subscription(socket, () => tellAll(false))
      })
    },
  }
}

/** Calls `ended` if the other side closes the connection right after the answer. */
function subscription(socket: Socket, ended: () => void): void {
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

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isRead } from './body.ts'

/** By when each phase of a connection is over, in milliseconds. */
export interface Deadlines {
  /** The headers of a request have to be there so long after its first byte, or after the connection was made. */
  readonly headers: number
  /**
   * Of a body so many bytes have to come in each window of time, or all that is left of it. A large file over a poor line
   * takes as long as it needs.
   */
  readonly body: { readonly window: number; readonly bytes: number }
  /** So long a connection may wait for its next request. */
  readonly idle: number
  /** So long an answer waits for somebody who takes nothing of it, a stream of events too. */
  readonly answer: number
  /** So long somebody who was refused may take to read why. */
  readonly farewell: number
}

export const DEADLINES: Deadlines = {
  headers: 60_000,
  body: { window: 60_000, bytes: 30_000 },
  idle: 72_000,
  answer: 120_000,
  farewell: 2000,
}

type Refuse = (error: Error & { code?: string }, socket: Socket) => void

const tooSlow = () => Object.assign(new Error('The body comes too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })

interface Connection {
  answering: boolean
  idle?: NodeJS.Timeout
}

/** Ends what does not get on. A socket that was upgraded has its own sign of life. */
export function keepDeadlines(app: FastifyInstance, limits: Deadlines, refuse: Refuse): void {
  const { server } = app
  const connections = new WeakMap<Socket, Connection>()

  server.headersTimeout = limits.headers
  server.keepAliveTimeout = limits.idle
  // It comes when nothing has moved for so long. Of an answer that is not ready, or of a stream that has nothing to say, nothing waits.
  server.setTimeout(limits.answer, (socket: Socket) => {
    if (!connections.get(socket)?.answering || socket.writableLength > 0) socket.destroy()
  })

  server.on('connection', (socket) => {
    const connection: Connection = { answering: false }
    connections.set(socket, connection)
    socket.once('close', () => clearTimeout(connection.idle))
  })

  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    const { socket } = request.raw
    const connection = connections.get(socket)
    // A request that a test puts in has none.
    if (!connection) return done()
    connection.answering = true
    clearTimeout(connection.idle)
    const late = () => (reply.raw.headersSent ? socket.destroy() : refuse(tooSlow(), socket))
    if (!isRead(request)) watchBody(request.raw, limits.body, late)
    reply.raw.once('close', () => {
      connection.answering = false
      // Empty lines between two requests keep a connection alive for ever as far as HTTP knows.
      if (!socket.destroyed) connection.idle = setTimeout(() => socket.destroy(), limits.idle + limits.headers).unref()
    })
    done()
  })
}

function watchBody(request: IncomingMessage, { window, bytes }: Deadlines['body'], late: () => void): void {
  const { socket } = request
  let seen = socket.bytesRead
  const watch = setInterval(() => {
    const came = socket.bytesRead - seen
    seen = socket.bytesRead
    // What has come and was not read yet is our delay, not the sender's.
    if (came >= bytes || request.readableLength > 0) return
    clearInterval(watch)
    if (!request.complete) late()
  }, window).unref()
  request.once('close', () => clearInterval(watch))
}

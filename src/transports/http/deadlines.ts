import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isRead } from './body.ts'

/** The time limit of each phase of a connection, in milliseconds. */
export interface Deadlines {
  /** The headers of a request must arrive within this time after its first byte, or after the connection was made. */
  readonly headers: number
  /**
   * In each window of time, this many bytes of a body must arrive, or the rest of it. A large file on a slow line can
   * take any time.
   */
  readonly body: { readonly window: number; readonly bytes: number }
  /** How long a connection can wait for its next request. */
  readonly idle: number
  /** How long an answer waits for a client that reads nothing; this includes event streams. */
  readonly answer: number
  /** How long a rejected client has to read the reason. */
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

/** Ends stalled connections. An upgraded socket has its own heartbeat. */
export function keepDeadlines(app: FastifyInstance, limits: Deadlines, refuse: Refuse): void {
  const { server } = app
  const connections = new WeakMap<Socket, Connection>()

  server.headersTimeout = limits.headers
  server.keepAliveTimeout = limits.idle
  // Fires when nothing has moved for this time. A pending answer or a silent stream has nothing waiting to be sent.
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
    // An injected request of a test has none.
    if (!connection) return done()
    connection.answering = true
    clearTimeout(connection.idle)
    const late = () => (reply.raw.headersSent ? socket.destroy() : refuse(tooSlow(), socket))
    if (!isRead(request)) watchBody(request.raw, limits.body, late)
    reply.raw.once('close', () => {
      connection.answering = false
      // For HTTP, empty lines between two requests keep a connection alive for ever.
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
    // Data that has arrived and was not read yet is our delay, not the sender's.
    if (came >= bytes || request.readableLength > 0) return
    clearInterval(watch)
    if (!request.complete) late()
  }, window).unref()
  request.once('close', () => clearInterval(watch))
}

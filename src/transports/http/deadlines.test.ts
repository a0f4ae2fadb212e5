import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { PassThrough, type Readable } from 'node:stream'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { HttpRig } from '../../../test/harness/rigs/http-rig.ts'
import { EventStream } from '../mcp/event-stream.ts'
import { Outflows, UNREAD_BOUNDS } from '../mcp/outflow.ts'

/** Every phase of a connection has a deadline. The limits are small here, and the tests wait for the end itself. */

const HEADERS = 'host: trek.example.org\r\n'

describe('a connection', () => {
  const rig = HttpRig.use({ headers: 200, idle: 200, answer: 200, farewell: 200 })
  let stream: EventStream

  rig.routes((app) => {
    app.get('/api/endless', async (_request, reply) => reply.send(endless()))
    app.get('/api/events', async (_request, reply) => {
      stream = new EventStream(new Outflows(UNREAD_BOUNDS).to(1), 0)
      return reply.header('content-type', 'text/event-stream').send(stream.body)
    })
  })

  test('on which nothing is sent is closed', async () => {
    const { ended } = await spoken(rig, '')
    const answer = await ended
    expect(answer).toMatch(/^HTTP\/1\.1 408 |^$/)
  })

  test('whose headers trickle in ends with 408', async () => {
    const { socket, ended } = await spoken(rig, `GET /api/echo HTTP/1.1\r\n${HEADERS}`)
    const interval = setInterval(() => socket.write('a: b\r\n'), 20)
    const answer = await ended.finally(() => clearInterval(interval))
    expect(answer).toContain('408')
    expect(answer).toContain('The request took too long to arrive')
  })

  test('ends after a refusal although the other side keeps its half open', async () => {
    const { ended } = await spoken(rig, 'no such thing\r\n\r\n')
    const answer = await ended
    expect(answer).toContain('400')
  })

  test('that sends no further request ends', async () => {
    const { ended } = await spoken(rig, `GET /api/echo HTTP/1.1\r\n${HEADERS}\r\n`)
    const answer = await ended
    expect(answer).toContain('200 OK')
  })

  test('that sends empty lines instead of a further request ends', async () => {
    const { socket, ended } = await spoken(rig, `GET /api/echo HTTP/1.1\r\n${HEADERS}\r\n`)
    const interval = setInterval(() => socket.write('\r\n'), 20)
    const answer = await ended.finally(() => clearInterval(interval))
    expect(answer).toContain('200 OK')
  })

  test('is closed when nothing of an answer is read', async () => {
    const { socket, serverSocket } = await spoken(rig, `GET /api/endless HTTP/1.1\r\n${HEADERS}\r\n`)
    socket.pause()
    await once(serverSocket, 'close')
    socket.destroy()
  })

  test('ends if the client reads nothing of an event stream', async () => {
    const { socket, serverSocket, received } = await spoken(rig, `GET /api/events HTTP/1.1\r\n${HEADERS}\r\n`)
    await vi.waitFor(() => expect(received()).toContain(': open'))
    socket.pause()
    // Smaller parts than the limit for an immediate cut.
    const interval = setInterval(() => stream.send('x'.repeat(500_000)), 20)
    await once(serverSocket, 'close').finally(() => clearInterval(interval))
    socket.destroy()
  })

  test('of an idle event stream stays open', async () => {
    const { socket, received } = await spoken(rig, `GET /api/events HTTP/1.1\r\n${HEADERS}\r\n`)
    await vi.waitFor(() => expect(received()).toContain(': open'))
    for (let round = 0; round < 2; round++) {
      await once(rig.app.server, 'timeout')
      stream.send(`still here ${round}`)
      await vi.waitFor(() => expect(received()).toContain(`still here ${round}`))
    }
    socket.destroy()
  })
})

describe('a body', () => {
  const WINDOW = 60_000
  const rig = HttpRig.use({ body: { window: WINDOW, bytes: 1000 }, farewell: 200 })

  rig.routes((app) => {
    app.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null))
    app.post('/api/bytes', async (request) => {
      let size = 0
      for await (const chunk of request.raw) size += (chunk as Buffer).length
      return { size }
    })
  })

  // The test advances the windows.
  const windows = () => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  afterEach(() => void vi.useRealTimers())

  const post = (path: string, type: string) =>
    `POST ${path} HTTP/1.1\r\n${HEADERS}connection: close\r\ncontent-type: ${type}\r\ncontent-length: 10000\r\n\r\n`

  /** Begins a request; returns a function that sends more of its body and resolves when the server has it. */
  async function beginUpload(path: string, type: string) {
    windows()
    const head = post(path, type)
    const begins = once(rig.app.server, 'request')
    const { socket, serverSocket, ended } = await spoken(rig, head)
    await begins
    let total = head.length
    const sendBytes = async (bytes: number) => {
      total += bytes
      socket.write('x'.repeat(bytes))
      await vi.waitFor(() => expect(serverSocket.bytesRead).toBe(total), { interval: 5 })
    }
    return { ended, sendBytes }
  }

  test.each([
    ['that is parsed', '/api/echo', 'application/json'],
    ['that is streamed', '/api/bytes', 'application/octet-stream'],
  ])('%s and comes byte by byte ends with 408', async (_what, path, type) => {
    const { ended, sendBytes } = await beginUpload(path, type)
    await sendBytes(2000)
    vi.advanceTimersByTime(WINDOW)
    await sendBytes(12)
    vi.advanceTimersByTime(WINDOW)
    const answer = await ended
    expect(answer).toContain('408')
    expect(answer).toContain('The request took too long to arrive')
  })

  test('that arrives slowly but steadily is accepted', async () => {
    const { ended, sendBytes } = await beginUpload('/api/bytes', 'application/octet-stream')
    for (let part = 0; part < 10; part++) {
      await sendBytes(1000)
      vi.advanceTimersByTime(WINDOW)
    }
    const answer = await ended
    expect(answer).toContain('200 OK')
    expect(answer).toContain('{"size":10000}')
  })
})

/** Sends text to the server; `ended` resolves to its whole answer after it has closed the connection. */
async function spoken(rig: HttpRig, words: string) {
  const { hostname, port } = new URL(rig.base)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const [serverSocket] = (await once(rig.app.server, 'connection')) as [Socket]
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  // A client that is cut off while sending gets a connection reset.
  const over = new Promise((resolve) => socket.on('error', resolve).once('end', resolve))
  const ended = Promise.all([once(serverSocket, 'close'), over]).then(() => {
    socket.destroy()
    return text
  })
  socket.write(words)
  return { socket, serverSocket, ended, received: () => text }
}

function endless(): Readable {
  const stream = new PassThrough()
  const more = () => {
    while (!stream.destroyed && stream.write(Buffer.alloc(65_536)));
  }
  stream.on('drain', more)
  more()
  return stream
}

import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Forwards every request with a token, since the conformance suite cannot send one. Changes nothing else: the server
 * gets the Host and Origin that the suite sent.
 */
export async function startProxy(target: URL, token: string): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const forwarded = request(
      {
        host: target.hostname,
        port: target.port,
        path: url,
        method,
        headers: { ...headers, authorization: `Bearer ${token}` },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        outgoing.flushHeaders()
        answer.pipe(outgoing)
      },
    )
    forwarded.on('error', () => outgoing.destroy())
    // If a client disconnects during a stream, its connection to the server must close too.
    outgoing.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StubRequest {
  readonly path: string
  readonly query: Record<string, string>
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** A stub of an external service. It records its requests, and answers with JSON or with a status. */
export async function startStub(answer: (request: StubRequest) => unknown) {
  const requests: StubRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://other')
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null
    const received = { path: url.pathname, query: Object.fromEntries(url.searchParams), headers: request.headers, body }
    requests.push(received)
    const result = answer(received)
    if (typeof result === 'number') response.writeHead(result).end('{}')
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

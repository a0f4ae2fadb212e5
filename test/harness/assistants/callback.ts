import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '../until.ts'

/** A local server on which an assistant waits for the browser to come back. */
export async function openCallback(host = 'localhost') {
  const answers: URLSearchParams[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    if (pathname === '/callback') answers.push(searchParams)
    response.end('You can close this page.')
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    uri: `http://${host}:${port}/callback`,
    /** The parameters of the browser's next visit; each visit is returned once. */
    next: () => until(() => answers.shift(), 10_000, 'the browser came back'),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type Callback = Awaited<ReturnType<typeof openCallback>>

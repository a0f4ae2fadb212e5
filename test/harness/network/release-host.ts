import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A host on this machine that returns the newest release, or any other answer that a test sets. */
export class ReleaseHost {
  /** The requested paths. */
  readonly requests: string[] = []
  readonly #server: Server
  #answer: (response: ServerResponse) => void = (response) => response.writeHead(404).end()

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(request.url as string)
      this.#answer(response)
    }).listen(0, '127.0.0.1')
  }

  static async start(answer: unknown = {}): Promise<ReleaseHost> {
    const host = new ReleaseHost()
    await once(host.#server, 'listening')
    host.answers(answer)
    return host
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.host}/latest`
  }

  /** Answers with this as JSON from now on. */
  answers(body: unknown): void {
    this.sends(JSON.stringify(body))
  }

  /** Answers with this text from now on. */
  sends(text: string, status = 200, headers: Record<string, string> = { 'content-type': 'application/json' }): void {
    this.#answer = (response) => response.writeHead(status, headers).end(text)
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }
}

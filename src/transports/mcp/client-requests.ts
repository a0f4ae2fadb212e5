import { randomUUID } from 'node:crypto'
import type { JSONRPCErrorResponse, JSONRPCResultResponse } from '@modelcontextprotocol/server'
import type { Database } from '../../core/data/database.ts'
import * as store from './store.ts'

export type ClientResponse = JSONRPCResultResponse | JSONRPCErrorResponse

/** The notifier topic of an answer that arrived in another process than the one that asked. */
export const CLIENT_REQUEST_TOPIC = 'mcp_question:'

interface Pending {
  readonly sessionId: string
  readonly deliver: (answer: ClientResponse) => void
}

/**
 * The server's requests to the client during a call. They are sent on the stream of that call, in one process. The
 * answer can arrive at any process; the row of the request brings it to the waiting one.
 */
export class ClientRequests {
  readonly #database: Database
  readonly #pending = new Map<string, Pending>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Returns the globally unique id for the request. */
  async ask(sessionId: string, deliver: (answer: ClientResponse) => void): Promise<string> {
    const id = randomUUID()
    this.#pending.set(id, { sessionId, deliver })
    await store.insertQuestion(this.#database.kysely, id, sessionId, new Date().toISOString())
    return id
  }

  /** An answer without a request of this session is dropped. */
  async answer(sessionId: string, answer: ClientResponse): Promise<void> {
    const id = String(answer.id)
    const answered = await store.answerQuestion(this.#database.kysely, id, sessionId, JSON.stringify(answer))
    if (!answered) return
    if (this.#pending.has(id)) await this.collect(id)
    else await this.#database.notifier.publish(`${CLIENT_REQUEST_TOPIC}${id}`)
  }

  /** Delivers the answers to requests of this process: to one, or to all. */
  async collect(one?: string): Promise<void> {
    const ids = one === undefined ? [...this.#pending.keys()] : this.#pending.has(one) ? [one] : []
    if (!ids.length) return
    const answers = await store.listAnswers(this.#database.kysely, ids)
    for (const { id, answer } of answers) {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (answer !== null) pending?.deliver(JSON.parse(answer))
    }
    if (answers.length) await this.forget(answers.map(({ id }) => id))
  }

  /** These answers are no longer needed. */
  async forget(ids: readonly string[]): Promise<void> {
    if (!ids.length) return
    for (const id of ids) this.#pending.delete(id)
    await store.removeQuestions(this.#database.kysely, ids)
  }
}

import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { topicOf } from '../../core/data/database.ts'
import { INSTANCE } from '../../core/data/space.ts'
import { type Authenticator, grantTopic } from '../../core/run/authentication.ts'
import type { Pipeline } from '../../core/run/pipeline.ts'
import type { Connection, ConnectionLimits } from './connection.ts'
import { messages } from './messages.ts'
import { switchesOf } from './view.ts'

const GRANTS = grantTopic('')

/** A busy second process rings constantly; its checks run at most once in this time. */
const PACE_MS = 1000

interface Context {
  readonly pipeline: Pipeline
  readonly authenticator: Authenticator
  readonly onError: (error: unknown) => void
}

/** Every open connection of this process. Each lives only as long as its person's grant. */
export class Connections {
  readonly #open = new Set<Connection>()
  /** The number of connections of each person. */
  readonly #admitted = new Map<number, number>()
  #all = 0
  readonly #context: Context
  readonly #stopListening: () => void
  readonly #checkGrants: () => void
  readonly #checkSwitches: () => void

  constructor(context: Context) {
    this.#context = context
    this.#checkGrants = paced(() => this.#endUngranted(), context.onError)
    this.#checkSwitches = paced(() => this.#reviewAfterSwitch(), context.onError)
    this.#stopListening = context.pipeline.parts.database.notifier.subscribe((topic) => this.#ring(topic))
  }

  /** The number of open connections. */
  get open(): number {
    return this.#open.size
  }

  /** Reserves a place for a socket until it closes. Throws if there is none. */
  admit(userId: number, socket: Socket, { connections, connectionsOfPerson }: ConnectionLimits): void {
    const own = this.#admitted.get(userId) ?? 0
    if (own >= connectionsOfPerson) {
      throw messages.tooManyOfPerson({ count: connectionsOfPerson }, { retryAfter: 30 })
    }
    if (this.#all >= connections) {
      throw messages.tooMany({ count: connections }, { retryAfter: 30 })
    }
    this.#admitted.set(userId, own + 1)
    this.#all++
    socket.once('close', () => {
      const left = (this.#admitted.get(userId) ?? 0) - 1
      if (left > 0) this.#admitted.set(userId, left)
      else this.#admitted.delete(userId)
      this.#all--
    })
  }

  add(connection: Connection): void {
    this.#open.add(connection)
    // The grant may have ended while the connection was made.
    this.#endIfOver(connection.caller.grant).catch(this.#context.onError)
  }

  delete(connection: Connection): void {
    this.#open.delete(connection)
  }

  /** Pings every connection, and ends those whose grant has expired, which sends no notification. */
  beat(): void {
    for (const connection of this.#open) connection.beat()
    this.#checkGrants()
  }

  close(): void {
    this.#stopListening()
    for (const connection of this.#open) connection.bye('closing')
  }

  #ring(topic: string): void {
    if (topic === '*') this.#checkGrants()
    else if (topic.startsWith(GRANTS)) this.#endIfOver(topic.slice(GRANTS.length)).catch(this.#context.onError)
    if (topic === '*' || topic === topicOf(INSTANCE)) this.#checkSwitches()
  }

  async #reviewAfterSwitch(): Promise<void> {
    if (!this.#open.size) return
    const { catalogue, settings } = this.#context.pipeline.parts
    const switches = switchesOf(catalogue, await settings.current())
    for (const connection of this.#open) connection.review(switches)
  }

  async #endUngranted(): Promise<void> {
    for (const grant of new Set([...this.#open].map(({ caller }) => caller.grant))) await this.#endIfOver(grant)
  }

  async #endIfOver(grant: string | null): Promise<void> {
    const held = () => [...this.#open].filter(({ caller }) => caller.grant === grant)
    if (!held().length || (grant !== null && (await this.#context.authenticator.isActive(grant)))) return
    for (const connection of held()) connection.bye('logged_out')
  }
}

/** Runs at once when called, and then at most once per interval, however often it is called. */
function paced(run: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let busy = false
  let again = false
  const start = async () => {
    busy = true
    do {
      again = false
      await run().catch(onError)
      await pause(PACE_MS, undefined, { ref: false })
    } while (again)
    busy = false
  }
  return () => {
    if (busy) again = true
    else void start()
  }
}

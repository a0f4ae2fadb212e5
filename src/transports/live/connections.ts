import type { Doorbell } from '../../core/database.ts'
import { topicOf } from '../../core/database.ts'
import { type Door, grantTopic } from '../../core/door.ts'
import { INSTANCE } from '../../core/space.ts'
import type { Connection } from './connection.ts'

const GRANTS = grantTopic('')

/** Every open connection of this process. Each lives only as long as what let its person in. */
export class Connections {
  readonly #open = new Set<Connection>()
  readonly #door: Door
  readonly #failed: (error: unknown) => void
  readonly #stopListening: () => void
  #checking: 'no' | 'yes' | 'and again' = 'no'

  constructor(door: Door, doorbell: Doorbell, failed: (error: unknown) => void) {
    this.#door = door
    this.#failed = failed
    this.#stopListening = doorbell.listen((topic) => this.#ring(topic))
  }

  add(connection: Connection): void {
    this.#open.add(connection)
    // What let them in may have ended while the connection was made.
    this.#checkGrant(connection.caller.grant).catch(this.#failed)
  }

  delete(connection: Connection): void {
    this.#open.delete(connection)
  }

  countOf(userId: number): number {
    return [...this.#open].filter(({ caller }) => caller.userId === userId).length
  }

  /** Asks everybody for a sign of life, and ends what has ended by the clock, for which nobody rings. */
  beat(): void {
    for (const connection of this.#open) connection.beat()
    this.#checkAll()
  }

  close(): void {
    this.#stopListening()
    for (const connection of this.#open) connection.bye('closing')
  }

  #ring(topic: string): void {
    if (topic === '*') this.#checkAll()
    else if (topic.startsWith(GRANTS)) this.#checkGrant(topic.slice(GRANTS.length)).catch(this.#failed)
    if (topic === '*' || topic === topicOf(INSTANCE)) for (const connection of this.#open) connection.review()
  }

  /** Checks every grant now, or once more after the check that is under way, however often it is asked. */
  async #checkAll(): Promise<void> {
    if (this.#checking !== 'no') {
      this.#checking = 'and again'
      return
    }
    do {
      this.#checking = 'yes'
      for (const grant of new Set([...this.#open].map(({ caller }) => caller.grant))) {
        await this.#checkGrant(grant).catch(this.#failed)
      }
    } while ((this.#checking as string) === 'and again')
    this.#checking = 'no'
  }

  async #checkGrant(grant: string | null): Promise<void> {
    const held = () => [...this.#open].filter(({ caller }) => caller.grant === grant)
    if (!held().length || (grant !== null && (await this.#door.holds(grant)))) return
    for (const connection of held()) connection.bye('logged_out')
  }
}

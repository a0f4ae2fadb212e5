import { type Database, topicOf } from '../../core/data/database.ts'
import type { Caller, SpaceRef } from '../../core/data/space.ts'
import type { Finished } from '../../core/run/steps.ts'
import type { Present } from './contract.ts'
import { Elsewhere, type Seen } from './elsewhere.ts'

/** How long an assistant is shown after its last action. */
const ASSISTANT_STAYS_MS = 60_000
/** Changes within this time are announced together. */
const TOLD_AFTER_MS = 50

type Who = Pick<Caller, 'userId' | 'name' | 'way' | 'client'>

interface Room {
  /** Open sockets that sent `here`, by token. */
  readonly people: Map<object, Seen>
  readonly assistants: Map<string, Seen & { leaves: NodeJS.Timeout }>
  readonly listeners: Set<(people: Present[]) => void>
  telling: NodeJS.Timeout | null
}

interface Conditions {
  readonly onError: (error: unknown) => void
  readonly assistantStaysMs?: number
}

/** Who is in which space: the sockets and assistants of this process, and those of the others. */
export class Presence {
  readonly #rooms = new Map<string, Room>()
  readonly #elsewhere: Elsewhere
  readonly #assistantStaysMs: number

  constructor(database: Database, { onError, assistantStaysMs = ASSISTANT_STAYS_MS }: Conditions) {
    this.#assistantStaysMs = assistantStaysMs
    const rooms = this.#rooms
    const here = {
      *topics() {
        for (const [topic, { people, assistants }] of rooms) if (people.size || assistants.size) yield topic
      },
      seen: (topic: string) => latestOf(hereIn(rooms.get(topic))),
      cares(topic: string) {
        const room = rooms.get(topic)
        return room !== undefined && room.listeners.size + room.assistants.size > 0
      },
      notify: (topic: string) => this.#tell(topic),
      dismissed: (topic: string) => this.#forgetAssistants(topic),
    }
    this.#elsewhere = new Elsewhere(database, here, onError)
  }

  /** Removes the people of this process from the others. */
  close(): Promise<void> {
    return this.#elsewhere.close()
  }

  /** Listens to changes; only people with access to the space may listen. */
  listen(ref: SpaceRef, listener: (people: Present[]) => void): () => void {
    const room = this.#room(ref)
    if (!room.listeners.size) this.#elsewhere.look(topicOf(ref))
    room.listeners.add(listener)
    return () => {
      room.listeners.delete(listener)
      this.#tidy(topicOf(ref), room)
    }
  }

  /** Each person once, regardless of the number of windows and processes. */
  people(ref: SpaceRef): Present[] {
    return this.#people(topicOf(ref))
  }

  /** Shows a person in a space, through the socket identified by `token`. */
  enter(ref: SpaceRef, token: object, who: Who, at: string | null): void {
    const room = this.#room(ref)
    const previous = room.people.get(token)
    if (previous && previous.present.at === at) return
    // Deleted first, so that the person's last place counts.
    room.people.delete(token)
    room.people.set(token, { present: presentOf(who, at), since: Date.now() })
    this.#changed(topicOf(ref), room)
  }

  leave(ref: SpaceRef, token: object): void {
    const topic = topicOf(ref)
    const room = this.#rooms.get(topic)
    if (room?.people.delete(token)) this.#changed(topic, room)
  }

  /** For `Parts.observe`: an assistant that acted in a space is shown there for a while. */
  observe({ caller, space, error }: Finished): void {
    if (caller.way !== 'mcp' || !space || error !== null) return
    const room = this.#room(space)
    const present = presentOf(caller, null)
    const key = keyOf(present)
    const previous = room.assistants.get(key)
    clearTimeout(previous?.leaves)
    const leaves = setTimeout(() => {
      room.assistants.delete(key)
      this.#changed(topicOf(space), room)
    }, this.#assistantStaysMs).unref()
    room.assistants.set(key, { present, since: previous?.since ?? Date.now(), leaves })
    if (!previous) this.#changed(topicOf(space), room)
  }

  /** Forgets the assistants of a space whose members have changed; those with access appear again when they act. */
  dismissAssistants(ref: SpaceRef): void {
    this.#elsewhere.dismissAssistants(topicOf(ref))
    this.#forgetAssistants(topicOf(ref))
  }

  #forgetAssistants(topic: string): void {
    const room = this.#rooms.get(topic)
    if (!room?.assistants.size) return
    for (const { leaves } of room.assistants.values()) clearTimeout(leaves)
    room.assistants.clear()
    this.#changed(topic, room)
  }

  #people(topic: string): Present[] {
    const all = [...hereIn(this.#rooms.get(topic)), ...this.#elsewhere.seen(topic)]
    return [...latestOf(all).values()].map(({ present }) => present)
  }

  #room(ref: SpaceRef): Room {
    const topic = topicOf(ref)
    let room = this.#rooms.get(topic)
    if (!room) {
      room = { people: new Map(), assistants: new Map(), listeners: new Set(), telling: null }
      this.#rooms.set(topic, room)
    }
    return room
  }

  #changed(topic: string, room: Room): void {
    this.#elsewhere.tell(topic)
    this.#tidy(topic, room)
    this.#tell(topic, room)
  }

  #tell(topic: string, room = this.#rooms.get(topic)): void {
    if (!room) return
    room.telling ??= setTimeout(() => {
      room.telling = null
      const people = this.#people(topic)
      for (const listener of room.listeners) listener(people)
    }, TOLD_AFTER_MS).unref()
  }

  #tidy(topic: string, room: Room): void {
    if (room.people.size || room.assistants.size || room.listeners.size) return
    this.#rooms.delete(topic)
    this.#elsewhere.forget(topic)
  }
}

const presentOf = ({ userId, name, way, client }: Who, at: string | null): Present => ({
  user_id: userId,
  name,
  way,
  client,
  at,
})

const keyOf = ({ user_id, way, client }: Present): string => JSON.stringify([user_id, way, client])

const hereIn = (room: Room | undefined): Seen[] => (room ? [...room.people.values(), ...room.assistants.values()] : [])

/** Each once, at their last place. */
const latestOf = (all: readonly Seen[]): Map<string, Seen> =>
  new Map(all.toSorted((one, other) => one.since - other.since).map((seen) => [keyOf(seen.present), seen]))

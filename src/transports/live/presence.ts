import { topicOf } from '../../core/data/database.ts'
import type { Caller, SpaceRef } from '../../core/data/space.ts'
import type { Finished } from '../../core/run/steps.ts'
import type { Present } from './contract.ts'

/** An assistant is seen for so long after what it did last. */
const ASSISTANT_STAYS_MS = 60_000
/** Comings and goings of one moment are told together. */
const TOLD_AFTER_MS = 50

type Who = Pick<Caller, 'userId' | 'name' | 'way' | 'client'>

interface Room {
  /** Open sockets that said `here`, by a token of theirs. */
  readonly people: Map<object, Present>
  readonly assistants: Map<string, { present: Present; leaves: NodeJS.Timeout }>
  readonly listeners: Set<(people: Present[]) => void>
  telling: NodeJS.Timeout | null
}

/** Who is in which space right now. It is kept in memory: each process knows the sockets and assistants that it serves itself. */
export class Presence {
  readonly #rooms = new Map<string, Room>()
  readonly #assistantStaysMs: number

  constructor(assistantStaysMs = ASSISTANT_STAYS_MS) {
    this.#assistantStaysMs = assistantStaysMs
  }

  /** Hears who comes and goes; only who may be in the space may listen. */
  listen(ref: SpaceRef, listener: (people: Present[]) => void): () => void {
    const room = this.#room(ref)
    room.listeners.add(listener)
    return () => {
      room.listeners.delete(listener)
      this.#tidy(ref, room)
    }
  }

  people(ref: SpaceRef): Present[] {
    const room = this.#rooms.get(topicOf(ref))
    return room ? listOf(room) : []
  }

  /** Somebody looks at a space, through the socket that `token` stands for. */
  enter(ref: SpaceRef, token: object, who: Who, at: string | null): void {
    const room = this.#room(ref)
    const known = room.people.get(token)
    if (known && known.at === at) return
    // Deleted first, so that the place where somebody went last is the one that counts.
    room.people.delete(token)
    room.people.set(token, presentOf(who, at))
    this.#changed(ref, room)
  }

  leave(ref: SpaceRef, token: object): void {
    const room = this.#rooms.get(topicOf(ref))
    if (room?.people.delete(token)) this.#changed(ref, room)
  }

  /** For `Parts.observe`: an assistant that did something in a space is in it for a while. */
  observe({ caller, space, error }: Finished): void {
    if (caller.way !== 'mcp' || !space || error !== null) return
    const room = this.#room(space)
    const present = presentOf(caller, null)
    const key = keyOf(present)
    const known = room.assistants.get(key)
    clearTimeout(known?.leaves)
    const leaves = setTimeout(() => {
      room.assistants.delete(key)
      this.#changed(space, room)
    }, this.#assistantStaysMs).unref()
    room.assistants.set(key, { present, leaves })
    if (!known) this.#changed(space, room)
  }

  /** Forgets the assistants of a space whose people have changed; who may still be there shows itself again. */
  dismissAssistants(ref: SpaceRef): void {
    const room = this.#rooms.get(topicOf(ref))
    if (!room?.assistants.size) return
    for (const { leaves } of room.assistants.values()) clearTimeout(leaves)
    room.assistants.clear()
    this.#changed(ref, room)
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

  #changed(ref: SpaceRef, room: Room): void {
    this.#tidy(ref, room)
    room.telling ??= setTimeout(() => {
      room.telling = null
      const people = listOf(room)
      for (const listener of room.listeners) listener(people)
    }, TOLD_AFTER_MS).unref()
  }

  #tidy(ref: SpaceRef, room: Room): void {
    if (!room.people.size && !room.assistants.size && !room.listeners.size) this.#rooms.delete(topicOf(ref))
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

/** Each once, however many windows they have open. */
function listOf(room: Room): Present[] {
  const all = [...room.people.values(), ...[...room.assistants.values()].map(({ present }) => present)]
  return [...new Map(all.map((present) => [keyOf(present), present])).values()]
}

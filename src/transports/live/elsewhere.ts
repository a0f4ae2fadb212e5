import type { Database } from '../../core/data/database.ts'
import { type Gathered, gathered } from '../../core/data/gathered.ts'
import type { Present } from './contract.ts'
import { listPresence, type PresenceRow, removeLostPresence, removePresenceOf, writePresence } from './store.ts'

/** Changes within this time are written together, and rings are read together. */
const GATHERED_MS = 100
/** The prefix of the notifier topic, followed by the topic of a space. */
const TOPIC = 'presence:'
/** The most topics that are read individually. */
const ONE_BY_ONE = 100

/** A person in a space, and since when at the current place. */
export interface Seen {
  readonly present: Present
  readonly since: number
}

/** The local state of this process. */
export interface Here {
  /** The topics of spaces with people in them. */
  topics(): Iterable<string>
  /** The people in one of them, by a key that identifies each. */
  seen(topic: string): ReadonlyMap<string, Seen>
  /**
   * Whether this process needs the people elsewhere in the space: it has listeners, or assistants that can be
   * dismissed.
   */
  cares(topic: string): boolean
  /** The people elsewhere in the space have changed. */
  notify(topic: string): void
  /** Another process has dismissed the assistants of a space. */
  dismissed(topic: string): void
}

/**
 * Presence in the other processes of the instance. If there are others, each process writes rows for its own people;
 * otherwise none. The rows contain what listeners are shown, and only people with access to a space listen.
 */
export class Elsewhere {
  readonly #database: Database
  readonly #here: Here
  readonly #work: Gathered
  readonly #stops: (() => void)[]
  /** The rows of this process, by topic and key. */
  readonly #written = new Map<string, Map<string, PresenceRow>>()
  readonly #elsewhere = new Map<string, Seen[]>()
  /** Pending work: whether other processes have come or gone, and the topics to write, to announce and to read. */
  #others = true
  #changed = new Set<string>()
  #dismissed = new Set<string>()
  readonly #untold = new Set<string>()
  #topicsToRead = new Set<string>()
  #all = false

  constructor(database: Database, here: Here, onError: (error: unknown) => void) {
    this.#database = database
    this.#here = here
    this.#work = gathered(() => this.#catchUp(), GATHERED_MS, onError)
    this.#stops = [
      database.processes.listen((forgotten) => {
        if (forgotten) this.#written.clear()
        this.#others = true
        this.#work.ask()
      }),
      database.notifier.subscribe((topic) => this.#hear(topic)),
    ]
    if (database.processes.accompanied) this.#work.ask()
  }

  seen(topic: string): readonly Seen[] {
    return this.#elsewhere.get(topic) ?? []
  }

  /** Publishes the people of this process in a space. */
  tell(topic: string): void {
    this.#ask(this.#changed, topic)
  }

  /** Reads the people elsewhere in a space. */
  look(topic: string): void {
    this.#ask(this.#topicsToRead, topic)
  }

  /** Makes the other processes dismiss the assistants of a space. */
  dismissAssistants(topic: string): void {
    this.#ask(this.#dismissed, topic)
  }

  /** This process no longer needs a space. */
  forget(topic: string): void {
    this.#elsewhere.delete(topic)
  }

  /** Removes the rows of this process. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop()
    await this.#work.close()
    await this.#takeAway()
  }

  #ask(what: Set<string>, topic: string): void {
    if (!this.#database.processes.accompanied) return
    what.add(topic)
    this.#work.ask()
  }

  #hear(topic: string): void {
    if (topic.startsWith(TOPIC)) this.look(topic.slice(TOPIC.length))
    else if (topic === '*' && this.#database.processes.accompanied) {
      this.#all = true
      this.#work.ask()
    }
  }

  async #catchUp(): Promise<void> {
    const others = this.#others
    this.#others = false
    try {
      if (others) await removeLostPresence(this.#database.kysely)
      if (this.#database.processes.accompanied) {
        await this.#write(others)
        await this.#read(others)
      } else {
        await this.#takeAway()
        this.#take([], [...this.#elsewhere.keys()])
      }
    } catch (error) {
      this.#others ||= others
      throw error
    }
  }

  async #takeAway(): Promise<void> {
    if (this.#written.size) await removePresenceOf(this.#database.kysely, this.#database.processes.id)
    this.#written.clear()
  }

  async #write(all: boolean): Promise<void> {
    const { kysely, processes, notifier } = this.#database
    const [changed, dismissed] = [this.#changed, this.#dismissed]
    const topics = all ? new Set([...this.#here.topics(), ...this.#written.keys()]) : changed
    this.#changed = new Set()
    this.#dismissed = new Set()
    const now = new Map([...topics].map((topic) => [topic, this.#rows(topic)] as const))
    const written: PresenceRow[] = []
    const removed: PresenceRow[] = []
    for (const [topic, rows] of now) {
      const before = this.#written.get(topic)
      for (const row of rows.values()) if (!isSame(before?.get(row.who), row)) written.push(row)
      for (const row of before?.values() ?? []) if (!rows.has(row.who)) removed.push(row)
    }
    if (written.length || removed.length || dismissed.size) {
      try {
        await writePresence(kysely, { process: processes.id, written, removed, dismissed: [...dismissed] })
      } catch (error) {
        for (const topic of topics) this.#changed.add(topic)
        for (const topic of dismissed) this.#dismissed.add(topic)
        throw error
      }
    }
    for (const [topic, rows] of now) {
      if (rows.size) this.#written.set(topic, rows)
      else this.#written.delete(topic)
    }
    for (const { topic } of [...written, ...removed]) this.#untold.add(topic)
    for (const topic of dismissed) this.#untold.add(topic)
    for (const topic of this.#untold) {
      await notifier.publish(`${TOPIC}${topic}`)
      this.#untold.delete(topic)
    }
  }

  #rows(topic: string): Map<string, PresenceRow> {
    const { id: process } = this.#database.processes
    return new Map(
      [...this.#here.seen(topic)].map(([who, { present, since }]) => [
        who,
        { process, topic, who, way: present.way, person: JSON.stringify(present), since },
      ]),
    )
  }

  async #read(others: boolean): Promise<void> {
    const { kysely, processes } = this.#database
    const topics = [...this.#topicsToRead].filter((topic) => this.#here.cares(topic))
    const all = others || this.#all || topics.length > ONE_BY_ONE
    if (!all && !topics.length) return
    this.#topicsToRead = new Set()
    this.#all = false
    try {
      const rows = await listPresence(kysely, [processes.id, ...processes.living()], all ? null : topics)
      const cached = [...this.#elsewhere.keys(), ...this.#written.keys()]
      this.#take(rows, all ? [...cached, ...rows.map(({ topic }) => topic)] : topics)
    } catch (error) {
      for (const topic of topics) this.#topicsToRead.add(topic)
      this.#all ||= all
      throw error
    }
  }

  /** Applies the rows read for some topics. */
  #take(rows: readonly PresenceRow[], topics: readonly string[]): void {
    const byTopic = Map.groupBy(rows, ({ topic }) => topic)
    for (const topic of new Set(topics)) {
      if (!this.#here.cares(topic)) {
        this.#elsewhere.delete(topic)
        continue
      }
      const present = byTopic.get(topic) ?? []
      this.#missOwn(topic, present)
      const seen = present
        .filter(({ process }) => process !== this.#database.processes.id)
        .map(({ person, since }): Seen => ({ present: JSON.parse(person), since }))
      if (JSON.stringify(seen) === JSON.stringify(this.seen(topic))) continue
      if (seen.length) this.#elsewhere.set(topic, seen)
      else this.#elsewhere.delete(topic)
      this.#here.notify(topic)
    }
  }

  /** If the row of an assistant of this process is gone, another process has dismissed it. */
  #missOwn(topic: string, present: readonly PresenceRow[]): void {
    const written = this.#written.get(topic)
    const there = new Set(
      present.filter(({ process }) => process === this.#database.processes.id).map(({ who }) => who),
    )
    const missing = [...(written?.values() ?? [])].filter(({ way, who }) => way === 'mcp' && !there.has(who))
    for (const { who } of missing) written?.delete(who)
    if (missing.length) this.#here.dismissed(topic)
  }
}

const isSame = (one: PresenceRow | undefined, other: PresenceRow): boolean =>
  one?.person === other.person && one.since === other.since

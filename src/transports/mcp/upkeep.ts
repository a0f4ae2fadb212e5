import { topicOf } from '../../core/data/database.ts'
import { INSTANCE } from '../../core/data/space.ts'
import type { McpParts } from './parts.ts'
import { QUESTION_TOPIC, type Questions } from './questions.ts'
import type { Desk } from './server.ts'
import { addonsOn, SESSION_TOPIC } from './sessions.ts'
import { COME_BACK_MS } from './subscribers.ts'

const COLLECT_MS = 60_000
const GRANT_TOPIC = 'grant:'

/** Ends or puts to sleep what has to (sessions, streams), and passes on what other processes have done. */
export class Upkeep {
  readonly #parts: McpParts
  readonly #desk: Desk
  readonly #questions: Questions
  readonly #failed: (error: unknown) => void
  #addons = ''
  #unlisten = () => {}
  #timer: NodeJS.Timeout | undefined

  constructor(parts: McpParts, desk: Desk, questions: Questions, failed: (error: unknown) => void) {
    this.#parts = parts
    this.#desk = desk
    this.#questions = questions
    this.#failed = failed
  }

  async start(): Promise<void> {
    this.#addons = addonsOn(this.#catalogueAddons(), await this.#settings())
    this.#unlisten = this.#parts.pipeline.parts.database.doorbell.listen((topic) => {
      this.#heard(topic).catch(this.#failed)
    })
    this.#timer = setInterval(() => this.#desk.sessions.tidy().catch(this.#failed), COLLECT_MS).unref()
  }

  /** Closes the streams, so that the server can stop. The sessions stay. */
  endStreams(): void {
    this.#desk.subscribers.endWhere(() => true)
  }

  /** To be called when the last request has been answered. */
  async stop(): Promise<void> {
    this.#unlisten()
    clearInterval(this.#timer)
    await this.#desk.sessions.flush()
  }

  async #heard(topic: string): Promise<void> {
    if (topic === '*') {
      // First, so that those hear that the lists are others whose streams then end.
      await this.#lookAtAddons()
      await Promise.all([this.#lookAtGrants(), this.#lookAtSessions(), this.#questions.collect()])
    } else if (topic === topicOf(INSTANCE)) await this.#lookAtAddons()
    else if (topic.startsWith(GRANT_TOPIC)) await this.#lookAtGrant(topic.slice(GRANT_TOPIC.length))
    else if (topic.startsWith(SESSION_TOPIC)) await this.#lookAtSession(topic.slice(SESSION_TOPIC.length))
    else if (topic.startsWith(QUESTION_TOPIC)) await this.#questions.collect(topic.slice(QUESTION_TOPIC.length))
  }

  /** Other add-ons mean other tools: listeners are told, and sessions sleep until their clients come back for the new lists. */
  async #lookAtAddons(): Promise<void> {
    const settings = await this.#settings()
    const addons = addonsOn(this.#catalogueAddons(), settings)
    if (addons === this.#addons) return
    this.#addons = addons
    const { sessions, subscribers } = this.#desk
    await sessions.sleepOthers(settings)
    const told = subscribers.sessionIds()
    subscribers.listsChanged()
    await sessions.told(told, settings)
    subscribers.endWhere(({ sessionId }) => sessionId !== null && told.includes(sessionId))
  }

  async #lookAtGrants(): Promise<void> {
    for (const grant of this.#desk.subscribers.grants()) await this.#lookAtGrant(grant)
  }

  async #lookAtGrant(grant: string): Promise<void> {
    if (await this.#parts.authenticator.isActive(grant)) return
    this.#desk.subscribers.endWhere(({ identity }) => identity.grant === grant)
    await this.#desk.sessions.endOfGrant(grant)
    // A session can have moved on to another grant than the one its stream was opened with.
    await this.#endIdleStreams()
  }

  async #lookAtSessions(): Promise<void> {
    const living = await this.#endIdleStreams()
    await Promise.all(living.map((id) => this.#desk.subscribers.ofSession(id)?.reload()))
  }

  /** Ends the streams of sessions that have ended or sleep, and gives the sessions whose streams stay. */
  async #endIdleStreams(): Promise<string[]> {
    const ids = this.#desk.subscribers.sessionIds()
    if (!ids.length) return []
    const living = await this.#desk.sessions.living(ids)
    this.#desk.subscribers.endWhere(({ sessionId }) => sessionId !== null && !living.has(sessionId), COME_BACK_MS)
    return [...living]
  }

  async #lookAtSession(id: string): Promise<void> {
    const subscriber = this.#desk.subscribers.ofSession(id)
    if (!subscriber) return
    if ((await this.#desk.sessions.living([id])).has(id)) await subscriber.reload()
    else subscriber.end(COME_BACK_MS)
  }

  #settings() {
    return this.#parts.pipeline.parts.settings.current()
  }

  #catalogueAddons() {
    return this.#parts.pipeline.parts.catalogue.addons.values()
  }
}

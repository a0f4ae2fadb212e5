import { topicOf } from '../../core/data/database.ts'
import { INSTANCE } from '../../core/data/space.ts'
import { CLIENT_REQUEST_TOPIC, type ClientRequests } from './client-requests.ts'
import type { McpParts } from './parts.ts'
import type { McpServices } from './server.ts'
import { addonsOn, SESSION_TOPIC } from './sessions.ts'
import { COME_BACK_MS } from './subscribers.ts'

const COLLECT_MS = 60_000
const GRANT_TOPIC = 'grant:'

/** Ends sessions and streams or puts sessions to sleep, and passes on events of other processes. */
export class Upkeep {
  readonly #parts: McpParts
  readonly #services: McpServices
  readonly #clientRequests: ClientRequests
  readonly #onError: (error: unknown) => void
  #addons = ''
  #unlisten = () => {}
  #timer: NodeJS.Timeout | undefined

  constructor(
    parts: McpParts,
    services: McpServices,
    clientRequests: ClientRequests,
    onError: (error: unknown) => void,
  ) {
    this.#parts = parts
    this.#services = services
    this.#clientRequests = clientRequests
    this.#onError = onError
  }

  async start(): Promise<void> {
    this.#addons = addonsOn(this.#catalogueAddons(), await this.#settings())
    this.#unlisten = this.#parts.pipeline.parts.database.notifier.subscribe((topic) => {
      this.#heard(topic).catch(this.#onError)
    })
    this.#timer = setInterval(() => this.#services.sessions.tidy().catch(this.#onError), COLLECT_MS).unref()
  }

  /** Closes the streams, so that the server can stop. The sessions stay. */
  endStreams(): void {
    this.#services.subscribers.endWhere(() => true)
  }

  /** Call it after the last request was answered. */
  async stop(): Promise<void> {
    this.#unlisten()
    clearInterval(this.#timer)
    await this.#services.sessions.flush()
  }

  async #heard(topic: string): Promise<void> {
    if (topic === '*') {
      // First, so that clients get the new lists before their streams end.
      await this.#lookAtAddons()
      await Promise.all([this.#lookAtGrants(), this.#lookAtSessions(), this.#clientRequests.collect()])
    } else if (topic === topicOf(INSTANCE)) await this.#lookAtAddons()
    else if (topic.startsWith(GRANT_TOPIC)) await this.#lookAtGrant(topic.slice(GRANT_TOPIC.length))
    else if (topic.startsWith(SESSION_TOPIC)) await this.#lookAtSession(topic.slice(SESSION_TOPIC.length))
    else if (topic.startsWith(CLIENT_REQUEST_TOPIC))
      await this.#clientRequests.collect(topic.slice(CLIENT_REQUEST_TOPIC.length))
  }

  /**
   * Other add-ons mean other tools: listeners are notified, and sessions sleep until their clients return for the new
   * lists.
   */
  async #lookAtAddons(): Promise<void> {
    const settings = await this.#settings()
    const addons = addonsOn(this.#catalogueAddons(), settings)
    const before = this.#addons
    if (addons === before) return
    this.#addons = addons
    const { sessions, subscribers } = this.#services
    try {
      await sessions.sleepOthers(settings)
      const sessionIds = subscribers.sessionIds()
      subscribers.listsChanged()
      await sessions.noteListsSent(sessionIds, settings)
      subscribers.endWhere(({ sessionId }) => sessionId !== null && sessionIds.includes(sessionId))
    } catch (error) {
      // The next event of the instance, or of a reconnected database, tries again.
      if (this.#addons === addons) this.#addons = before
      throw error
    }
  }

  async #lookAtGrants(): Promise<void> {
    for (const grant of this.#services.subscribers.grants()) await this.#lookAtGrant(grant)
  }

  async #lookAtGrant(grant: string): Promise<void> {
    if (await this.#parts.authenticator.isActive(grant)) return
    this.#services.subscribers.endWhere(({ identity }) => identity.grant === grant)
    await this.#services.sessions.endOfGrant(grant)
    // A session may have a newer grant than the one its stream was opened with.
    await this.#endIdleStreams()
  }

  async #lookAtSessions(): Promise<void> {
    const living = await this.#endIdleStreams()
    await Promise.all(living.map((id) => this.#services.subscribers.ofSession(id)?.reload()))
  }

  /** Ends the streams of ended and sleeping sessions. Returns the sessions whose streams stay. */
  async #endIdleStreams(): Promise<string[]> {
    const ids = this.#services.subscribers.sessionIds()
    if (!ids.length) return []
    const living = await this.#services.sessions.living(ids)
    this.#services.subscribers.endWhere(({ sessionId }) => sessionId !== null && !living.has(sessionId), COME_BACK_MS)
    return [...living]
  }

  async #lookAtSession(id: string): Promise<void> {
    const subscriber = this.#services.subscribers.ofSession(id)
    if (!subscriber) return
    if ((await this.#services.sessions.living([id])).has(id)) await subscriber.reload()
    else subscriber.end(COME_BACK_MS)
  }

  #settings() {
    return this.#parts.pipeline.parts.settings.current()
  }

  #catalogueAddons() {
    return this.#parts.pipeline.parts.catalogue.addons.values()
  }
}

import { randomUUID } from 'node:crypto'
import type { ClientCapabilities } from '@modelcontextprotocol/server'
import type { Addon } from '../../core/declare/operation.ts'
import type { Identity } from '../../core/run/door.ts'
import type { SettingsView } from '../../core/run/settings.ts'
import type { Guest, McpParts } from './parts.ts'
import { NO_SESSION, REFUSED, Refusal } from './refusal.ts'
import * as store from './store.ts'

const FLUSH_MS = 900
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A session as one request sees it. The row is the session: nothing else has to survive. */
export interface Session {
  readonly id: string
  readonly protocolVersion: string
  readonly client: { readonly name: string; readonly version: string } | null
  readonly capabilities: ClientCapabilities
  readonly logLevel: string | null
}

/** The topic that rings when a session has ended or follows something else. */
export const SESSION_TOPIC = 'mcp_session:'

/** The add-ons that are on, as one text. */
export const addonsOn = (addons: Iterable<Addon>, settings: SettingsView): string =>
  [...addons]
    .filter((addon) => settings.addonOn(addon))
    .map(({ name }) => name)
    .sort()
    .join(' ')

/** Whether it was this grant, or an earlier one of the same program, that opened the session. */
const opened = ({ grant_id, client_id }: store.SessionRow, { grant, clientId }: Identity): boolean =>
  grant_id === grant || (clientId !== null && client_id === clientId)

/** The sessions of the 2025 revisions. Every process can serve every one of them. */
export class Sessions {
  readonly #parts: McpParts
  readonly #touched = new Set<string>()
  readonly #failed: (error: unknown) => void
  #flushing: NodeJS.Timeout | undefined

  constructor(parts: McpParts, failed: (error: unknown) => void) {
    this.#parts = parts
    this.#failed = failed
  }

  async open({ identity, settings }: Guest, opened: Omit<Session, 'id' | 'logLevel'>): Promise<Session> {
    const session: Session = { id: randomUUID(), logLevel: null, ...opened }
    const now = new Date().toISOString()
    await store.insertSession(this.#db, {
      id: session.id,
      user_id: identity.userId,
      grant_id: identity.grant,
      client_id: identity.clientId,
      client_name: session.client?.name ?? null,
      client_version: session.client?.version ?? null,
      protocol_version: session.protocolVersion,
      capabilities: JSON.stringify(session.capabilities),
      addons: this.#addonsOn(settings),
      log_level: null,
      created_at: now,
      last_activity: now,
    })
    await this.#makeRoom(identity.userId)
    return session
  }

  /** The session of this id if it is the guest's, who has thereby used it. Unknown and expired: 404; another's: 403. */
  async find(id: string, { identity, settings }: Guest): Promise<Session> {
    const row = UUID.test(id) ? await store.findSession(this.#db, id) : undefined
    if (!row || this.#expired(row) || row.addons !== this.#addonsOn(settings)) {
      throw new Refusal(404, NO_SESSION, 'There is no such session, or it has ended; send initialize again')
    }
    if (row.user_id !== identity.userId || !opened(row, identity)) {
      throw new Refusal(403, REFUSED, 'This session was opened with another authorization; send initialize again')
    }
    // The program was granted more and comes back with it: the session goes on, and ends with the new grant.
    if (row.grant_id !== identity.grant) await store.moveSession(this.#db, id, identity.grant)
    this.touch(id)
    return {
      id,
      protocolVersion: row.protocol_version,
      client: row.client_name === null ? null : { name: row.client_name, version: row.client_version ?? '' },
      capabilities: JSON.parse(row.capabilities),
      logLevel: row.log_level,
    }
  }

  async end(...ids: string[]): Promise<void> {
    if (!ids.length) return
    for (const id of ids) this.#touched.delete(id)
    await store.removeSessions(this.#db, ids)
    for (const id of ids) await this.changed(id)
  }

  async endOfGrant(grant: string): Promise<void> {
    await store.removeSessionsOfGrant(this.#db, grant)
  }

  /** Ends every session that was opened while other add-ons were on. */
  async endOthers(settings: SettingsView): Promise<void> {
    await store.removeSessionsBut(this.#db, this.#addonsOn(settings))
  }

  async endExpired(): Promise<void> {
    await this.flush()
    await store.removeSessionsBefore(this.#db, this.#oldest())
  }

  /** Which of these sessions are still there. */
  living(ids: readonly string[]): Promise<Set<string>> {
    return store.livingSessions(this.#db, ids)
  }

  setLogLevel(id: string, level: string): Promise<void> {
    return store.setLogLevel(this.#db, id, level)
  }

  subscriptions(id: string): Promise<Map<string, string>> {
    return store.listSubscriptions(this.#db, id)
  }

  async subscribe(id: string, uri: string, mark: string): Promise<void> {
    await store.insertSubscription(this.#db, id, uri, mark)
    await this.changed(id)
  }

  async unsubscribe(id: string, uri: string): Promise<void> {
    await store.removeSubscription(this.#db, id, uri)
    await this.changed(id)
  }

  /** Tells whoever holds the session's stream, in whatever process. */
  changed(id: string): Promise<void> {
    return this.#parts.pipeline.parts.database.doorbell.ring(`${SESSION_TOPIC}${id}`)
  }

  /** The session is in use. Written within a second, so that a request costs no write. */
  touch(id: string): void {
    this.#touched.add(id)
    this.#flushing ??= setTimeout(() => this.flush().catch(this.#failed), FLUSH_MS).unref()
  }

  async flush(): Promise<void> {
    clearTimeout(this.#flushing)
    this.#flushing = undefined
    if (!this.#touched.size) return
    const ids = [...this.#touched]
    this.#touched.clear()
    try {
      await store.touchSessions(this.#db, ids, new Date().toISOString())
    } catch (error) {
      for (const id of ids) this.#touched.add(id)
      throw error
    }
  }

  get #db() {
    return this.#parts.pipeline.parts.database.kysely
  }

  #addonsOn(settings: SettingsView): string {
    return addonsOn(this.#parts.pipeline.parts.catalogue.addons.values(), settings)
  }

  #oldest(): string {
    return new Date(Date.now() - this.#parts.limits.sessionSeconds * 1000).toISOString()
  }

  #expired(row: store.SessionRow): boolean {
    return row.last_activity < this.#oldest() && !this.#touched.has(row.id)
  }

  async #makeRoom(userId: number): Promise<void> {
    const most = this.#parts.limits.sessionsPerUser
    if ((await store.listSessionIds(this.#db, userId)).length <= most) return
    await this.flush()
    const ids = await store.listSessionIds(this.#db, userId)
    await this.end(...ids.slice(most))
  }
}

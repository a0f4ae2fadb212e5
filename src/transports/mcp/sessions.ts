import { randomUUID } from 'node:crypto'
import type { ClientCapabilities } from '@modelcontextprotocol/server'
import type { Addon } from '../../core/declare/operation.ts'
import type { Identity } from '../../core/run/authentication.ts'
import { Pace } from '../../core/run/pace.ts'
import type { SettingsView } from '../../core/run/settings.ts'
import type { AuthenticatedRequest, McpParts } from './parts.ts'
import { NO_SESSION, REFUSED, Refusal } from './refusal.ts'
import * as store from './store.ts'

const FLUSH_MS = 900
const DAY_MS = 86_400_000
/** How long a session can sleep. */
const SLEEP_MS = 30 * DAY_MS
/** The most sleeping sessions of one grant: some programs open one for each call. */
export const MOST_ASLEEP = 1000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A session as seen by one request. Everything that must survive is in its row. */
export interface Session {
  readonly id: string
  readonly protocolVersion: string
  readonly client: { readonly name: string; readonly version: string } | null
  readonly capabilities: ClientCapabilities
  readonly logLevel: string | null
  /** Whether its client must still be notified that add-ons, and so the lists, have changed. */
  readonly listsChanged: boolean
}

/** The notifier topic for a session that ended, fell asleep or changed its subscriptions. */
export const SESSION_TOPIC = 'mcp_session:'

/** The add-ons that are on, as one text. */
export const addonsOn = (addons: Iterable<Addon>, settings: SettingsView): string =>
  [...addons]
    .filter((addon) => settings.addonOn(addon))
    .map(({ name }) => name)
    .sort()
    .join(' ')

/** Whether this grant, or an earlier one of the same program, opened the session. */
const opened = ({ grant_id, client_id }: store.SessionRow, { grant, clientId }: Identity): boolean =>
  grant_id === grant || (clientId !== null && client_id === clientId)

/**
 * The sessions of the 2025 revisions. Every process can serve all of them. The number of active sessions of a user is
 * limited. One that was unused for long, or made room for another, sleeps until its client returns: clients do not
 * start again when theirs is gone.
 */
export class Sessions {
  readonly #parts: McpParts
  /** The last uses of sessions that are not written yet. */
  readonly #touched = new Map<string, string>()
  /** The add-ons that are on, by settings object, which is immutable. */
  readonly #addons = new WeakMap<SettingsView, string>()
  readonly #onError: (error: unknown) => void
  readonly #pace: Pick<Pace, 'isProven'>
  #flushing: NodeJS.Timeout | undefined

  constructor(
    parts: McpParts,
    onError: (error: unknown) => void,
    pace: Pick<Pace, 'isProven'> = new Pace({ warn() {} }),
  ) {
    this.#parts = parts
    this.#onError = onError
    this.#pace = pace
  }

  async open(
    { identity, settings }: AuthenticatedRequest,
    opened: Pick<Session, 'protocolVersion' | 'client' | 'capabilities'>,
  ): Promise<Session> {
    const session: Session = { id: randomUUID(), logLevel: null, listsChanged: false, ...opened }
    const now = moment()
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
      slept_at: null,
    })
    await this.#makeRoomFor(session.id, identity.userId)
    return session
  }

  /**
   * Returns the session with this id, marks it as used and wakes it. Rejects one that does not exist or is not of this
   * grant.
   */
  async find(id: string, authenticated: AuthenticatedRequest): Promise<Session> {
    const row = await this.#rowOf(id, authenticated)
    if (row.slept_at !== null || this.#expired(row)) await this.#wake(row)
    else this.touch(id)
    return {
      id,
      protocolVersion: row.protocol_version,
      client: row.client_name === null ? null : { name: row.client_name, version: row.client_version ?? '' },
      capabilities: JSON.parse(row.capabilities),
      logLevel: row.log_level,
      listsChanged: row.addons !== this.#addonsOn(authenticated.settings),
    }
  }

  /** Ends the session with this id. Rejects one that does not exist or is not of this grant. */
  async end(id: string, authenticated: AuthenticatedRequest): Promise<void> {
    await this.#rowOf(id, authenticated)
    this.#touched.delete(id)
    await store.removeSession(this.#db, id)
    await this.changed(id)
  }

  /** The number of active sessions, in all processes. */
  count(): Promise<number> {
    return store.countLiving(this.#db)
  }

  async endOfGrant(grant: string): Promise<void> {
    await store.removeSessionsOfGrant(this.#db, grant)
  }

  /** Puts sessions to sleep whose client knows the lists of other add-ons. */
  async sleepOthers(settings: SettingsView): Promise<void> {
    await store.putToSleepBut(this.#db, this.#addonsOn(settings), moment())
  }

  /** Notes that the clients of these sessions know the current lists. */
  async noteListsSent(ids: readonly string[], settings: SettingsView): Promise<void> {
    if (ids.length) await store.noteTold(this.#db, ids, this.#addonsOn(settings))
  }

  /** Puts unused sessions to sleep, and removes those that have slept for long. */
  async tidy(): Promise<void> {
    await this.flush()
    await store.putToSleepBefore(this.#db, this.#oldest(), moment())
    if (this.#pace.isProven()) await store.removeSleepingBefore(this.#db, moment(-SLEEP_MS))
    await store.removeSleepingBeyond(this.#db, MOST_ASLEEP)
  }

  /** Which of these sessions are active. */
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

  /** Notifies the process that holds the session's stream. */
  changed(id: string): Promise<void> {
    return this.#parts.pipeline.parts.database.notifier.publish(`${SESSION_TOPIC}${id}`)
  }

  /** Marks the session as used now. Written within a second, so that a request costs no write. */
  touch(id: string): void {
    this.#touched.set(id, moment())
    this.#flushing ??= setTimeout(() => this.flush().catch(this.#onError), FLUSH_MS).unref()
  }

  async flush(): Promise<void> {
    clearTimeout(this.#flushing)
    this.#flushing = undefined
    if (!this.#touched.size) return
    const uses = new Map(this.#touched)
    this.#touched.clear()
    try {
      await store.touchSessions(this.#db, uses)
    } catch (error) {
      for (const [id, at] of uses) if (!this.#touched.has(id)) this.#touched.set(id, at)
      throw error
    }
  }

  get #db() {
    return this.#parts.pipeline.parts.database.kysely
  }

  #addonsOn(settings: SettingsView): string {
    const addons =
      this.#addons.get(settings) ?? addonsOn(this.#parts.pipeline.parts.catalogue.addons.values(), settings)
    this.#addons.set(settings, addons)
    return addons
  }

  #oldest(): string {
    return moment(-this.#parts.limits.sessionSeconds * 1000)
  }

  #expired(row: store.SessionRow): boolean {
    return row.last_activity < this.#oldest() && !this.#touched.has(row.id)
  }

  /** 404 if it never existed, was deleted, or its grant has ended; 403 if it is another user's. */
  async #rowOf(id: string, { identity }: AuthenticatedRequest): Promise<store.SessionRow> {
    const row = UUID.test(id) ? await store.findSession(this.#db, id) : undefined
    if (!row) throw noSession()
    if (row.user_id !== identity.userId || !opened(row, identity)) {
      throw new Refusal(403, REFUSED, 'This session was opened with another authorization; send initialize again')
    }
    // The program was granted more and returns with the new grant: the session continues, and ends with that grant.
    if (row.grant_id !== identity.grant) await store.moveSession(this.#db, id, identity.grant)
    return row
  }

  async #wake({ id, user_id }: store.SessionRow): Promise<void> {
    if (!(await store.wakeSession(this.#db, id, moment()))) throw noSession()
    await this.#makeRoomFor(id, user_id)
  }

  /**
   * Puts the user's least recently used sessions to sleep above the limit. Never the newest: uses of others may be
   * written late, so that they seem more recent.
   */
  async #makeRoomFor(newest: string, userId: number): Promise<void> {
    const most = this.#parts.limits.sessionsPerUser
    // Repeats if one was used meanwhile and so does not sleep.
    while ((await store.listLiving(this.#db, userId)).length > most) {
      await this.flush()
      const others = (await store.listLiving(this.#db, userId)).filter(({ id }) => id !== newest)
      for (const coldest of others.slice(most - 1)) {
        if (await store.putToSleep(this.#db, coldest, moment())) await this.changed(coldest.id)
      }
    }
  }
}

const noSession = () =>
  new Refusal(404, NO_SESSION, 'There is no such session, or it has ended; send initialize without Mcp-Session-Id')

const moment = (fromNow = 0): string => new Date(Date.now() + fromNow).toISOString()

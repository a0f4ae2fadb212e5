import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Notifier } from '../core/data/database.ts'
import { onceAMinute } from '../core/data/once-a-minute.ts'
import { connectionTo, type Pool, Sockets, TIMEOUTS } from './postgres-pool.ts'

export const CHANNEL = 'trek_doorbell'

/** Distinguishes notifications of this process from those of others. */
export const SELF = randomUUID()

export interface PostgresNotifier extends Notifier {
  close(): Promise<void>
}

/** A notification to this process itself that proves that the connection works. */
const BEAT = 'beat'
const BEAT_EVERY_MS = 1000
/** After this many beats in a row without an echo, the connection counts as lost. */
const UNHEARD = 3
const RETRY_MS = 250

/**
 * LISTEN on a connection of its own, which is replaced when it breaks or goes silent. Possibly missed notifications are
 * replaced by `'*'`. A beat is sent over the pool and must arrive here: that also detects a proxy that connects the two
 * to different servers.
 */
export function postgresNotifier(url: string, pool: Pool, warn: (what: string) => void): PostgresNotifier {
  const listeners = new Set<(topic: string) => void>()
  /** The listening connection, or the one being opened. */
  let current: { end(reason: string): void } | null = null
  let listening = false
  let unheard = 0
  let away = false
  let closed = false
  let retry: NodeJS.Timeout | undefined

  const publishLocally = (topic: string) => {
    for (const listener of listeners) listener(topic)
  }
  const notify = (topic: string) => pool.query('select pg_notify($1, $2)', [CHANNEL, `${SELF} ${topic}`])

  const lines = onceAMinute(warn)
  function tellAway(reason: string): void {
    if (!away) away = lines.tell(`The connection to the database was lost (${reason}). Trying again.`, 'lost')
  }
  function tellBack(): void {
    if (away) warn('The database answers again.')
    away = false
  }

  async function connect(): Promise<void> {
    const sockets = new Sockets()
    const client = new pg.Client(connectionTo(url, sockets, TIMEOUTS))
    const connection = {
      end(reason: string) {
        if (current !== connection) return
        current = null
        listening = false
        // The other side may be unreachable, so the connection is cut, not closed.
        sockets.cut()
        if (closed) return
        tellAway(reason)
        retry = setTimeout(connect, RETRY_MS).unref()
      },
    }
    current = connection
    client.on('error', (error) => connection.end(error.message))
    client.on('end', () => connection.end('the server ended it'))
    client.on('notification', ({ payload = '' }) => {
      const [from, topic] = payload.split(' ')
      if (from === SELF) unheard = 0
      else if (topic && topic !== BEAT) publishLocally(topic)
    })
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
    } catch (error) {
      connection.end((error as Error).message)
    }
    if (current !== connection) return
    listening = true
    unheard = 0
    tellBack()
    publishLocally('*')
  }

  async function beat(): Promise<void> {
    if (!listening) return
    const heardBy = current
    try {
      await notify(BEAT)
    } catch (error) {
      // The pool cannot reach the server either, so this says nothing about this connection.
      tellAway((error as Error).message)
      return
    }
    tellBack()
    if (listening && heardBy === current && unheard++ === UNHEARD) current?.end('it went silent')
  }

  let beating = false
  const pulse = setInterval(async () => {
    if (beating) return
    beating = true
    await beat()
    beating = false
  }, BEAT_EVERY_MS).unref()
  const first = connect()

  return {
    publishLocally,
    async publish(topic) {
      publishLocally(topic)
      await notify(topic)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    poll() {},
    async close() {
      closed = true
      clearInterval(pulse)
      clearTimeout(retry)
      current?.end('the process stops')
      await first
    },
  }
}

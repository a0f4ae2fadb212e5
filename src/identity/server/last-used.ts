import type { Database } from '../../core/data/database.ts'
import { patchLastUses } from './store.ts'
import { writeBehind } from './write-behind.ts'

const TABLES = { session: 'web_sessions', token: 'static_tokens', grant: 'oauth_grants' } as const

type Kind = keyof typeof TABLES

/** Records the last use of each session and token, written within a second: reads cost no write. */
export class LastUsedTracker {
  readonly #pending = new Map<string, { table: (typeof TABLES)[Kind]; id: number; at: string }>()
  readonly #writeBehind: ReturnType<typeof writeBehind>

  constructor(database: Database, onError: (error: unknown) => void) {
    this.#writeBehind = writeBehind(async () => {
      const uses = new Map(this.#pending)
      if (!uses.size) return
      await patchLastUses(database.kysely, [...uses.values()])
      for (const [key, use] of uses) if (this.#pending.get(key) === use) this.#pending.delete(key)
    }, onError)
  }

  note(kind: Kind, id: number, at: string): void {
    this.#pending.set(`${kind}:${id}`, { table: TABLES[kind], id, at })
    this.#writeBehind.soon()
  }

  close(): Promise<void> {
    return this.#writeBehind.close()
  }
}

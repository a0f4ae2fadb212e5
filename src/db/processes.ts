import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { DatabaseUnavailable, type Doorbell } from '../core/data/database.ts'
import { gathered } from '../core/data/gathered.ts'
import type { Processes } from '../core/data/processes.ts'
import type { Tables } from '../core/data/tx.ts'

declare module '../core/data/tx.ts' {
  interface Tables {
    processes: { id: string; beat: number }
  }
}

export interface Pace {
  /** The interval of the heartbeat of a process that is not alone, in milliseconds. */
  readonly beat: number
  /** A process without a heartbeat for this long is gone, in milliseconds. */
  readonly gone: number
}

const PACE: Pace = { beat: 3000, gone: 15_000 }
/** Several rings within this time cause one check. */
const LOOKED_AFTER_MS = 50
const TOPIC = 'processes'

interface Other {
  readonly beat: number
  /** When this beat was first seen, on the monotonic clock of this process. */
  readonly seen: number
  /** Whether it has sent a heartbeat during the life of this process. */
  readonly lives: boolean
}

/**
 * Each process has a row. A process that is alone writes its row once; while there are others, it increments its beat. Clocks of
 * processes are not compared: if a beat has not changed for `gone` milliseconds, its process is gone, and any process removes the row.
 */
export function processesIn(
  db: Kysely<Tables>,
  doorbell: Doorbell,
  { pace: paceChanges, warn }: { pace: Partial<Pace> | undefined; warn: (what: string) => void },
): Processes {
  const pace = { ...PACE, ...paceChanges }
  const id = randomUUID()
  const listeners = new Set<(forgotten: boolean) => void>()
  let others = new Map<string, Other>()
  let ownRow: 'never' | 'here' | 'gone' = 'never'
  let shownAt = 0
  /** Whether the others must be notified. */
  let untold = false
  let stop = () => {}

  const tell = (forgotten: boolean) => {
    for (const listener of listeners) listener(forgotten)
  }

  /** Returns whether the others must check: their row of this process is new. */
  async function show(): Promise<boolean> {
    shownAt = performance.now()
    const { numUpdatedRows } = await db
      .updateTable('processes')
      .set(({ eb }) => ({ beat: eb('beat', '+', 1) }))
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows > 0) return false
    await db.insertInto('processes').values({ id, beat: 1 }).execute()
    const forgotten = ownRow === 'here'
    ownRow = 'here'
    if (forgotten) tell(true)
    return true
  }

  async function look(): Promise<void> {
    const now = performance.now()
    const isFirst = ownRow === 'never'
    const rows = await db.selectFrom('processes').selectAll().where('id', '!=', id).execute()
    const before = others
    const entries = rows.map(({ id: other, beat }): [string, Other] => {
      const previous = before.get(other)
      if (previous?.beat === beat) return [other, previous]
      // A row from before this process may belong to a killed one.
      return [other, { beat, seen: now, lives: previous !== undefined || !isFirst }]
    })
    for (const [other, { beat, seen }] of entries) {
      if (now - seen < pace.gone) continue
      await db.deleteFrom('processes').where('id', '=', other).where('beat', '=', beat).execute()
    }
    const there = new Map(entries.filter(([, { seen }]) => now - seen < pace.gone))
    const isNew = [...there.keys()].some((other) => !before.has(other))
    // After a crash of PostgreSQL all rows are gone, including that of this process.
    const isGone = [...before.keys()].some((other) => !there.has(other))
    const isDue = there.size > 0 && now - shownAt >= pace.beat / 2
    // A new process waits for this beat, and a process that was alone has not written one for long.
    if (isNew || isGone || isFirst || isDue) untold = (await show()) || isNew || untold
    if (untold) await doorbell.ring(TOPIC)
    untold = false
    // Last, so that a failure repeats all of it.
    others = there
    if (namesOf(before) !== namesOf(there)) tell(false)
  }

  async function remove(): Promise<void> {
    await db.deleteFrom('processes').where('id', '=', id).execute()
    if (others.size) await doorbell.ring(TOPIC)
  }

  const looks = gathered(look, LOOKED_AFTER_MS, (error) =>
    warn(`The other servers of this instance could not be looked up: ${(error as Error).message}`),
  )

  return {
    id,
    get accompanied() {
      return others.size > 0
    },
    living: () => livingOf(others),
    async enter() {
      await look()
      stop()
      const unlisten = doorbell.listen((topic) => {
        if (topic === '*' || topic === TOPIC) looks.ask()
      })
      const timer = setInterval(() => {
        if (others.size) looks.ask()
      }, pace.beat).unref()
      stop = () => {
        clearInterval(timer)
        unlisten()
      }
    },
    async leave() {
      if (ownRow !== 'here') return
      ownRow = 'gone'
      stop()
      await looks.close()
      // During an outage the others detect it by themselves.
      await remove().catch(ignoreOutage)
    },
    async answer(withinMs) {
      const ends = performance.now() + withinMs
      while (others.size && !livingOf(others).length && performance.now() < ends) {
        await new Promise((resolve) => setTimeout(resolve, LOOKED_AFTER_MS))
      }
      return livingOf(others).length > 0
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function ignoreOutage(error: unknown): void {
  if (!(error instanceof DatabaseUnavailable)) throw error
}

const livingOf = (others: ReadonlyMap<string, Other>): string[] =>
  [...others].filter(([, { lives }]) => lives).map(([other]) => other)

/** The other processes and whether they are alive, for comparison. */
const namesOf = (others: ReadonlyMap<string, Other>): string =>
  [...others]
    .map(([other, { lives }]) => `${other} ${lives}`)
    .sort()
    .join()

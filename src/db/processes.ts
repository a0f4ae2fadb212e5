import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { DatabaseUnavailable, type Notifier } from '../core/data/database.ts'
import { gathered } from '../core/data/gathered.ts'
import type { Processes } from '../core/data/processes.ts'
import type { Tables } from '../core/data/tx.ts'
import { type ProcessRow, removeProcess, removeUnchanged, rowsOfOthers, writeBeat } from './process-rows.ts'

export interface Pace {
  /** The interval of the heartbeat of a process that is not alone, in milliseconds. */
  readonly beat: number
  /** A process without a heartbeat for this long is gone, in milliseconds. */
  readonly gone: number
}

const PACE: Pace = { beat: 3000, gone: 15_000 }
/** Several rings within this time cause one check. */
const CHECK_AFTER_MS = 50
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
  notifier: Notifier,
  { pace: paceChanges, warn }: { pace: Partial<Pace> | undefined; warn: (what: string) => void },
): Processes {
  const pace = { ...PACE, ...paceChanges }
  const id = randomUUID()
  const listeners = new Set<(forgotten: boolean) => void>()
  let others = new Map<string, Other>()
  let registered: 'never' | 'here' | 'gone' = 'never'
  let beatAt = 0
  /** Whether the others must be notified. */
  let isRingDue = false
  let stop = () => {}

  const notify = (forgotten: boolean) => {
    for (const listener of listeners) listener(forgotten)
  }

  /** Returns whether the others must check: the row of this process is new. */
  async function beat(): Promise<boolean> {
    beatAt = performance.now()
    if (!(await writeBeat(db, id))) return false
    const forgotten = registered === 'here'
    registered = 'here'
    if (forgotten) notify(true)
    return true
  }

  async function check(): Promise<void> {
    const now = performance.now()
    const isFirst = registered === 'never'
    const before = others
    const { present, gone } = judged(await rowsOfOthers(db, id), before, { now, isFirst, goneMs: pace.gone })
    for (const row of gone) await removeUnchanged(db, row)
    const isNew = [...present.keys()].some((other) => !before.has(other))
    // After a crash of PostgreSQL all rows are gone, including that of this process.
    const hasGone = [...before.keys()].some((other) => !present.has(other))
    const isBeatDue = present.size > 0 && now - beatAt >= pace.beat / 2
    // A new process waits for this beat, and a process that was alone has not written one for long.
    if (isNew || hasGone || isFirst || isBeatDue) isRingDue = (await beat()) || isNew || isRingDue
    if (isRingDue) await notifier.publish(TOPIC)
    isRingDue = false
    // Last, so that a failure repeats all of it.
    others = present
    if (namesOf(before) !== namesOf(present)) notify(false)
  }

  async function remove(): Promise<void> {
    await removeProcess(db, id)
    if (others.size) await notifier.publish(TOPIC)
  }

  const checks = gathered(check, CHECK_AFTER_MS, (error) =>
    warn(`The other servers of this instance could not be looked for: ${(error as Error).message}`),
  )

  return {
    id,
    get accompanied() {
      return others.size > 0
    },
    living: () => livingOf(others),
    async enter() {
      await check()
      stop()
      const unlisten = notifier.subscribe((topic) => {
        if (topic === '*' || topic === TOPIC) checks.ask()
      })
      const timer = setInterval(() => {
        if (others.size) checks.ask()
      }, pace.beat).unref()
      stop = () => {
        clearInterval(timer)
        unlisten()
      }
    },
    async leave() {
      if (registered !== 'here') return
      registered = 'gone'
      stop()
      await checks.close()
      // During an outage the others detect it by themselves.
      await remove().catch(ignoreOutage)
    },
    async answer(withinMs) {
      const ends = performance.now() + withinMs
      while (others.size && !livingOf(others).length && performance.now() < ends) {
        await new Promise((resolve) => setTimeout(resolve, CHECK_AFTER_MS))
      }
      return livingOf(others).length > 0
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The other processes by their rows: those that are there, and the rows of those that have gone. */
function judged(
  rows: readonly ProcessRow[],
  before: ReadonlyMap<string, Other>,
  { now, isFirst, goneMs }: { now: number; isFirst: boolean; goneMs: number },
): { present: Map<string, Other>; gone: ProcessRow[] } {
  const all = rows.map(({ id, beat }): [string, Other] => {
    const earlier = before.get(id)
    if (earlier?.beat === beat) return [id, earlier]
    // A row from before this process may belong to a killed one.
    return [id, { beat, seen: now, lives: earlier !== undefined || !isFirst }]
  })
  return {
    present: new Map(all.filter(([, { seen }]) => now - seen < goneMs)),
    gone: all.filter(([, { seen }]) => now - seen >= goneMs).map(([id, { beat }]) => ({ id, beat })),
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

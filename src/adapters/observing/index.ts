import type { Database } from '../../core/data/database.ts'
import { outcomeOf } from '../../core/declare/errors.ts'
import type { Figures, Observer, RequestObserved } from '../../core/run/observer.ts'
import type { Metrics } from './metrics.ts'
import type { Traces, TracesOptions } from './traces.ts'

export interface Observing {
  readonly observer: Observer
  /** What is told at /metrics, once it is known where the figures are; null where nobody asks for it. */
  readonly metrics: ((figures: Figures) => Scrape) | null
  /** Sends what is waiting. */
  close(): Promise<void>
}

/** What a scrape is answered with. */
export type Scrape = () => Promise<{ readonly type: string; readonly text: string }>

export interface ObservingOptions {
  readonly version: string
  readonly metrics: boolean
  /** Where traces are sent to; null for nowhere. */
  readonly traces: TracesOptions | null
}

/**
 * What measures this server: figures, traces, both, or null. The libraries for it are loaded where they are wanted and nowhere else.
 */
export async function openObserving({ version, metrics, traces }: ObservingOptions): Promise<Observing | null> {
  if (!metrics && !traces) return null
  const counting = metrics ? new (await import('./metrics.ts')).Metrics(version) : null
  const tracing = traces ? new (await import('./traces.ts')).Traces(traces) : null
  return {
    observer: observing(counting, tracing),
    metrics: counting && ((figures) => counting.over(figures)),
    close: async () => tracing?.close(),
  }
}

function observing(metrics: Metrics | null, traces: Traces | null): Observer {
  return {
    async during(work, run) {
      const began = performance.now()
      const done = (outcome: string) => metrics?.done(work, outcome, secondsSince(began))
      try {
        const result = await (traces ? traces.during(work, run, outcomeOf) : run())
        done('ok')
        return result
      } catch (error) {
        done(outcomeOf(error))
        throw error
      }
    },
    request(begun) {
      const began = performance.now()
      const traced: RequestObserved | null = begun.way === 'probe' ? null : (traces?.request(begun) ?? null)
      return {
        within: (next) => (traced ? traced.within(next) : next()),
        over(status, way) {
          metrics?.answered(way, status, secondsSince(began))
          traced?.over(status, way)
        },
      }
    },
    traceHeaders: () => traces?.traceHeaders() ?? {},
  }
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000

/** The database with its transactions measured. */
export const observed = <D extends Database>(database: D, observer: Observer): D => ({
  ...database,
  read: (work) => observer.during({ kind: 'transaction', name: 'read' }, () => database.read(work)),
  write: (space, work) => observer.during({ kind: 'transaction', name: 'write' }, () => database.write(space, work)),
})

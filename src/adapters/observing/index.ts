import type { Database } from '../../core/data/database.ts'
import { outcomeOf } from '../../core/declare/errors.ts'
import type { MetricSources, Observer, RequestObserved } from '../../core/run/observer.ts'
import type { Metrics } from './metrics.ts'
import type { TracesOptions, Tracing } from './traces.ts'

export interface Observing {
  readonly observer: Observer
  /** Creates the scrape for /metrics once its sources are available; null if metrics are off. */
  readonly metrics: ((sources: MetricSources) => Scrape) | null
  /** Sends pending data. */
  close(): Promise<void>
}

/** Answers a scrape. */
export type Scrape = () => Promise<{ readonly type: string; readonly text: string }>

export interface ObservingOptions {
  readonly version: string
  readonly metrics: boolean
  /** The destination of traces, or null. */
  readonly traces: TracesOptions | null
}

/** Opens metrics, traces or both; null for neither. Loads their libraries only if they are on. */
export async function openObserving({ version, metrics, traces }: ObservingOptions): Promise<Observing | null> {
  if (!metrics && !traces) return null
  const counting = metrics ? new (await import('./metrics.ts')).Metrics(version) : null
  const tracing = traces ? new (await import('./traces.ts')).Tracing(traces) : null
  return {
    observer: observing(counting, tracing),
    metrics: counting && ((sources) => counting.over(sources)),
    close: async () => tracing?.close(),
  }
}

function observing(metrics: Metrics | null, traces: Tracing | null): Observer {
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

/** The database with measured transactions. */
export const observed = <D extends Database>(database: D, observer: Observer): D => ({
  ...database,
  read: (work) => observer.during({ kind: 'transaction', name: 'read' }, () => database.read(work)),
  write: (space, work) => observer.during({ kind: 'transaction', name: 'write' }, () => database.write(space, work)),
})

import type { Examination } from '../examination.ts'
import { type Found, failed, fine, note } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'
import { described, isOurs } from '../strangers.ts'

/** The monitoring that the operator has switched on. */
export interface Watched {
  /** Whether /metrics serves metrics. */
  readonly metrics: boolean
  /** Where traces are sent; null for nowhere. */
  readonly traces: string | null
}

/** Whether the metrics of the server are hidden from strangers, and where its traces go. */
export async function metricsAndTraces({ visitor }: Examination, { metrics, traces }: Watched): Promise<Found[]> {
  const answer = await visitor.ask('/metrics')
  return [atMetrics(), ofTraces(traces)]

  function atMetrics(): Found {
    const saw = described(answer)
    // Only a caller with the token gets lines in the Prometheus format.
    if (answer.status === 200 && /^# (HELP|TYPE) /m.test(answer.text)) {
      return failed('metrics', {
        title: bad.metricsOpen(),
        saw,
        fix: fix.metricsOpen(),
        cause: 'metrics',
      })
    }
    if (metrics && answer.status === 404 && isOurs(answer)) {
      return note('metrics', {
        title: bad.noMetricsToken(),
        saw,
        fix: fix.noMetricsToken(),
        cause: 'metrics',
      })
    }
    return metrics
      ? fine('metrics', good.metricsOn(), saw)
      : fine('metrics', good.metricsOff(), seen.metricsOff({ answer: saw }))
  }
}

const ofTraces = (traces: string | null): Found =>
  traces
    ? fine('traces', good.tracesOn(), seen.tracesSent({ address: new URL(traces).origin }))
    : fine('traces', good.tracesOff(), seen.tracesOff())

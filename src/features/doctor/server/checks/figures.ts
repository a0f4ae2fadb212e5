import type { Examination } from '../examination.ts'
import { type Found, failed, fine, note } from '../findings.ts'
import { described, isOurs } from '../strangers.ts'

/** What those who look after the server have switched on. */
export interface Watched {
  /** Whether there are figures at /metrics. */
  readonly metrics: boolean
  /** Where traces are sent to; null for nowhere. */
  readonly traces: string | null
}

/** Whether the figures of the server are kept from strangers, and what is told of it to whom. */
export async function figures({ visitor }: Examination, { metrics, traces }: Watched): Promise<Found[]> {
  const answer = await visitor.ask('/metrics')
  return [atMetrics(), ofTraces(traces)]

  function atMetrics(): Found {
    const saw = described(answer)
    // Prometheus writes its lines for nobody but whoever has the token.
    if (answer.status === 200 && /^# (HELP|TYPE) /m.test(answer.text)) {
      return failed('metrics', {
        title: 'Strangers can read the figures of this server at /metrics',
        saw,
        fix: 'Let the proxy pass /metrics on as it came: it seems to add the token by itself. Or let it refuse /metrics, and let Prometheus ask TREK directly.',
        cause: 'metrics',
      })
    }
    if (metrics && answer.status === 404 && isOurs(answer)) {
      return note('metrics', {
        title: 'The server that runs was started without METRICS_TOKEN, so it tells no figures',
        saw,
        fix: 'Restart it with the METRICS_TOKEN that is set here.',
        cause: 'metrics',
      })
    }
    return metrics
      ? fine('metrics', 'Figures for Prometheus are on, and strangers are refused', saw)
      : fine('metrics', 'Figures for Prometheus are off', `${saw} METRICS_TOKEN switches them on.`)
  }
}

const ofTraces = (traces: string | null): Found =>
  traces
    ? fine('traces', 'Traces are on', `They are sent to ${new URL(traces).origin}.`)
    : fine('traces', 'Traces are off', 'OTEL_EXPORTER_OTLP_ENDPOINT switches them on.')

import { z } from 'zod'
import { headerList, part, serviceUrl, text, wholeNumber } from './values.ts'
import { variable } from './variable.ts'

/** Metrics and traces. */
export const OBSERVING = {
  METRICS_TOKEN: variable({
    type: z.string().regex(/^[\x21-\x7e]{16,200}$/),
    secret: true,
    allowed: '16 to 200 characters without spaces, as `openssl rand -hex 32` prints them',
    description:
      'The token with which Prometheus reads the metrics of this server at /metrics. When not set, /metrics does not exist, and nothing is counted.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    type: serviceUrl.refine((value) => !new URL(value).username && !new URL(value).password),
    // Somebody may have put a password into it, which must not be repeated.
    secret: true,
    allowed:
      'the address of an OpenTelemetry collector, like http://collector.lan:4318, without a password: that goes into OTEL_EXPORTER_OTLP_HEADERS',
    description:
      'Where traces of requests, operations and transactions are sent, as OTLP over HTTP (JSON), at /v1/traces below this address. When not set, none are recorded.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable({
    type: headerList,
    secret: true,
    default: '',
    allowed: 'headers as name=value separated by commas, like authorization=Bearer%20abc',
    description: 'Headers of each call to the collector, to authenticate there. Values are percent-encoded.',
  }),
  OTEL_SERVICE_NAME: variable({
    type: text,
    default: 'trek',
    allowed: 'a text',
    description: 'The name of this server in traces.',
  }),
  OTEL_TRACES_SAMPLER_ARG: variable({
    type: part,
    default: '1',
    allowed: 'a number from 0 to 1',
    description:
      'The share of requests that are traced. A request that already belongs to a trace is traced if the rest of that trace is.',
  }),
  OTEL_BSP_SCHEDULE_DELAY: variable({
    ...wholeNumber(10, 60_000, 'a whole number of milliseconds'),
    default: '5000',
    description: 'How long traces are collected before they are sent.',
  }),
}

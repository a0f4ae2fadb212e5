import packageJson from '../../../package.json' with { type: 'json' }
import { lazyHttpClient } from '../../adapters/http/lazy-client.ts'
import { releasesOf } from '../../adapters/releases.ts'
import type { Config } from '../../config/index.ts'
import { type Finding, failed, ok, warning } from './finding.ts'

const PATIENCE_MS = 3000

export function publicAddress({ appUrl, host }: Config): Finding {
  if (!appUrl) return warning('public address', `APP_URL is not set; the server answers on ${host}`)
  const { protocol, hostname } = new URL(appUrl)
  if (protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(hostname)) {
    return warning('public address', `${appUrl} is not https: passwords and tokens travel in the clear`)
  }
  return ok('public address', appUrl)
}

/** Where the server of this configuration listens; null if unknown. */
export function placeOf({ host, port }: Config): string | null {
  if (port === 0) return null
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${address}:${port}`
}

const ask = (url: string, init: RequestInit = {}) => fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) })

/** Whether the server runs, in which version, and whether it is ready. */
export async function server(place: string | null): Promise<Finding[]> {
  if (!place) return [warning('server', 'PORT is 0: it takes a free port, which is not known here')]
  try {
    const health = await ask(`${place}/api/health`)
    const { version } = (await health.json().catch(() => ({}))) as { version?: string }
    if (!health.ok) return [failed('server', `${place}/api/health answers ${health.status}`)]
    const ready = await ask(`${place}/api/ready`)
    const { detail } = (await ready.json().catch(() => ({}))) as { detail?: string }
    const runs = `${version ? `version ${version}` : 'an older version'} answers at ${place}`
    return [
      ready.ok ? ok('server', runs) : failed('server', `${runs}, and is not ready: ${detail ?? ready.status}`),
      ...(version === packageJson.version
        ? []
        : [warning('version', `this is version ${packageJson.version}; restart the server to run the same one`)]),
    ]
  } catch {
    return [warning('server', `nothing answers at ${place}; is it running?`)]
  }
}

/** Checks that /metrics answers with the token, and refuses callers without it. */
export async function metrics({ metricsToken: token }: Config, place: string | null, runs: boolean): Promise<Finding> {
  const off = 'off; set METRICS_TOKEN to turn on metrics for Prometheus'
  if (!place || !runs) return ok('metrics', token ? 'on, as soon as the server runs' : off)
  const url = `${place}/metrics`
  const answerTo = (headers: Record<string, string> = {}) =>
    ask(url, { headers }).then(
      async (answer) => (/^# (HELP|TYPE) /m.test(await answer.text()) ? 'metrics' : answer.status),
      () => 'nothing',
    )
  const stranger = await answerTo()
  if (stranger === 'metrics') return failed('metrics', `${url} gives the metrics of this server to strangers`)
  if (!token) {
    const says = `${url} answers ${stranger}: the server that runs has a METRICS_TOKEN, and here is none`
    return stranger === 404 ? ok('metrics', off) : warning('metrics', says)
  }
  const withToken = await answerTo({ authorization: `Bearer ${token}` })
  return withToken === 'metrics'
    ? ok('metrics', `${url} gives metrics to requests with METRICS_TOKEN and refuses others`)
    : warning(
        'metrics',
        `${url} answers ${withToken}: the server that runs has another METRICS_TOKEN, or none; restart it`,
      )
}

/** Whether traces are sent, and the collector accepts them. */
export async function traces({
  otelExporterOtlpEndpoint: endpoint,
  otelExporterOtlpHeaders,
}: Config): Promise<Finding> {
  if (!endpoint) return ok('traces', 'off; OTEL_EXPORTER_OTLP_ENDPOINT switches them on')
  const url = `${endpoint}/v1/traces`
  const { origin } = new URL(endpoint)
  try {
    const headers = { ...otelExporterOtlpHeaders, 'content-type': 'application/json' }
    const { ok: isTaken, status } = await ask(url, { method: 'POST', headers, body: '{"resourceSpans":[]}' })
    if (isTaken) return ok('traces', `${origin} takes them`)
    return warning('traces', `${origin} answers ${status} to traces; look at OTEL_EXPORTER_OTLP_ENDPOINT and _HEADERS`)
  } catch {
    return warning('traces', `nothing answers at ${origin}; TREK runs without`)
  }
}

/** Whether there is a newer release, if the operator allows the question. */
export async function release(config: Config): Promise<Finding> {
  const runs = `this is TREK ${packageJson.version}`
  const newest = await releasesOf(config, lazyHttpClient(config)).look()
  switch (newest.state) {
    case 'not_asked':
      return ok('release', `${runs}; newer releases are not looked for: set RELEASES_URL`)
    case 'newest':
      return ok('release', `${runs}, the newest`)
    case 'newer': {
      const { version, url } = newest.release
      return warning('release', `${runs}; ${version} is out${url ? `: ${url}` : ''}`)
    }
    case 'unknown':
      return warning('release', `${runs}; whether there is a newer one could not be found out: ${newest.problem}`)
  }
}

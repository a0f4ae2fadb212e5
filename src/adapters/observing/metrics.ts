import { Counter, collectDefaultMetrics, Gauge, type Histogram, Registry } from 'prom-client'
import type { MetricSources, RequestWay, Work } from '../../core/run/observer.ts'
import { Durations } from './durations.ts'

/** In seconds: from a read in memory to what a person takes for broken. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx']

/** Leaves out metrics that take longer than this. */
const PATIENCE_MS = 2000

/** The metrics of this process in Prometheus format. Clients cannot choose the values of labels. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = this.#durations(
    'trek_http_request_duration_seconds',
    'How long requests took, from the first byte to the end of the answer, by way and class of status.',
    ['way', 'status'],
  )
  readonly #operations = this.#durations(
    'trek_operation_duration_seconds',
    'How long operations took, by how they ended: ok, or the code of the error.',
    ['operation', 'way', 'outcome'],
    [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
  )
  readonly #transactions = this.#durations(
    'trek_database_transaction_duration_seconds',
    'How long transactions took, the wait for their turn included.',
    ['kind', 'outcome'],
  )
  readonly #jobs = new Counter({
    name: 'trek_job_runs_total',
    help: 'Runs of what is done by the clock, in the one process that does it.',
    labelNames: ['job', 'outcome'],
    registers: [this.#registry],
  })
  readonly #jobSeconds = this.#gauge('trek_job_last_duration_seconds', 'How long the last run took.', ['job'])
  readonly #jobSuccess = this.#gauge(
    'trek_job_last_success_timestamp_seconds',
    'When it last ran to its end, as seconds since 1970.',
    ['job'],
  )

  constructor(version: string) {
    collectDefaultMetrics({ register: this.#registry })
    this.#gauge('trek_build_info', 'Always 1; the version is in its label.', ['version']).set({ version }, 1)
  }

  /** Answers scrapes from these sources. */
  over(sources: MetricSources): () => Promise<{ type: string; text: string }> {
    this.#lookUp(sources)
    return async () => ({ type: this.#registry.contentType, text: await this.#registry.metrics() })
  }

  done(work: Work, outcome: string, seconds: number): void {
    if (work.kind === 'operation') {
      const { name, way } = work
      this.#operations.observe(seconds, name, way, outcome)
    } else if (work.kind === 'transaction') {
      this.#transactions.observe(seconds, work.name, outcome)
    } else if (work.kind === 'job') {
      const job = work.name
      this.#jobs.inc({ job, outcome })
      this.#jobSeconds.set({ job }, seconds)
      if (outcome === 'ok') this.#jobSuccess.setToCurrentTime({ job })
    }
  }

  answered(way: RequestWay, status: number | null, seconds: number): void {
    const kind = status === null ? 'none' : (CLASSES[Math.floor(status / 100)] ?? 'none')
    this.#requests.observe(seconds, way, kind)
  }

  #durations(name: string, help: string, labels: readonly string[], bounds: readonly number[] = BOUNDS): Durations {
    const durations = new Durations({ name, help, labels, bounds })
    // The registry only uses the methods that `Durations` has.
    this.#registry.registerMetric(durations as unknown as Histogram)
    return durations
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[] = []) {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] })
  }

  /** Reads the sources at each scrape. Leaves out those that fail and reports the rest. */
  #lookUp(sources: MetricSources): void {
    const gauge = <Label extends string>(
      name: string,
      help: string,
      read: () => Promise<readonly [Record<Label, string>, number][]>,
      labelNames: Label[] = [],
    ) => {
      new Gauge({
        name,
        help,
        labelNames,
        registers: [this.#registry],
        async collect() {
          // `reset` would set a gauge without labels to 0 where the value is unknown.
          if (labelNames.length) this.reset()
          else this.remove()
          for (const [labels, value] of await inTime(read())) this.set(labels, value)
        },
      })
    }
    const one = async (value: number | Promise<number>): Promise<readonly [Record<never, string>, number][]> => [
      [{}, await value],
    ]
    const database = sharedFor(() => sources.database())
    const uploads = sharedFor(() => sources.uploads())

    gauge('trek_ready', '1 where the server can serve, as at /api/ready, else 0.', () =>
      one(sources.ready().then(Number)),
    )
    gauge('trek_websockets', 'Open websockets of the app at this process.', () => one(sources.websockets()))
    gauge('trek_unread_bytes', 'Bytes that wait for clients which do not take them.', () => one(sources.unread()))
    gauge('trek_mcp_streams', 'Open event streams of assistants at this process.', () => one(sources.streams()))
    gauge('trek_mcp_sessions', 'MCP sessions of the whole instance that are awake.', () => one(sources.sessions()))
    gauge('trek_feed_backlog', 'Commits of this process of which not all followers have been told yet.', () =>
      one(sources.backlog()),
    )
    gauge('trek_uploads', 'Uploaded files of the whole instance, those in quarantine included.', () =>
      one(uploads().then(({ files }) => files)),
    )
    gauge('trek_uploads_bytes', 'How much they take together.', () => one(uploads().then(({ bytes }) => bytes)))
    gauge(
      'trek_database_bytes',
      'How much the database takes: with SQLite its file and its write-ahead log.',
      async () => {
        const current = await database()
        if (current.engine === 'postgres') return [[{ part: 'all' }, current.bytes]]
        return [
          [{ part: 'file' }, current.fileBytes],
          [{ part: 'wal' }, current.logBytes],
        ]
      },
      ['part'],
    )
    gauge(
      'trek_database_connections',
      'Connections of this process to PostgreSQL, and who waits for one; most is how many there can be.',
      async () => {
        const current = await database()
        if (current.engine === 'sqlite') return []
        return Object.entries(current.pools).flatMap(([pool, stats]) =>
          Object.entries(stats).map(([state, count]) => [{ pool, state }, count] as const),
        )
      },
      ['pool', 'state'],
    )
  }
}

/** Concurrent calls share one answer. */
function sharedFor<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | null = null
  return () => {
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }
}

async function inTime<T>(samples: Promise<readonly T[]>): Promise<readonly T[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly T[]>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, [])
  })
  return Promise.race([samples.catch(() => []), late]).finally(() => clearTimeout(timer))
}

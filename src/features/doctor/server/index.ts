import type { FastifyInstance } from 'fastify'
import { createProbeClient } from '../../../adapters/http/probe-client.ts'
import type { Database } from '../../../core/data/database.ts'
import { type Feature, feature } from '../../../core/run/feature.ts'
import type { Identity } from '../../../identity/server/index.ts'
import * as contract from '../contract/index.ts'
import { echoRoute } from './echo.ts'
import type { Leftovers } from './examination.ts'
import { doctorHandlers, type Examine } from './handlers.ts'
import type { Probes } from './probe.ts'
import { removeSessionsOf } from './store.ts'
import { PATIENCE } from './visitor.ts'

export { Probes } from './probe.ts'

export const doctorFeature = (examine: Examine): Feature =>
  feature({ name: 'doctor', contract, handlers: doctorHandlers(examine) })

interface DoctorParts {
  readonly database: Database
  readonly identity: Pick<Identity, 'publicUrl' | 'forget' | 'assistantsOn'>
  readonly probes: Probes
  readonly config: {
    readonly appUrl: string | null
    readonly trustProxy: unknown
    readonly port: number
    readonly metricsToken: string | null
    readonly otelExporterOtlpEndpoint: string | null
  }
  readonly clock: () => Date
}

export interface Doctor {
  readonly feature: Feature
  readonly examine: Examine
  /** Removes what an examination left behind. */
  forget(traces: Leftovers): Promise<void>
  /** The route at which the server answers its own doctor. */
  routes(app: FastifyInstance): void
}

/** Finds out whether people and programs can connect, by doing at the public address what they do. */
export function createDoctor(parts: DoctorParts): Doctor {
  const { database, identity, probes, config, clock } = parts
  // Without APP_URL only this machine can find the server, so the address uses its port.
  let { port } = config

  async function forget(traces: Leftovers): Promise<void> {
    await identity.forget(traces)
    for (const grant of traces.grants) await removeSessionsOf(database.kysely, grant)
  }

  const look: Examine = async ({ opened_at, clock: callerClock }) => {
    // Loaded on demand: a healthy server never needs it.
    const { replay } = await import('./replay.ts')
    const visits = createProbeClient()
    try {
      return await replay({
        base: config.appUrl ?? `http://localhost:${port}`,
        configured: config.appUrl !== null,
        visits,
        probes,
        patience: PATIENCE,
        openedAt: opened_at,
        clock: callerClock,
        watched: { metrics: config.metricsToken !== null, traces: config.otelExporterOtlpEndpoint },
        forget,
      })
    } finally {
      visits.close()
    }
  }

  // Simultaneous callers share one examination, so that nobody can use it to keep the server busy.
  let looking: Promise<Awaited<ReturnType<Examine>>> | null = null
  const examine: Examine = (input) => {
    looking ??= look(input).finally(() => {
      looking = null
    })
    return looking
  }

  return {
    feature: doctorFeature(examine),
    examine,
    forget,
    routes(app) {
      app.addHook('onListen', async () => {
        const address = app.server.address()
        if (address && typeof address === 'object') port = address.port
      })
      echoRoute(app, {
        probes,
        issuerFor: identity.publicUrl,
        assistantsOn: identity.assistantsOn,
        trustsProxies: config.trustProxy !== false,
        clock,
      })
    },
  }
}

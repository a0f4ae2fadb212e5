import { createProbeClient } from '../../../src/adapters/http/probe-client.ts'
import type { Report } from '../../../src/features/doctor/contract/index.ts'
import { CLIENTS } from '../../../src/features/doctor/server/clients.ts'
import { Probes } from '../../../src/features/doctor/server/index.ts'
import { replay } from '../../../src/features/doctor/server/replay.ts'
import type { Patience } from '../../../src/features/doctor/server/visitor.ts'
import { secretsOf } from '../../../src/identity/server/index.ts'
import { startRunning } from '../rigs/running.ts'
import { makeCertificate } from './certificate.ts'
import { startProxy } from './proxy.ts'

/** The public host name of the server. */
export const NAME = 'trek.example.org'

/** The names of all programs that the doctor checks. */
export const EVERYBODY = CLIENTS.map(({ name }) => name.text)
export const ALL_BUT_THE_APP = CLIENTS.filter(({ id }) => id !== 'app').map(({ name }) => name.text)

/** A server behind an HTTPS proxy with a public name. */
export async function startSite(target: string, more: Record<string, string> = {}, path = '') {
  const certificate = await makeCertificate([NAME])
  const proxy = await startProxy(null, {}, certificate)
  const base = `https://${NAME}:${new URL(proxy.url).port}${path}`
  const running = await startRunning(target, { APP_URL: base, HOST: '127.0.0.1', TRUST_PROXY: 'loopback', ...more })
  proxy.aim(running.url)
  const probes = new Probes(secretsOf(running.config)('doctor'))
  return {
    base,
    proxy,
    running,
    /** The findings of the doctor for an address. */
    examine: (at = base, ca: string = certificate.cert, more: Partial<Parameters<typeof replay>[0]> = {}) => {
      const visits = visitsWith(ca)
      const request = {
        base: at,
        configured: true,
        visits,
        probes,
        patience: PATIENCE,
        watched: { metrics: false, traces: null },
        forget: running.doctor.forget,
        ...more,
      }
      return replay(request).finally(visits.close)
    },
    async close() {
      await proxy.close()
      await running.close()
    },
  }
}

/** Shorter than in the product where a test waits for the whole time. */
export const PATIENCE: Patience = { step: 5000, whole: 30_000, firstByte: 2000, refusal: 300, hold: 700 }

export type Site = Awaited<ReturnType<typeof startSite>>

/** Connects every name to this machine, but reports an address on the internet for it. */
const visitsWith = (ca: string) =>
  createProbeClient({
    ca,
    resolve: async () => ['93.184.216.34'],
    lookup: (_name, { all }, answer) => {
      if (all) answer(null, [{ address: '127.0.0.1', family: 4 }])
      else answer(null, '127.0.0.1', 4)
    },
  })

/** The findings that are not ok. */
export const troubles = ({ findings }: Report) => findings.filter(({ outcome }) => outcome !== 'ok')

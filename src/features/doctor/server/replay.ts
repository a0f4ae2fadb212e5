import type { ProbeClient } from '../../../adapters/http/probe-client.ts'
import type { Report } from '../contract/index.ts'
import { judgeAddress } from './checks/address.ts'
import { arrivalAt } from './checks/arrival.ts'
import { clocks } from './checks/clock.ts'
import { consent, shortcuts, token } from './checks/consent.ts'
import { challenge, discovery } from './checks/discovery.ts'
import { websocket } from './checks/live.ts'
import { metricsAndTraces, type Watched } from './checks/monitoring.ts'
import { pages } from './checks/pages.ts'
import { registration } from './checks/registration.ts'
import { size, slowness } from './checks/room.ts'
import { modern, session } from './checks/session.ts'
import { ASSISTANTS } from './clients.ts'
import type { Examination, Leftovers } from './examination.ts'
import { type Check, type Found, fine, merged, note } from './findings.ts'
import { bad, fix, good, seen } from './messages.ts'
import { lostFound } from './network.ts'
import type { Probes } from './probe.ts'
import { reportOf } from './report.ts'
import { type Patience, Unanswered, Visitor } from './visitor.ts'

export interface ReplayParts {
  /** The public address, without a slash at the end. */
  readonly base: string
  /** Whether the operator has set it. */
  readonly configured: boolean
  readonly visits: ProbeClient
  readonly probes: Probes
  readonly patience: Patience
  /** The address at which the caller has opened the app, and the time of the caller's clock. */
  readonly openedAt?: string | undefined
  readonly clock?: string | undefined
  /** The monitoring that the operator has switched on. */
  readonly watched: Watched
  /** Removes what an examination left behind. */
  forget(traces: Leftovers): Promise<void>
}

/** Does at the public address what each known program does to connect, and reports the results. */
export async function replay(parts: ReplayParts): Promise<Report> {
  const { base, configured, probes, visits, patience } = parts
  const started = new Date()
  const visitor = new Visitor(base, visits, patience)
  const traces: Leftovers = { clients: [], requests: [], grants: [], registrations: 0, address: null }
  const hostname = new URL(base).hostname.replace(/^\[|\]$/g, '')
  const [addresses, { arrived, proxy, date, found: findings }] = await Promise.all([
    visitor.resolve(hostname),
    arrivalAt(visitor, probes),
  ])
  findings.push(...judgeAddress({ base, configured, addresses, openedAt: parts.openedAt ?? null }))
  if (arrived) {
    const exam: Examination = { base, visitor, probes, patience, arrived, traces }
    try {
      findings.push(
        ...(await everything(exam, parts.watched)),
        ...clocks({ server: started, proxy: date, caller: parts.clock }),
      )
    } finally {
      await parts.forget({ ...traces, address: arrived.reads.address })
    }
  }
  return reportOf({ base, started, proxy, found: merged(findings), complete: arrived !== null })
}

/** All checks that need an answering server, in parallel because each has to wait for answers. */
async function everything(exam: Examination, watched: Watched): Promise<Found[]> {
  const guarded = (check: Check, looking: Promise<Found[]>): Promise<Found[]> =>
    looking.catch((error) => {
      if (error instanceof Unanswered) return [lostFound(check, error)]
      throw error
    })
  const always = [
    guarded('websocket', websocket(exam)),
    guarded('size', size(exam)),
    guarded('patience', slowness(exam)),
    guarded('metrics', metricsAndTraces(exam, watched)),
  ]
  const forAssistants = exam.arrived.assistants
    ? [
        guarded('challenge', challenge(exam)),
        guarded('discovery', discovery(exam)),
        guarded('registration', authorization(exam)),
        guarded('shortcuts', shortcuts(exam)),
        guarded('session', session(exam)),
        guarded('modern', modern(exam)),
        guarded('pages', pages(exam)),
        Promise.resolve([fine('addon', good.addon(), seen.assistantsCome())]),
      ]
    : [Promise.resolve([switchedOff])]
  return (await Promise.all([...always, ...forAssistants])).flat()
}

const switchedOff = note('addon', {
  title: bad.noAddon(),
  saw: seen.notAsked(),
  suffers: ASSISTANTS,
  fix: fix.noAddon(),
  cause: 'addon',
})

/** From the registration of a program to the exchange of its code; without a registration there is nothing to check. */
async function authorization(exam: Examination): Promise<Found[]> {
  const { found: findings, registered } = await registration(exam)
  if (!registered) return findings
  return [...findings, ...(await consent(exam, registered)), ...(await token(exam, registered))]
}

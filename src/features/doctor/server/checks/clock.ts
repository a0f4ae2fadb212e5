import { type Found, fine, note } from '../findings.ts'
import { bad, fix, good, seen } from '../messages.ts'

const MOST_MS = 60_000

interface Clocks {
  readonly server: Date
  /** The time in the proxy's answers. */
  readonly proxy: string | undefined
  /** The time of the caller's clock. */
  readonly caller: string | undefined
}

/** Whether the clocks agree: tokens, log-ins and certificates expire. */
export function clocks({ server, proxy, caller }: Clocks): Found[] {
  const findings = [
    ...apart(server, proxy, bad.clockOfProxy, seen.timeOfProxy),
    ...apart(server, caller, bad.clockOfDevice, seen.timeOfDevice),
  ]
  return findings.length ? findings : [fine('clock', good.clock(), seen.time({ time: server.toISOString() }))]
}

function apart(
  at: Date,
  header: string | undefined,
  title: typeof bad.clockOfProxy,
  saw: typeof seen.timeOfProxy,
): Found[] {
  const moment = header === undefined ? Number.NaN : Date.parse(header)
  const ms = moment - at.getTime()
  if (Number.isNaN(moment) || Math.abs(ms) <= MOST_MS) return []
  // A proxy reports the time in whole seconds, so the finding must not depend on one second.
  const count = Math.round(Math.abs(ms) / 60_000)
  const times = { here: at.toISOString(), there: new Date(moment).toISOString() }
  return [note('clock', { title: title({ count }), saw: saw(times), fix: fix.clock() })]
}

import { type Found, fine, note } from '../findings.ts'

const MOST_MS = 60_000

interface Clocks {
  readonly server: Date
  /** What the answers of the proxy say. */
  readonly proxy: string | undefined
  /** What whoever asks says. */
  readonly caller: string | undefined
}

/** Whether the clocks agree: tokens, log-ins and certificates are good for some time only. */
export function clocks({ server, proxy, caller }: Clocks): Found[] {
  const found = [
    ...apart('this server', server, 'the reverse proxy', proxy),
    ...apart('this server', server, 'your own machine', caller),
  ]
  return found.length ? found : [fine('clock', 'The clocks agree', `It is ${server.toISOString()}.`)]
}

function apart(one: string, at: Date, other: string, said: string | undefined): Found[] {
  const moment = said === undefined ? Number.NaN : Date.parse(said)
  const ms = moment - at.getTime()
  if (Number.isNaN(moment) || Math.abs(ms) <= MOST_MS) return []
  // A proxy tells the time in whole seconds: what is told must not hang on one.
  const minutes = Math.round(Math.abs(ms) / 60_000)
  const told = minutes === 1 ? 'a minute' : `${minutes} minutes`
  return [
    note('clock', {
      title: `The clocks of ${one} and ${other} are about ${told} apart`,
      saw: `${one}: ${at.toISOString()}, ${other}: ${new Date(moment).toISOString()}`,
      fix: 'Let both be set over the network (NTP): tokens, log-ins and certificates are good for some time only.',
    }),
  ]
}

import type { Config } from '../config/index.ts'
import { whenNeeded } from '../core/run/when-needed.ts'
import { outgoing as messages } from './messages.ts'
import type { Outgoing, OutgoingOptions } from './outgoing.ts'

const offline = async (): Promise<never> => {
  throw messages.offline()
}

/** For processes that may make no network calls. */
export const noOutgoing: Outgoing = { json: offline, text: offline, resolve: offline, fetch: offline }

/**
 * The configured `Outgoing`, created at the first call: most servers never need it, and its libraries take twenty
 * megabytes.
 */
export function lazyHttpClient(
  { allowInternalNetwork, geocoderContact, appUrl }: Config,
  more: Pick<OutgoingOptions, 'traceHeaders'> = {},
): Outgoing {
  const options = { allowInternalNetwork, contact: geocoderContact ?? appUrl, ...more }
  const outgoing = whenNeeded(async () => (await import('./outgoing.ts')).createOutgoing(options))
  return {
    json: async (url, call) => (await outgoing()).json(url, call),
    text: async (url, call) => (await outgoing()).text(url, call),
    resolve: async (url, call) => (await outgoing()).resolve(url, call),
    fetch: async (url, init) => (await outgoing()).fetch(url, init),
  }
}

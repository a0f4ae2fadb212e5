import type { Config } from '../../config/index.ts'
import { whenNeeded } from '../../core/run/when-needed.ts'
import { outgoing as messages } from '../messages.ts'
import type { HttpClient, HttpClientOptions } from './client.ts'

const offline = async (): Promise<never> => {
  throw messages.offline()
}

/** For processes that may make no network calls. */
export const offlineHttpClient: HttpClient = { json: offline, text: offline, resolve: offline, fetch: offline }

/**
 * The configured `HttpClient`, created at the first call: most servers never need it, and its libraries take twenty
 * megabytes.
 */
export function lazyHttpClient(
  { allowInternalNetwork, geocoderContact, appUrl }: Config,
  more: Pick<HttpClientOptions, 'traceHeaders'> = {},
): HttpClient {
  const options = { allowInternalNetwork, contact: geocoderContact ?? appUrl, ...more }
  const client = whenNeeded(async () => (await import('./client.ts')).createHttpClient(options))
  return {
    json: async (url, call) => (await client()).json(url, call),
    text: async (url, call) => (await client()).text(url, call),
    resolve: async (url, call) => (await client()).resolve(url, call),
    fetch: async (url, init) => (await client()).fetch(url, init),
  }
}

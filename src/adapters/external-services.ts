import type { Config } from '../config/index.ts'
import type { FileStore, KeyRecord } from '../core/data/files.ts'
import { addressOf } from '../core/run/base-path.ts'
import { FOLDER_ID, filesFolder, filesIn, keysInMemory } from './files.ts'
import { filesInBucket } from './files-s3.ts'
import { createGazetteer, type Geocoder, geocoderOf } from './geocoding/index.ts'
import type { HttpClient } from './http/client.ts'
import { lazyHttpClient, offlineHttpClient } from './http/lazy-client.ts'
import { noRates, type Rates, ratesOf } from './rates.ts'
import { noReleases, type Releases, releasesOf } from './releases.ts'
import { s3At } from './s3/at.ts'
import { createClimate, type Weather, weatherOf } from './weather/index.ts'

/** What features use besides rows. Each part has an interface, a real implementation and one that needs no network. */
export interface ExternalServices {
  readonly files: FileStore
  readonly rates: Rates
  readonly geocoder: Geocoder
  readonly weather: Weather
  /** Whether a newer TREK exists. */
  readonly releases: Releases
  /** For links that people enter: resolves where they lead. */
  readonly http: HttpClient
  /** The public URL of a path; null if APP_URL is not set. */
  addressOf(path: string): string | null
  /** A secret of this instance for one purpose, as text; the same on all its servers. */
  secretFor(purpose: string): string
}

/** An `ExternalServices` that needs only a folder and makes no network calls. */
export function embeddedServices(folder: string): ExternalServices {
  return {
    files: filesIn(filesFolder(folder), keysInMemory()),
    rates: noRates,
    geocoder: createGazetteer(),
    weather: createClimate(),
    releases: noReleases,
    http: offlineHttpClient,
    addressOf: () => null,
    secretFor: (purpose) => `secret for ${purpose}`,
  }
}

interface Surroundings {
  readonly fileKeys: KeyRecord
  /** Whether this is a server, which has marked its folder of files. */
  readonly isServer: boolean
  /** The number of servers of this instance. */
  servers(): number
  /** Headers for calls to the operator's services. */
  traceHeaders(): Readonly<Record<string, string>>
  /** Receives messages when something fails and when it works again. */
  warn(warning: string): void
}

/** The `ExternalServices` of a configuration. */
export function openExternalServices(
  config: Config,
  { fileKeys, secretFor, isServer, servers, traceHeaders, warn }: Pick<ExternalServices, 'secretFor'> & Surroundings,
): ExternalServices {
  const { appUrl } = config
  const http = lazyHttpClient(config, { traceHeaders })
  const limits = {
    bytesPerUser: config.uploadsPerUser,
    reserve: config.freeDiskReserve,
    mark: isServer ? FOLDER_ID : null,
    warn,
  }
  return {
    files: config.filesUrl
      ? filesInBucket(s3At(config.filesUrl, config), fileKeys, { ...limits, folder: config.dataDir })
      : filesIn(filesFolder(config.dataDir), fileKeys, limits),
    rates: config.ratesUrl ? ratesOf(config.ratesUrl, http) : noRates,
    geocoder: geocoderOf(config, http, servers),
    weather: weatherOf(config, http),
    releases: releasesOf(config, http),
    http,
    addressOf: (path) => appUrl && addressOf(appUrl, path),
    secretFor,
  }
}

import type { Config } from '../config.ts'
import type { FileStore, KeyRecord } from '../core/data/files.ts'
import { addressOf } from '../core/run/base-path.ts'
import { FOLDER_ID, filesFolder, filesIn, keysInMemory } from './files.ts'
import { filesInBucket } from './files-s3.ts'
import { createGazetteer, type Geocoder, geocoderOf } from './geocoding/index.ts'
import type { Outgoing } from './outgoing.ts'
import { noRates, type Rates, ratesOf } from './rates.ts'
import { noReleases, type Releases, releasesOf } from './releases.ts'
import { s3At } from './s3/at.ts'
import { noOutgoing, wayOut } from './way-out.ts'
import { createClimate, type Weather, weatherOf } from './weather/index.ts'

/** What features use that is not rows: each part has an interface, a real one, and one that needs no network. */
export interface Outside {
  readonly files: FileStore
  readonly rates: Rates
  readonly geocoder: Geocoder
  readonly weather: Weather
  /** Whether there is a newer TREK. */
  readonly releases: Releases
  /** For links that people give: where they lead to. */
  readonly outgoing: Outgoing
  /** The address at which people reach this path of the server; null where nobody has said (APP_URL). */
  addressOf(path: string): string | null
  /** A secret of this instance for one purpose, as text; the same on every server of the instance. */
  secretFor(purpose: string): string
}

/** An outside that needs nothing but a folder: no call leaves the machine. */
export function embeddedOutside(folder: string): Outside {
  return {
    files: filesIn(filesFolder(folder), keysInMemory()),
    rates: noRates,
    geocoder: createGazetteer(),
    weather: createClimate(),
    releases: noReleases,
    outgoing: noOutgoing,
    addressOf: () => null,
    secretFor: (purpose) => `secret for ${purpose}`,
  }
}

interface Surroundings {
  readonly fileKeys: KeyRecord
  /** Whether this is a server, which has marked its folder of files. */
  readonly isServer: boolean
  /** How many servers of this instance there are. */
  servers(): number
  /** What is sent along with calls to the services of the operator. */
  traceHeaders(): Readonly<Record<string, string>>
  /** Hears in words of what does not work, and when it works again. */
  told(what: string): void
}

/** What stands outside, as the configuration has it. */
export function openOutside(
  config: Config,
  { fileKeys, secretFor, isServer, servers, traceHeaders, told }: Pick<Outside, 'secretFor'> & Surroundings,
): Outside {
  const { appUrl } = config
  const outgoing = wayOut(config, { traceHeaders })
  const limits = {
    bytesPerUser: config.uploadsPerUser,
    reserve: config.freeDiskReserve,
    mark: isServer ? FOLDER_ID : null,
    told,
  }
  return {
    files: config.filesUrl
      ? filesInBucket(s3At(config.filesUrl, config), fileKeys, { ...limits, folder: config.dataDir })
      : filesIn(filesFolder(config.dataDir), fileKeys, limits),
    rates: config.ratesUrl ? ratesOf(config.ratesUrl, outgoing) : noRates,
    geocoder: geocoderOf(config, outgoing, servers),
    weather: weatherOf(config, outgoing),
    releases: releasesOf(config, outgoing),
    outgoing,
    addressOf: (path) => appUrl && addressOf(appUrl, path),
    secretFor,
  }
}

import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { basePathOf, isTaken } from '../core/run/base-path.ts'
import { type Environment, parsedValue } from './parsing.ts'
import { type Name, VARIABLES, type Variables } from './variables.ts'

export type { Environment } from './parsing.ts'

type Camel<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Rest>>}`
  : Lowercase<S>
type Value<N extends Name> = Variables[N]['type'] extends z.ZodType<infer T> ? T : never
/** Null if the variable is not set and has no default. */
type Read<N extends Name> = Variables[N]['default'] extends string ? Value<N> : Value<N> | null
type Values = { [N in Name as Camel<N>]: Read<N> }

/** The configuration of this process. */
export type Config = Readonly<
  Values & {
    host: string
    /** What the database is opened with: DATABASE_URL, or the file of the embedded one. */
    database: string
  }
>

/**
 * Reads the configuration, or throws a sentence that names the variable, its value and what is allowed. Nothing outside
 * this folder reads the environment.
 */
export function readConfig(env: Environment = process.env): Config {
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(VARIABLES) as Name[]) values[camel(name)] = parsedValue(name, env)
  const read = values as Values
  checkTogether(read)
  return Object.freeze({
    ...read,
    host: read.host ?? (read.appUrl ? '0.0.0.0' : '127.0.0.1'),
    dataDir: resolve(read.dataDir),
    backupTo: read.backupTo && placeOf(read.backupTo),
    adminEmail: read.adminEmail.toLowerCase(),
    database: read.databaseUrl ?? join(resolve(read.dataDir), 'trek.db'),
  })
}

/** What people may have meant to set, and what happens without it. */
export function ignoredIn(env: Environment = process.env): string[] {
  const isFilled = (name: string) => !!env[name]?.trim() || !!env[`${name}_FILE`]?.trim()
  const names = ['BACKUP_PASSPHRASE', 'BACKUP_RECIPIENT']
  if (!isFilled('BACKUP_TO') || names.some(isFilled)) return []
  return names
    .filter((name) => env[name] !== undefined)
    .map((name) => `${name} is empty, which counts as not set: backups are not encrypted.`)
}

/** Throws if variables do not fit together. */
function checkTogether(read: Values): void {
  if (read.geocoder === 'google' && !read.googleMapsKey) {
    throw new Error('GEOCODER is "google", which needs GOOGLE_MAPS_KEY; set it, or choose another geocoder.')
  }
  if (read.backupTo?.startsWith('s3://') && !(read.s3AccessKey && read.s3SecretKey)) {
    throw new Error('BACKUP_TO is in storage, which needs S3_ACCESS_KEY and S3_SECRET_KEY; set them too.')
  }
  if (read.backupPassphrase && read.backupRecipient) {
    throw new Error(
      'BACKUP_PASSPHRASE and BACKUP_RECIPIENT are both set, but a backup is encrypted with one of them; set only one.',
    )
  }
  if (isTaken(basePathOf(read.appUrl))) {
    throw new Error(
      `APP_URL is "${read.appUrl}", but TREK itself has addresses that begin like this path; choose another, like /trek.`,
    )
  }
  if (read.filesUrl && !(read.s3AccessKey && read.s3SecretKey)) {
    throw new Error('FILES_URL is set, which needs S3_ACCESS_KEY and S3_SECRET_KEY; set them too.')
  }
}

/** A folder with its whole path, or an address of storage without a slash at its end. */
const placeOf = (to: string): string => (to.startsWith('s3://') ? to.replace(/\/+$/, '') : resolve(to))

const camel = (name: string): string =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Whether npm started this process, which sets this variable for its scripts. */
export const isStartedByNpm = (): boolean => process.env.npm_lifecycle_event !== undefined

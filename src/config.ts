import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import {
  ageIdentity,
  ageRecipient,
  bucketUrl,
  bytes,
  duration,
  flag,
  GEOCODERS,
  headerList,
  hostList,
  LOG_LEVELS,
  numberIn,
  oneOf,
  part,
  publicUrl,
  serviceUrl,
  text,
  trustedProxies,
  wholeNumber,
} from './config-values.ts'
import { basePathOf, isTaken } from './core/run/base-path.ts'
import { FILE_ERRORS } from './file-errors.ts'

/**
 * Everything that can be set from outside, in one table: what the server reads, what it checks, and what
 * docs/configuration.md says all come from here. Nothing else reads the environment.
 */
interface Variable<T> {
  readonly type: z.ZodType<T, string>
  /** What it is when it is not set; undefined where the description says what happens then. */
  readonly default: string | undefined
  /** Secrets are never repeated in an error, and can also be given as a file: `<NAME>_FILE`. */
  readonly secret: boolean
  readonly allowed: string
  readonly description: string
}

const variable = <T>(declared: Omit<Variable<T>, 'default' | 'secret'> & { default?: string; secret?: boolean }) =>
  ({ default: undefined, secret: false, ...declared }) as Variable<T>

const VARIABLES = {
  PORT: variable({
    type: numberIn(0, 65_535),
    default: '3000',
    allowed: 'a port number from 0 to 65535 (0 takes a free one)',
    description: 'The port to listen on.',
  }),
  HOST: variable({
    type: text,
    allowed: 'an address of this machine, like 0.0.0.0',
    description:
      'The address to listen on. When not set: 0.0.0.0 if APP_URL is set, else 127.0.0.1, so that an instance without a public address is not reachable from outside.',
  }),
  APP_URL: variable({
    type: publicUrl,
    allowed: 'the address people open, like https://trek.example.org or https://example.org/trek',
    description:
      'The public address, including the path if TREK shares its host. It determines links, the accepted Host and Origin headers, and the address at which assistants find the server and for which their tokens are valid. With https, cookies are sent over https only. When not set, the server answers on the loopback interface.',
  }),
  ALLOWED_HOSTS: variable({
    type: hostList,
    default: '',
    allowed: 'host names separated by commas, like trek.lan,trek.example.org',
    description: 'Further host names that requests can use, besides that of APP_URL.',
  }),
  TRUST_PROXY: variable({
    type: trustedProxies,
    default: 'false',
    allowed: 'true, false, or addresses and networks separated by commas, like 10.0.0.0/8, loopback or uniquelocal',
    description:
      'Which reverse proxies are trusted to report where a request comes from. Set it behind a proxy; otherwise all people share one address and its limit of failed log-ins.',
  }),
  DATA_DIR: variable({
    type: text,
    default: './data',
    allowed: 'a folder that the server may write to',
    description:
      'The folder of the embedded database, uploaded files and the encryption key. Several servers on one database share it.',
  }),
  DATABASE_URL: variable({
    type: z.string().regex(/^postgres(ql)?:\/\/./),
    secret: true,
    allowed: 'an address like postgres://user:password@host:5432/trek',
    description: 'A PostgreSQL database. When not set, TREK uses an embedded SQLite database in DATA_DIR.',
  }),
  ENCRYPTION_KEY: variable({
    type: z.string().regex(/^[0-9a-fA-F]{64}$/),
    secret: true,
    allowed: '64 hexadecimal digits, as `openssl rand -hex 32` prints them',
    description:
      'The key from which all others are derived: those that sign web sessions, pending requests of assistants, and their refresh tokens. When not set, the first start creates one in DATA_DIR/encryption.key, readable by the server alone. Several servers on one database need the same key: a server with another key does not start. If the key is lost, start with serve --new-key.',
  }),
  ADMIN_EMAIL: variable({
    type: z.email(),
    default: 'admin@trek.local',
    allowed: 'an e-mail address',
    description: 'The e-mail address of the first administrator, who is created at the first start.',
  }),
  ADMIN_PASSWORD: variable({
    type: z.string().min(8).max(200),
    secret: true,
    allowed: '8 to 200 characters',
    description: 'The password of the first administrator. When not set, TREK generates one and prints it once.',
  }),
  SESSION_DURATION: variable({
    type: duration,
    default: '24h',
    allowed: 'a duration like 30m, 24h or 7d',
    description: 'How long a log-in lasts without "remember me".',
  }),
  SESSION_DURATION_REMEMBER: variable({
    type: duration,
    default: '30d',
    allowed: 'a duration like 30m, 24h or 30d',
    description: 'How long a log-in with "remember me" lasts after its last use.',
  }),
  MCP_RATE_LIMIT: variable({
    ...wholeNumber(1, 1_000_000),
    default: '300',
    description:
      'How many MCP requests per minute each pair of user and client can make, across all servers of an instance. All static tokens of a user count as one client.',
  }),
  MCP_MAX_SESSION_PER_USER: variable({
    ...wholeNumber(1, 10_000),
    default: '20',
    description:
      'How many MCP sessions of a user are active. Beyond that, the session idle longest sleeps until its client comes back.',
  }),
  MCP_SESSION_TTL: variable({
    ...wholeNumber(1, 31_536_000, 'a whole number of seconds'),
    default: '3600',
    description: 'The idle seconds after which an MCP session sleeps until its client comes back.',
  }),
  MCP_SSE_KEEPALIVE: variable({
    ...wholeNumber(1, 3600, 'a whole number of seconds'),
    default: '25',
    description: 'The interval between keep-alive messages on an open MCP stream, in seconds.',
  }),
  RATES_URL: variable({
    type: serviceUrl,
    allowed: 'an address like https://api.frankfurter.dev/v2',
    description:
      'A Frankfurter server for exchange rates, called when an expense is in another currency than its trip. When not set, TREK calls no server: people enter the rate themselves, or the expense is shown as not converted.',
  }),
  RELEASES_URL: variable({
    type: serviceUrl,
    allowed: 'an address like https://api.github.com/repos/OWNER/REPOSITORY/releases/latest',
    description:
      'The address of the newest TREK release, in GitHub’s format or as JSON like `{"version": "1.2.3", "url": "https://…"}`. Each server calls it at most once a day, when an administrator opens the administration; `trek doctor` calls it each time. The called server sees the version of this server, and GEOCODER_CONTACT or APP_URL. When not set, TREK calls no server.',
  }),
  LOG_LEVEL: variable({
    type: oneOf(LOG_LEVELS),
    default: 'info',
    allowed: LOG_LEVELS.join(', '),
    description: 'How much the server writes to its log.',
  }),
  AUDIT_DURATION: variable({
    type: duration,
    default: '365d',
    allowed: 'a duration like 90d',
    description:
      'How long entries of the audit log are kept. Of the entries that strangers cause, 20 of each kind are kept per hour; the rest are counted in one entry.',
  }),
  IDEMPOTENCY_DURATION: variable({
    type: duration,
    default: '30d',
    allowed: 'a duration like 7d',
    description:
      'How long the idempotency key of a write is remembered, so that a client can send the write again without repeating it.',
  }),
  UPLOADS_PER_USER: variable({
    type: bytes,
    default: '5GB',
    allowed: 'a size like 500MB, 5GB or 1TB',
    description:
      'The total size of the files and covers that one person can upload, in all trips, including those in the trash. Deleted files no longer count.',
  }),
  FREE_DISK_RESERVE: variable({
    type: bytes,
    default: '500MB',
    allowed: 'a size like 500MB or 5GB; 0MB for none',
    description:
      'How much space uploads leave free on the disk of DATA_DIR, so that the database can still be written. Below it, uploads are refused.',
  }),
  BACKUP_TO: variable({
    type: text,
    allowed: 'the path of a folder, or an address like s3://bucket/backups',
    description:
      'Where the server writes scheduled backups: a folder, best on another disk, or S3-compatible storage with S3_ACCESS_KEY and the other S3 settings. When not set, there are no scheduled backups; trek backup makes one by hand.',
  }),
  BACKUP_EVERY: variable({
    type: duration,
    default: '24h',
    allowed: 'a duration like 12h, 24h or 7d',
    description: 'The interval between scheduled backups.',
  }),
  BACKUP_KEEP: variable({
    ...wholeNumber(1, 1000),
    default: '7',
    description: 'How many of the newest scheduled backups are kept.',
  }),
  BACKUP_PASSPHRASE: variable({
    type: z.string().min(12).max(200),
    secret: true,
    allowed: '12 to 200 characters',
    description:
      'Encrypts backups, which then contain the encryption key. Keep a copy of it elsewhere: without it nobody can read them.',
  }),
  BACKUP_RECIPIENT: variable({
    type: ageRecipient,
    allowed: 'a whole public key of age, like age1…, as age-keygen prints it',
    description:
      'Encrypts backups for the holder of the matching secret key, instead of with BACKUP_PASSPHRASE: a stolen server cannot read them.',
  }),
  BACKUP_IDENTITY: variable({
    type: ageIdentity,
    secret: true,
    allowed: 'a whole secret key of age, like AGE-SECRET-KEY-1…, as age-keygen prints it',
    description:
      'Decrypts backups that were encrypted for BACKUP_RECIPIENT. Needed to verify or restore them, never to make them.',
  }),
  FILES_URL: variable({
    type: bucketUrl,
    allowed: 'an address like s3://bucket or s3://bucket/trek',
    description:
      'Where uploaded files are kept: a bucket of S3-compatible storage, and optionally a prefix for their names. When not set, they are kept in the folder `files` in DATA_DIR. `trek files move` copies them from one to the other: see [files.md](files.md).',
  }),
  S3_ENDPOINT: variable({
    type: serviceUrl,
    allowed: 'an address like https://s3.example.org or http://minio.lan:9000',
    description:
      'The address of the S3-compatible storage. It can be on your own network, and use http where only you can listen. When not set: the Amazon endpoint for S3_REGION.',
  }),
  S3_REGION: variable({
    type: text,
    default: 'us-east-1',
    allowed: 'the name of a region, like eu-central-1; some storages want auto or garage',
    description: 'The region of the bucket. Many storages other than Amazon accept any value.',
  }),
  S3_ACCESS_KEY: variable({
    type: text,
    secret: true,
    allowed: 'the id of an access key',
    description:
      'The id of the access key for the S3-compatible storage. It needs the right to read, write, delete and list in the bucket.',
  }),
  S3_SECRET_KEY: variable({
    type: text,
    secret: true,
    allowed: 'the secret of an access key',
    description: 'The secret of S3_ACCESS_KEY.',
  }),
  S3_PATH_STYLE: variable({
    type: flag,
    allowed: 'true or false',
    description:
      'Whether the bucket is in the path of an address (https://host/bucket) and not in its host name (https://bucket.host). When not set: true if S3_ENDPOINT is set, else false.',
  }),
  ALLOW_INTERNAL_NETWORK: variable({
    type: flag,
    default: 'false',
    allowed: 'true or false',
    description:
      'Whether links that people paste can lead to addresses on the private network of the server. Addresses of the server itself are always blocked. Services that you set by URL here are always allowed.',
  }),
  ALLOW_HTTP_REDIRECTS: variable({
    type: flag,
    default: 'true',
    allowed: 'true or false',
    description:
      'Whether assistants on a private network (n8n, LibreChat, Open WebUI and the like) can have an http redirect address. The consent page warns the person and asks each time, since anybody who listens on that network can read the answer. Programs on the person’s own machine are not affected.',
  }),
  GEOCODER: variable({
    type: oneOf(GEOCODERS),
    default: 'embedded',
    allowed: GEOCODERS.join(', '),
    description:
      'Where TREK searches for places. `embedded` knows towns and calls no other server; the others also know streets, sights and restaurants, and see what people search for. `google` needs GOOGLE_MAPS_KEY.',
  }),
  GEOCODER_URL: variable({
    type: serviceUrl,
    allowed: 'the address of a Nominatim or Photon server, like http://nominatim.lan:8080',
    description:
      'Your own server for GEOCODER=nominatim or photon. When not set, TREK uses the public servers, within their usage limits.',
  }),
  GEOCODER_CONTACT: variable({
    type: z.email(),
    allowed: 'an e-mail address',
    description:
      'Sent with calls to other servers, so that their operators can write to you. The public Nominatim server asks for it.',
  }),
  GOOGLE_MAPS_KEY: variable({
    type: text,
    secret: true,
    allowed: 'a key of Google Maps Platform with the Places API (New) and the Geocoding API',
    description: 'The key for GEOCODER=google.',
  }),
  WEATHER_URL: variable({
    type: serviceUrl,
    allowed: 'the address of an Open-Meteo server, like https://api.open-meteo.com',
    description:
      'Where forecasts come from. When not set, TREK calls no server, and days show roughly the usual weather of the season, from a built-in approximate table.',
  }),
  METRICS_TOKEN: variable({
    type: z.string().regex(/^[\x21-\x7e]{16,200}$/),
    secret: true,
    allowed: '16 to 200 characters without spaces, as `openssl rand -hex 32` prints them',
    description:
      'The token with which Prometheus reads the metrics of this server at /metrics. When not set, /metrics does not exist, and nothing is counted.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    type: serviceUrl.refine((value) => !new URL(value).username && !new URL(value).password),
    // Somebody may have put a password into it, which must not be repeated.
    secret: true,
    allowed:
      'the address of an OpenTelemetry collector, like http://collector.lan:4318, without a password: that goes into OTEL_EXPORTER_OTLP_HEADERS',
    description:
      'Where traces of requests, operations and transactions are sent, as OTLP over HTTP (JSON), at /v1/traces below this address. When not set, none are recorded.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable({
    type: headerList,
    secret: true,
    default: '',
    allowed: 'headers as name=value separated by commas, like authorization=Bearer%20abc',
    description: 'Headers of each call to the collector, to authenticate there. Values are percent-encoded.',
  }),
  OTEL_SERVICE_NAME: variable({
    type: text,
    default: 'trek',
    allowed: 'a text',
    description: 'The name of this server in traces.',
  }),
  OTEL_TRACES_SAMPLER_ARG: variable({
    type: part,
    default: '1',
    allowed: 'a number from 0 to 1',
    description:
      'The share of requests that are traced. A request that already belongs to a trace is traced if the rest of that trace is.',
  }),
  OTEL_BSP_SCHEDULE_DELAY: variable({
    ...wholeNumber(10, 60_000, 'a whole number of milliseconds'),
    default: '5000',
    description: 'How long traces are collected before they are sent.',
  }),
  DEMO_MODE: variable({
    type: flag,
    default: 'false',
    allowed: 'true or false',
    description: 'Refuses every write, for an instance that is only a demo.',
  }),
}

type Variables = typeof VARIABLES
type Name = keyof Variables & string
type Camel<S extends string> = S extends `${infer Head}_${infer Rest}`
  ? `${Lowercase<Head>}${Capitalize<Camel<Rest>>}`
  : Lowercase<S>
type Value<N extends Name> = Variables[N]['type'] extends z.ZodType<infer T> ? T : never
/** Those that are always there, since they have a default or one is derived. */
type Always = Exclude<
  Name,
  | 'HOST'
  | 'APP_URL'
  | 'DATABASE_URL'
  | 'ENCRYPTION_KEY'
  | 'ADMIN_PASSWORD'
  | 'BACKUP_TO'
  | 'BACKUP_PASSPHRASE'
  | 'BACKUP_RECIPIENT'
  | 'BACKUP_IDENTITY'
  | 'RATES_URL'
  | 'RELEASES_URL'
  | 'FILES_URL'
  | 'S3_ENDPOINT'
  | 'S3_ACCESS_KEY'
  | 'S3_SECRET_KEY'
  | 'S3_PATH_STYLE'
  | 'GEOCODER_URL'
  | 'GEOCODER_CONTACT'
  | 'GOOGLE_MAPS_KEY'
  | 'WEATHER_URL'
  | 'METRICS_TOKEN'
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
>

export type Config = Readonly<
  { [N in Always as Camel<N>]: Value<N> } & { [N in Exclude<Name, Always> as Camel<N>]: Value<N> | null } & {
    host: string
    /** What the database is opened with: DATABASE_URL, or the file of the embedded one. */
    database: string
  }
>

export type Environment = Readonly<Record<string, string | undefined>>

/** The configuration, or an error whose sentence names the variable, its value and what is allowed. */
export function readConfig(env: Environment = process.env): Config {
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(VARIABLES) as Name[]) values[camel(name)] = parsedValue(name, env)
  const read = values as unknown as Config
  if (read.geocoder === 'google' && !read.googleMapsKey) {
    throw new Error('GEOCODER is "google", which needs GOOGLE_MAPS_KEY; set it, or choose another geocoder.')
  }
  if (read.backupTo?.startsWith('s3://') && !(read.s3AccessKey && read.s3SecretKey)) {
    throw new Error('BACKUP_TO is in storage, which needs S3_ACCESS_KEY and S3_SECRET_KEY; set them too.')
  }
  if (isTaken(basePathOf(read.appUrl))) {
    throw new Error(
      `APP_URL is "${read.appUrl}", but TREK itself has addresses that begin like this path; choose another, like /trek.`,
    )
  }
  if (read.filesUrl && !(read.s3AccessKey && read.s3SecretKey)) {
    throw new Error('FILES_URL is set, which needs S3_ACCESS_KEY and S3_SECRET_KEY; set them too.')
  }
  return Object.freeze({
    ...read,
    host: read.host ?? (read.appUrl ? '0.0.0.0' : '127.0.0.1'),
    dataDir: resolve(read.dataDir),
    backupTo: read.backupTo && placeOf(read.backupTo),
    adminEmail: read.adminEmail.toLowerCase(),
    database: read.databaseUrl ?? join(resolve(read.dataDir), 'trek.db'),
  })
}

/** A folder with its whole path, or an address of storage without a slash at its end. */
const placeOf = (to: string): string => (to.startsWith('s3://') ? to.replace(/\/+$/, '') : resolve(to))

const camel = (name: string): string =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

function parsedValue(name: Name, env: Environment): unknown {
  const declared: Variable<unknown> = VARIABLES[name]
  // An empty value is what a compose file makes of a variable that was never filled in.
  const given = (declared.secret && fromFile(name, env)) || env[name]?.trim() || declared.default
  if (given === undefined) return null
  const parsed = declared.type.safeParse(given)
  if (parsed.success) return parsed.data
  const shown = declared.secret ? 'has a value that cannot be used' : `is ${JSON.stringify(given)}`
  throw new Error(`${name} ${shown}; allowed is ${declared.allowed}.`)
}

function fromFile(name: Name, env: Environment): string | undefined {
  const file = env[`${name}_FILE`]?.trim()
  if (!file) return undefined
  if (env[name]?.trim()) throw new Error(`${name} and ${name}_FILE are both set; set only one of them.`)
  const refused = (why: string) => new Error(`${name}_FILE is ${JSON.stringify(file)}, which ${why}.`)
  let content: string
  try {
    content = readFileSync(file, 'utf8').trim()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = FILE_ERRORS[code] ? `: it ${FILE_ERRORS[code]}` : ''
    throw refused(`cannot be read (${code})${reason}; allowed is a readable file`)
  }
  // Taken as not set, it would start a new instance on another database, or with another key.
  if (!content) throw refused('is empty; write the secret into it, or leave the variable out')
  return content
}

/** The table as a page of Markdown. */
export function configurationPage(): string {
  const rows = Object.entries(VARIABLES as Record<string, Variable<unknown>>).map(([name, declared]) => {
    const names = declared.secret ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``
    const fallback = declared.default ? `\`${declared.default}\`` : '–'
    return `| ${names} | ${fallback} | ${declared.allowed} | ${declared.description} |`
  })
  return [
    '# Configuration',
    '',
    'All settings are environment variables, and all have a default. The server does not start with an invalid value: the',
    'error names the variable. A secret can also be given as the path of a file that contains it, in `<NAME>_FILE`.',
    '',
    '| Variable | Default | Allowed | What it does |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** Whether npm started this process, which sets this variable for its scripts. */
export const isStartedByNpm = (): boolean => process.env.npm_lifecycle_event !== undefined

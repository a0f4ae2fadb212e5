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
      'The address to listen on. When not set: 0.0.0.0 if APP_URL is set, else 127.0.0.1, so that an instance that does not know its public address is not reachable from outside.',
  }),
  APP_URL: variable({
    type: publicUrl,
    allowed: 'the address people open, like https://trek.example.org or https://example.org/trek',
    description:
      'The public address, with the path below which TREK is served, if it does not have its host for itself. It decides links, the accepted Host and Origin, under which address assistants find the server and what their tokens are good for, and, with https, that cookies are sent over https only. When not set, the server answers on the loopback interface.',
  }),
  ALLOWED_HOSTS: variable({
    type: hostList,
    default: '',
    allowed: 'host names separated by commas, like trek.lan,trek.example.org',
    description: 'Further host names under which the server may be called, next to the one of APP_URL.',
  }),
  TRUST_PROXY: variable({
    type: trustedProxies,
    default: 'false',
    allowed: 'true, false, or addresses and networks separated by commas, like 10.0.0.0/8, loopback or uniquelocal',
    description:
      'Which reverse proxies are believed when they say where a request comes from. Set it behind a proxy, or all people share one address and its limit of failed log-ins.',
  }),
  DATA_DIR: variable({
    type: text,
    default: './data',
    allowed: 'a folder that the server may write to',
    description:
      'Where the embedded database, uploaded files and the encryption key are kept. Several servers on one database share the folder.',
  }),
  DATABASE_URL: variable({
    type: z.string().regex(/^postgres(ql)?:\/\/./),
    secret: true,
    allowed: 'an address like postgres://user:password@host:5432/trek',
    description: 'A PostgreSQL database. When not set, an embedded SQLite database in DATA_DIR is used.',
  }),
  ENCRYPTION_KEY: variable({
    type: z.string().regex(/^[0-9a-fA-F]{64}$/),
    secret: true,
    allowed: '64 hexadecimal digits, as `openssl rand -hex 32` prints them',
    description:
      'The key from which all others are computed: those that sign web sessions, the requests of assistants that are on their way, and their refresh tokens. When not set, one is made at the first start and kept in DATA_DIR/encryption.key, readable by the server alone. Several servers on one database need the same key: a server with another one does not start. With serve --new-key it goes on where the key is lost.',
  }),
  ADMIN_EMAIL: variable({
    type: z.email(),
    default: 'admin@trek.local',
    allowed: 'an e-mail address',
    description: 'The e-mail address of the first administrator, who is made at the first start.',
  }),
  ADMIN_PASSWORD: variable({
    type: z.string().min(8).max(200),
    secret: true,
    allowed: '8 to 200 characters',
    description: 'The password of the first administrator. When not set, one is made and printed once.',
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
      'How many MCP requests a minute each pair of user and client may make, at all servers of an instance together; all static tokens of a user are one client.',
  }),
  MCP_MAX_SESSION_PER_USER: variable({
    ...wholeNumber(1, 10_000),
    default: '20',
    description:
      'How many MCP sessions of a user live; beyond it the one idle longest sleeps until its client comes back.',
  }),
  MCP_SESSION_TTL: variable({
    ...wholeNumber(1, 31_536_000, 'a whole number of seconds'),
    default: '3600',
    description: 'After how many idle seconds an MCP session sleeps until its client comes back.',
  }),
  MCP_SSE_KEEPALIVE: variable({
    ...wholeNumber(1, 3600, 'a whole number of seconds'),
    default: '25',
    description: 'How often an open MCP stream shows that it is alive, in seconds.',
  }),
  RATES_URL: variable({
    type: serviceUrl,
    allowed: 'an address like https://api.frankfurter.dev/v2',
    description:
      'A Frankfurter server that is asked for exchange rates when an expense is in another currency than its trip. When not set, nobody is asked: people give the rate themselves, or the expense is shown as not converted.',
  }),
  RELEASES_URL: variable({
    type: serviceUrl,
    allowed: 'an address like https://api.github.com/repos/OWNER/REPOSITORY/releases/latest',
    description:
      'Where it stands which release of TREK is the newest: as GitHub answers it, or as JSON like `{"version": "1.2.3", "url": "https://…"}`. Each server asks at most once a day, when an administrator opens the administration, and so does `trek doctor` each time. Who is asked sees the version of this server, and GEOCODER_CONTACT or APP_URL. When not set, nobody is asked.',
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
      'How long entries of the audit log are kept. Of what strangers cause, 20 entries of each kind are kept in an hour; what is beyond is counted in one.',
  }),
  IDEMPOTENCY_DURATION: variable({
    type: duration,
    default: '30d',
    allowed: 'a duration like 7d',
    description:
      'How long a write is remembered with its key, so that it is not done again when a client sends it again.',
  }),
  UPLOADS_PER_USER: variable({
    type: bytes,
    default: '5GB',
    allowed: 'a size like 500MB, 5GB or 1TB',
    description:
      'How much the files and covers that one person has uploaded may take together, in all trips, those in the trash included. What is deleted counts no more.',
  }),
  FREE_DISK_RESERVE: variable({
    type: bytes,
    default: '500MB',
    allowed: 'a size like 500MB or 5GB; 0MB for none',
    description:
      'How much of the disk of DATA_DIR uploads leave free, so that the database can still be written. Below it they are refused.',
  }),
  BACKUP_TO: variable({
    type: text,
    allowed: 'the path of a folder, or an address like s3://bucket/backups',
    description:
      'The folder that the server makes backups in, best on another disk, or S3-compatible storage with S3_ACCESS_KEY and what belongs to it. When not set, it makes none, and trek backup does by hand.',
  }),
  BACKUP_EVERY: variable({
    type: duration,
    default: '24h',
    allowed: 'a duration like 12h, 24h or 7d',
    description: 'How often it does so.',
  }),
  BACKUP_KEEP: variable({
    ...wholeNumber(1, 1000),
    default: '7',
    description: 'How many of these backups are kept, the newest ones.',
  }),
  BACKUP_PASSPHRASE: variable({
    type: z.string().min(12).max(200),
    secret: true,
    allowed: '12 to 200 characters',
    description:
      'Backups are encrypted with it, and hold the encryption key then. Keep it somewhere else too: without it nobody can read them.',
  }),
  BACKUP_RECIPIENT: variable({
    type: ageRecipient,
    allowed: 'a whole public key of age, like age1…, as age-keygen prints it',
    description:
      'Backups are encrypted for whoever has the secret key to it, and not with BACKUP_PASSPHRASE: a stolen server cannot read them.',
  }),
  BACKUP_IDENTITY: variable({
    type: ageIdentity,
    secret: true,
    allowed: 'a whole secret key of age, like AGE-SECRET-KEY-1…, as age-keygen prints it',
    description: 'Opens what was encrypted for BACKUP_RECIPIENT. Needed to verify or restore it, never to make it.',
  }),
  FILES_URL: variable({
    type: bucketUrl,
    allowed: 'an address like s3://bucket or s3://bucket/trek',
    description:
      'Where uploaded files are kept: a bucket of S3-compatible storage, and what their names in it begin with. When not set, they are kept in the folder `files` in DATA_DIR. `trek files move` copies them from one to the other: see [files.md](files.md).',
  }),
  S3_ENDPOINT: variable({
    type: serviceUrl,
    allowed: 'an address like https://s3.example.org or http://minio.lan:9000',
    description:
      'Where the S3-compatible storage is reached. It may be on your own network, and over http where only you can listen. When not set: the one of Amazon for S3_REGION.',
  }),
  S3_REGION: variable({
    type: text,
    default: 'us-east-1',
    allowed: 'the name of a region, like eu-central-1; some storages want auto or garage',
    description: 'The region of the bucket. Many storages that are not of Amazon take any.',
  }),
  S3_ACCESS_KEY: variable({
    type: text,
    secret: true,
    allowed: 'the id of an access key',
    description:
      'The id of the access key for the S3-compatible storage. It must be allowed to read, write, delete and list in the bucket.',
  }),
  S3_SECRET_KEY: variable({
    type: text,
    secret: true,
    allowed: 'the secret of an access key',
    description: 'The secret that belongs to S3_ACCESS_KEY.',
  }),
  S3_PATH_STYLE: variable({
    type: flag,
    allowed: 'true or false',
    description:
      'Whether the bucket stands in the path of an address (https://host/bucket) and not in front of its host (https://bucket.host). When not set: true if S3_ENDPOINT is set, else false.',
  }),
  ALLOW_INTERNAL_NETWORK: variable({
    type: flag,
    default: 'false',
    allowed: 'true or false',
    description:
      'Whether links that people paste may lead to addresses on the private network of the server. Addresses of the server itself stay out of reach. Services that you set by URL here may always be there.',
  }),
  ALLOW_HTTP_REDIRECTS: variable({
    type: flag,
    default: 'true',
    allowed: 'true or false',
    description:
      'Whether assistants on a private network (n8n, LibreChat, Open WebUI and the like) may be sent back to by http. The person is warned on the consent page and asked each time, since whoever listens on that network can read the answer. Programs on the own machine are not concerned.',
  }),
  GEOCODER: variable({
    type: oneOf(GEOCODERS),
    default: 'embedded',
    allowed: GEOCODERS.join(', '),
    description:
      'Where places are searched. `embedded` knows towns and calls nobody; the others also know streets, sights and restaurants, and see what people search for. `google` needs GOOGLE_MAPS_KEY.',
  }),
  GEOCODER_URL: variable({
    type: serviceUrl,
    allowed: 'the address of a Nominatim or Photon server, like http://nominatim.lan:8080',
    description:
      'Your own server for GEOCODER=nominatim or photon. When not set, their public servers are used, within the limits they ask for.',
  }),
  GEOCODER_CONTACT: variable({
    type: z.email(),
    allowed: 'an e-mail address',
    description:
      'Sent along with calls to other servers, so that those who run them can write to you. The public Nominatim server asks for it.',
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
      'Where forecasts come from. When not set, nobody is called and days show roughly what is usual in the season, from an approximate table in the box.',
  }),
  METRICS_TOKEN: variable({
    type: z.string().regex(/^[\x21-\x7e]{16,200}$/),
    secret: true,
    allowed: '16 to 200 characters without spaces, as `openssl rand -hex 32` prints them',
    description:
      'The token with which Prometheus reads figures of this server at /metrics. When not set, there is nothing at /metrics, and nothing is counted.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    type: serviceUrl.refine((value) => !new URL(value).username && !new URL(value).password),
    // Somebody may have put a password into it, which must not be repeated.
    secret: true,
    allowed:
      'the address of an OpenTelemetry collector, like http://collector.lan:4318, without a password: that goes into OTEL_EXPORTER_OTLP_HEADERS',
    description:
      'Where traces of requests, operations and transactions are sent to, as OTLP over HTTP (JSON), at /v1/traces below this address. When not set, none are made.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable({
    type: headerList,
    secret: true,
    default: '',
    allowed: 'headers as name=value separated by commas, like authorization=Bearer%20abc',
    description: 'Sent to the collector with each call, to log in there. Values are percent-encoded.',
  }),
  OTEL_SERVICE_NAME: variable({
    type: text,
    default: 'trek',
    allowed: 'a text',
    description: 'How traces name this server.',
  }),
  OTEL_TRACES_SAMPLER_ARG: variable({
    type: part,
    default: '1',
    allowed: 'a number from 0 to 1',
    description:
      'Which part of the requests is traced. A request that belongs to a trace already is traced if the rest of that trace is.',
  }),
  OTEL_BSP_SCHEDULE_DELAY: variable({
    ...wholeNumber(10, 60_000, 'a whole number of milliseconds'),
    default: '5000',
    description: 'How long traces are gathered before they are sent.',
  }),
  DEMO_MODE: variable({
    type: flag,
    default: 'false',
    allowed: 'true or false',
    description: 'Refuses every write, for an instance that is only for show.',
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
    'Everything is set by environment variables, and everything has a default. A value that cannot be used stops the start',
    'with a sentence that names it. A secret can also be given as the path of a file that holds it, in `<NAME>_FILE`.',
    '',
    '| Variable | Default | Allowed | What it does |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** Whether npm started this process, which sets this variable for its scripts. */
export const isStartedByNpm = (): boolean => process.env.npm_lifecycle_event !== undefined

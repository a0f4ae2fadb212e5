import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { filesPlace } from '../adapters/files-place.ts'
import { releasesOf } from '../adapters/releases.ts'
import { s3At } from '../adapters/s3/at.ts'
import { examineStorage } from '../adapters/s3/examine.ts'
import { S3Error } from '../adapters/s3/index.ts'
import { wayOut } from '../adapters/way-out.ts'
import type { BackupsPlace } from '../backup/backups-place.ts'
import { readNotes } from '../backup/notes.ts'
import { restoredIn } from '../backup/place.ts'
import { backupsPlace } from '../backup/places.ts'
import type { Config } from '../config/index.ts'
import { INSTANCE } from '../core/data/space.ts'
import { type OpenDatabase, openDatabase } from '../db/connect.ts'
import { pendingMigrations } from '../db/migrate.ts'
import { unsolved } from '../features/backups/server/index.ts'
import type { Report } from '../features/doctor/contract/index.ts'
import { keyFile } from '../identity/server/secrets.ts'
import { missingDatabaseProblem } from '../instance.ts'
import { filesProblem, missingUploads, placeProblem } from '../instance-files.ts'
import { keyProblem } from '../instance-key.ts'
import { MIGRATIONS } from '../migrations.generated.ts'
import { keepInstanceToOwner, modesTold } from '../owner-only.ts'
import { type Command, type CommandContext, messageOf, table } from './command.ts'

const PATIENCE_MS = 3000

type Health = 'ok' | 'warning' | 'failed'

interface Finding {
  readonly check: string
  readonly health: Health
  readonly says: string
}

const ok = (check: string, says: string): Finding => ({ check, health: 'ok', says })
const warning = (check: string, says: string): Finding => ({ check, health: 'warning', says })
const failed = (check: string, says: string): Finding => ({ check, health: 'failed', says })

function dataFolder({ dataDir }: Config): Finding {
  if (existsSync(restoredIn({ dataDir })))
    return warning('data folder', `a restore into ${dataDir} was cut off; the next start or command finishes it`)
  if (!existsSync(dataDir)) return warning('data folder', `${dataDir} is not there yet; the first start makes it`)
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    return ok('data folder', dataDir)
  } catch {
    return failed('data folder', `${dataDir} cannot be written to by this user`)
  }
}

/** What others could read is closed to them at once: nothing needs to be asked for that. */
function permissions(config: Config): Finding {
  const modes = keepInstanceToOwner(config, true)
  const says = modesTold(modes)
  if (says === null) return ok('permissions', 'nobody else on this machine can read what is there')
  return modes.open.length ? failed('permissions', says) : warning('permissions', says)
}

function encryptionKey({ dataDir, encryptionKey }: Config): Finding {
  if (encryptionKey) return ok('encryption key', 'given by ENCRYPTION_KEY')
  const file = keyFile(dataDir)
  if (!existsSync(file)) return warning('encryption key', `${file} is not there yet; the first start makes it`)
  return ok('encryption key', file)
}

async function database(config: Config): Promise<Finding[]> {
  const { database: target, databaseUrl } = config
  const shown = databaseUrl ? `PostgreSQL at ${new URL(databaseUrl).host}` : target
  const missing = await missingDatabaseProblem(config, null)
  if (missing) return [failed('database', missing)]
  if (!databaseUrl && !existsSync(target)) {
    return [warning('database', `${shown} is not there yet; the first start makes it`)]
  }
  let opened: OpenDatabase
  try {
    opened = openDatabase(target)
  } catch (error) {
    return [failed('database', `${shown}: ${messageOf(error)}`)]
  }
  try {
    const empty = await missingDatabaseProblem(config, opened)
    if (empty) return [failed('database', empty)]
    const pending = await pendingMigrations(opened, MIGRATIONS)
    if (pending.length) {
      return [ok('database', shown), warning('migrations', `the next start will run ${pending.join(', ')}`)]
    }
    await opened.head(INSTANCE)
    const key = await keyProblem(opened, config)
    return [
      ok('database', shown),
      ok('migrations', 'all have run'),
      await uploads(opened, config),
      ...(key ? [failed('encryption key', key)] : []),
    ]
  } catch (error) {
    return [failed('database', `${shown}: ${messageOf(error)}`)]
  } finally {
    await opened.close()
  }
}

async function uploads(database: OpenDatabase, config: Config): Promise<Finding> {
  const place = filesPlace(config)
  try {
    const problem = await filesProblem(database, place)
    if (problem) return failed('uploads', problem)
    const strange = await placeProblem(database, place)
    if (strange) return warning('uploads', strange)
    const missing = await missingUploads(database, place)
    if (!missing.length) return ok('uploads', place.name)
    const more = missing.length > 3 ? ' and others' : ''
    return failed(
      'uploads',
      `${missing.length} uploaded files are missing from ${place.name}, or damaged: ${missing.slice(0, 3).join(', ')}${more}. Put ` +
        'them back from a backup, or delete them in TREK',
    )
  } catch (error) {
    if (!(error instanceof S3Error)) throw error
    return failed('uploads', error.message)
  } finally {
    await place.close()
  }
}

/** Whether what keeps the uploads does what is asked of it, where that is not a folder. */
async function storage(config: Config): Promise<Finding[]> {
  if (!config.filesUrl) return []
  const { client, prefix } = s3At(config.filesUrl, config)
  try {
    const notes = await examineStorage(client, prefix)
    const says = `${client.host} can be read and written, and its clock is right`
    return [notes.length ? warning('storage', notes.join('; ')) : ok('storage', says)]
  } catch (error) {
    return [failed('storage', messageOf(error))]
  } finally {
    await client.close()
  }
}

/** Backups by the clock: that there are any, that they can be written, and that the newest is not too old. */
async function backups(config: Config): Promise<Finding> {
  if (config.backupTo === null) {
    return warning(
      'backups',
      'No backups are made by the clock. Set BACKUP_TO to a folder, best on another disk; see docs/backup.md',
    )
  }
  const place = backupsPlace(config.backupTo, config)
  try {
    return await examineBackups(config, place)
  } finally {
    await place.close()
  }
}

async function examineBackups({ backupEvery, dataDir }: Config, place: BackupsPlace): Promise<Finding> {
  const folder = place.name
  const problem = await place.problem()
  if (problem) return failed('backups', problem)
  // An empty file is not a backup.
  const backups = (await place.list()).filter(({ size }) => size > 0)
  const [newest] = backups
  const failure = unsolved(await readNotes(dataDir), { folder, problem, backups })
  const what = failure?.made ? 'The last one was made, with a problem' : 'The last one could not be made'
  const because = failure ? ` ${what} (${failure.at}): ${failure.reason}` : ''
  if (!newest)
    return warning(
      'backups',
      `There is none in ${folder} yet; a server makes the first soon after its start.${because}`,
    )
  const { name, made_at } = newest
  if (Date.now() - Date.parse(made_at) > 2 * backupEvery * 1000) {
    return warning(
      'backups',
      `The newest in ${folder} is ${name}, which is too old: one is due every ${inWords(backupEvery)}.${because || ' Does the server run?'}`,
    )
  }
  return failure
    ? warning('backups', `The newest is ${join(folder, name)}.${because}`)
    : ok('backups', join(folder, name))
}

const UNITS = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const

/** A duration in the largest unit that it is a whole number of. */
function inWords(seconds: number): string {
  const [unit, length] = UNITS.find(([, length]) => seconds % length === 0) ?? ['seconds', 1]
  return seconds === length ? unit.slice(0, -1) : `${seconds / length} ${unit}`
}

function publicAddress({ appUrl, host }: Config): Finding {
  if (!appUrl) return warning('public address', `APP_URL is not set; the server answers on ${host}`)
  const { protocol, hostname } = new URL(appUrl)
  if (protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(hostname)) {
    return warning('public address', `${appUrl} is not https: passwords and tokens travel in the clear`)
  }
  return ok('public address', appUrl)
}

/** Where the server of this configuration listens; null where that is not known. */
function placeOf({ host, port }: Config): string | null {
  if (port === 0) return null
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${address}:${port}`
}

const ask = (url: string, init: RequestInit = {}) => fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) })

/** Whether it runs, in which version, and whether it can serve. */
async function server(place: string | null): Promise<Finding[]> {
  if (!place) return [warning('server', 'PORT is 0: it takes a free port, which is not known here')]
  try {
    const health = await ask(`${place}/api/health`)
    const { version } = (await health.json().catch(() => ({}))) as { version?: string }
    if (!health.ok) return [failed('server', `${place}/api/health answers ${health.status}`)]
    const ready = await ask(`${place}/api/ready`)
    const { detail } = (await ready.json().catch(() => ({}))) as { detail?: string }
    const runs = `${version ? `version ${version}` : 'an older version'} answers at ${place}`
    return [
      ready.ok ? ok('server', runs) : failed('server', `${runs}, and is not ready: ${detail ?? ready.status}`),
      ...(version === packageJson.version
        ? []
        : [warning('version', `this is version ${packageJson.version}; restart the server to run the same one`)]),
    ]
  } catch {
    return [warning('server', `nothing answers at ${place}; is it running?`)]
  }
}

/** Checks that /metrics answers with the token, and refuses callers without it. */
async function metrics({ metricsToken: token }: Config, place: string | null, runs: boolean): Promise<Finding> {
  const off = 'off; METRICS_TOKEN switches figures for Prometheus on'
  if (!place || !runs) return ok('metrics', token ? 'on, as soon as the server runs' : off)
  const url = `${place}/metrics`
  const answered = (headers: Record<string, string> = {}) =>
    ask(url, { headers }).then(
      async (answer) => (/^# (HELP|TYPE) /m.test(await answer.text()) ? 'figures' : answer.status),
      () => 'nothing',
    )
  const stranger = await answered()
  if (stranger === 'figures') return failed('metrics', `${url} tells strangers the figures of this server`)
  if (!token) {
    const says = `${url} answers ${stranger}: the server that runs has a METRICS_TOKEN, and here is none`
    return stranger === 404 ? ok('metrics', off) : warning('metrics', says)
  }
  const known = await answered({ authorization: `Bearer ${token}` })
  return known === 'figures'
    ? ok('metrics', `${url} tells figures to who has METRICS_TOKEN, and refuses others`)
    : warning('metrics', `${url} answers ${known}: the server that runs has another METRICS_TOKEN, or none; restart it`)
}

/** Whether traces are sent, and taken. */
async function traces({ otelExporterOtlpEndpoint: endpoint, otelExporterOtlpHeaders }: Config): Promise<Finding> {
  if (!endpoint) return ok('traces', 'off; OTEL_EXPORTER_OTLP_ENDPOINT switches them on')
  const url = `${endpoint}/v1/traces`
  const { origin } = new URL(endpoint)
  try {
    const headers = { ...otelExporterOtlpHeaders, 'content-type': 'application/json' }
    const { ok: isTaken, status } = await ask(url, { method: 'POST', headers, body: '{"resourceSpans":[]}' })
    if (isTaken) return ok('traces', `${origin} takes them`)
    return warning('traces', `${origin} answers ${status} to traces; look at OTEL_EXPORTER_OTLP_ENDPOINT and _HEADERS`)
  } catch {
    return warning('traces', `nothing answers at ${origin}; TREK runs without`)
  }
}

/** Whether a newer release is out, where the operator lets that be asked. */
async function release(config: Config): Promise<Finding> {
  const runs = `this is TREK ${packageJson.version}`
  const known = await releasesOf(config, wayOut(config)).look()
  switch (known.state) {
    case 'not_asked':
      return ok('release', `${runs}; newer releases are not looked for: set RELEASES_URL`)
    case 'newest':
      return ok('release', `${runs}, the newest`)
    case 'newer': {
      const { version, url } = known.release
      return warning('release', `${runs}; ${version} is out${url ? `: ${url}` : ''}`)
    }
    case 'unknown':
      return warning('release', `${runs}; whether there is a newer one could not be found out: ${known.problem}`)
  }
}

const MARKS = { ok: 'ok', warning: 'note', note: 'note', failed: 'FAILED' } as const

const WORKS = { wholly: 'works', partly: 'works partly', not: 'CANNOT CONNECT' } as const

/** What the address in front of the server is worth: found out only where a server runs, by calling it as programs do. */
async function connection(context: CommandContext, checks: readonly Finding[]): Promise<Report | string> {
  const health = (name: string) => checks.find(({ check }) => check === name)?.health
  const { appUrl, port } = context.config
  if (health('database') !== 'ok') return 'the database has to be there first'
  if (health('server') !== 'ok' && !(port === 0 && appUrl))
    return 'the server does not run, so nothing was asked at its address'
  if (health('migrations') !== 'ok') return 'the server that runs is an older one; restart it first'
  const { doctor } = await context.product()
  return doctor.examine({})
}

function told({ address, says, proxy, findings, clients }: Report): string[] {
  const problems = findings.filter(({ outcome }) => outcome !== 'ok')
  return [
    '',
    `The way to ${address}`,
    says,
    ...problems.flatMap(({ outcome, title, saw, suffers, fix, directives }) => [
      '',
      `${MARKS[outcome]}  ${title}`,
      `    Seen: ${saw}`,
      ...(suffers.length ? [`    Concerns: ${suffers.join('; ')}`] : []),
      ...(fix ? [`    To do: ${fix}`] : []),
      ...directives
        .filter((one) => proxy === null || one.proxy === proxy)
        .flatMap((one) => [`    ${one.proxy}:`, ...one.lines.split('\n').map((line) => `        ${line}`.trimEnd())]),
    ]),
    '',
    ...table(clients.map(({ name, works }) => [WORKS[works], name])),
    ...(problems.length
      ? ['', 'Whole configurations for nginx, Caddy, Traefik and Apache are in docs/reverse-proxy.md.']
      : []),
  ]
}

export const doctorCommand: Command = {
  name: 'doctor',
  says: 'Check the instance, and whether programs can connect to it.',
  more: [
    'It checks the data folder, the database, the key, the storage of uploads, the backups, the running server and its release.',
  ],
  options: {},
  wants: 'nothing',
  async run(context) {
    const { config } = context
    const kept = await database(config)
    const place = placeOf(config)
    const running = await server(place)
    const checks = [
      dataFolder(config),
      permissions(config),
      // What the database says of the key is worth more than that there is one.
      ...(kept.some(({ check }) => check === 'encryption key') ? [] : [encryptionKey(config)]),
      ...kept,
      ...(await storage(config)),
      await backups(config),
      publicAddress(config),
      ...running,
      await metrics(
        config,
        place,
        running.some(({ check, health }) => check === 'server' && health !== 'warning'),
      ),
      await traces(config),
      await release(config),
    ]
    const found = await connection(context, checks)
    const report = typeof found === 'string' ? null : found
    const broken = checks.some(({ health }) => health === 'failed') || report?.outcome === 'failed'
    return {
      json: { ok: !broken, checks, connection: report, skipped: typeof found === 'string' ? found : null },
      lines: [
        ...table(checks.map(({ check, health, says }) => [MARKS[health], check, says])),
        ...(report ? told(report) : ['', `The way from outside was not looked at: ${found}.`]),
      ],
      failed: broken,
    }
  },
}

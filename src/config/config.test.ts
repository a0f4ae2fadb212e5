import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bech32 } from '@scure/base'
import { afterAll, expect, test } from 'vitest'
import { ignoredIn, readConfig } from './index.ts'
import { configurationPage } from './page.ts'
import { VARIABLES } from './variables.ts'

const readError = (env: Record<string, string>): string => {
  try {
    readConfig(env)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}

const IDENTITY = 'AGE-SECRET-KEY-1TF3U80K9KWUL6RTG3HDN6QCEJPFUG38K3W9KZ8RS7KWJ6M77ZXQSJ5XP5D'
const RECIPIENT = 'age14w0d0rp54v3m8cn66umhhzfpxays4ngksarxsmk5qsq6dn7z83nq5wex4g'

test('keys of age are accepted as age writes them', async () => {
  const { generateHybridIdentity, identityToRecipient } = await import('age-encryption')
  const hybrid = await generateHybridIdentity()
  for (const [identity, recipient] of [
    [IDENTITY, RECIPIENT],
    [hybrid, await identityToRecipient(hybrid)],
  ] as const) {
    expect(readConfig({ BACKUP_IDENTITY: identity, BACKUP_RECIPIENT: recipient })).toMatchObject({
      backupIdentity: identity,
      backupRecipient: recipient,
    })
  }
})

test('no setting is required', () => {
  const config = readConfig({})
  expect(config).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    appUrl: null,
    allowedHosts: [],
    trustProxy: false,
    database: resolve('data/trek.db'),
    adminEmail: 'admin@trek.local',
    sessionDuration: 86_400,
    sessionDurationRemember: 30 * 86_400,
    mcpRateLimit: 300,
    mcpMaxSessionPerUser: 20,
    mcpSessionTtl: 3600,
    mcpSseKeepalive: 25,
    logLevel: 'info',
    demoMode: false,
  })
  expect(Object.isFrozen(config)).toBe(true)
})

test('an instance with an address listens for requests from outside, and one with a host listens there', () => {
  expect(readConfig({ APP_URL: 'https://trek.example.org/' })).toMatchObject({
    host: '0.0.0.0',
    appUrl: 'https://trek.example.org',
  })
  expect(readConfig({ HOST: '192.0.2.7' }).host).toBe('192.0.2.7')
})

test('an instance may share its host, below a path', () => {
  for (const [setting, appUrl] of [
    ['https://example.org/trek', 'https://example.org/trek'],
    ['https://example.org/trek/', 'https://example.org/trek'],
    ['https://example.org:8443/apps/our.trek-2_x~/', 'https://example.org:8443/apps/our.trek-2_x~'],
    ['https://example.org/apps/../trek', 'https://example.org/trek'],
  ]) {
    expect(readConfig({ APP_URL: setting }).appUrl).toBe(appUrl)
  }
})

test('headers are read as OpenTelemetry writes them', () => {
  expect(readConfig({ OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20YTpi==, x-tenant=a=b' })).toMatchObject({
    otelExporterOtlpHeaders: { authorization: 'Basic YTpi==', 'x-tenant': 'a=b' },
    otelTracesSamplerArg: 1,
    otelBspScheduleDelay: 5000,
  })
  expect(readConfig({}).otelExporterOtlpHeaders).toEqual({})
})

test('a value that is left empty counts as not set', () => {
  expect(readConfig({ PORT: '', APP_URL: ' ', DATABASE_URL: '' })).toMatchObject({ port: 3000, databaseUrl: null })
})

test.each([
  ['PORT', '70000', 'PORT is "70000"; allowed is a port number from 0 to 65535'],
  ['PORT', '80a', 'PORT is "80a"'],
  ['APP_URL', 'trek.example.org', 'APP_URL is "trek.example.org"; allowed is the address people open'],
  ['APP_URL', 'https://example.org/my trek', 'allowed is the address people open'],
  ['APP_URL', 'https://example.org/trek?a=b', 'APP_URL is'],
  ['APP_URL', 'https://example.org/trek#a', 'APP_URL is'],
  ['APP_URL', 'https://example.org//trek', 'APP_URL is'],
  ['APP_URL', 'https://example.org/trek/;x', 'APP_URL is'],
  ['APP_URL', 'https://example.org/api', 'TREK itself has addresses that begin like this path; choose another'],
  ['APP_URL', 'https://example.org/trips/ours', 'choose another, like /trek'],
  ['APP_URL', 'ftp://example.org', 'APP_URL is'],
  ['ALLOWED_HOSTS', 'https://a.example', 'ALLOWED_HOSTS is'],
  ['TRUST_PROXY', 'yes', 'TRUST_PROXY is "yes"'],
  ['TRUST_PROXY', '1', 'TRUST_PROXY is "1"'],
  ['SESSION_DURATION', '1 day', 'SESSION_DURATION is "1 day"; allowed is a duration like'],
  ['METRICS_TOKEN', 'short', 'METRICS_TOKEN has a value that cannot be used; allowed is 16 to 200 characters'],
  ['METRICS_TOKEN', 'with a space in it all', 'METRICS_TOKEN has a value that cannot be used'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'OTEL_EXPORTER_OTLP_ENDPOINT has a value that cannot be used'],
  [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'http://a:swordfish@b',
    'has a value that cannot be used; allowed is the address of an',
  ],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization', 'OTEL_EXPORTER_OTLP_HEADERS has a value that cannot be used'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%zz', 'OTEL_EXPORTER_OTLP_HEADERS has a value that cannot be used'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'OTEL_TRACES_SAMPLER_ARG is "1.5"; allowed is a number from 0 to 1'],
  ['MCP_RATE_LIMIT', '0', 'MCP_RATE_LIMIT is "0"; allowed is a whole number from 1 to 1000000'],
  ['MCP_SESSION_TTL', '99999999', 'allowed is a whole number of seconds from 1 to 31536000'],
  ['LOG_LEVEL', 'loud', 'allowed is fatal, error, warn, info, debug, trace, silent'],
  ['DEMO_MODE', '1', 'DEMO_MODE is "1"; allowed is true or false'],
  ['ADMIN_EMAIL', 'admin', 'ADMIN_EMAIL is "admin"'],
  ['BACKUP_EVERY', '5m', 'BACKUP_EVERY is "5m"; allowed is a duration from 10m'],
  ['BACKUP_RECIPIENT', 'age1foo', 'has a value that cannot be used; allowed is a whole public key of age, like age1…'],
  ['BACKUP_RECIPIENT', RECIPIENT.slice(0, -1), 'BACKUP_RECIPIENT has a value'],
  ['BACKUP_RECIPIENT', RECIPIENT.replace('w0d0', 'w0d9'), 'BACKUP_RECIPIENT has a value'],
  ['BACKUP_RECIPIENT', RECIPIENT.toUpperCase(), 'BACKUP_RECIPIENT has a value'],
  ['BACKUP_RECIPIENT', bech32.encode('age', bech32.toWords(Buffer.alloc(31))), 'BACKUP_RECIPIENT has a value'],
  ['BACKUP_RECIPIENT', bech32.encode('age1yubikey', bech32.toWords(Buffer.alloc(33))), 'BACKUP_RECIPIENT has a value'],
])('%s=%s is refused with an explanation', (name, value, sentence) => {
  expect(readError({ [name]: value })).toContain(sentence)
})

test.each([
  ['DATABASE_URL', 'mysql://root:hunter22@db/trek', 'hunter22'],
  ['ENCRYPTION_KEY', 'hunter22', 'hunter22'],
  ['ADMIN_PASSWORD', 'hunter2', 'hunter2'],
  ['BACKUP_IDENTITY', 'AGE-SECRET-KEY-1HUNTER22', 'HUNTER22'],
  ['BACKUP_IDENTITY', IDENTITY.replace('KWUL6', 'KWUL7'), 'KWUL7'],
  ['BACKUP_RECIPIENT', IDENTITY, 'KWUL6'],
  ['BACKUP_RECIPIENT', 'correct horse battery', 'horse'],
  ['BACKUP_TO', 's3://id:hunter22@backups', 'hunter22'],
  ['BACKUP_EVERY', IDENTITY, 'KWUL6'],
  ['APP_URL', 'https://ana:hunter22@trek.example.org', 'hunter22'],
  ['FILES_URL', 's3://id:hunter22@bucket', 'hunter22'],
  ['S3_ENDPOINT', 'id:hunter22@s3.example.org', 'hunter22'],
  ['RELEASES_URL', 'example.org/releases?token=hunter22', 'hunter22'],
  ['GEOCODER_URL', 'nominatim.lan?key=hunter22', 'hunter22'],
  ['ADMIN_PASSWORD_FILE', 'hunter22', 'hunter22'],
  ['BACKUP_IDENTITY_FILE', IDENTITY, 'KWUL6'],
])('a bad %s is named and never repeated', (name, value, secret) => {
  expect(readError({ [name]: value })).toContain(name)
  expect(readError({ [name]: value })).not.toContain(secret)
})

test('the error for a secret key in place of the public key names the mistake', () => {
  for (const value of [IDENTITY, IDENTITY.toLowerCase()]) {
    expect(readError({ BACKUP_RECIPIENT: value })).toBe(
      'BACKUP_RECIPIENT is set to a secret key, which belongs in BACKUP_IDENTITY: BACKUP_RECIPIENT takes the public one (age1…).',
    )
  }
})

test.each([
  ['            ', 'BACKUP_PASSPHRASE consists of blanks; set it to the secret, or leave it out.'],
  [' correct horse battery', 'BACKUP_PASSPHRASE begins or ends with a blank or a line break; remove it.'],
  ['correct horse battery ', 'BACKUP_PASSPHRASE begins or ends with a blank or a line break; remove it.'],
  ['correct horse battery\n', 'BACKUP_PASSPHRASE begins or ends with a blank or a line break; remove it.'],
])('a passphrase of blanks, or with blanks around it, is refused: %j', (value, sentence) => {
  expect(readError({ BACKUP_PASSPHRASE: value })).toContain(sentence)
})

test('an empty passphrase counts as not set', () => {
  expect(readConfig({ BACKUP_PASSPHRASE: '' }).backupPassphrase).toBeNull()
})

test('a passphrase in a file ends before the end of its line', () => {
  for (const end of ['', '\n', '\r\n']) {
    const file = fileOf(`correct horse battery${end}`)
    expect(readConfig({ BACKUP_PASSPHRASE_FILE: file }).backupPassphrase).toBe('correct horse battery')
  }
  expect(readError({ BACKUP_PASSPHRASE_FILE: fileOf('correct horse battery \n') })).toBe(
    'The file of BACKUP_PASSPHRASE_FILE begins or ends with a blank or a line break; remove it.',
  )
  expect(readError({ BACKUP_PASSPHRASE_FILE: fileOf(' \n') })).toContain('is empty')
})

test('a passphrase and a public key for backups cannot both be set', () => {
  expect(readError({ BACKUP_PASSPHRASE: 'correct horse battery', BACKUP_RECIPIENT: RECIPIENT })).toContain(
    'BACKUP_PASSPHRASE and BACKUP_RECIPIENT are both set, but a backup is encrypted with one of them; set only one.',
  )
})

const folder = mkdtempSync(join(tmpdir(), 'trek-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(content: string): string {
  const file = join(folder, 'secret')
  writeFileSync(file, content)
  return file
}

test('a public key can come from a file too', () => {
  expect(readConfig({ BACKUP_RECIPIENT_FILE: fileOf(`${RECIPIENT}\n`) }).backupRecipient).toBe(RECIPIENT)
  expect(configurationPage()).toContain('`BACKUP_RECIPIENT`, `BACKUP_RECIPIENT_FILE`')
})

test('a setting for the encryption of backups that was left empty is reported', () => {
  const [to, expectedReason] = [
    { BACKUP_TO: '/backups' },
    'BACKUP_PASSPHRASE is empty, which counts as not set: backups are not encrypted.',
  ]
  expect(ignoredIn({ ...to, BACKUP_PASSPHRASE: '' })).toEqual([expectedReason])
  expect(ignoredIn({ ...to, BACKUP_PASSPHRASE: ' ', BACKUP_RECIPIENT: RECIPIENT })).toEqual([])
  expect(ignoredIn({ ...to, BACKUP_PASSPHRASE: '', BACKUP_PASSPHRASE_FILE: '/run/secrets/passphrase' })).toEqual([])
  for (const env of [to, { BACKUP_PASSPHRASE: '' }]) expect(ignoredIn(env)).toEqual([])
})

test('a secret can come from a file, but not from two places', () => {
  const file = fileOf('correct horse\n')
  expect(readConfig({ ADMIN_PASSWORD_FILE: file }).adminPassword).toBe('correct horse')
  expect(readError({ ADMIN_PASSWORD_FILE: file, ADMIN_PASSWORD: 'another one' })).toContain('both set')
  expect(readError({ ADMIN_PASSWORD_FILE: join(folder, 'missing') })).toContain(
    'cannot be read (ENOENT): it is not there',
  )
})

test.each([
  ['an end of line', 'correct horse\n'],
  ['those of Windows, and its mark at the beginning', '\uFEFFcorrect horse\r\n'],
  ['none', 'correct horse'],
])('characters that an editor adds around a secret are ignored: %s', (_what, content) => {
  expect(readConfig({ ADMIN_PASSWORD_FILE: fileOf(content) }).adminPassword).toBe('correct horse')
})

const SECRETS = {
  DATABASE_URL: 'postgres://trek:hunter22@db/trek',
  ENCRYPTION_KEY: '5e'.repeat(32),
  ADMIN_PASSWORD: 'correct  horse',
  S3_ACCESS_KEY: 'AKTEST',
  S3_SECRET_KEY: 'se/cret+key',
  BACKUP_PASSPHRASE: 'correct horse battery',
  GOOGLE_MAPS_KEY: 'AIza',
  METRICS_TOKEN: '4c'.repeat(32),
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.lan:4318',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, tenant=a',
}

test('this list of secrets is complete, except for the secret key of age, which comes in a file with comments', () => {
  const secret = Object.entries(VARIABLES).filter(([, { secret }]) => secret)
  expect([...Object.keys(SECRETS), 'BACKUP_IDENTITY'].sort()).toEqual(secret.map(([name]) => name).sort())
})

test.each(Object.entries(SECRETS))('%s is taken exactly, and refused with blanks around it', (name, secret) => {
  const read = (env: Record<string, string>) =>
    Object.entries(readConfig(env)).find(([key]) => key === keyOf(name))?.[1]
  const expected = name === 'OTEL_EXPORTER_OTLP_HEADERS' ? { authorization: 'Bearer abc', tenant: 'a' } : secret
  expect(read({ [name]: secret })).toEqual(expected)
  expect(read({ [name]: '' })).toEqual(read({}))
  for (const end of ['', '\n', '\r\n']) expect(read({ [`${name}_FILE`]: fileOf(secret + end) })).toEqual(expected)
  for (const spoiltSecret of [
    ` ${secret}`,
    `${secret} `,
    `${secret}\t`,
    `\n${secret}`,
    `${secret}\n\n`,
    `${secret} \n`,
  ]) {
    const inFile = readError({ [`${name}_FILE`]: fileOf(spoiltSecret) })
    expect(inFile).toBe(`The file of ${name}_FILE begins or ends with a blank or a line break; remove it.`)
    const readSetting = readError({ [name]: spoiltSecret })
    expect(readSetting).toBe(`${name} begins or ends with a blank or a line break; remove it.`)
  }
  // If it counted as not set, the server would use another database, or make a key or a password of its own.
  expect(readError({ [name]: ' ' })).toBe(`${name} consists of blanks; set it to the secret, or leave it out.`)
})

const keyOf = (name: string) => name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

test('each secret can come from a file, and the name of a file that is empty counts as not set', () => {
  const url = 'postgres://trek:hunter22@db/trek'
  const key = '5e'.repeat(32)
  expect(readConfig({ DATABASE_URL_FILE: fileOf(`${url}\n`) }).databaseUrl).toBe(url)
  expect(readConfig({ ENCRYPTION_KEY_FILE: fileOf(`${key}\n`) }).encryptionKey).toBe(key)
  expect(readConfig({ GOOGLE_MAPS_KEY_FILE: fileOf('AIza\n') }).googleMapsKey).toBe('AIza')
  expect(readConfig({ DATABASE_URL_FILE: '', ENCRYPTION_KEY_FILE: ' ' })).toMatchObject({ databaseUrl: null })
})

test('a file of a secret that cannot be used stops the start: nothing else is used in its place', () => {
  // What a container gets where the file to be mounted is missing.
  expect(readError({ DATABASE_URL_FILE: folder })).toContain(
    `DATABASE_URL_FILE is "${folder}", which cannot be read (EISDIR): it is a folder, where a file is expected`,
  )
  for (const emptyValue of ['', ' \n', '\uFEFF']) {
    expect(readError({ ENCRYPTION_KEY_FILE: fileOf(emptyValue) })).toContain('which is empty; write the secret into it')
  }
  const wrong = readError({ ENCRYPTION_KEY_FILE: fileOf('hunter22') })
  expect(wrong).toContain('The file of ENCRYPTION_KEY_FILE has a value that cannot be used')
  expect(wrong).not.toContain('hunter22')
  expect(readError({ DATABASE_URL_FILE: join(fileOf('x'), 'y') })).toContain('(ENOTDIR)')
})

test('a file of a secret that the user of the server may not read stops the start', () => {
  const file = fileOf('correct horse')
  chmodSync(folder, 0o755)
  chmodSync(file, 0)
  // Root may read everything: the same is asked as somebody else.
  const asNobody = process.getuid?.() === 0
  if (asNobody) process.seteuid?.(65_534)
  try {
    expect(readError({ ADMIN_PASSWORD_FILE: file })).toMatch(/cannot be read \(EACCES\): it may not be read/)
  } finally {
    if (asNobody) process.seteuid?.(0)
    rmSync(file)
  }
})

test('the trusted proxies are set as a word or as addresses', () => {
  expect(readConfig({ TRUST_PROXY: 'true' }).trustProxy).toBe(true)
  for (const networks of ['10.0.0.0/8, ::1', 'loopback,uniquelocal', '192.0.2.1']) {
    expect(readConfig({ TRUST_PROXY: networks }).trustProxy).toBe(networks)
  }
})

test('the page has a row for every variable', () => {
  expect(configurationPage()).toContain('| `PORT` | `3000` | a port number')
  expect(configurationPage()).toContain('`ENCRYPTION_KEY`, `ENCRYPTION_KEY_FILE`')
})

test('a secret key is read as age-keygen writes it, and a file without one is named', () => {
  const comments = `# created: 2027-04-05T03:00:00Z\n# public key: ${RECIPIENT}\n`
  for (const content of [`${comments}${IDENTITY}\n`, `${comments}\n${IDENTITY}\n\n`.replaceAll('\n', '\r\n')]) {
    expect(readConfig({ BACKUP_IDENTITY_FILE: fileOf(content) }).backupIdentity).toBe(IDENTITY)
  }
  for (const content of [comments, `${comments}${IDENTITY}\n${IDENTITY}\n`]) {
    expect(readError({ BACKUP_IDENTITY_FILE: fileOf(content) })).toMatch(
      /^The file of BACKUP_IDENTITY_FILE has a value that cannot be used; allowed is a whole secret key of age/,
    )
  }
})

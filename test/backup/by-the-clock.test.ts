import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { SERVER } from '../../bench/processes.ts'
import { nameAt } from '../../src/backup/names.ts'
import { readConfig } from '../../src/config/index.ts'
import { list_backups, preview_backup } from '../../src/features/backups/contract/index.ts'
import { openProduct } from '../../src/product.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { createInstance } from '../harness/processes/instances.ts'
import { end, killServers, type Serving, serve, tokenFor } from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'
import { some } from '../harness/prove.ts'
import { commandLine, PASSWORD } from '../harness/rigs/accounts.ts'
import { until } from '../harness/until.ts'

const KEY = '5e'.repeat(32)
const NAMED = /^trek-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[0-9a-f]{8}\.tar\.zst$/
const BY_HAND = /^trek-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[0-9a-f]{8}-by-hand\.tar\.zst$/
const NOTING = join(import.meta.dirname, '../harness/preloads/noting.ts')

const places: Place[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  killServers()
  for (const place of places.splice(0)) await place.remove()
})

/** A person who is logged in with a browser. */
async function loggedIn({ port }: Serving, username: string, password: string) {
  const base = `http://127.0.0.1:${port}`
  const answer = await fetch(`${base}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ identifier: username, password }),
  })
  expect(answer.status).toBe(200)
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return (path: string, method = 'GET') =>
    fetch(`${base}/api${path}`, {
      method,
      headers: { cookie, origin: base, ...(method === 'POST' && { 'content-type': 'application/json' }) },
      ...(method === 'POST' && { body: '{}' }),
    })
}

interface State {
  running: boolean
  backups: { name: string; size: number }[]
  last_failure: { reason: string } | null
}

// The clock, the folder and the processes do not depend on the engine.
describe.each(some(ENGINES))('on $engine', ({ place: make }) => {
  async function scene() {
    const place = await make()
    places.push(place)
    const folder = join(place.folder, 'backups')
    mkdirSync(folder)
    const noted = join(place.folder, 'noted')
    writeFileSync(noted, '')
    const url = place.target.startsWith('postgres') ? place.target : ''
    const env = { BACKUP_TO: folder, BACKUP_EVERY: '12h', BACKUP_KEEP: '2', ADMIN_PASSWORD: PASSWORD }
    const instance = { dataDir: join(place.folder, 'data'), url }
    const starting = (more: Record<string, string> = {}) =>
      serve({ ...instance, env: { ...env, NODE_OPTIONS: `--import ${NOTING}`, NOTED_IN: noted, ...more } })
    const processes = () =>
      readFileSync(noted, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { pid: number; parent: number; words: string[] })
    const shell = { DATA_DIR: instance.dataDir, DATABASE_URL: url, ENCRYPTION_KEY: KEY, ...env }
    // Names of backups contain the id of the instance, so there must be one.
    const id = await createInstance({ ...instance, env })
    return { folder, instance, id, starting, processes, shell }
  }

  /** A backup of an hour ago, so that none is due. */
  function notDue({ folder, id }: { folder: string; id: string }): string {
    const name = nameAt(new Date(Date.now() - 3_600_000), id, false)
    writeFileSync(join(folder, name), zstdCompressSync('not read'))
    return name
  }

  const namesIn = (folder: string) =>
    readdirSync(folder)
      .filter((name) => NAMED.test(name))
      .sort()

  test('a process of its own makes a backup soon after the start, and only the newest ones stay', async () => {
    const { folder, id, starting, processes, shell } = await scene()
    const old = nameAt(new Date('2026-01-02T00:00:00Z'), id, true)
    for (const name of [nameAt(new Date('2026-01-01T00:00:00Z'), id, false), old]) {
      writeFileSync(join(folder, name), zstdCompressSync(''))
    }
    const serving = await starting()
    await until(() => namesIn(folder).some((name) => name > 'trek-2026-02'), 60_000, 'a backup is there')
    const { child } = serving
    const otherProcesses = () => processes().filter(({ pid }) => pid !== child.pid)
    expect(otherProcesses()).toEqual([
      { pid: expect.any(Number), parent: child.pid, words: ['backup', `${folder}/`, '--keep', '2', '--json'] },
    ])
    const adminRequest = await loggedIn(serving, 'admin', PASSWORD)
    await until(async () => !((await (await adminRequest('/admin/backups')).json()) as State).running)
    expect(readdirSync(folder).sort()).toEqual([old, expect.stringMatching(NAMED)])
    const [backupName = ''] = namesIn(folder)
    expect(await trek(shell, 'verify', join(folder, backupName))).toMatchObject({ code: 0, stderr: '' })
    expect(await end(serving)).toBe(0)
  }, 120_000)

  test('only an administrator makes, previews and downloads a backup', async () => {
    const { folder, instance, id, starting, processes, shell } = await scene()
    const old = notDue({ folder, id })
    const serving = await starting()
    const user = ['--username', 'ben', '--email', 'ben@example.org', '--password', PASSWORD]
    expect(await trek(shell, 'user', 'create', ...user)).toMatchObject({ code: 0 })
    const [ask, ben] = [await loggedIn(serving, 'admin', PASSWORD), await loggedIn(serving, 'ben', PASSWORD)]
    const response = await ask('/admin/backups', 'POST')
    expect([response.status, await response.json()]).toEqual([201, { running: true }])
    const secondResponse = await ask('/admin/backups', 'POST')
    expect([secondResponse.status, await secondResponse.json()]).toEqual([
      409,
      expect.objectContaining({ detail: 'The server is making a backup already' }),
    ])
    const state = async () => (await (await ask('/admin/backups')).json()) as State
    await until(async () => !(await state()).running, 60_000, 'the backup is made')
    const { backups, ...rest } = await state()
    const settings = [...(instance.url ? ['DATABASE_URL'] : []), 'ENCRYPTION_KEY']
    expect(rest).toEqual({
      folder,
      problem: null,
      every_seconds: 43_200,
      keep: 2,
      encrypted: false,
      progress: null,
      running: false,
      started_at: null,
      cut_off_at: null,
      last_failure: null,
      to_make: { command: `DATA_DIR=${instance.dataDir} npm run -s trek -- backup ${folder}/`, settings },
      to_show_key: { command: expect.stringMatching(/encryption-key show$/), settings: ['ENCRYPTION_KEY'] },
    })
    const [{ name, size } = { name: '', size: 0 }] = backups
    expect(backups.map((one) => one.name)).toEqual([expect.stringMatching(BY_HAND), old])

    const download = await ask(`/admin/backups/${name}/content`)
    expect(download.status).toBe(200)
    expect(download.headers.get('content-disposition')).toContain(`attachment; filename="${name}"`)
    const copy = join(folder, '..', 'copy.tar.zst')
    writeFileSync(copy, Buffer.from(await download.arrayBuffer()))
    expect(statSync(copy).size).toBe(size)
    expect(await trek(shell, 'verify', copy)).toMatchObject({ code: 0, stderr: '' })

    const preview = (await (await ask(`/admin/backups/${name}/preview`)).json()) as object
    expect(preview).toMatchObject({
      version: '0.1.0',
      files: 0,
      has_files: true,
      missing_files: 0,
      backup: { users: 2, trips: 0, files: 0 },
      now: { users: 2, trips: 0, files: 0 },
      key_fits: true,
      migrations: [],
      problems: [],
      command: `DATA_DIR=${instance.dataDir} npm run -s trek -- restore ${join(folder, name)} --replace`,
      settings,
    })
    expect(processes().at(-1)).toMatchObject({
      parent: serving.child.pid,
      words: ['rehearse', join(folder, name), '--json'],
    })

    const base = `http://127.0.0.1:${serving.port}/api/admin/backups`
    const authorization = `Bearer ${await tokenFor(instance)}`
    for (const path of ['', `/${name}/content`, `/${name}/preview`]) {
      expect((await ben(`/admin/backups${path}`)).status).toBe(403)
      expect((await fetch(`${base}${path}`)).status).toBe(401)
    }
    expect((await ben('/admin/backups', 'POST')).status).toBe(403)
    expect((await fetch(`${base}/${name}/content`, { headers: { authorization } })).status).toBe(403)
    expect((await fetch(base, { headers: { authorization } })).status).toBe(200)
    const strange = nameAt(new Date(Date.now() - 1_800_000), randomUUID(), false)
    writeFileSync(join(folder, strange), zstdCompressSync('of another instance'))
    expect((await state()).backups).toEqual(backups)
    for (const other of [strange, nameAt(new Date(0), id, false), '..%2Fcopy.tar.zst', '%2Fetc%2Fpasswd']) {
      expect((await ask(`/admin/backups/${other}/content`)).status).toBe(404)
    }
    const audited = async () => {
      const { entries } = (await (await ask('/admin/audit')).json()) as { entries: Record<string, string>[] }
      return entries.map(({ event, outcome, username, way }) => [event, outcome, username, way].join(' '))
    }
    const done = [
      'make_backup ok admin web',
      'make_backup conflict admin web',
      'make_backup forbidden ben web',
      'download_backup ok admin web',
      'download_backup forbidden ben web',
      'download_backup not_found admin web',
      'download_backup forbidden admin rest',
    ]
    // The audit log is written with a delay.
    await expect.poll(audited, { timeout: 20_000 }).toEqual(expect.arrayContaining(done))
    expect(await end(serving)).toBe(0)
  }, 120_000)

  test('a running backup ends with the server, and that is not reported as a failure', async () => {
    const { folder, id, starting, processes } = await scene()
    const before = notDue({ folder, id })
    const serving = await starting()
    const ask = await loggedIn(serving, 'admin', PASSWORD)
    expect((await ask('/admin/backups', 'POST')).status).toBe(201)
    const backupProcess = await until(() => processes().find(({ words }) => words[0] === 'backup'))
    expect(backupProcess.parent).toBe(serving.child.pid)
    expect(await end(serving)).toBe(0)
    expect(() => process.kill(backupProcess.pid, 0)).toThrow('ESRCH')
    expect(namesIn(folder)).toEqual([before])
    const again = await starting()
    const state = (await (await (await loggedIn(again, 'admin', PASSWORD))('/admin/backups')).json()) as State
    expect(state).toMatchObject({
      running: false,
      cut_off_at: expect.any(String),
      last_failure: null,
      backups: [{ name: before }],
    })
    expect(await end(again)).toBe(0)
  }, 60_000)

  test('a server that has the passphrase previews an encrypted backup, and another one names the missing setting', async () => {
    const { folder, product, look, state } = await openInstance({ BACKUP_PASSPHRASE: 'correct horse battery' })
    await look()
    const { backups, encrypted } = await state()
    const [{ name, encrypted: isSealed } = { name: '', encrypted: false }] = backups
    expect([encrypted, isSealed, readdirSync(folder)]).toEqual([true, true, [name]])
    const preview = () => product.pipeline.run(preview_backup, { name }, commandLine)
    expect(await preview()).toMatchObject({ key_fits: true, problems: [], command: expect.stringContaining(name) })
    // The environment of the process that reads the backup.
    vi.stubEnv('BACKUP_PASSPHRASE', '')
    vi.stubEnv('BACKUP_RECIPIENT', 'age14w0d0rp54v3m8cn66umhhzfpxays4ngksarxsmk5qsq6dn7z83nq5wex4g')
    await expect(preview()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/is encrypted with a passphrase\. Set BACKUP_PASSPHRASE/),
    })
    await product.close()
  }, 60_000)

  test('without a folder no backup is made, and the error names the setting', async () => {
    const { starting } = await scene()
    const serving = await starting({ BACKUP_TO: '' })
    const ask = await loggedIn(serving, 'admin', PASSWORD)
    expect(await (await ask('/admin/backups')).json()).toMatchObject({ folder: null, backups: [], running: false })
    const refused = await ask('/admin/backups', 'POST')
    expect([refused.status, await refused.json()]).toEqual([
      409,
      expect.objectContaining({
        detail: expect.stringMatching(/BACKUP_TO/),
        hint: expect.stringMatching(/^Set BACKUP_TO to a folder/),
      }),
    ])
    expect(await end(serving)).toBe(0)
  }, 60_000)

  /** A server in this process, whose backups are made by the built command line. */
  async function openInstance(more: Record<string, string> = {}) {
    const { folder, instance, id, shell } = await scene()
    const env = { ...shell, ...more }
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const [, program = ''] = process.argv
    process.argv[1] = SERVER
    const warnings: string[] = []
    let msAhead = 0
    const product = await openProduct(readConfig(env), {
      onError: (error) => expect.unreachable(String(error)),
      clock: () => new Date(Date.now() + msAhead),
      checkOutput: true,
      server: { warn: (warning) => warnings.push(warning), newInstance: false },
    })
    process.argv[1] = program
    return {
      folder,
      warnings,
      product,
      instance,
      id,
      look: () => product.jobs.runNow('make backups'),
      state: () => product.pipeline.run(list_backups, {}, commandLine),
      hoursLater(hours: number) {
        msAhead += hours * 3_600_000
      },
    }
  }

  test('a backup is made when it is due; a failure is logged, shown and retried', async () => {
    const { folder, id, warnings, product, look, state, hoursLater } = await openInstance()
    await look()
    // Two backups within one second would have the same name.
    const first = nameAt(new Date(Date.now() - 3_600_000), id, false)
    expect(namesIn(folder)).toHaveLength(1)
    renameSync(join(folder, namesIn(folder)[0] ?? ''), join(folder, first))
    hoursLater(10.9)
    await look()
    expect(namesIn(folder)).toEqual([first])
    renameSync(folder, `${folder}-away`)
    hoursLater(0.2)
    await look()
    expect(warnings).toEqual([expect.stringMatching(/^No backup could be made: The folder .* does not exist\./)])
    expect(await state()).toMatchObject({
      problem: expect.stringMatching(/does not exist/),
      backups: [],
      running: false,
      last_failure: { reason: expect.stringMatching(/does not exist/) },
    })
    renameSync(`${folder}-away`, folder)
    await look()
    expect(namesIn(folder)).toEqual([first])
    hoursLater(0.2)
    await look()
    expect(namesIn(folder)).toEqual([first, expect.stringMatching(NAMED)])
    expect(await state()).toMatchObject({ problem: null, last_failure: null })
    await product.close()
  }, 60_000)
})

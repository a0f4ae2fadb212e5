import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SERVER } from '../../../bench/processes.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { Collector } from '../../../test/harness/network/collector.ts'
import { type ReverseProxy, startProxy } from '../../../test/harness/network/proxy.ts'
import { ReleaseHost } from '../../../test/harness/network/release-host.ts'
import { type Running, startRunning } from '../../../test/harness/rigs/running.ts'
import { nameAt } from '../../backup/names.ts'
import { withDatabase } from '../../backup/place.ts'
import { instanceIdOf } from '../../db/epoch.ts'

const run = promisify(execFile)

eachDatabase((_database, place) => {
  let proxy: ReverseProxy
  let running: Running
  let env: Record<string, string>

  beforeAll(async () => {
    proxy = await startProxy(null)
    const { target } = place()
    running = await startRunning(target, { APP_URL: proxy.url, HOST: '127.0.0.1', TRUST_PROXY: 'loopback' })
    proxy.aim(running.url)
    env = {
      PATH: process.env.PATH ?? '',
      ENCRYPTION_KEY: '5e'.repeat(32),
      APP_URL: proxy.url,
      HOST: '127.0.0.1',
      PORT: String(running.port),
      ...(target.startsWith('postgres')
        ? { DATA_DIR: running.config.dataDir, DATABASE_URL: target }
        : { DATA_DIR: target.replace(/\/trek\.db$/, '') }),
    }
  })
  afterAll(async () => {
    await proxy.close()
    await running.close()
    expect(running.failures).toEqual([])
  })

  const place127 = () => `http://127.0.0.1:${running.port}`

  const doctor = (more: Record<string, string>, ...options: string[]) =>
    run(process.execPath, [SERVER, 'doctor', ...options], { env: { ...env, ...more } }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }) => ({ code: code as number, stdout: stdout as string }),
    )

  test('on the command line, the doctor calls the address of the running server', async () => {
    const { code, stdout } = await doctor({}, '--json')
    const report = JSON.parse(stdout)
    expect({ code, ok: report.ok, skipped: report.skipped }).toEqual({ code: 0, ok: true, skipped: null })
    expect(report.connection).toMatchObject({ address: proxy.url, outcome: 'note' })
    // The only finding is that this address is on this machine.
    const troubles = report.connection.findings.filter(({ outcome }: { outcome: string }) => outcome !== 'ok')
    expect(troubles.map(({ check }: { check: string }) => check)).toEqual(['address'])
  })

  test('names the problems, and fails', async () => {
    proxy.use({ stripsResponse: ['www-authenticate'], noWebsocket: true })
    const { code, stdout } = await doctor({})
    proxy.use({})
    expect(code).toBe(1)
    expect(stdout).toMatch(/^FAILED {2}The proxy removes the header WWW-Authenticate/m)
    expect(stdout).toMatch(/^FAILED {2}The proxy does not pass on WebSockets/m)
    expect(stdout).toMatch(/^ {8}proxy_set_header Upgrade \$http_upgrade;$/m)
    expect(stdout).toMatch(/^CANNOT CONNECT +Claude Code$/m)
    expect(stdout).not.toContain('trekdoctor_')
  })

  test('lists the tools for operators, and whether they work', {
    timeout: 60_000,
  }, async () => {
    const observing = async (more: Record<string, string>) => {
      const { checks } = JSON.parse((await doctor(more, '--json')).stdout) as {
        checks: { check: string; health: string; says: string }[]
      }
      const checkNamed = (name: string) => checks.find(({ check }) => check === name)
      return { server: checkNamed('server'), metrics: checkNamed('metrics'), traces: checkNamed('traces') }
    }
    expect(await observing({})).toEqual({
      server: { check: 'server', health: 'ok', says: `version ${packageJson.version} answers at ${place127()}` },
      metrics: { check: 'metrics', health: 'ok', says: 'off; set METRICS_TOKEN to turn on metrics for Prometheus' },
      traces: { check: 'traces', health: 'ok', says: 'off; OTEL_EXPORTER_OTLP_ENDPOINT switches them on' },
    })
    const collector = await new Collector().up()
    const watching = { METRICS_TOKEN: '4c'.repeat(32), OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    expect(await observing(watching)).toMatchObject({
      metrics: { health: 'warning', says: expect.stringMatching(/answers 404: .* restart it$/) },
      traces: { health: 'ok', says: `${collector.url} takes them` },
    })
    await collector.down()
    const watched = await startRunning(place().target, { ...watching, DATA_DIR: running.config.dataDir })
    const { traces, metrics } = await observing({ ...watching, PORT: String(watched.port) })
    await watched.close()
    expect(traces).toMatchObject({ health: 'warning', says: expect.stringMatching(/^nothing answers at /) })
    expect(metrics).toMatchObject({
      health: 'ok',
      says: expect.stringMatching(/gives metrics to requests with METRICS_TOKEN/),
    })
  })

  test('reports the state of backups', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trek-doctor-'))
    const id = await withDatabase(place().target, ({ kysely }) => instanceIdOf(kysely))
    const addBackup = (ageHours: number) => {
      const name = nameAt(new Date(Date.now() - ageHours * 3_600_000), id, false)
      writeFileSync(join(folder, name), zstdCompressSync('a backup'))
      return name
    }
    const backups = async (more: Record<string, string>) => {
      const { stdout } = await doctor({ PORT: '1', ...more }, '--json')
      const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Record<string, string>[] }
      const { health, says } = checks.find(({ check }) => check === 'backups') ?? {}
      return [ok, health, says]
    }
    expect(await backups({})).toEqual([true, 'warning', expect.stringMatching(/^No backups are made .* Set BACKUP_TO/)])
    const [to, daily] = [{ BACKUP_TO: folder }, { BACKUP_TO: folder, BACKUP_EVERY: '24h' }]
    expect(await backups(to)).toEqual([true, 'warning', expect.stringMatching(/^There is no scheduled one in /)])
    const oldBackup = addBackup(49)
    const due = expect.stringMatching(new RegExp(`${oldBackup}, which is too old: one is due every day\\.`))
    expect(await backups(daily)).toEqual([true, 'warning', due])
    expect(await backups({ ...to, BACKUP_EVERY: '2d' })).toEqual([true, 'ok', join(folder, oldBackup)])
    const newer = addBackup(47)
    expect(await backups(daily)).toEqual([true, 'ok', join(folder, newer)])
    // This one is dated in the future.
    const futureBackup = addBackup(-1000)
    expect(await backups(daily)).toEqual([
      true,
      'warning',
      `The newest is ${join(folder, newer)}. Dated in the future, and not counted: ${futureBackup}. Check the clock. Delete them only if it is right.`,
    ])
    // Most of this one is lost.
    truncateSync(join(folder, newer), 2)
    expect(await backups(daily)).toEqual([true, 'warning', due])
    rmSync(folder, { recursive: true })
    expect(await backups(to)).toEqual([false, 'failed', expect.stringMatching(/does not exist\. Create it/)])
  })

  test('reports whether a newer release is out, if it may ask for that', { timeout: 60_000 }, async () => {
    const runs = `this is TREK ${packageJson.version}`
    const release = async (more: Record<string, string>) => {
      const { ok, checks } = JSON.parse((await doctor({ PORT: '1', ...more }, '--json')).stdout)
      const { health, says } = checks.find(({ check }: { check: string }) => check === 'release')
      return [ok, health, says]
    }
    expect(await release({})).toEqual([true, 'ok', `${runs}; newer releases are not looked for: set RELEASES_URL`])
    const host = await ReleaseHost.start({ version: '99.1.0', url: 'https://example.org/99.1.0' })
    const withReleases = { RELEASES_URL: host.url }
    expect(await release(withReleases)).toEqual([true, 'warning', `${runs}; 99.1.0 is out: https://example.org/99.1.0`])
    host.answers({ version: packageJson.version })
    expect(await release(withReleases)).toEqual([true, 'ok', `${runs}, the newest`])
    host.sends('oops', 500)
    const problem = `${host.host} answered with an error (500)`
    expect(await release(withReleases)).toEqual([
      true,
      'warning',
      `${runs}; whether there is a newer one could not be found out: ${problem}`,
    ])
    await host.stop()
  })

  test('reports that it could not check the address if no server runs', async () => {
    const before = proxy.requests.length
    const { code, stdout } = await doctor({ PORT: '1' }, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      connection: null,
      skipped: 'the server does not run, so nothing was asked at its address',
    })
    expect({ code, asked: proxy.requests.length }).toEqual({ code: 0, asked: before })
  })
})

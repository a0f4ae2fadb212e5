import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { document, trek } from '../../test/harness/processes/command-line.ts'
import { nameAt } from '../backup/names.ts'
import { readConfig } from '../config/index.ts'
import { instanceIdOf } from '../db/epoch.ts'
import { openProduct } from '../product.ts'

describe('the doctor', () => {
  const folders: string[] = []
  const fresh = () => {
    const folder = mkdtempSync(join(tmpdir(), 'trek-doctor-'))
    folders.push(folder)
    return folder
  }
  const examine = async (env: Record<string, string>) => {
    const { code, json } = await document({ ENCRYPTION_KEY: '', PORT: '1', ...env }, 'doctor')
    const healthOf = Object.fromEntries(
      (json.checks as { check: string; health: string }[]).map(({ check, health }) => [check, health]),
    )
    return { code, ok: json.ok, found: healthOf, checks: json.checks }
  }
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  test('finds nothing broken before the first start, and creates nothing', async () => {
    const folder = fresh()
    expect(await examine({ DATA_DIR: folder })).toMatchObject({
      code: 0,
      ok: true,
      found: { 'data folder': 'ok', 'encryption key': 'warning', database: 'warning', server: 'warning' },
    })
    expect(existsSync(join(folder, 'trek.db'))).toBe(false)
  })

  test('a command creates no instance: a mistyped folder stays empty', async () => {
    const folder = fresh()
    const { code, stderr } = await trek({ DATA_DIR: folder }, 'user', 'list')
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('Start the server first') })
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    [['user', 'list']],
    [['backup', './']],
    [['move', '--to', 'postgres://localhost/trek']],
    [['files', 'move', '--to', 's3://bucket/trek']],
  ])('a missing folder is not created by %s', async (words) => {
    const folder = join(fresh(), 'mistyped', 'data')
    const { code, stderr } = await trek({ DATA_DIR: folder }, ...words)
    expect(stderr).toBe(
      `Error: There is no instance in ${folder}: the folder does not exist. Start the server first (trek serve), or set DATA_DIR to the ` +
        'folder of your instance.\n',
    )
    expect([code, existsSync(dirname(folder))]).toEqual([1, false])
  })

  test('a missing folder is not created by checking a backup, which needs no instance', async () => {
    const folder = join(fresh(), 'data')
    const { code, stderr } = await trek({ DATA_DIR: folder }, 'verify', join(folder, 'backup'))
    expect([code, existsSync(folder)]).toEqual([1, false])
    expect(stderr).toContain(`${join(folder, 'backup')} does not exist`)
  })

  test.each([
    ['serve', ['serve']],
    ['restore', ['restore', './a']],
  ])('%s reports at once that the folder cannot be created', async (_, words) => {
    const { code, stderr } = await trek({ DATA_DIR: '/proc/nothing/data' }, ...words)
    expect(code).toBe(1)
    expect(stderr).toMatch(/\/proc.* DATA_DIR/)
  })

  test('reports what a start would refuse', async () => {
    const folder = fresh()
    writeFileSync(join(folder, 'encryption.key'), `${'ab'.repeat(32)}\n`, { mode: 0o600 })
    for (const remainder of ['nothing', 'no bytes']) {
      if (remainder === 'no bytes') writeFileSync(join(folder, 'trek.db'), '')
      const { code, found: healthOf, checks } = await examine({ DATA_DIR: folder })
      expect([remainder, code, healthOf.database]).toEqual([remainder, 1, 'failed'])
      expect(JSON.stringify(checks)).toContain('--new-instance')
    }
  })

  test('reports a key or a folder of uploads that differs from that of the instance', async () => {
    const folder = fresh()
    const product = await openProduct(readConfig({ DATA_DIR: folder }), {
      onError: () => {},
      server: { warn: () => {}, newInstance: false },
    })
    await product.close()
    const other = await examine({ DATA_DIR: folder, ENCRYPTION_KEY: 'ab'.repeat(32) })
    expect([other.code, other.found['encryption key'], other.checks.length]).toEqual([1, 'failed', 12])
    expect(JSON.stringify(other.checks)).toContain('--new-key')
    writeFileSync(join(folder, 'files', 'folder-id'), 'another')
    const { found: healthOf, checks } = await examine({ DATA_DIR: folder })
    expect([healthOf.uploads, healthOf['encryption key']]).toEqual(['warning', 'ok'])
    expect(JSON.stringify(checks)).toContain('is not the folder in which')
    rmSync(join(folder, 'encryption.key'))
    expect((await examine({ DATA_DIR: folder })).found['encryption key']).toBe('failed')
    expect(existsSync(join(folder, 'encryption.key'))).toBe(false)
  })

  test('finds a server that answers', async () => {
    const answering = createServer(({ url }, response) => {
      if (url === '/metrics') response.statusCode = 404
      response.end(JSON.stringify({ status: 'ok', version: packageJson.version }))
    })
    await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve))
    const { port } = answering.address() as AddressInfo
    const folder = fresh()
    const product = await openProduct(readConfig({ DATA_DIR: folder }), {
      onError: () => {},
      server: { warn: () => {}, newInstance: false },
    })
    const id = await instanceIdOf(product.database.kysely)
    await product.close()
    expect(statSync(join(folder, 'encryption.key')).mode & 0o777).toBe(0o600)
    const backups = fresh()
    const today = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`)
    writeFileSync(join(backups, nameAt(today, id, false)), zstdCompressSync('a backup'))
    const { found: healthOf } = await examine({
      DATA_DIR: folder,
      BACKUP_TO: backups,
      PORT: String(port),
      APP_URL: `http://localhost:${port}`,
      HOST: '127.0.0.1',
    })
    expect(new Set(Object.values(healthOf))).toEqual(new Set(['ok']))
    await new Promise((resolve) => answering.close(resolve))
  })

  test('closes files that other users could read, even in a closed folder, and reports that once', async () => {
    const folder = fresh()
    const files = { 'encryption.key': 0o644, 'files/3f0c0000-0000-4000-8000-000000000000': 0o640, 'trek.db-old': 0o666 }
    mkdirSync(join(folder, 'files'), { mode: 0o700 })
    for (const [name, mode] of Object.entries(files)) {
      writeFileSync(join(folder, name), `${'ab'.repeat(32)}\n`)
      chmodSync(join(folder, name), mode)
    }
    const { found: healthOf, checks } = await examine({ DATA_DIR: folder })
    expect(healthOf.permissions).toBe('warning')
    for (const name of Object.keys(files)) {
      expect(JSON.stringify(checks)).toContain(join(folder, name))
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
    }
    expect((await examine({ DATA_DIR: folder })).found.permissions).toBe('ok')
  })

  test('names an unreachable database and an invalid value', async () => {
    const folder = fresh()
    writeFileSync(join(folder, 'encryption.key'), `${'ab'.repeat(32)}\n`)
    const {
      code,
      ok,
      found: healthOf,
      checks,
    } = await examine({
      DATA_DIR: folder,
      DATABASE_URL: 'postgres://trek:hunter22@127.0.0.1:1/trek',
    })
    expect({ code, ok }).toEqual({ code: 1, ok: false })
    expect(healthOf).toMatchObject({ 'encryption key': 'ok', database: 'failed' })
    expect(JSON.stringify(checks)).not.toContain('hunter22')
    const badReport = await document({ PORT: 'abc' }, 'doctor')
    expect(badReport).toMatchObject({ code: 1, json: { error: { message: expect.stringContaining('PORT is "abc"') } } })
  })
})

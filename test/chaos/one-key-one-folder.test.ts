import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { openProduct } from '../../src/product.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { end, killServers, serve } from '../harness/processes/serving.ts'

/** All servers of an instance have one key and one folder of uploads: the cases in which one server has another. */

describe.each(ENGINES)('on $engine', ({ engine, place: find }) => {
  let dataDir: string
  let place: Place
  const warnings: string[] = []
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'trek-instances-'))
    place = await find()
    warnings.length = 0
  })
  afterEach(async () => {
    killServers()
    rmSync(dataDir, { recursive: true, force: true })
    await place.remove()
  })

  /** Starts with a database and a DATA_DIR; `server` is false for a command of the command line. */
  const open = (target: string, { newKey = false, server = true, folder = dataDir, key = '' } = {}) =>
    openProduct(
      { ...readConfig({ DATA_DIR: folder, ENCRYPTION_KEY: key }), database: target },
      {
        onError: () => {},
        ...(server && {
          server: { warn: (warning: string) => void warnings.push(warning), newInstance: false, newKey },
        }),
      },
    )
  const start = async (target: string, options: Parameters<typeof open>[1] = {}) =>
    (await open(target, options)).close()
  const files = () => join(dataDir, 'files')

  describe('the encryption key', () => {
    const keyFile = () => join(dataDir, 'encryption.key')
    const other = 'ab'.repeat(32)
    const fingerprint = async () => {
      const database = openDatabase(place.target)
      const { key_fingerprint } = await database.kysely.selectFrom('instance').selectAll().executeTakeFirstOrThrow()
      await database.close()
      return String(key_fingerprint)
    }

    test('of another instance stops a start and a command, which name the right key and the loss without it', async () => {
      await start(place.target)
      const [keptKey, expected] = [readFileSync(keyFile(), 'utf8'), await fingerprint()]
      expect(expected).not.toContain(keptKey.trim())
      for (const server of [true, false]) {
        const refused = await start(place.target, { key: other, server }).catch((error: Error) => error.message)
        expect(refused).toContain(`the encryption key with the fingerprint ${expected.slice(0, 8)}`)
        expect(refused).toMatch(
          /the one in ENCRYPTION_KEY has the fingerprint .*everybody has to log in again.*--new-key|--new-key.*everybody has to log in again/,
        )
      }
      writeFileSync(keyFile(), `${other}\n`)
      await expect(start(place.target)).rejects.toThrow(/the one in .*encryption\.key has the fingerprint/)
      writeFileSync(keyFile(), keptKey)
      await start(place.target)
      await start(place.target, { key: keptKey.trim() })
      expect([await fingerprint(), warnings]).toEqual([expected, []])
    })

    test('that is lost is replaced only on request', async () => {
      await start(place.target)
      const expected = await fingerprint()
      rmSync(keyFile())
      for (const server of [true, false]) {
        await expect(start(place.target, { server })).rejects.toThrow(
          /ENCRYPTION_KEY is not set, and there is no .*encryption\.key/,
        )
      }
      expect(existsSync(keyFile())).toBe(false)

      await start(place.target, { newKey: true })
      expect(await fingerprint()).not.toBe(expected)
      expect(warnings).toEqual([expect.stringMatching(/another encryption key.*everybody has to log in again/)])
      await start(place.target)
      await start(place.target, { newKey: true })
      expect(warnings.at(-1)).toMatch(/--new-key has no effect/)
    })

    test('of a database without a fingerprint is the key that the server has now', async () => {
      await start(place.target)
      const database = openDatabase(place.target)
      await database.kysely.updateTable('instance').set({ key_fingerprint: null }).execute()
      await database.close()
      await start(place.target, { key: other })
      await expect(start(place.target)).rejects.toThrow(/--new-key/)
    })

    // Two folders on one database are possible only with PostgreSQL.
    if (engine === 'postgres') {
      test('is the same for two servers that start at once', async () => {
        const folders = ['one', 'other'].map((name) => join(dataDir, name))
        const starts = await Promise.allSettled(folders.map((folder) => open(place.target, { folder })))
        const running = starts.filter((one) => one.status === 'fulfilled')
        expect(running).toHaveLength(1)
        await running[0]?.value.close()
        const [refused] = starts.filter((one) => one.status === 'rejected')
        expect(String(refused?.reason)).toMatch(/--new-key/)
      })
    }
  })

  describe('the folder of uploads', () => {
    const key = '5e'.repeat(32)
    const elsewhere = () => join(dataDir, 'elsewhere')

    test('of a running server is the one for all servers: another folder is refused, even if both are empty', async () => {
      const serving = await serve({ dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }) })
      const second = () => start(place.target, { key, folder: elsewhere() })
      await expect(second()).rejects.toThrow(
        /Another server of this instance is running, and it keeps the uploads in another folder/,
      )
      await start(place.target, { key, folder: place.folder })
      expect(await end(serving)).toBe(0)
      await second()
      expect(warnings).toEqual([])
    })

    test('can be moved, lost or restored', async () => {
      const product = await open(place.target, { key })
      const { key: file } = await product.services.files.keep(Readable.from('bytes'), 100)
      await product.close()
      renameSync(files(), join(dataDir, 'moved'))
      mkdirSync(elsewhere(), { mode: 0o700 })
      renameSync(join(dataDir, 'moved'), join(elsewhere(), 'files'))
      await start(place.target, { key, folder: elsewhere() })
      expect(warnings).toEqual([])

      await start(place.target, { key })
      expect(warnings).toEqual([
        expect.stringMatching(/is not the folder in which the last server of this instance kept the uploads/),
        expect.stringMatching(/there are none in .* Is a disk missing there/),
      ])
      await start(place.target, { key })
      expect(warnings).toHaveLength(2)

      rmSync(files(), { recursive: true })
      renameSync(join(elsewhere(), 'files'), files())
      await start(place.target, { key })
      expect([warnings.length, existsSync(join(files(), file))]).toEqual([3, true])
      // A copy with the files alone.
      rmSync(join(files(), 'instance-id'))
      rmSync(join(files(), 'folder-id'))
      await start(place.target, { key })
      expect(readFileSync(join(files(), 'folder-id'), 'utf8')).toHaveLength(37)
    })
  })
})

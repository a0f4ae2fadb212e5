import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SERVER } from '../../bench/processes.ts'
import { bucketPlace, type FilesPlace, folderPlace } from '../../src/adapters/files-place.ts'
import { readConfig } from '../../src/config/index.ts'
import { moveFiles } from '../../src/files-move.ts'
import { openProduct, type Product } from '../../src/product.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { giveAway, takenIn } from '../harness/processes/owners.ts'
import { end, type Serving, serve } from '../harness/processes/serving.ts'
import { some, times } from '../harness/prove.ts'
import { storeText, textOf, uploadsOn } from '../harness/storage/uploads.ts'
import { until } from '../harness/until.ts'

/** Moves of the uploads to S3-compatible storage and back: the database contains only their keys. */

describe.each(some(ENGINES))('on $engine, a move', (engine) => {
  const uploads = uploadsOn(engine)
  const { address, inStorage, names, newPlace, open, settings, start, warnings, trek } = uploads
  async function move(...args: string[]) {
    const { code, stdout } = await trek({}, 'files', 'move', ...args, '--json')
    return { code, ...JSON.parse(stdout) }
  }

  const QUARANTINED = new Date('2027-04-05T06:07:08.009Z')
  /** An instance with files in its folder: two in place, one in quarantine, and one that the database does not know. */
  async function filled() {
    const product = await open({})
    const [one, two, old] = [
      await storeText(product, 'one'),
      await storeText(product, 'two'),
      await storeText(product, 'old'),
    ]
    await product.services.files.quarantine(old, QUARANTINED)
    await product.close()
    const strange = '0a1b2c3d-0000-4000-8000-000000000000'
    writeFileSync(join(uploads.place.folder, 'files', strange), 'of somebody else')
    return { one, two, old, strange }
  }
  const quarantined = async ({ services }: Product) => {
    const quarantined: [string, number][] = []
    for await (const { key, since } of services.files.quarantined()) quarantined.push([key, since])
    return quarantined
  }

  test('copies all files with their times to storage and back, and can be repeated', async () => {
    const { one, two, old, strange } = await filled()
    expect(await move('--to', address())).toMatchObject({
      code: 0,
      copied: 3,
      there: 0,
      unknown: 1,
      missing: 0,
      deleted: 0,
    })
    expect(await move('--to', address())).toMatchObject({ code: 0, copied: 0, there: 3 })
    expect(names().filter((name) => name.includes(strange))).toEqual([])
    const there = await open()
    expect([await textOf(there, one), await textOf(there, two), await quarantined(there)]).toEqual([
      'one',
      'two',
      [[old, QUARANTINED.getTime()]],
    ])
    const laterKey = await storeText(there, 'later')
    await there.close()
    expect(warnings).toEqual([])

    const moveBack = await trek({ FILES_URL: address() }, 'files', 'move', '--to', 'folder')
    expect(moveBack.stdout).toMatch(/^Copied 1 file .* to .*files\. Already there: 3\./)
    expect(moveBack.stdout).toContain('Remove FILES_URL from the settings, then start the server.')
    const productInFolder = await open({})
    expect([await textOf(productInFolder, laterKey), await quarantined(productInFolder)]).toEqual([
      'later',
      [[old, QUARANTINED.getTime()]],
    ])
    await productInFolder.close()
    expect([warnings, statSync(join(uploads.place.folder, 'files', laterKey)).mode & 0o777]).toEqual([[], 0o600])
  })

  test('deletes the source only on request, and never the files of another database', {
    timeout: 60_000,
  }, async () => {
    const { one, strange } = await filled()
    const files = join(uploads.place.folder, 'files')
    await move('--to', address())
    expect(existsSync(join(files, one))).toBe(true)
    expect(await move('--to', address(), '--delete-source')).toMatchObject({ code: 0, copied: 0, deleted: 3 })
    expect([readdirSync(files).sort(), readdirSync(join(files, 'quarantine'))]).toEqual([
      [strange, 'folder-id', 'instance-id', 'moved-to', 'quarantine'],
      [],
    ])
    const secondMove = await trek({}, 'files', 'move', '--from', 'folder', '--to', address(), '--delete-source')
    expect(secondMove).toMatchObject({ code: 0, stderr: '' })
    expect(secondMove.stdout).toBe(
      `${files} contains no files of this instance. All that the database refers to are in ${address()}.\n` +
        `Left in ${files}: 1 file to which this database does not refer. See docs/files.md.\n` +
        `Set FILES_URL=${address()}, then start the server.\n`,
    )
    const productInStorage = await open()
    expect(await textOf(productInStorage, one)).toBe('one')
    await productInStorage.close()
    const moveBackArgs = ['--from', address(), '--to', 'folder', '--delete-source']
    expect(await move(...moveBackArgs)).toMatchObject({ code: 0, copied: 3, deleted: 3 })
    expect(names()).toEqual([])
    const emptied = await trek({}, 'files', 'move', ...moveBackArgs)
    expect(emptied).toMatchObject({ code: 0, stderr: '' })
    expect(emptied.stdout).toMatch(/^s3:\S+ contains no files of this instance\. All that/)
    expect(emptied.stdout).not.toContain('are still there')
    const productInFolder = await open({})
    expect(await textOf(productInFolder, one)).toBe('one')
    await productInFolder.close()
  })

  test('leaves the files to the owner of DATA_DIR', async () => {
    const { one } = await filled()
    const files = join(uploads.place.folder, 'files')
    expect(await move('--to', address())).toMatchObject({ code: 0, copied: 3 })
    rmSync(files, { recursive: true })
    giveAway(uploads.place.folder)
    expect(await move('--from', address(), '--to', 'folder')).toMatchObject({ code: 0, copied: 3 })
    expect([readdirSync(files).includes(one), takenIn(uploads.place.folder)]).toEqual([true, []])
  })

  test('leaves a note in the old place, so that no server or backup uses it', async () => {
    const { one } = await filled()
    await move('--to', address())
    await start()
    const movedMessage =
      /^The uploaded files of this instance were moved from \S+files to s3:\S+\. Set FILES_URL=s3:\S+ again/
    await expect(start({})).rejects.toThrow(movedMessage)
    const backup = await trek({}, 'backup', `${uploads.place.folder}/backup.tar.zst`)
    expect([backup.code, backup.stderr.replace('Error: ', '')]).toEqual([1, expect.stringMatching(movedMessage)])
    const toThird = await move('--from', 'folder', '--to', `${address()}/third`)
    expect(toThird).toMatchObject({ code: 1, error: { message: expect.stringMatching(movedMessage) } })
    expect(warnings).toEqual([])
    // What has only come into the folder is not lost.
    uploads.storage.objects.delete(`trek/files/${one}`)
    const advice = expect.stringMatching(/trek files move --from folder --to s3:\S+/)
    const inStore = { FILES_URL: address() }
    expect(await trek(inStore, 'doctor')).toMatchObject({ stdout: advice })
    expect(await trek(inStore, 'backup', `${uploads.place.folder}/backup.tar.zst`)).toMatchObject({ stdout: advice })
    expect(await move('--from', 'folder', '--to', address())).toMatchObject({ code: 0, copied: 1 })

    expect(await move('--from', address(), '--to', 'folder')).toMatchObject({ code: 0 })
    await expect(start()).rejects.toThrow(/were moved from s3:\S+ to \S+files\. Remove FILES_URL/)
    await start({})
    expect(warnings).toEqual([])
  })

  test('leaves, if interrupted, a place that refuses a start, and can be resumed', async () => {
    const { one } = await filled()
    uploads.storage.misbehave(/^PUT \/trek\/files\/quarantine/, ...Array<'error'>(5).fill('error'))
    const cut = await trek({}, 'files', 'move', '--to', address())
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('answered with an error (500 InternalError')])
    await expect(start()).rejects.toThrow(/Not all uploads have been moved to s3:\/\/trek\/files yet/)
    expect(await move('--to', address())).toMatchObject({ code: 0, copied: 1, there: 2 })
    const there = await open()
    expect(await textOf(there, one)).toBe('one')
    await there.close()
  })

  test('copies a file again if its copy differs, and verifies each copy', async () => {
    const { one } = await filled()
    await move('--to', address())
    const object = uploads.storage.objects.get(`trek/files/${one}`) as { bytes: Buffer }
    uploads.storage.objects.set(`trek/files/${one}`, { ...object, bytes: Buffer.from('eno'), sha256: null } as never)
    expect(await move('--to', address())).toMatchObject({ code: 0, copied: 1, there: 2 })
    uploads.storage.objects.delete(`trek/files/${one}`)
    uploads.storage.lacks.add('kept checksums')
    uploads.storage.misbehave(new RegExp(`^GET /trek/files/${one}`), 'changed')
    expect(await move('--to', address())).toMatchObject({
      code: 1,
      error: { message: expect.stringContaining('as it was written') },
    })
    expect(await move('--to', address())).toMatchObject({ code: 0, copied: 0, there: 3 })
  })

  test('is refused while a server runs, to the place of another instance, or from a folder that lost its files', async () => {
    await filled()
    const serving = await serve(uploads.instanceAt())
    const beside = await move('--to', address())
    expect(beside).toMatchObject({ code: 1, error: { message: expect.stringContaining('Stop it first') } })
    await end(serving)
    const other = await newPlace()
    await start(inStorage(), other)
    const foreign = await move('--to', address())
    expect(foreign).toMatchObject({
      code: 1,
      error: { message: expect.stringContaining('belong to another instance') },
    })
    rmSync(join(uploads.place.folder, 'files'), { recursive: true })
    const failedMove = await trek({}, 'files', 'move', '--to', `${address()}/own`)
    expect([failedMove.code, failedMove.stderr]).toEqual([1, expect.stringContaining('none of them is in')])
    const wrong = await trek({}, 'files', 'move', '--to', '/mnt/files')
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('neither folder nor an address')])
  })

  test('fails if a server started meanwhile', async () => {
    const { one } = await filled()
    const product = await openProduct(readConfig(settings(uploads.place)), { onError: () => {} })
    const [from, target] = [
      folderPlace(uploads.place.folder),
      bucketPlace(address(), readConfig(settings(uploads.place, inStorage()))),
    ]
    let serving: Serving | undefined
    const beside: FilesPlace = {
      ...from,
      async digestOf(file) {
        if (!serving) {
          serving = await serve(uploads.instanceAt())
          await until(() => product.database.processes.living().length > 0, 10_000, 'it is seen')
        }
        return from.digestOf(file)
      },
    }
    const moving = () => moveFiles(product.database, { from: beside, to: target, deleteSource: true, report: () => {} })
    await expect(moving()).rejects.toThrow(/was started meanwhile/)
    if (serving) await end(serving)
    expect(existsSync(join(uploads.place.folder, 'files', one))).toBe(true)
    expect(await moving()).toMatchObject({ copied: 0, there: 3, deleted: 3 })
    await product.close()
    await target.close()
  })

  test.each([
    ['to storage', false],
    ['to the folder', true],
  ])(
    '%s, killed at any moment, leaves every file in the old place, and the next one finishes',
    {
      timeout: 600_000,
    },
    async (_, isBack) => {
      const [oldPlace, newPlaceOf] = isBack ? [inStorage(), {}] : [{}, inStorage()]
      const product = await open(oldPlace)
      const keys: string[] = []
      for (let at = 0; at < 40; at++) keys.push(await storeText(product, `file ${at}`))
      await product.close()
      const folder = join(uploads.place.folder, 'files')
      const listNames = () => (isBack ? names() : readdirSync(folder).sort())
      /** What is in the old place, besides the mark of a finished move. */
      const files = () => listNames().filter((name) => name !== 'moved-to')
      const before = files()
      const set = { FILES_URL: '', ...oldPlace }
      const target = isBack ? 'folder' : address()
      const rounds = times(2, 50)
      const children: ChildProcess[] = []
      onTestFinished(() => {
        for (const child of children) child.kill('SIGKILL')
      })
      for (let round = 0; round < rounds; round++) {
        uploads.storage.requests.length = 0
        const child = spawn(process.execPath, [SERVER, 'files', 'move', '--to', target], {
          env: { PATH: process.env.PATH ?? '', ...settings(uploads.place, { ...inStorage(), ...set }) },
        })
        children.push(child)
        const ended = once(child, 'exit')
        const moment = 1 + Math.floor(((round + 1) / (rounds + 1)) * (isBack ? 80 : 120))
        await until(
          () => uploads.storage.requests.length >= moment || child.exitCode !== null,
          30_000,
          'it has come so far',
        )
        child.kill('SIGKILL')
        await ended
        expect(files()).toEqual(before)
        const isFinished = listNames().includes('moved-to')
        // A server could declare the other place current; this check only opens it.
        const openedOrError = await open(newPlaceOf).catch((error: Error) => error.message)
        if (typeof openedOrError === 'string') {
          expect(isFinished).toBe(false)
          expect(openedOrError).toMatch(/Not all uploads have been moved|The database knows uploads/)
        } else if (isBack && keys.every((key) => !existsSync(join(folder, key)))) {
          // The folder may be empty: nothing has been moved yet, and the start has reported that.
          expect(warnings.at(-1)).toMatch(/there are none in/)
          await openedOrError.close()
        } else {
          for (const [at, key] of keys.entries()) expect(await textOf(openedOrError, key)).toBe(`file ${at}`)
          await openedOrError.close()
        }
      }
      const { code, stdout } = await trek(set, 'files', 'move', '--to', target, '--delete-source', '--json')
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { deleted: 40, missing: 0 }])
      const reopened = await open(newPlaceOf)
      for (const [at, key] of keys.entries()) expect(await textOf(reopened, key)).toBe(`file ${at}`)
      await reopened.close()
      // A folder without any note would look like that of an instance without uploads.
      expect(listNames()).toEqual(isBack ? [] : ['moved-to'])
    },
  )
})

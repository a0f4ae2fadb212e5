import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client } from '../../bench/client.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { filesOf, placeOn, rowsOf } from '../harness/processes/instances.ts'
import { type Release, Sources } from '../harness/processes/releases.ts'
import { end, type Serving, serve, tripIdOf } from '../harness/processes/serving.ts'
import { launch } from '../harness/processes/trek.ts'
import { some } from '../harness/prove.ts'

/** The life of an instance over two machines, each with an installed release and a folder for its data. */

const VERSION_AFTER = '0.99.0'
/** The backup, on a disk that outlives the first machine. */
const disk = mkdtempSync(join(tmpdir(), 'trek-disk-'))
let sources: Sources
let before: Release
let after: Release

beforeAll(() => {
  sources = new Sources()
  before = sources.release()
  sources.advance(VERSION_AFTER)
  after = sources.release()
}, 600_000)

afterAll(() => {
  sources?.remove()
  rmSync(disk, { recursive: true, force: true })
})

describe.each(some(ENGINES))('on $engine', (engine) => {
  /** A machine with an empty database and nothing installed. */
  async function newMachine() {
    const instance = await placeOn(engine)
    const env = { ...instance.env, ENCRYPTION_KEY: '', BACKUP_PASSPHRASE: 'walnut lantern river' }
    let program = ''
    return {
      kept: instance,
      install: (release: Release) => {
        program = release.program
      },
      serve: () => serve({ ...instance, env, program }),
      trek: (...words: string[]) => launch(program, env, ...words).ended,
      destroy: () => rmSync(instance.dataDir, { recursive: true, force: true }),
    }
  }

  async function assistantWith(token: string, { port }: Serving): Promise<Client> {
    const assistant = new Client(port, token)
    await assistant.handshake()
    return assistant
  }

  async function upload(token: string, tripId: number, text: string, { port }: Serving): Promise<void> {
    const body = new FormData()
    body.set('file', new Blob([text]), `${text}.txt`)
    const url = `http://127.0.0.1:${port}/api/trips/${tripId}/files`
    const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body })
    expect(response.status).toBe(201)
  }

  const versionOf = async ({ port }: Serving) =>
    ((await (await fetch(`http://127.0.0.1:${port}/api/health`)).json()) as { version: string }).version

  test('an instance is installed, used, updated, backed up, lost with its machine, and continues on another machine', async () => {
    const first = await newMachine()
    first.install(before)
    let serving = await first.serve()
    expect(await versionOf(serving)).toBe(before.version)
    const created = await first.trek('token', 'create', '--user', 'admin', '--name', 'laptop', '--json')
    const { token } = JSON.parse(created.stdout) as { token: string }
    let assistant = await assistantWith(token, serving)
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    await assistant.tool('create_place', { tripId, name: 'Kinkaku-ji' })
    await upload(token, tripId, 'the ticket', serving)
    expect(await end(serving)).toBe(0)
    const used = await rowsOf(first.kept)

    first.install(after)
    serving = await first.serve()
    expect(await versionOf(serving)).toBe(VERSION_AFTER)
    assistant = await assistantWith(token, serving)
    expect(await assistant.tool('get_trip_summary', { tripId })).toContain('Kinkaku-ji')
    await assistant.tool('create_place', { tripId, name: 'Tō-ji' })
    await upload(token, tripId, 'the map', serving)
    expect(await end(serving)).toBe(0)
    const file = join(disk, `${engine.engine}.tar.zst.age`)
    expect(await first.trek('backup', file)).toMatchObject({ code: 0, stderr: '' })
    const [rows, files] = [await rowsOf(first.kept), filesOf(first.kept)]
    expect(Object.keys(rows)).toEqual(expect.arrayContaining([...Object.keys(used), 'next_things']))
    expect(rows.users).toEqual(used.users)
    expect(Object.keys(files).length).toBe(2)
    first.destroy()

    const second = await newMachine()
    second.install(after)
    expect(await second.trek('verify', file)).toMatchObject({ code: 0, stderr: '' })
    expect(await second.trek('restore', file)).toMatchObject({ code: 0, stderr: '' })
    expect(await rowsOf(second.kept)).toEqual(rows)
    expect(filesOf(second.kept)).toEqual(files)
    serving = await second.serve()
    assistant = await assistantWith(token, serving)
    expect(await assistant.tool('list_places', { tripId })).toMatch(/Tō-ji.*Kinkaku-ji/s)
    await upload(token, tripId, 'another ticket', serving)
    expect(await end(serving)).toBe(0)

    // The older version, installed by mistake.
    second.install(before)
    const refused = await second.trek('serve')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/newer/) })
    second.install(after)
    serving = await second.serve()
    expect(await (await assistantWith(token, serving)).tool('get_trip_summary', { tripId })).toContain('another ticket')
    await end(serving)
  }, 300_000)
})

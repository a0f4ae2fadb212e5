import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Client } from '../../bench/client.ts'
import { ENGINES } from '../harness/database/databases.ts'
import {
  attempt,
  databaseOf,
  end,
  health,
  isHealthy,
  killServers,
  launch,
  namesIn,
  type Serving,
  serve,
  tokenFor,
  tripIdOf,
} from '../harness/processes/serving.ts'
import { PROVING, times } from '../harness/prove.ts'
import { type Disk, diskAt, hasDisks } from '../harness/storage/disk.ts'
import { defectsAt } from './checker.ts'

/** A disk that is full or refuses writes: no acknowledged write and no process is lost. */

// Some systems forbid mounts; `npm run prove` needs one that allows them.
const onDisk = test.runIf(PROVING || hasDisks())

const MEGABYTES = 24
const NO_RESERVE = { FREE_DISK_RESERVE: '0MB' }
let folder: string
let seed: string
let token: string
let servers = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trek-disks-'))
  seed = join(folder, 'seed')
  const first = await serve({ dataDir: seed })
  token = await tokenFor(first)
  await end(first)
}, 60_000)
afterAll(() => {
  killServers()
  rmSync(folder, { recursive: true, force: true })
})

interface OnDisk {
  readonly serving: Serving
  readonly disk: Disk
  readonly pid: number
  readonly assistant: Client
  /** Copies the contents of the disk to a readable folder. */
  copied(): string
}

async function onSmallDisk(): Promise<OnDisk> {
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const disk = diskAt(dataDir, seed, MEGABYTES)
  const serving = await serve({ dataDir, through: disk.through, env: NO_RESERVE })
  const pid = serving.child.pid as number
  const assistant = new Client(serving.port, token)
  await assistant.handshake()
  return {
    serving,
    disk,
    pid,
    assistant,
    copied() {
      const copy = join(folder, `copy-${++servers}`)
      cpSync(join(`/proc/${pid}/root`, dataDir), copy, { recursive: true })
      return copy
    },
  }
}

async function upload({ port }: Serving, tripId: number, bytes: number, bearer = token) {
  const body = new FormData()
  body.append('file', new Blob([`%PDF-1.4\n${'x'.repeat(bytes)}\n%%EOF\n`], { type: 'application/pdf' }), 'Pass.pdf')
  const answer = await fetch(`http://127.0.0.1:${port}/api/trips/${tripId}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}` },
    body,
  })
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text: await answer.text() }
}

/** Writes until an answer says to try again later; returns the acknowledged names. */
async function writeUntilLater(assistant: Client, tripId: number, prefix: string): Promise<string[]> {
  const namesWritten: string[] = []
  for (let at = 0; at < 5000; at++) {
    const names = Array.from({ length: 4 }, (_, nth) => `${prefix} ${at} ${nth}`)
    const answers = await Promise.all(
      names.map((name) => attempt(assistant, 'create_place', { tripId, name, notes: 'x'.repeat(1900) })),
    )
    expect(answers.filter((answer) => answer !== 'done' && answer !== 'later')).toEqual([])
    namesWritten.push(...names.filter((_, nth) => answers[nth] === 'done'))
    if (answers.includes('later')) return namesWritten
  }
  throw new Error('The disk did not become full')
}

onDisk(
  'on a full disk, writes get 503, nothing acknowledged is lost, and writes succeed again once there is room',
  {
    timeout: times(60_000, 300_000),
  },
  async () => {
    const { serving, disk, pid, assistant, copied } = await onSmallDisk()
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    const done: string[] = []
    for (let round = 0; round < times(1, 12); round++) {
      disk.fill(pid, 600_000 + 100_000 * round)
      done.push(...(await writeUntilLater(assistant, tripId, `Round ${round}`)))
      // Existing data can be read, and the server reports its state.
      expect(await attempt(assistant, 'get_trip_summary', { tripId })).toBe('done')
      expect((await health(serving)).status).toBe(200)
      expect(await upload(serving, tripId, 900_000)).toMatchObject({ status: 503, retryAfter: '60' })
      disk.empty(pid)
      expect(await attempt(assistant, 'create_place', { tripId, name: `After ${round}` })).toBe('done')
      expect((await upload(serving, tripId, 1000)).status).toBe(201)
      done.push(`After ${round}`)
    }
    const names = await namesIn(assistant, tripId)
    expect(done.filter((name) => !names.includes(`"${name}"`))).toEqual([])
    expect(done.length).toBeGreaterThan(10)
    const output = serving.printed()
    expect(output).toContain('Changes cannot be saved: There is no room left for the database')
    expect(output).not.toContain('"bug"')
    expect(await defectsAt(databaseOf({ dataDir: copied() }))).toEqual([])
    expect(await end(serving)).toBe(0)
  },
)

onDisk(
  'on a disk that fails every write, writes get 503, and existing data can be read',
  {
    timeout: 60_000,
  },
  async () => {
    const { serving, disk, pid, assistant, copied } = await onSmallDisk()
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    disk.setFailing(pid, true)
    for (let at = 0; at < 5; at++) {
      expect(await attempt(assistant, 'create_place', { tripId, name: `Lost ${at}` })).toBe('later')
      expect(await attempt(assistant, 'get_trip_summary', { tripId })).toBe('done')
    }
    expect(await upload(serving, tripId, 1000)).toMatchObject({ status: 503, retryAfter: '60' })
    disk.setFailing(pid, false)
    expect(await attempt(assistant, 'create_place', { tripId, name: 'Gion' })).toBe('done')
    const names = await namesIn(assistant, tripId)
    expect(names).toContain('"Gion"')
    expect(names).not.toContain('"Lost')
    expect(serving.printed()).not.toContain('"bug"')
    expect(await defectsAt(databaseOf({ dataDir: copied() }))).toEqual([])
    expect(await end(serving)).toBe(0)
  },
)

onDisk(
  'on an uploads disk that fails every write, uploads get 503, while a database on another disk continues',
  {
    timeout: 60_000,
  },
  async () => {
    const database = await ENGINES[1].place()
    onTestFinished(() => database.remove())
    const dataDir = mkdtempSync(join(folder, 'data-'))
    const disk = diskAt(dataDir, database.folder, MEGABYTES)
    const serving = await serve({ dataDir, url: database.target, through: disk.through, env: NO_RESERVE })
    const bearer = await tokenFor({ dataDir: database.folder, url: database.target })
    const assistant = new Client(serving.port, bearer)
    await assistant.handshake()
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    disk.setFailing(serving.child.pid as number, true)
    const refused = await upload(serving, tripId, 1000, bearer)
    expect(refused).toMatchObject({ status: 503, retryAfter: '60' })
    expect(refused.text).toContain('The server cannot write to its folder of uploads')
    expect(await attempt(assistant, 'create_place', { tripId, name: 'Gion' })).toBe('done')
    disk.setFailing(serving.child.pid as number, false)
    expect((await upload(serving, tripId, 1000, bearer)).status).toBe(201)
    expect(serving.printed()).toContain('Files cannot be kept: The server cannot write to its folder of uploads (E')
    expect(serving.printed()).not.toContain('"bug"')
    expect(await end(serving)).toBe(0)
  },
)

onDisk(
  'a server killed on a full disk starts again once there is room, with every acknowledged write',
  {
    timeout: 60_000,
  },
  async () => {
    const { serving, disk, pid, assistant, copied } = await onSmallDisk()
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    disk.fill(pid, 200_000)
    const namesWritten = await writeUntilLater(assistant, tripId, 'Place')
    // A copy is what a power cut leaves: no process could clean up.
    const dataDir = copied()
    await end(serving, 'SIGKILL')
    const restarted = await serve({ dataDir })
    const reader = new Client(restarted.port, token)
    await reader.handshake()
    const names = await namesIn(reader, tripId)
    expect(namesWritten.filter((name) => !names.includes(`"${name}"`))).toEqual([])
    expect(await end(restarted)).toBe(0)
    expect(await defectsAt(databaseOf({ dataDir }))).toEqual([])
  },
)

test.runIf(PROVING || existsSync('/dev/full'))('a log that cannot be written delays no request', async () => {
  const dataDir = mkdtempSync(join(folder, 'log-'))
  cpSync(seed, dataDir, { recursive: true })
  const through = ['sh', '-c', 'exec "$@" > /dev/full 2>&1', 'sh'] as const
  const serving = await launch({ dataDir, through, env: { LOG_LEVEL: 'debug' } })
  await isHealthy(serving)
  const assistant = new Client(serving.port, token)
  await assistant.handshake()
  for (let at = 0; at < 20; at++) expect(await attempt(assistant, 'create_trip', { title: `Trip ${at}` })).toBe('done')
  expect(await end(serving)).toBe(0)
})

test('a file that cannot be read to its end delays no other request, and does not keep the server from stopping', async () => {
  const dataDir = mkdtempSync(join(folder, 'hangs-'))
  cpSync(seed, dataDir, { recursive: true })
  const serving = await serve({ dataDir })
  const assistant = new Client(serving.port, token)
  await assistant.handshake()
  const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
  const { file } = JSON.parse((await upload(serving, tripId, 1000)).text) as { file: { id: number } }
  const files = join(dataDir, 'files')
  const key = readdirSync(files).find((name) => name.length === 36) as string
  // Opening a pipe without a writer blocks for ever, like a network disk that is gone (fifo(7)).
  rmSync(join(files, key))
  execFileSync('mkfifo', [join(files, key)])
  const response = fetch(`http://127.0.0.1:${serving.port}/api/trips/${tripId}/files/${file.id}/content`, {
    headers: { authorization: `Bearer ${token}` },
  }).catch(() => 'cut')
  expect(await attempt(assistant, 'create_place', { tripId, name: 'Gion' })).toBe('done')
  await end(serving)
  expect(serving.child.signalCode).toBe('SIGKILL')
  expect(serving.printed()).toContain('A disk does not answer. The server ends without it.')
  expect(await response).toBe('cut')
})

test('a slow disk makes writes slower, and causes no errors', { timeout: times(60_000, 300_000) }, async () => {
  const dataDir = mkdtempSync(join(folder, 'slow-'))
  cpSync(seed, dataDir, { recursive: true })
  const serving = await serve({ dataDir, preload: 'slow-disk.ts', env: { SLOW_DISK_MS: String(times(50, 300)) } })
  const assistant = new Client(serving.port, token)
  await assistant.handshake()
  const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
  const names = Array.from({ length: 40 }, (_, at) => `Place ${at}`)
  const [answers, uploads, looks] = await Promise.all([
    Promise.all(names.map((name) => attempt(assistant, 'create_place', { tripId, name }))),
    Promise.all(Array.from({ length: 5 }, () => upload(serving, tripId, 1000))),
    Promise.all(Array.from({ length: 5 }, async () => (await health(serving)).status)),
  ])
  expect(new Set(answers)).toEqual(new Set(['done']))
  expect(new Set(uploads.map(({ status }) => status))).toEqual(new Set([201]))
  expect(new Set(looks)).toEqual(new Set([200]))
  const namesKept = await namesIn(assistant, tripId)
  expect(names.filter((name) => !namesKept.includes(`"${name}"`))).toEqual([])
  expect(await end(serving)).toBe(0)
  expect(serving.printed()).not.toMatch(/"bug"|cannot be saved/)
  expect(await defectsAt(databaseOf({ dataDir }))).toEqual([])
})

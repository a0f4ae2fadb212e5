import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ClientOptions } from 'ws'
import { remove_member, Thing, update_thing } from '../../../test/fixtures/toy/contract/index.ts'
import { eachDatabase, type Place } from '../../../test/harness/database/databases.ts'
import { SlowLine } from '../../../test/harness/network/slow-line.ts'
import { Copy, LiveClient, sinceOf, until } from '../../../test/harness/rigs/live-client.ts'
import { LiveRig, MEMBER, OWNER } from '../../../test/harness/rigs/live-rig.ts'
import { newCommit } from '../../core/data/commit.ts'
import type { WriteTx } from '../../core/data/database.ts'
import type { ConnectionLimits } from './connection.ts'
import type { LiveParts } from './index.ts'

const AUTHOR = { user_id: OWNER, name: '', way: 'cli', client: null, grant: null, operation: 'seed' } as const

eachDatabase((_database, place) => {
  const rig = LiveRig.use(place)

  /** A crate with this many things, each with a note of this many bytes. */
  async function fullCrate(things: number, bytes = 5000): Promise<{ crateId: number; ids: number[] }> {
    const crateId = await rig.makeCrate()
    const ids: number[] = []
    await writeAs(crateId, async (tx) => {
      for (let at = 0; at < things; at++) {
        const note = `${at} ${'not all the same '.repeat(bytes / 16)}`.slice(0, bytes)
        ids.push((await tx.insert(Thing, { crate_id: crateId, name: `Thing ${at}`, note })).id)
      }
    })
    return { crateId, ids }
  }

  /** A write as by another process: it is in the log, and no follower here is told. */
  const writeAs = (crateId: number, work: (tx: WriteTx) => Promise<void>): Promise<void> =>
    rig.parts.database.write({ space: 'crate', id: crateId }, async (tx) => {
      await work(tx)
      await tx.writeLog(AUTHOR, newCommit({ space: 'crate', id: crateId }))
    })

  const changeAll = (crateId: number, note: (at: number) => string): Promise<void> =>
    writeAs(crateId, async (tx) => {
      const things = await tx.list(Thing, { crate_id: crateId }, ['id'])
      for (const [at, thing] of things.entries()) await tx.patch(Thing, thing, { note: note(at) })
    })

  async function fresh(crateId: number): Promise<Copy> {
    const copy = new Copy()
    const { snapshot, client } = await rig.follow(MEMBER, crateId)
    copy.apply(snapshot)
    await client.close()
    return copy
  }

  test('a large space is loaded over a slow line during constant changes', async () => {
    const { crateId, ids } = await fullCrate(300)
    const { line } = await slow(rig, place(), 2_000_000, { beat: 400, unread: 256 * 1024 })
    const { client, copy } = await screen(line.base)
    let changed = 0
    const changing = setInterval(() => {
      const thingId = ids[changed++ % ids.length] as number
      void rig.run(update_thing, { crateId, thingId, note: `changed ${changed}` })
    }, 20)
    client.subscribe(crateId)
    await until(() => copy.receivedSeqs.length > 3 || client.closed !== null, 20_000, 'it is live')
    clearInterval(changing)
    expect(client.closed).toBeNull()
    await rig.run(update_thing, { crateId, thingId: ids[0], note: 'the last one' })
    await until(() => copy.table('thing')[0]?.note === 'the last one', 10_000, 'it has the last change')
    expect(copy.table('thing')).toEqual((await fresh(crateId)).table('thing'))
    expect(client.pages.length).toBeGreaterThan(5)
  })

  test('a slow client that missed more than the usual limit still gets everything', async () => {
    const { crateId } = await fullCrate(2100, 300)
    const { line } = await slow(rig, place(), 1_000_000)
    const { client, copy } = await screen(line.base)
    client.subscribe(crateId)
    await until(() => client.pages.length > 0)
    line.bytesPerSecond = 0
    await changeAll(crateId, (at) => `changed ${at}`)
    line.bytesPerSecond = 3_000_000
    await client.first('presence')
    expect(client.of('reset')).toEqual([])
    expect(client.of('snapshot')).toHaveLength(1)
    expect(copy.table('thing')).toEqual((await fresh(crateId)).table('thing'))
  })

  test('missed changes are sent at the pace of the client, however many they are', async () => {
    const { crateId } = await fullCrate(100)
    const { client: before, snapshot } = await rig.follow(MEMBER, crateId)
    await before.close()
    for (let turn = 0; turn < 5; turn++) await changeAll(crateId, (at) => `${turn} ${at} `.repeat(700))
    const { line } = await slow(rig, place(), 3_000_000, { unread: 128 * 1024 })
    const { client, copy } = await screen(line.base)
    copy.apply(snapshot)
    client.subscribe(crateId, sinceOf(snapshot))
    await until(() => client.of('resumed')[0] || client.closed !== null, 20_000, 'it has caught up')
    expect(client.of('changes').map(({ changes }) => changes.length)).toEqual([100, 100, 100, 100, 100])
    expect(copy.table('thing')).toEqual((await fresh(crateId)).table('thing'))
  })

  test('all pages are of one moment, whatever is written between them', async () => {
    const { crateId, ids } = await fullCrate(150)
    const { line } = await slow(rig, place(), 4_000_000)
    const { client } = await screen(line.base)
    const [first, last] = [ids[0], ids.at(-1)]
    let count = 1
    let writing = true
    const writes = (async () => {
      while (writing) {
        count++
        // The first is never behind the last one, and at most one ahead of it.
        for (const thingId of [first, last]) await rig.run(update_thing, { crateId, thingId, count })
      }
    })()
    for (let turn = 1; turn <= 3; turn++) {
      client.subscribe(crateId)
      await until(() => client.of('snapshot').length === turn, 10_000, 'a snapshot')
    }
    writing = false
    await writes
    for (const { rows } of client.of('snapshot')) {
      const [one, other] = [first, last].map((id) => rows.thing?.find((thing) => thing.id === id)?.count as number)
      expect(one === other || one === (other as number) + 1).toBe(true)
    }
    expect(client.pages.length).toBeGreaterThan(3 * 2)
  })

  test('a member removed during the pages gets no further pages, and is notified', async () => {
    const { crateId } = await fullCrate(300)
    const { line } = await slow(rig, place(), 2_000_000)
    const { client } = await screen(line.base)
    client.subscribe(crateId)
    await until(() => client.pages.length > 0)
    await rig.run(remove_member, { crateId, userId: MEMBER })
    expect(await client.first('bye')).toEqual({ type: 'bye', space: 'crate', id: crateId, reason: 'gone' })
    expect(client.frames.map(({ type }) => type)).toEqual(['bye'])
    // Of six.
    expect(client.pages.length).toBeLessThan(5)
  })

  test('a page can be packed, with the same rows; a small snapshot is never packed', async () => {
    const { crateId } = await fullCrate(200)
    const plain = await rig.open(MEMBER)
    const packed = await rig.open(MEMBER)
    plain.subscribe(crateId)
    packed.subscribe(crateId, { gzip: true })
    const [one, other] = await Promise.all([plain.first('snapshot'), packed.first('snapshot')])
    expect({ ...other, page: 0 }).toEqual({ ...one, page: 0 })
    expect(plain.pages.map(({ packed }) => packed)).not.toContain(true)
    expect(packed.pages.map(({ packed }) => packed)).not.toContain(false)
    const sizes = packed.pages.map(({ frame }) => JSON.stringify(frame).length)
    expect(sizes).toEqual(plain.pages.map(({ frame }) => JSON.stringify(frame).length))
    expect(sizes.length).toBeGreaterThan(2)
    expect(Math.max(...sizes)).toBeLessThan(257 * 1024)
    packed.subscribe(MEMBER, { gzip: true }, 'user')
    await until(() => packed.of('snapshot').length === 2)
    expect(packed.pages.at(-1)?.packed).toBe(false)
  })

  test('a second request during the pages gets a complete snapshot', async () => {
    const { crateId } = await fullCrate(300)
    const { line } = await slow(rig, place(), 3_000_000)
    const { client, copy } = await screen(line.base)
    client.subscribe(crateId)
    await until(() => client.pages.length > 0)
    client.subscribe(crateId)
    client.subscribe(MEMBER, {}, 'user')
    // Other requests do not wait for the pages.
    await until(() => client.of('snapshot').some(({ space }) => space === 'user'))
    expect(client.of('snapshot').some(({ space }) => space === 'crate')).toBe(false)
    await until(() => client.of('snapshot').some(({ space }) => space === 'crate'), 10_000, 'the snapshot')
    expect(copy.table('thing')).toHaveLength(300)
    expect(client.of('snapshot').filter(({ space }) => space === 'crate')).toHaveLength(1)
  })

  describe('a sign of life', () => {
    test('comes from the reading of pages, even without a pong; afterwards only from a pong', async () => {
      const { crateId } = await fullCrate(300)
      const { line } = await slow(rig, place(), 2_000_000, { beat: 200 })
      const { client } = await screen(line.base, { autoPong: false })
      client.subscribe(crateId)
      await client.first('snapshot')
      await until(() => client.closed !== null)
    })

    test('does not come from pages that wait for a client that reads nothing', async () => {
      const { crateId } = await fullCrate(300)
      const { app, line } = await slow(rig, place(), 2_000_000, { beat: 200 })
      const { client } = await screen(line.base)
      client.subscribe(crateId)
      await until(() => client.pages.length > 0)
      line.bytesPerSecond = 0
      await until(() => app.websocketServer.clients.size === 0)
      expect(client.of('snapshot')).toEqual([])
    })
  })

  test('sixty sockets of one person that never read use little more memory than one', async () => {
    const { crateId } = await fullCrate(300)
    const { pipeline } = rig.parts
    let read = 0
    const counting = Object.assign(Object.create(pipeline) as typeof pipeline, {
      snapshot: (...args: Parameters<typeof pipeline.snapshot>) => {
        read++
        return pipeline.snapshot(...args)
      },
    })
    const { app, line } = await slow(rig, place(), 9_000_000, { kept: 1024 * 1024 }, { pipeline: counting })
    const opened = await Promise.allSettled(Array.from({ length: 60 }, () => LiveClient.open(line.base, MEMBER)))
    const sockets = opened.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    expect(sockets).toHaveLength(50)
    line.bytesPerSecond = 0
    for (const socket of sockets) socket.subscribe(crateId)
    const waits = () => [...app.websocketServer.clients].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0)
    await until(() => read === 1 && waits() > 0)
    await rig.run(update_thing, { crateId, thingId: (await fresh(crateId)).table('thing')[0]?.id, note: 'once more' })
    expect([app.websocketServer.clients.size, read]).toEqual([50, 1])
    expect(waits()).toBeLessThan(100 * 1024)
  })
})

/** The rows that the app of a member shows. */
async function screen(base: string, options: ClientOptions = {}) {
  const client = await LiveClient.open(base, MEMBER, options)
  const copy = new Copy()
  client.onFrame = (frame) => copy.apply(frame)
  return { client, copy }
}

/** Another server behind a slow line. */
async function slow(
  rig: LiveRig,
  { folder }: Place,
  bytesPerSecond: number,
  limits: Partial<ConnectionLimits> = {},
  parts: Partial<LiveParts> = {},
) {
  const app: FastifyInstance = await rig.start(limits, {}, parts)
  const path = join(folder, `${sockets++}.sock`)
  await app.listen({ path })
  const line = await SlowLine.to(path, bytesPerSecond)
  onTestFinished(async () => {
    await line.close()
    await app.close()
  })
  return { app, line }
}

let sockets = 0

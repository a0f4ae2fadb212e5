import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  add_member,
  create_crate,
  create_memo,
  create_sticker,
  create_thing,
  delete_thing,
  give_crate,
  list_things,
  openCrates,
  remove_member,
  set_stickers,
  update_thing,
} from '../../../test/crates.ts'
import { eachDatabase } from '../../../test/databases.ts'
import { LiveClient, until } from '../../../test/live-client.ts'
import { raw } from '../../../test/raw.ts'
import type { AnyOperation } from '../../core/operation.ts'
import type { Caller } from '../../core/space.ts'
import { createHttp, createLog } from '../http.ts'
import type { Limits } from './connection.ts'
import { frameReference, live } from './live.ts'

const OWNER = 2
const MEMBER = 3
const STRANGER = 4

eachDatabase((_database, place) => {
  let parts: Awaited<ReturnType<typeof openCrates>>
  let app: FastifyInstance
  let base: string
  const clients: LiveClient[] = []

  const start = async (limits: Partial<Limits> = {}) => {
    const started = await createHttp({
      log: createLog('silent'),
      database: parts.database,
      appUrl: null,
      allowedHosts: [],
      trustProxy: false,
      web: null,
    })
    await live(started, { ...parts, limits: { frames: 30, spaces: 3, unread: 256 * 1024, ...limits } })
    return started
  }
  beforeAll(async () => {
    parts = await openCrates(place().target)
    app = await start()
    base = await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(async () => {
    for (const client of clients) client.socket.terminate()
    await app.close()
    await parts.database.close()
    expect(parts.failures).toEqual([])
  })

  const as = (userId: number, more: Partial<Caller> = {}): Caller => ({
    userId,
    name: `user ${userId}`,
    admin: userId === 1,
    way: 'rest',
    client: null,
    grant: null,
    scopes: 'all',
    readOnly: null,
    ...more,
  })
  const run = <Op extends AnyOperation>(operation: Op, input: unknown, userId = OWNER, more: Partial<Caller> = {}) =>
    parts.pipeline.run(operation, input, as(userId, more))
  const open = async (userId: number) => {
    const client = await LiveClient.open(base, userId)
    clients.push(client)
    return client
  }
  /** A crate of the owner's with a member in it. */
  const makeCrate = async () => {
    const { crate } = await run(create_crate, { label: 'Attic' })
    await run(add_member, { crateId: crate.id, userId: MEMBER })
    return crate.id
  }
  const follow = async (userId: number, crateId: number) => {
    const client = await open(userId)
    client.subscribe(crateId)
    const snapshot = await client.first('snapshot')
    await client.first('presence')
    return { client, snapshot }
  }
  const thing = async (crateId: number, name: string, more: object = {}) =>
    (await run(create_thing, { crateId, name, ...more })).thing

  describe('the door', () => {
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }
    const knock = async (headers: Record<string, string>) => {
      const { status, text } = await raw(base, '/ws', { headers: { ...upgrade, cookie: 'session=2', ...headers } })
      return [status, text && JSON.parse(text).code]
    }

    test('lets in people of our own page, and nobody else', async () => {
      const { host } = new URL(base)
      expect(await knock({ origin: base })).toEqual([101, ''])
      expect(await knock({})).toEqual([101, ''])
      expect(await knock({ cookie: '' })).toEqual([401, 'unauthenticated'])
      expect(await knock({ origin: 'https://evil.example' })).toEqual([403, 'forbidden'])
      expect(await knock({ origin: 'http://localhost:5173' })).toEqual([403, 'forbidden'])
      expect(await knock({ origin: 'null' })).toEqual([403, 'forbidden'])
      expect(await knock({ host: 'evil.example', origin: 'http://evil.example' })).toEqual([403, 'forbidden'])
      expect(await knock({ host, authorization: 'Bearer token-2', cookie: '' })).toEqual([401, 'unauthenticated'])
    })

    test('says what it is to who does not ask for a socket', async () => {
      const answer = await fetch(`${base}/ws`)
      expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket'])
      expect(await answer.json()).toMatchObject({ code: 'invalid', status: 426 })
    })

    test('one person has a bounded number of connections', async () => {
      const many = await Promise.all(Array.from({ length: 50 }, () => LiveClient.open(base, 77)))
      expect(await knock({ cookie: 'session=77' })).toEqual([429, 'rate_limited'])
      await Promise.all(many.map((client) => client.close()))
    })
  })

  describe('frames that are not understood', () => {
    test.each([
      ['no JSON', '{', 'invalid'],
      ['no object', '[1]', 'invalid'],
      ['no type', '{"space":"crate","id":1}', 'invalid'],
      ['an unknown type', '{"type":"shout","space":"crate","id":1}', 'invalid'],
      ['an unknown field', '{"type":"unsubscribe","space":"crate","id":1,"force":true}', 'invalid'],
      ['an id that is none', '{"type":"subscribe","space":"crate","id":"1"}', 'invalid'],
      ['an unknown space', '{"type":"subscribe","space":"moon","id":1}', 'not_found'],
      ['the settings', '{"type":"subscribe","space":"instance","id":0}', 'not_found'],
      ['presence without following', '{"type":"here","space":"crate","id":1}', 'invalid'],
    ])('%s is refused, and the connection stays', async (_what, text, code) => {
      const client = await open(OWNER)
      client.send(text)
      expect(await client.first('error')).toMatchObject({ code })
      client.subscribe(OWNER, {}, 'user')
      await client.first('snapshot')
    })

    test('a binary frame is refused', async () => {
      const client = await open(OWNER)
      client.socket.send(Buffer.from('{"type":"subscribe","space":"user","id":2}'))
      expect(await client.first('error')).toMatchObject({ code: 'invalid' })
    })

    test('a frame beyond 64 kB ends the connection', async () => {
      const client = await open(OWNER)
      client.send({ type: 'here', space: 'x'.repeat(65 * 1024), id: 1 })
      expect(await until(() => client.closed)).toBe(1009)
    })

    test('who sends too many is sent away', async () => {
      const client = await open(OWNER)
      for (let sent = 0; sent < 40; sent++) client.send({ type: 'unsubscribe', space: 'crate', id: 1 })
      expect(await until(() => client.closed)).toBe(1008)
      expect(client.of('bye')).toEqual([{ type: 'bye', reason: 'too_fast' }])
    })

    test('a connection follows a bounded number of spaces', async () => {
      const client = await open(OWNER)
      for (let crate = 0; crate < 4; crate++) client.subscribe(await makeCrate())
      expect(await client.first('error')).toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(/at most 3/),
      })
      expect(client.of('snapshot')).toHaveLength(3)
    })
  })

  test('a stranger learns as little as of a space that is not there', async () => {
    const client = await open(STRANGER)
    const mine = await makeCrate()
    client.subscribe(mine)
    client.subscribe(999_999)
    client.subscribe(OWNER, {}, 'user')
    await until(() => client.of('error').length === 3)
    const [known, unknown] = client.of('error').map(({ id: _, ...error }) => error)
    expect(known).toEqual(unknown)
    await thing(mine, 'Lamp')
    expect(client.frames.map(({ type }) => type)).toEqual(['error', 'error', 'error'])
  })

  test('first everything, then every change with who made it', async () => {
    const crateId = await makeCrate()
    const lamp = await thing(crateId, 'Lamp')
    const { client, snapshot } = await follow(MEMBER, crateId)
    expect(snapshot.seq).toBe(3)
    expect(snapshot.rows).toMatchObject({ crate: [{ id: crateId }], thing: [lamp], sticker: [] })
    const { thing: changed } = await run(update_thing, { crateId, thingId: lamp.id, note: 'brass' }, OWNER, {
      way: 'mcp',
      client: 'Claude',
      grant: 'grant:9',
    })
    await run(delete_thing, { crateId, thingId: lamp.id })
    await until(() => client.of('changes').length === 2)
    expect(client.of('changes')).toEqual([
      {
        type: 'changes',
        space: 'crate',
        id: crateId,
        seq: 4,
        at: expect.stringMatching(/^\d{4}-/),
        by: { user_id: OWNER, name: 'user 2', way: 'mcp', client: 'Claude', operation: 'update_thing' },
        changes: [{ entity: 'thing', action: 'patch', row: changed }],
      },
      expect.objectContaining({ seq: 5, changes: [{ entity: 'thing', action: 'remove', id: lamp.id }] }),
    ])
    expect(JSON.stringify(client.frames)).not.toContain('grant:9')
  })

  test('what is private is in no frame; sharing it is an insertion, hiding it a removal', async () => {
    const crateId = await makeCrate()
    const secret = await thing(crateId, 'diary-9f', { secret: true })
    const { client, snapshot } = await follow(MEMBER, crateId)
    const { client: owner } = await follow(OWNER, crateId)
    expect(snapshot.rows.thing).toEqual([])
    await run(update_thing, { crateId, thingId: secret.id, note: 'hush-9f' })
    await thing(crateId, 'letter-9f', { secret: true })
    await thing(crateId, 'Rope')
    await run(update_thing, { crateId, thingId: secret.id, name: 'Book', note: null, secret: false })
    await run(update_thing, { crateId, thingId: secret.id, name: 'again-9f', secret: true })
    await until(() => owner.of('changes').length === 5)
    await until(() => client.of('changes').length === 3)
    expect(client.of('changes').map(({ seq, changes }) => [seq, changes[0]?.action])).toEqual([
      [6, 'insert'],
      [7, 'insert'],
      [8, 'remove'],
    ])
    expect(JSON.stringify(client.frames)).not.toContain('-9f')
  })

  test('who comes back misses nothing, and what they may not see stays out', async () => {
    const crateId = await makeCrate()
    const { client, snapshot } = await follow(MEMBER, crateId)
    await client.close()
    await thing(crateId, 'diary-7c', { secret: true })
    await thing(crateId, 'Rope')
    const back = await open(MEMBER)
    back.subscribe(crateId, { seq: snapshot.seq, view: snapshot.view })
    expect(await back.first('resumed')).toMatchObject({ seq: 4 })
    expect(back.of('changes').map(({ seq }) => seq)).toEqual([4])
    expect(back.of('snapshot')).toEqual([])
    await until(() => back.of('presence')[0])
    expect(JSON.stringify(back.frames)).not.toContain('-7c')
    await thing(crateId, 'Bell')
    await until(() => back.of('changes').length === 2)
  })

  test('who names a number that cannot be, or a view of another time, starts anew', async () => {
    const crateId = await makeCrate()
    const { snapshot } = await follow(MEMBER, crateId)
    const { seq, view } = snapshot
    for (const since of [{ seq: seq + 1000, view }, { seq, view: 'other' }, { seq }]) {
      const client = await open(MEMBER)
      client.subscribe(crateId, since)
      expect(await client.first('reset')).toEqual({ type: 'reset', space: 'crate', id: crateId })
      client.subscribe(crateId)
      await client.first('snapshot')
    }
  })

  test('who is too far behind starts anew', async () => {
    const crateId = await makeCrate()
    const { snapshot, client } = await follow(MEMBER, crateId)
    await client.close()
    await parts.database.kysely
      .updateTable('spaces')
      .set({ seq: 5000 })
      .where('space', '=', 'crate')
      .where('id', '=', crateId)
      .execute()
    const back = await open(MEMBER)
    back.subscribe(crateId, { seq: snapshot.seq, view: snapshot.view })
    await back.first('reset')
  })

  test('unsubscribing ends it, subscribing twice is following once', async () => {
    const crateId = await makeCrate()
    const { client } = await follow(MEMBER, crateId)
    client.subscribe(crateId)
    await until(() => client.of('snapshot').length === 2)
    await thing(crateId, 'Rope')
    await until(() => client.of('changes').length)
    client.send({ type: 'unsubscribe', space: 'crate', id: crateId })
    client.subscribe(MEMBER, {}, 'user')
    await until(() => client.of('snapshot').length === 3)
    await thing(crateId, 'Bell')
    await run(create_memo, { text: 'call Ana' }, MEMBER)
    await until(() => client.of('changes').some(({ space }) => space === 'user'))
    expect(client.of('changes').map(({ space }) => space)).toEqual(['crate', 'user'])
  })

  test('a person’s own rows reach that person alone', async () => {
    const [mine, other] = [await open(OWNER), await open(MEMBER)]
    mine.subscribe(OWNER, {}, 'user')
    other.subscribe(MEMBER, {}, 'user')
    await Promise.all([mine.first('snapshot'), other.first('snapshot')])
    await run(create_memo, { text: 'call Cleo' })
    await until(() => mine.of('changes').length)
    await run(create_memo, { text: 'call Dana' }, MEMBER)
    await until(() => other.of('changes').length)
    expect(JSON.stringify(mine.frames)).not.toContain('Dana')
    expect(JSON.stringify(other.frames)).not.toContain('Cleo')
  })

  describe('what somebody may see changes', () => {
    test('who is let in hears of it among their own rows, and so does who is put out', async () => {
      const { crate } = await run(create_crate, { label: 'Attic' })
      const client = await open(MEMBER)
      client.subscribe(MEMBER, {}, 'user')
      await client.first('presence')
      await run(add_member, { crateId: crate.id, userId: MEMBER })
      await run(remove_member, { crateId: crate.id, userId: MEMBER })
      await until(() => client.of('changes').length === 2)
      expect(client.of('changes').map(({ changes }) => changes)).toMatchObject([
        [{ entity: 'crate_member', action: 'insert', row: { crate_id: crate.id, user_id: MEMBER } }],
        [{ entity: 'crate_member', action: 'remove' }],
      ])
    })

    test('who is put out is told so, and nothing of what put them out or came after', async () => {
      const crateId = await makeCrate()
      const { client } = await follow(MEMBER, crateId)
      const { client: owner } = await follow(OWNER, crateId)
      client.send({ type: 'here', space: 'crate', id: crateId })
      await until(() => owner.of('presence').at(-1)?.people.length)
      await Promise.all([
        run(remove_member, { crateId, userId: MEMBER }),
        ...['a', 'b', 'c'].map((name) => thing(crateId, name)),
      ])
      await thing(crateId, 'after-3e')
      expect(await client.first('bye')).toEqual({ type: 'bye', space: 'crate', id: crateId, reason: 'gone' })
      await until(() => owner.of('changes').length === 5)
      await until(() => owner.of('presence').at(-1)?.people.length === 0)
      expect(JSON.stringify(client.frames)).not.toContain('after-3e')
      expect(JSON.stringify(client.frames)).not.toContain('remove_member')
      expect(client.closed).toBeNull()
      client.subscribe(crateId)
      expect(await client.first('error')).toMatchObject({ code: 'not_found', space: 'crate', id: crateId })
    })

    test('who stays hears of it', async () => {
      const crateId = await makeCrate()
      const { client } = await follow(MEMBER, crateId)
      await run(add_member, { crateId, userId: STRANGER })
      await thing(crateId, 'Rope')
      await until(() => client.of('changes').length === 2)
      expect(client.of('changes').map(({ by }) => by.operation)).toEqual(['add_member', 'create_thing'])
    })

    test('who becomes something else starts anew, on the spot or when they come back', async () => {
      const crateId = await makeCrate()
      await thing(crateId, 'diary', { secret: true })
      const { client, snapshot } = await follow(MEMBER, crateId)
      const { client: owner } = await follow(OWNER, crateId)
      await run(give_crate, { crateId, to: MEMBER })
      await Promise.all([client.first('reset'), owner.first('reset')])
      owner.subscribe(crateId)
      client.subscribe(crateId, { seq: snapshot.seq, view: snapshot.view })
      await until(() => client.of('reset').length === 2)
      client.subscribe(crateId)
      await until(() => client.of('snapshot').length === 2 && owner.of('snapshot').length === 2)
      expect(owner.of('snapshot')[1]?.rows.thing).toEqual([])
      expect(client.of('snapshot')[1]?.rows.thing).toHaveLength(1)
    })

    test('what belongs to an add-on goes and comes with it', async () => {
      const crateId = await makeCrate()
      await run(create_sticker, { crateId, text: 'fragile' })
      const { client, snapshot } = await follow(MEMBER, crateId)
      expect(snapshot.rows.sticker).toHaveLength(1)
      const away = await open(MEMBER)
      await run(set_stickers, { on: false }, 1)
      await client.first('reset')
      client.subscribe(crateId)
      await until(() => client.of('snapshot').length === 2)
      expect(client.of('snapshot')[1]?.rows).not.toHaveProperty('sticker')
      away.subscribe(crateId, { seq: snapshot.seq, view: snapshot.view })
      await away.first('reset')
      await run(set_stickers, { on: true }, 1)
      await until(() => client.of('reset').length === 2)
    })

    test('other settings disturb nobody', async () => {
      const crateId = await makeCrate()
      const { client } = await follow(MEMBER, crateId)
      await parts.database.doorbell.ring('instance:0')
      client.send({ type: 'here', space: 'crate', id: crateId })
      await until(() => client.of('presence').at(-1)?.people.length)
      expect(client.of('reset')).toEqual([])
    })
  })

  test('when a session ends, its connections do, and no others', async () => {
    const crateId = await makeCrate()
    await run(add_member, { crateId, userId: 30 })
    const { client } = await follow(30, crateId)
    const second = await open(30)
    const { client: other } = await follow(MEMBER, crateId)
    await parts.end('session:30')
    expect(await until(() => client.closed)).toBe(4401)
    expect(await until(() => second.closed)).toBe(4401)
    expect(client.of('bye')).toEqual([{ type: 'bye', reason: 'logged_out' }])
    await thing(crateId, 'Rope')
    await until(() => other.of('changes').length)
    expect(other.closed).toBeNull()
    await expect(LiveClient.open(base, 30)).rejects.toThrow('401')
  })

  describe('presence', () => {
    const last = (client: LiveClient) =>
      client
        .of('presence')
        .at(-1)
        ?.people.map(({ user_id, way, client, at }) => [user_id, way, client, at])

    test('people are there from here until they leave, once each', async () => {
      const crateId = await makeCrate()
      const { client } = await follow(MEMBER, crateId)
      const [window, otherWindow] = [(await follow(OWNER, crateId)).client, (await follow(OWNER, crateId)).client]
      expect(last(client)).toEqual([])
      window.send({ type: 'here', space: 'crate', id: crateId, at: 'day 1' })
      await until(() => last(client)?.length)
      otherWindow.send({ type: 'here', space: 'crate', id: crateId, at: 'day 2' })
      await until(() => last(client)?.[0]?.[3] === 'day 2')
      expect(last(client)).toEqual([[OWNER, 'web', null, 'day 2']])
      await otherWindow.close()
      await until(() => last(client)?.[0]?.[3] === 'day 1')
      window.send({ type: 'unsubscribe', space: 'crate', id: crateId })
      await until(() => last(client)?.length === 0)
    })

    test('an assistant is seen for a while after what it did, and a stranger’s never', async () => {
      const crateId = await makeCrate()
      const { client } = await follow(MEMBER, crateId)
      const assistant = { way: 'mcp', client: 'Claude' } as const
      await run(list_things, { crateId }, STRANGER, assistant).catch(() => {})
      await run(list_things, { crateId }, OWNER, { way: 'rest', client: 'script' })
      await run(list_things, { crateId }, OWNER, assistant)
      await until(() => last(client)?.length)
      expect(last(client)).toEqual([[OWNER, 'mcp', 'Claude', null]])
      await until(() => last(client)?.length === 0)
    })

    test('an assistant of somebody who is put out goes too', async () => {
      const crateId = await makeCrate()
      const { client } = await follow(OWNER, crateId)
      await run(list_things, { crateId }, MEMBER, { way: 'mcp', client: 'Claude' })
      await until(() => last(client)?.length)
      await run(remove_member, { crateId, userId: MEMBER })
      await until(() => last(client)?.length === 0, 300)
    })
  })

  test('a client that does not read is let go', async () => {
    const crateId = await makeCrate()
    const { client } = await follow(MEMBER, crateId)
    const { client: reader } = await follow(MEMBER, crateId)
    const socket = client.socket as unknown as { _socket: { pause(): void } }
    socket._socket.pause()
    const note = 'x'.repeat(5000)
    const { id: thingId } = await thing(crateId, 'Rope', { note })
    let gone = 0
    for (const one of app.websocketServer.clients) one.once('close', () => gone++)
    for (let turn = 0; !gone; turn++) {
      if (turn > 5000) throw new Error('it was kept')
      await run(update_thing, { crateId, thingId, note: `${turn}${note}`.slice(0, 5000) })
      await new Promise(setImmediate)
    }
    expect(reader.closed).toBeNull()
    expect(gone).toBe(1)
  })

  test('who gives no sign of life is let go, and so is a session that has run out', async () => {
    const other = await start({ beat: 50 })
    const address = await other.listen({ port: 0, host: '127.0.0.1' })
    const silent = await LiveClient.open(address, OWNER, { autoPong: false })
    const expired = await LiveClient.open(address, 31)
    const well = await LiveClient.open(address, OWNER)
    parts.expire('session:31')
    await until(() => silent.closed !== null && expired.closed !== null)
    expect([silent.closed, expired.closed, well.closed]).toEqual([1006, 4401, null])
    await other.close()
  })

  test('a server that stops says so first, and stops though a client does not listen', async () => {
    const other = await start()
    const address = await other.listen({ port: 0, host: '127.0.0.1' })
    const client = await LiveClient.open(address, OWNER)
    const deaf = await LiveClient.open(address, OWNER)
    const socket = deaf.socket as unknown as { _socket: { pause(): void } }
    socket._socket.pause()
    await other.close()
    expect(await until(() => client.closed)).toBe(1001)
    expect(client.of('bye')).toEqual([{ type: 'bye', reason: 'closing' }])
    deaf.socket.terminate()
  })
})

test('the reference names every frame and every field', () => {
  const text = frameReference()
  for (const type of [
    'subscribe',
    'unsubscribe',
    'here',
    'snapshot',
    'resumed',
    'changes',
    'reset',
    'presence',
    'error',
    'bye',
  ]) {
    expect(text).toContain(`### \`${type}\``)
  }
  expect(text).toContain('| `seq` | number, optional |')
})

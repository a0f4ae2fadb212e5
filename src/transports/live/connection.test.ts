import { describe, expect, test } from 'vitest'
import { add_member, update_thing } from '../../../test/fixtures/toy/contract/index.ts'
import { eachDatabase } from '../../../test/harness/database/databases.ts'
import { raw } from '../../../test/harness/network/raw-http.ts'
import { LiveClient, until } from '../../../test/harness/rigs/live-client.ts'
import { LiveRig, MEMBER, OWNER } from '../../../test/harness/rigs/live-rig.ts'

eachDatabase((_database, place) => {
  const rig = LiveRig.use(place)

  describe('authentication', () => {
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }
    const knock = async (headers: Record<string, string>) => {
      const { status, text } = await raw(rig.base, '/ws', { headers: { ...upgrade, cookie: 'session=2', ...headers } })
      return [status, text && JSON.parse(text).code]
    }

    test('accepts people from our own page alone', async () => {
      const { host } = new URL(rig.base)
      expect(await knock({ origin: rig.base })).toEqual([101, ''])
      expect(await knock({})).toEqual([101, ''])
      expect(await knock({ cookie: '' })).toEqual([401, 'unauthenticated'])
      expect(await knock({ origin: 'https://evil.example' })).toEqual([403, 'forbidden'])
      expect(await knock({ origin: 'http://localhost:5173' })).toEqual([403, 'forbidden'])
      expect(await knock({ origin: 'null' })).toEqual([403, 'forbidden'])
      expect(await knock({ host: 'evil.example', origin: 'http://evil.example' })).toEqual([403, 'forbidden'])
      expect(await knock({ host, authorization: 'Bearer token-2', cookie: '' })).toEqual([401, 'unauthenticated'])
    })

    test('answers a request that is no upgrade with an explanation', async () => {
      const answer = await fetch(`${rig.base}/ws`)
      expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket'])
      expect(await answer.json()).toMatchObject({ code: 'invalid', status: 426 })
    })

    test('an offer of another protocol is ignored, also with a body', async () => {
      const offer = {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABk',
      }
      for (const headers of [offer, upgrade]) {
        expect((await raw(rig.base, '/api/ready', { headers })).text).toBe('{"status":"ready"}')
      }
      const headers = { ...offer, 'content-type': 'application/json' }
      expect((await raw(rig.base, '/echo', { method: 'POST', headers, body: '{"a":1}' })).text).toBe('{"a":1}')
    })

    test('one person has a bounded number of connections', async () => {
      const connections = await Promise.all(Array.from({ length: 50 }, () => LiveClient.open(rig.base, 77)))
      expect(await knock({ cookie: 'session=77' })).toEqual([429, 'rate_limited'])
      await Promise.all(connections.map((client) => client.close()))
    })
  })

  describe('frames that are invalid', () => {
    test.each([
      ['no JSON', '{', 'invalid'],
      ['no object', '[1]', 'invalid'],
      ['no type', '{"space":"crate","id":1}', 'invalid'],
      ['an unknown type', '{"type":"shout","space":"crate","id":1}', 'invalid'],
      ['an unknown field', '{"type":"unsubscribe","space":"crate","id":1,"force":true}', 'invalid'],
      ['an id that is a text', '{"type":"subscribe","space":"crate","id":"1"}', 'invalid'],
      ['an unknown space', '{"type":"subscribe","space":"moon","id":1}', 'not_found'],
      ['the settings', '{"type":"subscribe","space":"instance","id":0}', 'not_found'],
      ['presence without following', '{"type":"here","space":"crate","id":1}', 'invalid'],
    ])('%s is refused, and the connection stays', async (_what, text, code) => {
      const client = await rig.open(OWNER)
      client.send(text)
      expect(await client.first('error')).toMatchObject({ code })
      client.subscribe(OWNER, {}, 'user')
      await client.first('snapshot')
    })

    test('a binary frame is refused', async () => {
      const client = await rig.open(OWNER)
      client.socket.send(Buffer.from('{"type":"subscribe","space":"user","id":2}'))
      expect(await client.first('error')).toMatchObject({ code: 'invalid' })
    })

    test('a frame beyond 64 kB ends the connection', async () => {
      const client = await rig.open(OWNER)
      client.send({ type: 'here', space: 'x'.repeat(65 * 1024), id: 1 })
      expect(await until(() => client.closed)).toBe(1009)
    })

    test('a client that sends too many invalid frames is disconnected', async () => {
      const client = await rig.open(OWNER)
      for (let sent = 0; sent < 40; sent++) client.send({ type: 'unsubscribe', space: 'crate', id: 1 })
      expect(await until(() => client.closed)).toBe(1008)
      expect(client.of('bye')).toEqual([{ type: 'bye', reason: 'too_fast' }])
    })

    test('a connection follows a bounded number of spaces', async () => {
      const client = await rig.open(OWNER)
      for (let crate = 0; crate < 4; crate++) client.subscribe(await rig.makeCrate())
      expect(await client.first('error')).toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(/at most 3/),
        key: 'live.tooManySpaces',
        params: { count: 3 },
      })
      await until(() => client.of('snapshot').length === 3)
    })
  })

  test('when a session ends, its connections end, and no others', async () => {
    const crateId = await rig.makeCrate()
    await rig.run(add_member, { crateId, userId: 30 })
    const { client } = await rig.follow(30, crateId)
    const second = await rig.open(30)
    const { client: other } = await rig.follow(MEMBER, crateId)
    await rig.parts.end('session:30')
    expect(await until(() => client.closed)).toBe(4401)
    expect(await until(() => second.closed)).toBe(4401)
    expect(client.of('bye')).toEqual([{ type: 'bye', reason: 'logged_out' }])
    await rig.thing(crateId, 'Rope')
    await until(() => other.of('changes').length)
    expect(other.closed).toBeNull()
    await expect(LiveClient.open(rig.base, 30)).rejects.toThrow('401')
  })

  test('a client that does not read is disconnected', async () => {
    const crateId = await rig.makeCrate()
    const { client } = await rig.follow(MEMBER, crateId)
    const { client: reader } = await rig.follow(MEMBER, crateId)
    const socket = client.socket as unknown as { _socket: { pause(): void } }
    socket._socket.pause()
    const note = 'x'.repeat(5000)
    const { id: thingId } = await rig.thing(crateId, 'Rope', { note })
    let goneCount = 0
    for (const one of rig.app.websocketServer.clients) one.once('close', () => goneCount++)
    for (let turn = 0; !goneCount; turn++) {
      if (turn > 5000) throw new Error('The client was not disconnected')
      await rig.run(update_thing, { crateId, thingId, note: `${turn}${note}`.slice(0, 5000) })
      await new Promise(setImmediate)
    }
    expect(reader.closed).toBeNull()
    expect(goneCount).toBe(1)
  })

  test('a client without a sign of life is disconnected, and so is one whose session has expired', async () => {
    // The deadlines of HTTP do not apply to an open socket.
    const other = await rig.start({ beat: 500 }, { idle: 20, answer: 20 })
    const address = await other.listen({ port: 0, host: '127.0.0.1' })
    const silentClient = await LiveClient.open(address, OWNER, { autoPong: false })
    const expired = await LiveClient.open(address, 31)
    const respondingClient = await LiveClient.open(address, OWNER)
    rig.parts.expire('session:31')
    await until(() => silentClient.closed !== null && expired.closed !== null)
    expect([silentClient.closed, expired.closed, respondingClient.closed]).toEqual([1006, 4401, null])
    await other.close()
  })

  test('a server that stops announces that first, and stops even if a client does not read', async () => {
    const other = await rig.start()
    const address = await other.listen({ port: 0, host: '127.0.0.1' })
    const client = await LiveClient.open(address, OWNER)
    const deafClient = await LiveClient.open(address, OWNER)
    const socket = deafClient.socket as unknown as { _socket: { pause(): void } }
    socket._socket.pause()
    await other.close()
    expect(await until(() => client.closed)).toBe(1001)
    expect(client.of('bye')).toEqual([{ type: 'bye', reason: 'closing' }])
    deafClient.socket.terminate()
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../harness/database/databases.ts'
import { makeKeys, startServer, until } from '../harness/mcp/rig.ts'
import { ACCEPT, bearer, call, initialize, openStream, post, reading } from '../harness/mcp/wire.ts'

/** Sessions with two processes on one database. */

const keys = makeKeys()
const token = keys.issue(1)
const [crowd, switching] = [keys.issue(2), keys.issue(3)] as const
/** The default number of live sessions of one person. */
const MOST = 20

interface Started {
  child: ChildProcess
  url: URL
}

async function start(target: string): Promise<Started> {
  const script = join(import.meta.dirname, '../harness/mcp/serve.ts')
  const child = spawn(process.execPath, [script, target], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin?.end(JSON.stringify(keys.all()))
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data')
  return { child, url: new URL(String(line).trim()) }
}

eachDatabase((_database, place) => {
  let one: Started
  let other: Started

  beforeAll(async () => {
    one = await start(place().target)
    other = await start(place().target)
  })

  afterAll(async () => {
    for (const { child } of [one, other]) {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
  })

  const run = async (url: URL, session: string, name: string, input: object) => {
    const { body } = await post(url, call('tools/call', { name, arguments: input }), bearer(token, session))
    return body.result.structuredContent
  }

  test('any process serves any session, and tells its listeners of changes in another', async () => {
    const session = await initialize(one.url, token)
    const { crate } = await run(other.url, session, 'create_crate', { label: 'Attic' })
    const uri = `toy://crates/${crate.id}/things`
    const stream = reading(await openStream(one.url, token, session))
    await post(other.url, call('resources/subscribe', { uri }), bearer(token, session))
    await run(other.url, session, 'create_thing', { crateId: crate.id, name: 'Milk' })
    await until(() => stream.heard.includes(`"params":{"uri":"${uri}"}`), 'the change of another process')
  })

  test('a session that ends in one process ends its stream in the other', async () => {
    const session = await initialize(one.url, token)
    const stream = reading(await openStream(one.url, token, session))
    const endAnswer = await fetch(other.url, { method: 'DELETE', headers: bearer(token, session) })
    expect(endAnswer.status).toBe(204)
    await until(() => stream.ended, 'the end of the stream')
    expect((await post(one.url, call('ping'), bearer(token, session))).status).toBe(404)
  })

  test('the answer to a question reaches the process that asked', async () => {
    const session = await initialize(one.url, token)
    const askAnswer = await fetch(one.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...ACCEPT, ...bearer(token, session) },
      body: JSON.stringify(call('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } })),
    })
    const stream = reading(askAnswer)
    await until(() => stream.messages().length === 1, 'the question')
    const [question] = stream.messages()
    const answer = (id: unknown, username: string) => ({
      jsonrpc: '2.0',
      id,
      result: { action: 'accept', content: { username, email: 'ana@example.org' } },
    })
    const stranger = await initialize(one.url, token)
    // An answer from another session, or to an unknown question, is ignored.
    await post(other.url, answer(question.id, 'eve'), bearer(token, stranger))
    await post(other.url, answer('nothing', 'eve'), bearer(token, session))
    expect((await post(other.url, answer(question.id, 'ana'), bearer(token, session))).status).toBe(202)
    await until(() => stream.ended, 'the end of the call')
    expect(stream.messages()[1].result.content[0].text).toMatch(/"username":"ana"/)
  })

  test('a session put to sleep by one process ends its stream in the other, and wakes in any', async () => {
    const first = await initialize(one.url, crowd)
    const stream = reading(await openStream(one.url, crowd, first))
    await until(() => stream.heard.length > 0, 'the stream')
    const newer: string[] = []
    for (let more = 0; more < MOST; more++) newer.push(await initialize(other.url, crowd))
    await until(() => stream.ended, 'the end of the stream')
    for (const url of [other.url, one.url]) {
      expect((await post(url, call('ping'), bearer(crowd, first))).body).toMatchObject({ result: {} })
    }
    const statuses = newer.map(async (session) => (await post(one.url, call('ping'), bearer(crowd, session))).status)
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]))
  })

  test('an add-on switched in one process puts the sessions of all to sleep, and they wake with the new list', async () => {
    const [listening, silent] = [await initialize(one.url, switching), await initialize(one.url, switching)] as const
    const stream = reading(await openStream(one.url, switching, listening))
    await until(() => stream.heard.length > 0, 'the stream')
    const serverHere = await startServer(place().target, keys)
    await serverHere.switchAddon('stickers', false)
    await until(() => stream.ended, 'the end of the stream')
    const methods = stream.messages().map(({ method }) => method)
    const list = await post(other.url, call('tools/list'), bearer(switching, listening))
    expect(list.body.result.tools.map(({ name }: { name: string }) => name)).not.toContain('create_sticker')
    // A session that was not told on its stream is told when it reconnects.
    const reopened = reading(await openStream(other.url, switching, methods.length ? silent : listening))
    await until(() => reopened.messages().length > 0, 'that the lists are others')
    expect(reopened.messages()[0]).toMatchObject({ method: 'notifications/tools/list_changed' })
    await serverHere.switchAddon('stickers', true)
    await serverHere.stop()
  })

  test('a session outlives the process that opened it, however that process ended', async () => {
    const session = await initialize(one.url, token)
    one.child.kill('SIGKILL')
    await once(one.child, 'exit')
    expect((await post(other.url, call('ping'), bearer(token, session))).body).toMatchObject({ result: {} })
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../harness/databases.ts'
import { makeKeys, until } from '../harness/mcp/rig.ts'
import { ACCEPT, bearer, call, initialize, openStream, post, reading } from '../harness/mcp/wire.ts'

/** What a session is over two processes and one database. */

const keys = makeKeys()
const token = keys.issue(1)

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

  test('any process serves any session, and tells its listeners of what happened in another', async () => {
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
    const ended = await fetch(other.url, { method: 'DELETE', headers: bearer(token, session) })
    expect(ended.status).toBe(204)
    await until(() => stream.ended, 'the end of the stream')
    expect((await post(one.url, call('ping'), bearer(token, session))).status).toBe(404)
  })

  test('the answer to a question reaches the process that asked', async () => {
    const session = await initialize(one.url, token)
    const asking = await fetch(one.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...ACCEPT, ...bearer(token, session) },
      body: JSON.stringify(call('tools/call', { name: 'test_elicitation', arguments: { message: 'Who?' } })),
    })
    const stream = reading(asking)
    await until(() => stream.messages().length === 1, 'the question')
    const [question] = stream.messages()
    const answer = (id: unknown, username: string) => ({
      jsonrpc: '2.0',
      id,
      result: { action: 'accept', content: { username, email: 'ana@example.org' } },
    })
    const stranger = await initialize(one.url, token)
    // What another session answers, or what answers nothing, is no answer.
    await post(other.url, answer(question.id, 'eve'), bearer(token, stranger))
    await post(other.url, answer('nothing', 'eve'), bearer(token, session))
    expect((await post(other.url, answer(question.id, 'ana'), bearer(token, session))).status).toBe(202)
    await until(() => stream.ended, 'the end of the call')
    expect(stream.messages()[1].result.content[0].text).toMatch(/"username":"ana"/)
  })

  test('a session outlives the process that opened it, however that ended', async () => {
    const session = await initialize(one.url, token)
    one.child.kill('SIGKILL')
    await once(one.child, 'exit')
    expect((await post(other.url, call('ping'), bearer(token, session))).body).toMatchObject({ result: {} })
  })
})

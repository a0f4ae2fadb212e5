import { randomUUID } from 'node:crypto'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { create_crate, list_things } from '../fixtures/toy/contract/index.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { callerFor, makeKeys, startServer, type TestServer } from '../harness/mcp/rig.ts'
import { Relay } from '../harness/network/relay.ts'
import { times } from '../harness/prove.ts'

/** The official clients as they are: they send no key, and repeat a call with a new id. */
const ERAS = ['2025-11-25', '2026-07-28'] as const

const keys = makeKeys()

eachDatabase((_database, place) => {
  let server: TestServer
  let relay: Relay
  beforeAll(async () => {
    server = await startServer(place().target, keys)
    relay = await new Relay(Number(server.url.port)).open()
  })
  afterAll(async () => {
    await relay.close()
    await server.stop()
  })

  /** An assistant behind the relay, with a crate for its things. */
  async function assistant(era: (typeof ERAS)[number]) {
    const client = new Client(
      { name: 'Test Assistant', version: '3.1' },
      era === '2026-07-28' ? { versionNegotiation: { mode: { pin: era } } } : {},
    )
    const token = keys.issue(1)
    const transport = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${relay.port}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    })
    await client.connect(transport)
    const { crate } = await server.pipeline.run(create_crate, { label: 'Attic' }, callerFor(1))
    const add = (name: string) => client.callTool({ name: 'create_thing', arguments: { crateId: crate.id, name } })
    const named = async (name: string) =>
      (await server.pipeline.run(list_things, { crateId: crate.id, names: [name] }, callerFor(1))).things.length
    return { client, add, named }
  }

  describe.each(ERAS)('in %s', (era) => {
    test('an answer that is cut off at any byte is sent again, and nothing is done twice', {
      timeout: times(60_000, 600_000),
    }, async () => {
      const { client, add, named } = await assistant(era)
      const wholeAnswer = await add('Lamp')
      // The headers of the answer are about as long as its body.
      const length = Buffer.byteLength(JSON.stringify(wholeAnswer)) + 500
      const positions = times(24, length)
      for (let at = 0; at < positions; at++) {
        const name = `Lamp ${randomUUID()}`
        relay.cutAnswer(name, Math.floor((at * length) / positions))
        const firstAnswer = await add(name).catch(() => null)
        const answer = firstAnswer ?? (await add(name))
        expect(answer.isError ?? false, `cut at ${at}`).toBe(false)
        expect(answer._meta?.['trek/replayed'] === undefined, `cut at ${at}`).toBe(firstAnswer !== null)
        expect(await named(name), `cut at ${at}`).toBe(1)
      }
      await client.close()
    })

    test('two equal writes that were both answered are both done', async () => {
      const { client, add, named } = await assistant(era)
      for (let time = 0; time < 2; time++) {
        const answers = [await add('Coffee'), ...(await Promise.all([add('Tea'), add('Tea')]))]
        expect(answers.map(({ _meta }) => _meta?.['trek/replayed'])).toEqual([undefined, undefined, undefined])
      }
      expect([await named('Coffee'), await named('Tea')]).toEqual([2, 4])
      await client.close()
    })

    test('a lost answer is repeated once, and a further call is a new write', async () => {
      const { client, add, named } = await assistant(era)
      relay.cutAnswer('Soup', 40)
      await expect(add('Soup')).rejects.toThrow()
      const again = await add('Soup')
      expect(again.content[0]).toMatchObject({ text: expect.stringContaining('call again') })
      expect(again.structuredContent).toMatchObject({ about_this_answer: expect.stringContaining('call again') })
      expect((await add('Soup'))._meta?.['trek/replayed']).toBeUndefined()
      expect(await named('Soup')).toBe(2)
      await client.close()
    })
  })
})

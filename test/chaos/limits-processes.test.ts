import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { assistantOf, databaseOf, end, killServers, serve } from '../harness/processes/serving.ts'
import { until } from '../harness/until.ts'

/** Two servers of one instance share the count of an assistant’s requests. */

const LIMIT = 40

afterAll(killServers)

describe.each(ENGINES)('on $engine', ({ engine, place: find }) => {
  test('an assistant that has used up its requests at one server is soon refused at the other', {
    timeout: 60_000,
  }, async () => {
    const place = await find()
    onTestFinished(() => place.remove())
    const instance = { dataDir: place.folder, ...(engine === 'postgres' && { url: place.target }) }
    const env = { MCP_RATE_LIMIT: String(LIMIT) }
    const [one, other] = [await serve({ ...instance, env }), await serve({ ...instance, env })]
    const [atOne, atOther] = [await assistantOf(one), await assistantOf(other)]
    const ask = async (assistant: typeof atOne) => {
      const { status } = await assistant.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' })
      expect([200, 429]).toContain(status)
      return status === 200
    }
    const database = openDatabase(databaseOf(instance))
    onTestFinished(() => database.close())
    const countedRequests = async () => {
      const rows = await database.kysely.selectFrom('request_counts').select('count').execute()
      return rows.reduce((sum, { count }) => sum + count, 0)
    }
    const admittedAt = async (assistant: typeof atOne) => {
      let admitted = 0
      while (await ask(assistant)) admitted++
      return admitted
    }
    expect(await admittedAt(atOne)).toBeLessThan(LIMIT)
    await until(async () => (await countedRequests()) >= LIMIT, 10_000, 'the first one has told')
    const before = await countedRequests()
    // The other server publishes its count with this request, if it does not know the shared count yet, and receives it
    // in return.
    if (await ask(atOther))
      await until(async () => (await countedRequests()) > before, 10_000, 'the other one has told')
    expect(await admittedAt(atOther)).toBeLessThan(LIMIT / 2)
    for (const assistant of [atOne, atOther]) assistant.close()
    expect([await end(one), await end(other)]).toEqual([0, 0])
  })
})

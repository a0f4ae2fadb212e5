import { beforeAll, expect, test } from 'vitest'
import { MOST_TEXT } from '../../src/core/run/continuations.ts'
import { type Extent, largestInput } from '../fixtures/largest.ts'
import { makeSamples } from '../fixtures/samples.ts'
import { everyOperation, named } from '../harness/operations.ts'
import { type Person, runningOn } from '../harness/rigs/running.ts'
import { makeWorldOf } from '../harness/rigs/world.ts'

/** A call that writes is never answered as a failure, however long its input. */

const writes = named(
  everyOperation.filter(({ operation }) => operation.effect !== 'read' && operation.expose.includes('mcp')),
)

/** From all that a schema accepts down to what fits into one request; last the samples, because some texts must name a row. */
const EXTENTS: readonly Extent[] = [2000, 200, 20]
  .flatMap((text) => [
    { text, optional: true },
    { text, optional: false },
  ])
  .concat({ text: 0, optional: false })

interface Result {
  isError?: boolean
  content: object[]
}

runningOn('sqlite', (running) => {
  let ana: Person
  beforeAll(async () => {
    ana = await running().person('Ana', 'admin')
  })

  test.each(writes)(
    '%s with its largest input succeeds and says so, or is refused and does nothing',
    async (_, one) => {
      const refused: string[] = []
      const samples = await makeSamples(makeWorldOf(running()), ana.caller)
      for (const extent of EXTENTS) {
        const before = await changes()
        const params = { name: one.name, arguments: largestInput(one, samples, extent) }
        const { status, text } = await ana.assistant.post('/mcp', {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params,
        })
        const result = status === 200 ? (JSON.parse(text).result as Result) : null
        if (result && !result.isError) {
          expect(Buffer.byteLength(JSON.stringify(result.content))).toBeLessThan(MOST_TEXT * 1.2)
          return
        }
        refused.push(text.slice(0, 400))
        expect(await changes(), text.slice(0, 400)).toBe(before)
      }
      expect.fail(`It was never done:\n${refused.join('\n')}`)
    },
  )

  async function changes(): Promise<number> {
    const counted = await running()
      .database.kysely.selectFrom('changes')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(counted.count)
  }
})

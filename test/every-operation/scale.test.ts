import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillLargeTrip, LARGE } from '../../bench/large-trip.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { MOST_TEXT } from '../../src/core/run/continuations.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { declared, everyOperation, named } from '../harness/operations.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'
import { makeWorldOf } from '../harness/rigs/world.ts'

const inTrip = everyOperation.filter(({ space, operation }) => space?.name === 'trip' && !operation.download)
const reads = named(inTrip.filter(({ operation }) => operation.effect === 'read'))
const paged = reads.filter(([, operation]) => operation.pages)
// Operations that delete the trip or remove its members run last.
const rank = (name: string) => ['remove_trip_member', 'delete_trip'].indexOf(name)
const writes = named(
  inTrip
    .filter(({ operation }) => operation.effect !== 'read' && operation.expose.includes('mcp'))
    .toSorted((a, b) => rank(a.operation.name) - rank(b.operation.name)),
)

/** The errors that a request may get: explained refusals. Any other error is a defect. */
const REFUSALS = /^(invalid|not_found|conflict|forbidden|unavailable)$/

eachDatabase((_, place) => {
  let running: Running
  let ana: Person
  let samples: Samples
  let tripId: number
  beforeAll(async () => {
    running = await startRunning(place().target)
    const ben = await running.person('Ben')
    ana = await running.person('Ana')
    samples = await makeSamples(makeWorldOf(running), ana.caller, ben.caller)
    tripId = samples.tripId as number
    await fillLargeTrip(running.database, tripId, [ana.caller.userId, ben.caller.userId])
  }, 240_000)
  afterAll(() => running.close())

  async function answerOf(method: string, params: object) {
    const { text } = await ana.assistant.post('/mcp', { jsonrpc: '2.0', id: 1, method, params })
    const { result, error } = JSON.parse(text) as { result?: Answer; error?: { message: string } }
    return { result, error }
  }

  test.each(reads)('%s answers within the cap on a very large trip', { timeout: 60_000 }, async (name, operation) => {
    if (operation.expose.includes('mcp')) {
      const { result } = await answerOf('tools/call', { name, arguments: inputOf(operation, samples) })
      expect(Buffer.byteLength(result?.content?.at(-1)?.text ?? '')).toBeLessThanOrEqual(MOST_TEXT)
      if (result?.isError) expect(result._meta?.['trek/error']?.code, JSON.stringify(result)).toMatch(REFUSALS)
    }
    for (const { resource } of declared.resources.filter(({ resource }) => resource.read.name === name)) {
      const uri = resource.uri.replace(/\{(\w+)\}/g, (_match, key) =>
        String(inputOf(operation, samples)[key] ?? samples[key]),
      )
      const { result, error } = await answerOf('resources/read', { uri })
      expect(error, uri).toBeUndefined()
      expect(Buffer.byteLength(result?.contents?.[0]?.text ?? ''), uri).toBeLessThanOrEqual(MOST_TEXT)
    }
  })

  test.each(paged)('%s pages through every row exactly once', { timeout: 120_000 }, async (_name, operation) => {
    const ids: unknown[] = []
    let cursor: string | undefined
    let expected: number | undefined
    do {
      const answer = (await running.pipeline.run(
        operation,
        { ...inputOf(operation, samples), ...(cursor && { cursor }) },
        ana.caller,
      )) as Record<string, unknown> & { next_cursor: string | null; remaining: number }
      const items = answer[operation.pages as string] as { id?: unknown }[]
      expected ??= items.length + answer.remaining
      ids.push(...items.map((item) => item.id ?? JSON.stringify(item)))
      cursor = answer.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(ids.length).toBe(expected)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('the summary counts all the rows that were added', async () => {
    const { result } = await answerOf('tools/call', { name: 'get_trip_summary', arguments: { tripId } })
    const summary = result?.structuredContent as { budget: { item_count: number }; messageCount: number }
    expect(summary.budget.item_count).toBeGreaterThanOrEqual(LARGE.expenses)
    expect(summary.messageCount).toBeGreaterThanOrEqual(LARGE.messages)
  })

  test('the largest possible import is written and answered as done', async () => {
    const items = Array.from({ length: 500 }, (_, at) => ({
      name: `${at} ${'🗻'.repeat(90)}`,
      category: 'x'.repeat(100),
    }))
    const { result } = await answerOf('tools/call', { name: 'bulk_import_packing', arguments: { tripId, items } })
    expect(result?.isError ?? false).toBe(false)
    expect(result?.content?.at(-2)?.text).toMatch(
      /^This is done\..* Of items, the first \d+ of 500 are here\. The ids of/,
    )
    expect(Buffer.byteLength(JSON.stringify(result?.content))).toBeLessThanOrEqual(MOST_TEXT * 1.2)
    expect(result?.structuredContent).toMatchObject({ count: 500 })
  })

  test.each(writes)('%s works on a very large trip', { timeout: 60_000 }, async (name, operation: AnyOperation) => {
    const { result } = await answerOf('tools/call', { name, arguments: inputOf(operation, samples) })
    expect(Buffer.byteLength(result?.content?.at(-1)?.text ?? '')).toBeLessThanOrEqual(MOST_TEXT)
    if (result?.isError) expect(result._meta?.['trek/error']?.code, JSON.stringify(result)).toMatch(REFUSALS)
    expect(JSON.stringify(result)).not.toMatch(/kB are sent/)
    expect(running.failures).toEqual([])
  })
})

interface Answer {
  isError?: boolean
  content?: { text: string }[]
  contents?: { text: string }[]
  structuredContent?: unknown
  _meta?: { 'trek/error'?: { code: string } }
}

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { SHOWN_ONCE } from '../../src/core/run/once.ts'
import { inputOf, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { everyOperation, named } from '../harness/operations.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'
import { makeWorldOf } from '../harness/rigs/world.ts'

const writes = named(
  everyOperation.filter(({ operation }) => operation.effect !== 'read' && operation.expose.length === 2),
)

// The booking of a stay: added by a person it is booked, added by an assistant it is only planned.
const STARTS_PENDING = new Set(['create_accommodation', 'create_place_accommodation'])

type Answer = Record<string, unknown>

eachDatabase((_, place) => {
  let running: Running
  let ana: Person
  let ben: Person
  beforeAll(async () => {
    running = await startRunning(place().target)
    ;[ana, ben] = [await running.person('Ana', 'admin'), await running.person('Ben')]
  })
  afterAll(() => running.close())

  /**
   * Calls an operation in a fresh trip over one transport; returns the answer, and what each person receives. Checks that the
   * same call under the same key gets the same answer and is sent to nobody.
   */
  async function outcome(operation: AnyOperation, way: 'mcp' | 'rest') {
    const world = makeWorldOf(running)
    const samples = await makeSamples(world, ana.caller, ben.caller)
    const watchers = await Promise.all([
      world.watch({ space: 'trip', id: samples.tripId as number }, ana.caller),
      world.watch({ space: 'trip', id: samples.tripId as number }, ben.caller),
      world.watch({ space: 'user', id: ana.caller.userId }, ana.caller),
      world.watch({ space: 'user', id: ben.caller.userId }, ben.caller),
    ])
    const input = inputOf(operation, samples)
    const key = randomUUID()
    const call = () => (way === 'mcp' ? overMcp(operation, input, key) : overRest(operation, input, key))
    const { answer } = await call()
    const [changesHeard, heads] = [structuredClone(watchers.map(({ rows }) => rows)), await headsOfSpaces()]
    expect(await call()).toEqual({ answer: withoutShownOnce(operation, answer), repeated: true })
    expect([watchers.map(({ rows }) => rows), await headsOfSpaces()]).toEqual([changesHeard, heads])
    for (const watcher of watchers) watcher.stop()
    if (operation.name === 'mark_country_visited') await world.run(operation, input, ana.caller)
    return { answer: withoutIds(answer), heard: withoutIds(changesHeard) }
  }

  const headsOfSpaces = () =>
    running.database.kysely.selectFrom('spaces').selectAll().orderBy('space').orderBy('id').execute()

  async function overMcp(operation: AnyOperation, input: object, key: string) {
    const text = await ana.assistant.tool(operation.name, input, key)
    const { result } = JSON.parse(text) as { result: { _meta?: Record<string, unknown> } }
    return { answer: structured<Answer>(text), repeated: typeof result._meta?.['trek/replayed'] === 'string' }
  }

  async function overRest({ method, path }: AnyOperation, input: Answer, key: string) {
    const url = path.replace(/:(\w+)/g, (_, key) => encodeURIComponent(String(input[key])))
    const inPath = new Set([...path.matchAll(/:(\w+)/g)].map(([, key]) => key))
    const body = Object.fromEntries(Object.entries(input).filter(([key]) => !inPath.has(key)))
    const response = await fetch(`${running.url}/api${url}`, {
      method,
      headers: {
        authorization: `Bearer ${ana.token}`,
        'idempotency-key': `"${key}"`,
        ...(method !== 'DELETE' && { 'content-type': 'application/json' }),
      },
      ...(method !== 'DELETE' && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Answer
    expect(response.status, JSON.stringify(answer)).toBeLessThan(300)
    return { answer, repeated: response.headers.get('idempotency-replayed') === 'true' }
  }

  test.each(writes)(
    '%s has the same effect over REST and MCP, and sends the same to the same people',
    async (_, operation) => {
      const [rest, mcp] = [await outcome(operation, 'rest'), await outcome(operation, 'mcp')]
      const settled = JSON.stringify(mcp).replaceAll('"status":"pending"', '"status":"confirmed"')
      expect(STARTS_PENDING.has(operation.name) ? JSON.parse(settled) : mcp).toEqual(rest)
      expect(running.failures).toEqual([])
    },
  )
})

/** An answer as it is repeated for the same key. */
function withoutShownOnce({ shownOnce }: AnyOperation, answer: Answer): unknown {
  const shownValues = shownOnce.map((field) => answer[field]).filter((value) => value !== null)
  return JSON.parse(JSON.stringify(answer), (_key, value) => (shownValues.includes(value) ? SHOWN_ONCE : value))
}

/** A value without the differences between two trips: ids become their order of appearance, timestamps are removed. */
function withoutIds(value: unknown): unknown {
  // Per field, because a trip and a place may have the same id.
  const order = new Map<string, string>()
  const name = (key: string, id: number) => {
    const knownKey = `${key} ${id}`
    if (!order.has(knownKey)) order.set(knownKey, `${key} #${order.size}`)
    return order.get(knownKey)
  }
  const walk = (node: unknown, key = '', owner = ''): unknown => {
    if (Array.isArray(node)) return node.map((one) => walk(one, key, owner))
    if (node && typeof node === 'object') {
      const own = 'entity' in node ? String(node.entity) : key === 'row' ? owner : key
      // A record keyed by ids, like the order keys of a booking by day.
      const named = (field: string) => (/^\d+$/.test(field) ? String(name(key, Number(field))) : field)
      return Object.fromEntries(Object.entries(node).map(([field, one]) => [named(field), walk(one, field, own)]))
    }
    if (typeof node === 'number' && /(^|_)ids?$|Ids?$|^order$|shared_with/.test(key)) {
      return name(key === 'id' ? owner : key, node)
    }
    if (/_at$|^(token|cover_image|commit)$/.test(key) || key === 'country_code' || key === 'username' || key === 'name')
      return key
    const [, kind, id] = (typeof node === 'string' && /^(stop|note|booking):(\d+)$/.exec(node)) || []
    if (kind) return name(kind, Number(id))
    if (/^(link|url)$/.test(key) && typeof node === 'string') return node.replace(/\d+/g, 'ID')
    // A booking is named after its place, and the name of the sample place contains the id of the trip.
    return /^(title|about)$/.test(key) && typeof node === 'string' ? node.replace(/ \d+$/, '') : node
  }
  return walk(value)
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Issue } from '../../src/core/declare/errors.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { messageOfIssue } from '../../src/core/declare/wording.ts'
import { parseInput } from '../../src/core/run/input.ts'
import { jsonSchema } from '../../src/core/run/schema.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { everyOperation, named } from '../harness/operations.ts'
import { PROVING } from '../harness/prove.ts'
import { type Person, type Running, startRunning } from '../harness/rigs/running.ts'

/** Invalid values are refused in our own words, not those of the validator, over every transport. */

interface Node {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
}

/** Words of the validator. */
const RAW = /\b(expected|received)\b|Too (big|small)|Invalid|Unrecognized|undefined|NaN|\[object/

/** How our sentences about a value begin. */
const OURS = /^(must|cannot|is|has) /

const NUMBERS = [1e300, -1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 0.5]
const TEXTS = ['', ' ', 'x', 'x'.repeat(100_000), '9'.repeat(30)]
const names = (count: number, name: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at}`, 'x']))
const MEMBERS = ['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}', '{"toString":1}']
const OTHERS = [
  true,
  [],
  Array(600).fill(0),
  {},
  names(40, 'name'),
  names(2, 'x'.repeat(1000)),
  ...MEMBERS.map((text) => JSON.parse(text)),
]
const WRONG: readonly unknown[] = [...NUMBERS, ...TEXTS, ...MEMBERS, ...OTHERS]
/** The few of them that are tried every time, also inside lists and objects. */
const SOME: readonly unknown[] = [
  ...[1e300, Number.POSITIVE_INFINITY, -1, 'x'.repeat(10_000), '', [], Array(600).fill(0)],
  ...[names(40, 'name'), names(2, 'x'.repeat(1000)), JSON.parse(MEMBERS[0] ?? '')],
]

const inputSchema = (operation: AnyOperation) => jsonSchema(operation.input, 'input') as Node
const plain = (node: Node): Node => node.anyOf?.find(({ type }) => type !== 'null') ?? node

/** Every wrong value at every place in the published schema of a field. */
function* wrongFor(node: Node, deep = 0): Generator<unknown> {
  yield* PROVING && !deep ? WRONG : SOME
  const { items, properties = {}, additionalProperties } = plain(node)
  if (deep > 3) return
  if (items) for (const entry of wrongFor(items, deep + 1)) yield [entry]
  for (const [key, field] of Object.entries(properties)) {
    for (const value of wrongFor(field, deep + 1)) yield { [key]: value }
  }
  if (typeof additionalProperties === 'object') {
    for (const value of wrongFor(additionalProperties, deep + 1)) yield { name: value }
  }
}

function issuesOf(operation: AnyOperation, input: object): Issue[] {
  try {
    parseInput(operation, input)
    return []
  } catch (error) {
    const { code, issues = [], message = '' } = error as { code?: string; issues?: Issue[]; message?: string }
    // Any other error is a bug.
    if (code !== 'invalid') throw error
    expect(message).not.toMatch(RAW)
    return issues
  }
}

const takers = named(everyOperation.filter(({ operation }) => Object.keys(operation.input.shape).length > 0))

test.each(takers)('%s refuses wrong values in our own words', (_, operation) => {
  for (const [key, node] of Object.entries(inputSchema(operation).properties ?? {})) {
    for (const value of wrongFor(node)) {
      for (const { path, message } of issuesOf(operation, { [key]: value })) {
        const problem = `${path}: ${message}`
        expect(problem).not.toMatch(RAW)
        expect(message, problem).toMatch(OURS)
        expect(problem.length, problem).toBeLessThan(1000)
      }
    }
  }
})

test.each(takers)('a form of the app refuses wrong values for %s in the same words', (_, operation) => {
  for (const [key, node] of Object.entries(inputSchema(operation).properties ?? {})) {
    for (const value of wrongFor(node)) {
      const checked = operation.input.safeParse({ [key]: value }, { reportInput: true })
      // For a value of another type a form says in the language of the user that it is not a number, or missing.
      const issues = checked.error?.issues.filter(({ code }) => code !== 'invalid_type') ?? []
      for (const issue of issues) expect(messageOfIssue(issue).text).not.toMatch(RAW)
    }
  }
})

test.each(['__proto__', 'constructor', 'toString'])('an argument %s is refused as unknown', (name) => {
  for (const { operation } of everyOperation.filter(({ operation }) => Object.keys(operation.input.shape).length > 0)) {
    const issues = issuesOf(operation, JSON.parse(`{"${name}":{"a":1}}`))
    expect(issues, operation.name).toContainEqual({
      path: name,
      message: expect.stringContaining('is not known here'),
      key: 'values.unknown',
    })
  }
})

describe('over the transports', () => {
  const [{ place: sqlitePlace }] = ENGINES
  let place: Place
  let running: Running
  let admin: Person
  beforeAll(async () => {
    place = await sqlitePlace({ migrated: true })
    running = await startRunning(place.target)
    admin = await running.person('Root', 'admin')
  })
  afterAll(async () => {
    await running.close()
    expect(running.failures).toEqual([])
    await place.remove()
  })

  /** All arguments wrong at once: too large, too long, too many. */
  const tooMuch = (operation: AnyOperation): [string, unknown][] =>
    Object.entries(inputSchema(operation).properties ?? {}).map(([key, field]) => {
      const { type, enum: choices } = plain(field)
      const types = [type].flat()
      if (types.includes('integer') || types.includes('number')) return [key, 1e300]
      if (types.includes('array')) return [key, Array(6000).fill(0)]
      if (types.includes('object')) return [key, names(40, 'name')]
      return [key, choices ? 'x' : 'x'.repeat(10_000)]
    })

  test('over MCP', async () => {
    const { client, close } = await connectAssistant(running.url, admin.token, ERAS[1])
    let refused = 0
    for (const { operation } of everyOperation.filter(({ operation }) => operation.expose.includes('mcp'))) {
      const args = tooMuch(operation)
      if (!args.length) continue
      const { isError, content } = await client.callTool({ name: operation.name, arguments: Object.fromEntries(args) })
      const refusalText = JSON.stringify(content)
      expect([operation.name, isError, refusalText]).toEqual([operation.name, true, expect.not.stringMatching(RAW)])
      if (refusalText.includes('must be')) refused++
    }
    expect(refused).toBeGreaterThan(100)
    await close()
  })

  const request = async (method: string, path: string, body?: string) => {
    const headers = { authorization: `Bearer ${admin.token}`, ...(body && { 'content-type': 'application/json' }) }
    const answer = await fetch(`${running.url}/api${path}`, { method, headers, ...(body && { body }) })
    return { status: answer.status, said: await answer.text() }
  }

  test('over REST', async () => {
    let refused = 0
    for (const { operation } of everyOperation.filter(({ operation }) => operation.expose.includes('rest'))) {
      if (operation.upload || operation.download || !Object.keys(operation.input.shape).length) continue
      const args = new Map(tooMuch(operation).map(([key, value]) => [key, Array.isArray(value) ? [0] : value]))
      const path = operation.path.replace(/:(\w+)/g, (_, key) => {
        args.delete(key)
        return '9'.repeat(20)
      })
      const inQuery = operation.method === 'GET' || operation.method === 'DELETE'
      const query = new URLSearchParams([...args].map(([key, value]) => [key, String(value).slice(0, 500)]))
      const { status, said } = inQuery
        ? await request(operation.method, `${path}?${query}`)
        : await request(operation.method, path, JSON.stringify(Object.fromEntries(args)))
      const label = [operation.name, status]
      expect([...label, said]).toEqual([...label, expect.not.stringMatching(RAW)])
      expect(status, `${operation.name}: ${said}`).toBeLessThan(500)
      if (status === 400) refused++
    }
    expect(refused).toBeGreaterThan(100)
  })

  test.each(MEMBERS.slice(0, 2))('a body with %s is refused with the reason', async (member) => {
    const rest = await request('POST', '/trips', `{"title":"Kyoto","description":${member}}`)
    expect([rest.status, rest.said]).toEqual([400, expect.stringContaining('The body cannot have a member')])
    expect(rest.said).not.toContain('not valid JSON')
    const message = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_trips","arguments":${member}}}`
    const headers = { authorization: `Bearer ${admin.token}`, accept: 'application/json, text/event-stream' }
    const answer = await fetch(`${running.url}/mcp`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: message,
    })
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('The body cannot have a member'),
    ])
  })

  test.each(['__proto__', 'constructor', 'toString'])('a query with %s is refused for its name', async (name) => {
    const { status, said } = await request('GET', `/trips?${name}=1`)
    expect([status, said]).toEqual([400, expect.stringContaining(`${name} is not known here`)])
    const { client, close } = await connectAssistant(running.url, admin.token, ERAS[1])
    const read = client.readResource({ uri: `trek://trips?${name}=1` })
    await expect(read).rejects.toThrow(`${name} is not known here`)
    const toolAnswer = await client.callTool({ name: 'list_trips', arguments: { [name]: 1 } }).catch((error) => error)
    expect(JSON.stringify(toolAnswer.content ?? toolAnswer.message)).toMatch(
      /is not known here|The body cannot have a member/,
    )
    await close()
  })
})

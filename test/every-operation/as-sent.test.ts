import { describe, expect, test } from 'vitest'
import type { Issue } from '../../src/core/declare/errors.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { parseInput } from '../../src/core/run/input.ts'
import { jsonSchema } from '../../src/core/run/schema.ts'
import { everyOperation, named } from '../harness/operations.ts'

/** The published JSON schema of a field. */
interface Node {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly Node[]
  readonly enum?: readonly unknown[]
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
}

interface Argument {
  readonly operation: AnyOperation
  readonly key: string
  readonly node: Node
  readonly required: boolean
}

const publishedOf = (operation: AnyOperation) =>
  jsonSchema(operation.input, 'input') as { properties: Record<string, Node>; required?: string[] }

const args: [string, Argument][] = everyOperation.flatMap(({ operation }) => {
  const { properties, required = [] } = publishedOf(operation)
  return Object.entries(properties).map(([key, node]): [string, Argument] => [
    `${operation.name}.${key}`,
    { operation, key, node, required: required.includes(key) },
  ])
})

const kindsOf = ({ type, anyOf = [] }: Node): string[] => [...[type ?? []].flat(), ...anyOf.flatMap(kindsOf)]
/** The type of a field that has only one, apart from null. */
const kindOf = (node: Node): string | undefined => {
  const kinds = kindsOf(node).filter((kind) => kind !== 'null')
  return kinds.length === 1 ? kinds[0] : undefined
}
const plain = (node: Node): Node => node.anyOf?.find(({ type }) => type !== 'null') ?? node

/** A value of the published type; `write` renders numbers and booleans. */
function sample(field: Node, write: (value: number | boolean) => unknown): unknown {
  const node = plain(field)
  switch (kindOf(node)) {
    case 'integer':
      return write(6)
    case 'number':
      return write(48.85)
    case 'boolean':
      return write(true)
    case 'array':
      return [sample(node.items ?? {}, write), sample(node.items ?? {}, write)]
    case 'object': {
      const fields = Object.entries(node.properties ?? {}).map(([key, one]) => [key, sample(one, write)])
      return Object.fromEntries(fields.length ? fields : [['seat', '12A']])
    }
    default:
      return node.enum?.[0] ?? '6'
  }
}

const asItIs = (value: unknown) => value

/** The result of parsing an input: its values, or its issues. */
function outcome(operation: AnyOperation, input: object): { values: Record<string, unknown> } | { issues: Issue[] } {
  try {
    return { values: parseInput(operation, input) }
  } catch (error) {
    return { issues: (error as { issues: Issue[] }).issues }
  }
}

function expectRefused({ operation, key }: Argument, value: unknown): void {
  const parsed = outcome(operation, { [key]: value })
  const paths = 'issues' in parsed ? parsed.issues.map(({ path }) => path.split('.')[0]) : []
  expect(paths, JSON.stringify(value)).toContain(key)
}

/** Values that are not of this type and must not be coerced to it. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  integer: ['1e0', '6abc', '48,85', '6.5', 'yes', ' 6 ', '0x10', '9007199254740993', 'Infinity', [], [6], {}, true],
  number: ['1e0', '6abc', '48,85', 'yes', ' 6 ', '0x10', '0.12345678901234567890', 'Infinity', [], [6], {}, true],
  boolean: ['yes', 'True', '1', 1, [], {}],
  array: ['a,b', '6', '{}', '"a"', '[', 6, {}, true],
  object: ['a', '6', '[]', '{', 6, [], true],
  string: [6, true, [], {}],
}

const argsOfKind = (...kinds: string[]) => args.filter(([, { node }]) => kinds.includes(kindOf(node) ?? ''))

test.each(argsOfKind('integer', 'number', 'boolean', 'array', 'object'))(
  '%s is also accepted as text',
  (_, argument) => {
    const { operation, key, node } = argument
    const value = sample(node, asItIs)
    const expected = outcome(operation, { [key]: value })
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    expect(outcome(operation, { [key]: text })).toEqual(expected)
    // Nested values are coerced too, also inside a JSON text.
    const asTexts = sample(node, String)
    expect(outcome(operation, { [key]: asTexts })).toEqual(expected)
    if (typeof asTexts === 'object') expect(outcome(operation, { [key]: JSON.stringify(asTexts) })).toEqual(expected)
  },
)

test.each(args.filter(([, { node }]) => kindOf(node) !== undefined))(
  '%s refuses values of another type',
  (_, argument) => {
    for (const value of REFUSED[kindOf(argument.node) as string] ?? []) {
      // The only arguments where a number means the same as a text.
      if (typeof value === 'number' && /^list_places\.(category|tag)$/.test(_)) continue
      expectRefused(argument, value)
    }
  },
)

test.each(args)('%s may be null instead of being omitted', (_, argument) => {
  const { operation, key, node, required } = argument
  const withoutKey = outcome(operation, {})
  if (kindsOf(node).includes('null')) {
    const parsed = outcome(operation, { [key]: null })
    if ('values' in parsed) expect(parsed.values[key]).toBeNull()
    else expect(parsed.issues.map(({ path }) => path)).not.toContain(key)
  } else if (required) expectRefused(argument, null)
  else expect(outcome(operation, { [key]: null })).toEqual(withoutKey)
})

test.each(args)('%s may be an empty text instead of being omitted', (_, argument) => {
  const { operation, key, node, required } = argument
  const parsed = outcome(operation, { [key]: '' })
  const isText = kindOf(node) === 'string' && operation.input.shape[key].safeParse('').success
  // A row created without the text has none, so on creation an empty text counts as omitted.
  const takesEmpty = isText && (required || operation.effect === 'update' || !kindsOf(node).includes('null'))
  if (takesEmpty) {
    if ('values' in parsed) expect(parsed.values[key]).toBe('')
    else expect(parsed.issues.map(({ path }) => path)).not.toContain(key)
  } else if (required || (operation.effect === 'update' && kindsOf(node).includes('null'))) expectRefused(argument, '')
  else expect(parsed).toEqual(outcome(operation, {}))
})

test.each(argsOfKind('string'))('%s keeps text that looks like another type', (_, { operation, key, node }) => {
  if (node.enum) return expect(kindOf(node)).toBe('string')
  for (const text of ['6', 'true', '[1]', '{"a":1}']) {
    const parsed = outcome(operation, { [key]: text })
    const issuesOfKey = 'issues' in parsed ? parsed.issues.filter(({ path }) => path === key) : []
    for (const { message } of issuesOfKey) expect(message).not.toMatch(/, not /)
    if ('values' in parsed) expect(parsed.values[key]).toBeTypeOf('string')
  }
})

describe('unknown arguments', () => {
  test.each(named(everyOperation))('%s ignores an unknown argument that is null', (_, operation) => {
    expect(outcome(operation, { something_else: null, random_string: null })).toEqual(outcome(operation, {}))
  })

  const without = everyOperation.filter(({ operation }) => Object.keys(operation.input.shape).length === 0)
  test.each(named(without))('%s takes no arguments, and ignores an invented one', (_, operation) => {
    expect(outcome(operation, { random_string: 'dummy' })).toEqual({ values: {} })
  })
})

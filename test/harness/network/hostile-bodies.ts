import type { AnyOperation } from '../../../src/core/declare/operation.ts'
import { jsonSchema } from '../../../src/core/run/schema.ts'

/** JSON texts of about so many bytes that the server must refuse, and that cost as much to check as possible. */

/** The server does not parse a body with more names, lists and objects than this, so each field gets only a part of it. */
export const MOST_PARSED = 20_000
const IN_RECORD = 2000
const IN_LIST = 2000
const DEEP = 300

interface Node {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly items?: Node
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly maxProperties?: number
}

const fieldsByOperation = new Map<AnyOperation, [string, Node][]>()

/** The fields of an operation that are not part of its path. */
function fieldsOf(operation: AnyOperation): [string, Node][] {
  const cached = fieldsByOperation.get(operation)
  if (cached) return cached
  const { properties = {} } = jsonSchema(operation.input, 'input') as Node
  const inAddress = operation.path.split('/')
  const fields = Object.entries(properties).filter(([name]) => !inAddress.includes(`:${name}`))
  fieldsByOperation.set(operation, fields)
  return fields
}

const BYTES_OF_NAME = 9

const joinMany = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join()

const membersBySize = new Map<number, string>()

/** Members of an object with unknown names. */
function unknownMembers(bytes: number): string {
  const cached = membersBySize.get(bytes)
  if (cached !== undefined) return cached
  const text = joinMany(Math.ceil(bytes / BYTES_OF_NAME), (index) => `"${index.toString(36)}":1`).slice(0, bytes)
  const wholeMembers = text.slice(0, text.lastIndexOf(','))
  membersBySize.set(bytes, wholeMembers)
  return wholeMembers
}

/** An object with only unknown names. */
export const unknownNames = (bytes: number): string => `{${unknownMembers(bytes)}}`

/** Members of an object with so many names that are similar to field names of this operation. */
function nearlyKnownMembers({ input }: AnyOperation, count: number): string {
  const fields = Object.keys(input.shape)
  return joinMany(count, (at) => `"${fields[at % fields.length] ?? 'x'}${at.toString(36)}":1`)
}

/** Lists in lists. */
export const nested = (bytes: number): string => `${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}`

/**
 * Every field of an operation, each with an invalid value as large as fits; and as many names similar to those of its fields,
 * and unknown names, as `similarNames` and `unknownNames` say.
 */
export function wrongFields(operation: AnyOperation, bytes: number, similarNames: number, unknownNames = 0): string {
  const fields = fieldsOf(operation)
  const bytesPerField = Math.floor((bytes - unknownNames * BYTES_OF_NAME) / (fields.length + 1))
  return `{${[
    ...fields.map(([name, node]) => `"${name}":${wrong(node, bytesPerField)}`),
    `"unknown":${nested(DEEP)}`,
    nearlyKnownMembers(operation, similarNames),
    ...(unknownNames ? [unknownMembers(unknownNames * BYTES_OF_NAME)] : []),
  ]}}`
}

/** As `wrongFields`, with every value as a text, and `similarNames` names similar to those of its fields with null. */
export function wrongTexts(operation: AnyOperation, bytes: number, similarNames: number): string {
  const fields = fieldsOf(operation)
  const bytesPerField = Math.floor(bytes / (fields.length + 1))
  return `{${[
    ...fields.map(([name, node]) => `"${name}":${JSON.stringify(wrongText(node, bytesPerField))}`),
    nearlyKnownMembers(operation, similarNames).replaceAll(':1', ':null'),
  ]}}`
}

function wrongText(node: Node, bytes: number): string {
  if (node.anyOf) return wrongText(node.anyOf[0] ?? {}, bytes)
  if (node.items?.properties) return `[${joinMany(IN_LIST, () => '"{}"')}]`
  if (node.items) return `[${joinMany(bytes / 6, () => '""')}]`
  if (node.properties || node.additionalProperties) return unknownNames(Math.min(bytes / 2, IN_RECORD * BYTES_OF_NAME))
  return '1'.repeat(bytes)
}

function wrong({ type, enum: values, anyOf, items, properties, additionalProperties }: Node, bytes: number): string {
  if (anyOf) return wrong(anyOf[0] ?? {}, bytes)
  if (items) {
    return items.properties ? `[${joinMany(IN_LIST, () => '{}')}]` : `[${joinMany(bytes / 3, () => '""')}]`
  }
  if (properties || additionalProperties) return unknownNames(IN_RECORD * BYTES_OF_NAME)
  return [type].flat().includes('string') && !values ? `"${'x'.repeat(bytes)}"` : nested(DEEP)
}

/**
 * The largest input of an operation with the right types, padded with spaces. An unknown name makes the operation refuse it,
 * unless it has no arguments at all.
 */
export function fullest(operation: AnyOperation, bytes: number): string {
  const body = `{"unknown":1${fieldsOf(operation)
    .map(([name, node]) => `,"${name}":${right(node)}`)
    .join('')}`
  return `${body}${' '.repeat(Math.max(0, bytes - body.length))}}`
}

function right({ type, enum: values, anyOf, items, properties, additionalProperties, ...most }: Node): string {
  if (anyOf) return right(anyOf[0] ?? {})
  if (values) return JSON.stringify(values[0])
  if (items) return `[${joinMany(most.maxItems ?? 0, () => right(items))}]`
  if (properties) return `{${Object.entries(properties).map(([name, node]) => `"${name}":${right(node)}`)}}`
  if (typeof additionalProperties === 'object') {
    return `{${joinMany(most.maxProperties ?? 0, (at) => `"k${at}":${right(additionalProperties)}`)}}`
  }
  const kinds = [type].flat()
  return kinds.includes('string') ? '"x"' : kinds.includes('boolean') ? 'true' : '1'
}

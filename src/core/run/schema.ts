import { z } from 'zod'
import type { AnyObject, AnyOperation } from '../declare/operation.ts'

type Json = { [key: string]: unknown }

/**
 * The published JSON schema of an input or output. These are enforced but not published, since they teach nothing: the
 * bounds of safe integers, the patterns of named formats, and the maximum length where a pattern or format limits it.
 */
export function jsonSchema(schema: AnyObject, io: 'input' | 'output'): Json {
  const { $schema: _, ...published } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: node }) => {
      tidy(node as Json)
      // Future answers can have more fields, and today's clients must be able to read them.
      const { additionalProperties: others } = node
      if (io === 'output' && others === false) delete node.additionalProperties
      // Some clients reject an empty schema.
      if (typeof others === 'object' && !Object.keys(others).length) node.additionalProperties = true
    },
  }) as Json
  return published
}

/**
 * The JSON schema of an input for models, as short as possible: every conversation reads each word. In a client that
 * does not support one schema, all tools fail, so each value has one type, and only common keywords are used. What the
 * description says better, or nobody would send, is left out too. All of it is still enforced, and null is accepted
 * wherever a field is nullable: the description says where null clears.
 */
export function briefSchema({ input, effect }: Pick<AnyOperation, 'input' | 'effect'>): Json {
  const published = jsonSchema(input, 'input')
  if (effect === 'update') sayWhatNullDoes(published.properties as Record<string, Json>)
  shorten(published)
  return published
}

/** A create leaves omitted fields empty anyway: null and omission differ only in an update. */
function sayWhatNullDoes(fields: Record<string, Json>): void {
  for (const field of Object.values(fields)) {
    const { description = '' } = field as { description?: string }
    if (mayBeNull(field) && !/\bnull\b/.test(description)) {
      field.description = `${description.replace(/\.$/, '')}; null clears.`
    }
  }
}

const mayBeNull = ({ type, anyOf }: Json): boolean =>
  (Array.isArray(type) && type.includes('null')) ||
  (Array.isArray(anyOf) && (anyOf as Json[]).some(mayBeNull)) ||
  type === 'null'

function shorten(node: unknown): void {
  if (Array.isArray(node)) for (const one of node) shorten(one)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  const fields = node as Json
  withoutNull(fields)
  withCommonWords(fields)
  const { type } = fields
  if (type === 'string') {
    delete fields.pattern
    if (fields.minLength === 1) delete fields.minLength
  }
  if (type === 'integer' && fields.minimum === 1) delete fields.minimum
  if (type === 'array' && typeof fields.maxItems === 'number' && fields.maxItems >= 500) delete fields.maxItems
  if (type === 'number' && typeof fields.maximum === 'number' && fields.maximum >= 1e9) delete fields.maximum
  for (const value of Object.values(fields)) shorten(value)
}

/** A nullable value is described by its other type. */
function withoutNull(node: Json): void {
  const others = (node.anyOf as Json[] | undefined)?.filter(({ type }) => type !== 'null')
  if (others?.length === 1) {
    delete node.anyOf
    Object.assign(node, { ...others[0], ...node })
  }
  if (!Array.isArray(node.type)) return
  const types = node.type.filter((type) => type !== 'null')
  if (types.length !== 1) throw new Error(`A tool takes one type: ${JSON.stringify(node)}`)
  node.type = types[0]
  if (Array.isArray(node.enum)) node.enum = node.enum.filter((value) => value !== null)
}

function withCommonWords(node: Json): void {
  if (typeof node.exclusiveMinimum === 'number') {
    node.minimum = node.exclusiveMinimum + (node.type === 'integer' ? 1 : 0)
    delete node.exclusiveMinimum
  }
  if (node.type !== 'object') return
  delete node.propertyNames
  delete node.maxProperties
  // Further names are accepted too.
  if (typeof node.additionalProperties === 'object') delete node.additionalProperties
}

const PRIMITIVES = new Set(['string', 'integer', 'number', 'boolean'])

function tidy(node: Json): void {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
  const union = node.anyOf as Json[] | undefined
  if (union?.length === 2 && union[1]?.type === 'null' && PRIMITIVES.has(union[0]?.type as string)) {
    const { type, enum: values, ...rest } = union[0] as Json
    delete node.anyOf
    Object.assign(node, { ...rest, ...node, type: [type, 'null'] })
    if (values) node.enum = [...(values as unknown[]), null]
  }
  if (node.format || node.pattern) delete node.maxLength
  if (node.format) delete node.pattern
}

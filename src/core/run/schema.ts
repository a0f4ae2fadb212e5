import { z } from 'zod'
import type { AnyObject, AnyOperation } from '../declare/operation.ts'

type Json = { [key: string]: unknown }

/**
 * The JSON schema of an input or output, as published. Enforced but not published, since they teach nothing: the bounds of
 * safe integers, the patterns of named formats, and the length of what a pattern or a format ends anyway.
 */
export function jsonSchema(schema: AnyObject, io: 'input' | 'output'): Json {
  const { $schema: _, ...published } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: node }) => {
      tidy(node as Json)
      // A client that knows today's answers must be able to read tomorrow's, which say more.
      const { additionalProperties: others } = node
      if (io === 'output' && others === false) delete node.additionalProperties
      // Some clients take an empty schema for a mistake.
      if (typeof others === 'object' && !Object.keys(others).length) node.additionalProperties = true
    },
  }) as Json
  return published
}

/**
 * The JSON schema of an input for models, as clients take it and as short as it can be: each word of it is read anew in every
 * conversation. One schema that a client does not know the words of fails all tools there, so that it has one type for each value,
 * and no more than the common words. Left out is also what the description says better or what nobody would send anyway. All that
 * is left out is enforced, and null is taken wherever a field may be null: a description says so where null clears.
 */
export function briefSchema({ input, effect }: Pick<AnyOperation, 'input' | 'effect'>): Json {
  const published = jsonSchema(input, 'input')
  if (effect === 'update') sayWhatNullDoes(published.properties as Record<string, Json>)
  shorten(published)
  return published
}

/** What is created without a field has it empty anyway: only in a change null and what is left out are not the same. */
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

/** What may be null as well is told as what else it is. */
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
  // Names beside those that are told are taken too.
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

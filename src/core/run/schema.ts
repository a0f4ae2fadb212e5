import { z } from 'zod'
import type { AnyObject } from '../declare/operation.ts'

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
      if (io === 'output' && node.additionalProperties === false) delete node.additionalProperties
    },
  }) as Json
  return published
}

/**
 * The JSON schema of an input as short as it can be, for models: each word of it is read anew in every conversation. Left out
 * is what the description says better or what nobody would send anyway; all of it is enforced.
 */
export function briefSchema(schema: AnyObject): Json {
  const published = jsonSchema(schema, 'input')
  shorten(published)
  return published
}

function shorten(node: unknown): void {
  if (Array.isArray(node)) for (const one of node) shorten(one)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  const { type } = node as Json
  const is = (wanted: string) => type === wanted || (Array.isArray(type) && type.includes(wanted))
  const fields = node as Json
  if (is('string')) {
    delete fields.pattern
    if (fields.minLength === 1) delete fields.minLength
  }
  if (is('integer') && fields.exclusiveMinimum === 0) delete fields.exclusiveMinimum
  if (is('array') && typeof fields.maxItems === 'number' && fields.maxItems >= 500) delete fields.maxItems
  if (is('object')) delete fields.maxProperties
  if (is('number') && typeof fields.maximum === 'number' && fields.maximum >= 1e9) delete fields.maximum
  for (const value of Object.values(fields)) shorten(value)
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

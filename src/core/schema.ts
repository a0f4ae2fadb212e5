import { z } from 'zod'
import type { AnyObject } from './operation.ts'

type Json = { [key: string]: unknown }

/**
 * The JSON schema of an input or output, as published. Enforced but not published, since they cost tokens and teach
 * nothing: the bounds of safe integers, and patterns whose meaning stands in the description.
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

const PRIMITIVES = new Set(['string', 'integer', 'number', 'boolean'])

function tidy(node: Json): void {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
  if (node.type === 'string' && node.format) delete node.pattern
  const union = node.anyOf as Json[] | undefined
  if (union?.length === 2 && union[1]?.type === 'null' && PRIMITIVES.has(union[0]?.type as string)) {
    const { type, enum: values, ...rest } = union[0] as Json
    delete node.anyOf
    Object.assign(node, { ...rest, ...node, type: [type, 'null'] })
    if (values) node.enum = [...(values as unknown[]), null]
  }
}

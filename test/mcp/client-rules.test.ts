import { expect, test } from 'vitest'
import { z } from 'zod'
import { jsonSchema } from '../../src/core/run/schema.ts'
import { definitionOf } from '../../src/transports/mcp/tools.ts'
import { everyOperation } from '../harness/operations.ts'
import { CLIENT_RULES, refusedBy } from './client-rules.ts'

const operations = everyOperation
  .map(({ operation }) => operation)
  .filter((operation) => operation.expose.includes('mcp'))
const tools = operations.map(definitionOf)

test.each(CLIENT_RULES.map((rules) => [rules.client, rules] as const))(
  '%s accepts the whole list of tools',
  (_, rules) => {
    expect(tools.length).toBeGreaterThan(100)
    expect(refusedBy(rules, tools)).toEqual([])
  },
)

const tool = (inputSchema: Record<string, unknown>) => ({ name: 'bad_tool', description: 'Bad.', inputSchema })
const one = (field: object) => tool({ type: 'object', properties: { field } })

/** Schemas that were once in the list, or could easily enter it, with the clients that reject them. */
test.each([
  ['a list of types', one({ type: ['string', 'null'] }), ['Cursor', 'Gemini', 'Kimi', 'VS Code, Copilot']],
  ['a choice of null', one({ type: 'string', enum: ['a', null] }), ['Gemini']],
  ['an empty choice', one({ type: 'string', enum: [''] }), ['Gemini']],
  ['a choice of numbers', one({ type: 'integer', enum: [1, 2] }), ['Gemini']],
  ['an exclusive bound', one({ type: 'number', exclusiveMinimum: 0 }), ['Gemini']],
  [
    'an object with arbitrary names',
    one({ type: 'object', properties: {}, propertyNames: { type: 'string' } }),
    ['Gemini', 'OpenAI, strict mode as far as it applies'],
  ],
  [
    'a list of anything',
    one({ type: 'array' }),
    ['Gemini', 'OpenAI, strict mode as far as it applies', 'VS Code, Copilot'],
  ],
  [
    'a union in a list',
    one({ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } }),
    ['Cursor', 'Gemini', 'Kimi', 'VS Code, Copilot'],
  ],
  [
    'a union at the top',
    tool({ type: 'object', properties: {}, anyOf: [{ type: 'object', properties: {} }] }),
    ['Claude API', 'Gemini', 'Kimi', 'OpenAI, strict mode as far as it applies'],
  ],
  [
    'a required name that is no property',
    tool({ type: 'object', properties: {}, required: ['x'] }),
    ['Kimi', 'OpenAI, strict mode as far as it applies'],
  ],
  [
    'a long name',
    { ...tool({ type: 'object', properties: {} }), name: 'x'.repeat(65) },
    ['Claude API', 'Claude Code', 'Gemini', 'Kimi', 'OpenAI, strict mode as far as it applies'],
  ],
])('%s would be refused', (_what, badSchema, clients) => {
  const refusing = CLIENT_RULES.filter((rules) => refusedBy(rules, [badSchema]).length > 0).map(({ client }) => client)
  expect(refusing.sort()).toEqual(clients)
})

test.each(operations.map((operation) => [operation.name, operation] as const))(
  '%s describes in words where null clears a field, and nowhere else in its schema allows null',
  (_, operation) => {
    const publishedSchema = definitionOf(operation).inputSchema as {
      properties: Record<string, { description?: string }>
    }
    const acceptedSchema = jsonSchema(operation.input, 'input') as { properties: Record<string, object> }
    expect(JSON.stringify(publishedSchema).replaceAll(/"description":"[^"]*"/g, '')).not.toContain('null')
    for (const [name, field] of Object.entries(acceptedSchema.properties)) {
      const mayBeNull = z.fromJSONSchema(field as never).safeParse(null).success
      const mentionsNull = /\bnull\b/.test(publishedSchema.properties[name]?.description ?? '')
      if (operation.effect === 'update') expect([name, mentionsNull]).toEqual([name, mayBeNull])
    }
  },
)

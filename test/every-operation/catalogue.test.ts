import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { unboundedIn } from '../../src/core/run/bounds.ts'
import { jsonSchema } from '../../src/core/run/schema.ts'
import { decide_consent, get_consent } from '../../src/identity/contract/consent.ts'
import { log_in } from '../../src/identity/contract/log-in.ts'
import { FromClient } from '../../src/transports/live/contract.ts'
import { declared, everyOperation } from '../harness/operations.ts'
import { ADDED, TIGHTENED } from './contract-deviations.ts'

interface PublishedTool {
  name: string
  scope: string | string[] | null
  addon: string | null
  effect: string
  input: { required?: string[]; properties?: Record<string, Property> }
}
type Property = Record<string, unknown>
interface Surface {
  resources: { uri: string; scope: string | null; addon: string | null }[]
  prompts: { name: string; scope?: string; addon?: string | null }[]
}

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`../../docs/contract/${file}`, import.meta.url), 'utf8'))
const published = new Map(read<{ tools: PublishedTool[] }>('mcp-tools.json').tools.map((tool) => [tool.name, tool]))
/** Tools missing from the published contract, each with its reason. */
const { tools: own, resources: ownResources } = read<{
  tools: { name: string; reason: string }[]
  resources: { uri: string; reason: string }[]
}>('own-tools.json')
const surface = read<Surface>('mcp-surface.json')

const catalogue = declared
const operations = everyOperation.map((bound) => bound.operation)
const tools = operations.filter((operation) => operation.expose.includes('mcp'))
const isOwn = ({ name }: AnyOperation) => own.some((tool) => tool.name === name)
const TRIPS = ['trips:read', 'trips:write', 'trips:delete', 'trips:share']

/** "any trips:*" and `trips:read` mean the same scope. */
const scopeOf = (scope: unknown): unknown => (scope === 'trips:read' || scope === 'any trips:*' ? TRIPS : scope)

describe('every operation', () => {
  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s is complete',
    (name, operation) => {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/)
      expect(operation.title).toMatch(/^[A-Z].{2,60}[^.]$/)
      expect(operation.description).toMatch(/^[A-Z].{8,400}\.$/s)
      expect(operation.effect === 'read').toBe(operation.method === 'GET')
      const input = jsonSchema(operation.input, 'input') as {
        properties: Record<string, Property>
        additionalProperties: unknown
      }
      expect(input.additionalProperties).toBe(false)
      expect(input).not.toHaveProperty('anyOf')
      for (const [key, property] of Object.entries(input.properties)) {
        if (operation.expose.includes('mcp'))
          expect(property.description, `${name}.${key} needs a description`).toMatch(/\w.*\.$/s)
      }
      expect(jsonSchema(operation.output, 'output')).toMatchObject({ type: 'object' })
      if (operation.effect !== 'read' && operation.scope !== null)
        expect(operation.scope).toMatch(/:(write|delete|share)$/)
    },
  )
})

/** The inputs that clients send: of operations and prompts, of the log-in, of a consent, and over a socket. */
const inputs: [string, z.ZodType][] = [
  ...operations.map((operation): [string, z.ZodType] => [operation.name, operation.input]),
  ...catalogue.prompts.map(({ prompt }): [string, z.ZodType] => [`the prompt ${prompt.name}`, prompt.arguments]),
  ...[log_in, get_consent, decide_consent].map((operation): [string, z.ZodType] => [operation.name, operation.input]),
  ['a frame', FromClient],
]

// The cost of refusing an input grows with what its schema accepts, so without a maximum it has no bound.
test.each(inputs)('every text, list and record that %s takes has a maximum', (_, input) => {
  expect(unboundedIn(input)).toEqual([])
})

describe('the published contract', () => {
  const promised = tools
    .filter((operation) => !isOwn(operation))
    .map((operation) => [operation.name, operation] as const)
  test.each(promised)('%s is as published', (name, operation) => {
    const tool = published.get(name) as PublishedTool
    const way = 'offer it over REST only, or give its reason in docs/contract/own-tools.json'
    expect(tool, `${name} is not in the published contract: ${way}`).toBeDefined()
    expect(operation.effect).toBe(tool.effect)
    expect(operation.addon?.name ?? null).toBe(tool.addon)
    expect(scopeOf(operation.scope)).toEqual(scopeOf(tool.scope))
    const inputSchema = jsonSchema(operation.input, 'input') as unknown as {
      required?: string[]
      properties: Record<string, Property>
    }
    expect([...(inputSchema.required ?? [])].sort()).toEqual([...(tool.input.required ?? [])].sort())
    const publishedFields = tool.input.properties ?? {}
    const added = Object.keys(inputSchema.properties).filter((key) => !(key in publishedFields))
    expect(added.sort()).toEqual(Object.keys(ADDED[name] ?? {}).sort())
    for (const [key, property] of Object.entries(publishedFields)) {
      expect(inputSchema.properties, `${name} must take ${key}`).toHaveProperty(key)
      const differs = differences(property, inputSchema.properties[key] as Property)
      if (differs) expect(TIGHTENED, `${name}.${key}: ${differs}`).toHaveProperty(key)
    }
  })

  test('operations only for the app are not tools, and each tool outside the contract has a reason', () => {
    const extra = tools.filter((operation) => !published.has(operation.name)).map((operation) => operation.name)
    expect(extra.sort()).toEqual(own.map(({ name }) => name).sort())
    for (const { name, reason } of own) expect(reason, name).toMatch(/^[A-Z].{20,400}\.$/s)
  })

  const otherResources = catalogue.resources.filter(
    ({ resource }) => !ownResources.some(({ uri }) => uri === resource.uri),
  )
  test.each(otherResources.map(({ resource }) => [resource.uri, resource.read] as const))(
    '%s is as published',
    (uri, reads) => {
      const published = surface.resources.find((one) => one.uri === uri)
      expect(published, `${uri} is not published`).toBeDefined()
      expect(reads.addon?.name ?? null).toBe(published?.addon)
      const scope = scopeOf(published?.scope)
      // Any scope for trips can read a trip, so operations that read trips declare none.
      expect(scope !== null && reads.scope === null ? TRIPS : scopeOf(reads.scope)).toEqual(scope)
    },
  )

  test.each(catalogue.prompts.map(({ prompt }) => [prompt.name, prompt] as const))(
    'the prompt %s is as published',
    (name, prompt) => {
      const published = surface.prompts.find((one) => one.name === name)
      expect(published, `${name} is not published`).toBeDefined()
      expect(prompt.reads.map((reads: AnyOperation) => scopeOf(reads.scope))).toEqual([scopeOf(published?.scope)])
    },
  )
})

/** A short list of what is narrower or of another type than published; empty if all that was allowed still is. */
function differences(published: Property, own: Property): string {
  const types = (property: Property): string[] =>
    property.anyOf
      ? (property.anyOf as Property[]).flatMap(types)
      : Array.isArray(property.type)
        ? property.type
        : [property.type as string]
  const found = [
    types(published).some(
      (type) => !types(own).includes(type) && !(type === 'integer' && types(own).includes('number')),
    ) && 'type',
    ...['maxLength', 'maximum', 'maxItems'].map(
      (key) => own[key] !== undefined && ((published[key] as number) ?? Infinity) > (own[key] as number) && key,
    ),
    ...['minLength', 'minimum', 'minItems'].map(
      (key) => own[key] !== undefined && ((published[key] as number) ?? -Infinity) < (own[key] as number) && key,
    ),
    published.enum && JSON.stringify(published.enum) !== JSON.stringify(own.enum) && 'enum',
    own.pattern !== undefined && own.pattern !== published.pattern && 'pattern',
    own.format !== undefined && own.format !== published.format && 'format',
  ]
  return found.filter(Boolean).join(', ')
}

test('every field with an id declares what it refers to', () => {
  const knownNames = new Set([...declared.entities.keys(), 'user', 'member', 'outside'])
  const problems: string[] = []
  for (const { entity } of declared.entities.values()) {
    const owners = [entity.spaceKey, entity.also?.key]
    for (const field of Object.keys(entity.fields)) {
      if (/_ids?$/.test(field) && !owners.includes(field) && !entity.refs?.[field])
        problems.push(`${entity.name}.${field}`)
    }
    for (const [field, to] of Object.entries(entity.refs ?? {})) {
      if (!knownNames.has(to)) problems.push(`${entity.name}.${field} refers to ${to}, which is not there`)
    }
  }
  expect(problems).toEqual([])
})

test('every order key is computed, never set by a client', () => {
  const placed = [...declared.entities.values()].flatMap(({ entity }) =>
    Object.keys(entity.fields)
      .filter((field) => /^(order_key|day_keys|updated_at)$/.test(field) && !entity.computed?.includes(field))
      .map((field) => `${entity.name}.${field}`),
  )
  expect(placed).toEqual([])
})

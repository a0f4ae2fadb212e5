import { z } from 'zod'
import { LIMITS, MEGABYTE } from './connection.ts'
import { CLOSE_CODES, FromClient, FromServer, LARGEST_FRAME } from './contract.ts'

type Node = {
  type?: string | string[]
  description?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Node[]
  oneOf?: Node[]
  items?: Node
  properties?: Record<string, Node>
  additionalProperties?: Node | boolean
  required?: string[]
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Node => z.toJSONSchema(schema, { io }) as Node

/** The type of a value in a few words: `number`, `list of { user_id, name }`, `"insert" or "patch"`. */
function kindOf(node: Node): string {
  const choices = node.anyOf ?? node.oneOf
  if (choices) return [...new Set(choices.map(kindOf))].join(' or ')
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (node.items) return `list of ${kindOf(node.items)}`
  if (node.properties) {
    const fields = Object.entries(node.properties).map(([name, field]) =>
      field.const === undefined && !field.enum ? name : `${name}: ${kindOf(field)}`,
    )
    return `{ ${fields.join(', ')} }`
  }
  if (node.type === 'object') {
    const value = node.additionalProperties
    return value && typeof value === 'object' && Object.keys(value).length ? `object of ${kindOf(value)}` : 'object'
  }
  if (node.type === 'integer') return 'number'
  return [node.type ?? 'anything'].flat().join(' or ')
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function frame(node: Node): string {
  const fields = Object.entries(node.properties ?? {}).filter(([name]) => name !== 'type')
  const rows = fields.map(([name, field]) => {
    const optional = node.required?.includes(name) ? '' : ', optional'
    return `| \`${name}\` | ${cell(kindOf(field))}${optional} | ${cell(field.description ?? '')} |`
  })
  return [
    `### \`${node.properties?.type?.const}\``,
    '',
    node.description ?? '',
    '',
    '| field | type | meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

/** The reference of all frames of `/ws`, as Markdown, generated from their schemas. */
export function frameReference(): string {
  const frames = (schema: z.ZodType, io: 'input' | 'output') => (schemaOf(schema, io).oneOf ?? []).map(frame).join('\n')
  const codes = Object.entries(CLOSE_CODES).map(([reason, code]) => `| ${code} | \`${reason}\` |`)
  return `# Live connection

A WebSocket at \`/ws\`, for a person who is logged in: the cookie of the session says who it is. Every frame is one JSON text
of at most ${LARGEST_FRAME / 1024} kB towards the server; for an app that asks for it, pages of a snapshot are packed. Keep the largest \`seq\` of
each space and its \`view\`; after a lost connection, subscribe with both and nothing is missed.

A snapshot and what was missed come as fast as the app takes them. Whoever takes nothing for ${LIMITS.beat / 1000} seconds and does not answer
a ping is cut off, and so is whoever leaves more than ${LIMITS.unread / MEGABYTE} MB of changes unread. One person has at most ${LIMITS.connectionsOfPerson} connections, for which
together at most ${LIMITS.unreadOfPerson / MEGABYTE} MB wait; beyond that the one with the most is cut off. A server takes ${LIMITS.connections.toLocaleString('en')} connections.

## From the app

${frames(FromClient, 'input')}
## From the server

${frames(FromServer, 'output')}
## How a connection ends

| code | after \`bye\` with |
|---|---|
${codes.join('\n')}

Without a \`bye\` it is lost: come back, and wait longer each time.
`
}

import { ERRORS } from '../../core/declare/errors.ts'
import type { AnyOperation } from '../../core/declare/operation.ts'
import type { BoundOperation } from '../../core/run/catalogue.ts'
import type { BoundEntity } from '../../core/run/feature.ts'
import { jsonSchema } from '../../core/run/schema.ts'
import { takesQuery } from './input.ts'

type Json = { [key: string]: unknown }
type ObjectSchema = Json & { properties?: Record<string, Json>; required?: string[] }

export interface About {
  readonly title: string
  readonly version: string
  /** The public URL, or null for "the server of this document". */
  readonly url: string | null
  /** The name of the cookie of a web session. */
  readonly sessionCookie: string
}

/** The OpenAPI 3.1 document of these operations, generated from their declarations alone. */
export function openApi(operations: readonly BoundOperation[], entities: readonly BoundEntity[], about: About): Json {
  const rows = new Rows(entities)
  const paths: Record<string, Json> = {}
  for (const bound of operations) {
    const { method, path } = bound.operation
    const address = `/api${path.replace(/:(\w+)/g, '{$1}')}`
    const methods = (paths[address] ??= {})
    methods[method.toLowerCase()] = operationObject(bound, rows)
  }
  return {
    openapi: '3.1.0',
    info: { title: about.title, version: about.version },
    servers: [{ url: about.url ?? '/' }],
    security: [{ session: [] }, { token: [] }],
    tags: [...new Set(operations.map(({ feature }) => feature))].map((name) => ({ name })),
    paths,
    'x-problems': ERRORS,
    components: {
      schemas: { ...rows.schemas, Problem: problemSchema },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description:
            'A text of 1 to 200 characters, such as a UUID: another one for each write. Whoever sends it again with the same input gets the same answer, with the header Idempotency-Replayed: true, and nothing is done twice.',
          schema: { type: 'string' },
        },
        IfChangesSince: {
          name: 'If-Changes-Since',
          in: 'header',
          required: false,
          description:
            'What the write is based on: the seq of the last change of the trip that was taken into account, like 41. Where somebody has given a field another value since, nothing is written, and the answer is a conflict that shows both. Without it, the last write wins.',
          schema: { type: 'string' },
        },
      },
      headers: {
        IdempotencyReplayed: {
          description: 'true if the write was done before under this key and only its answer is repeated.',
          schema: { type: 'string' },
        },
        TrekSeq: {
          description:
            'The number of the last change that this wrote, or that a read has seen: what a next write can be based on (If-Changes-Since).',
          schema: { type: 'integer' },
        },
      },
      responses: {
        Problem: {
          description: 'What went wrong, for people and for programs.',
          headers: { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } },
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: about.sessionCookie, description: 'The app, logged in.' },
        token: { type: 'http', scheme: 'bearer', description: 'A token made in Settings.' },
      },
    },
  }
}

function operationObject({ operation, feature }: BoundOperation, rows: Rows): Json {
  const { name, title, description, effect, scope, addon, expose } = operation
  const input = jsonSchema(operation.input, 'input') as ObjectSchema
  const inPath = [...operation.path.matchAll(/:(\w+)/g)].map(([, key]) => key as string)
  const body = takesQuery(operation) ? null : bodyObject(operation, input, inPath)
  return {
    operationId: name,
    summary: title,
    description,
    tags: [feature],
    parameters: [
      ...parameters(operation, input, inPath),
      ...(effect === 'read'
        ? []
        : [{ $ref: '#/components/parameters/IdempotencyKey' }, { $ref: '#/components/parameters/IfChangesSince' }]),
    ],
    ...(body && { requestBody: body }),
    responses: {
      [effect === 'create' ? '201' : '200']: {
        description: effect === 'create' ? 'Made' : 'Done',
        headers: {
          ...(effect !== 'read' && { 'Idempotency-Replayed': { $ref: '#/components/headers/IdempotencyReplayed' } }),
          'Trek-Seq': { $ref: '#/components/headers/TrekSeq' },
        },
        content: operation.download
          ? { '*/*': { schema: { type: 'string', format: 'binary' } } }
          : { 'application/json': { schema: rows.named(jsonSchema(operation.output, 'output')) } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
    ...(operation.open && { security: [] }),
    'x-effect': effect,
    'x-ways': expose,
    ...(scope !== null && { 'x-scope': scope }),
    ...(addon && { 'x-addon': addon.name }),
  }
}

function parameters(operation: AnyOperation, input: ObjectSchema, inPath: readonly string[]): Json[] {
  const required = new Set(input.required)
  const parameter = (key: string, place: 'path' | 'query'): Json => {
    const { description, ...schema } = input.properties?.[key] ?? {}
    return {
      name: key,
      in: place,
      required: place === 'path' || required.has(key),
      ...(description !== undefined && { description }),
      ...(schema.type === 'array' && { style: 'form', explode: false }),
      schema,
    }
  }
  const inQuery = takesQuery(operation)
    ? Object.keys(input.properties ?? {}).filter((key) => !inPath.includes(key))
    : []
  return [...inPath.map((key) => parameter(key, 'path')), ...inQuery.map((key) => parameter(key, 'query'))]
}

function bodyObject({ upload }: AnyOperation, input: ObjectSchema, inPath: readonly string[]): Json | null {
  const properties = Object.fromEntries(Object.entries(input.properties ?? {}).filter(([key]) => !inPath.includes(key)))
  if (!Object.keys(properties).length) return null
  const required = (input.required ?? []).filter((key) => !inPath.includes(key))
  if (upload !== undefined) properties.file = { type: 'string', format: 'binary' }
  const schema = { ...input, properties, required }
  const type = upload === undefined ? 'application/json' : 'multipart/form-data'
  return { required: upload !== undefined || required.length > 0, content: { [type]: { schema } } }
}

/** The rows in answers, each described once and referenced where it is used. */
class Rows {
  /** Those referenced so far. */
  readonly schemas: Record<string, unknown> = {}
  readonly #names = new Map<string, string>()

  constructor(entities: readonly BoundEntity[]) {
    for (const { entity } of entities) this.#names.set(JSON.stringify(jsonSchema(entity.row, 'output')), entity.name)
  }

  /** The same schema, with a reference in place of each complete row. */
  named(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((one) => this.named(one))
    if (typeof node !== 'object' || node === null) return node
    const name = 'properties' in node && this.#names.get(JSON.stringify(node))
    if (!name) return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, this.named(value)]))
    this.schemas[name] = node
    return { $ref: `#/components/schemas/${name}` }
  }
}

const problemSchema = {
  type: 'object',
  description: 'An error in the format of RFC 9457.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: 'Names the kind of problem, and leads to its description.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What went wrong this time, for people.' },
    code: { enum: Object.keys(ERRORS), description: 'The kind of problem, for programs.' },
    key: { type: 'string', description: 'Key of the message in detail, for translation.' },
    params: { type: 'object', description: 'Values for its placeholders.' },
    hint: { type: 'string', description: 'What to do next.' },
    issues: {
      type: 'array',
      description: 'Every field that is wrong.',
      items: {
        type: 'object',
        required: ['path', 'message', 'key'],
        properties: {
          path: { type: 'string' },
          message: { type: 'string', description: 'What is wrong and what is allowed, in English.' },
          key: { type: 'string', description: 'Key of the message, for translation.' },
          params: { type: 'object', description: 'Values for its placeholders.' },
        },
      },
    },
    retry_after: { type: 'number', description: 'Seconds to wait before trying again.' },
    details: { type: 'object', description: 'Facts that belong to the problem.' },
    request_id: {
      type: 'string',
      description: 'Id under which an unexpected error (500, 503) is found in the log of the server.',
    },
    id: { type: 'string', description: 'For a bug, the same as request_id.' },
  },
} as const

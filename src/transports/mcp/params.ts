import {
  INVALID_PARAMS,
  type JSONRPCRequest,
  METHOD_NOT_FOUND,
  RELATED_TASK_META_KEY,
  type RequestId,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import { wrong } from '../../core/declare/value-messages.ts'
import { nearest, readAs } from '../../core/run/input.ts'
import { messages } from './messages.ts'
import type { Era } from './parts.ts'
import { Refusal } from './refusal.ts'
import { SESSION_VERSIONS } from './versions.ts'

/**
 * The parameters of each method, validated before the SDK, which would answer with its validator's raw errors. Common
 * deviations of clients are accepted: null for an omitted value, and numbers and booleans for texts. Unknown parameters
 * are dropped.
 */

/** Null counts as omitted. */
const leftOut = <T extends z.ZodType>(type: T) => z.preprocess((value) => value ?? undefined, type.optional())

const asText = (value: unknown) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value)
const text = z.string()
const value = z.preprocess(asText, text)
const object = z.looseObject({})

/** Texts by name; null values are omitted. */
const values = z.preprocess(
  (sent) =>
    typeof sent === 'object' && sent !== null && !Array.isArray(sent)
      ? Object.fromEntries(Object.entries(sent).filter(([, one]) => one !== null))
      : sent,
  z.object({}).catchall(value),
)

/** Common parameters of every method. */
const meta = leftOut(
  z.looseObject({
    progressToken: leftOut(z.union([text, z.int()], { error: messages.textOrNumber.key })),
    [RELATED_TASK_META_KEY]: leftOut(z.looseObject({ taskId: text })),
  }),
)
const anyParams = z.looseObject({ _meta: meta })

/** What a client sends when it returns with answers to the server's requests. */
const answers = { inputResponses: leftOut(object), requestState: leftOut(text) }

const page = z.object({ cursor: leftOut(text) })
const resource = z.object({ uri: text })

const EVERYWHERE: Record<string, z.ZodObject> = {
  'tools/list': page,
  'tools/call': z.object({ name: text, arguments: leftOut(object), ...answers }),
  'resources/list': page,
  'resources/templates/list': page,
  'resources/read': z.object({ uri: text, ...answers }),
  'prompts/list': page,
  'prompts/get': z.object({ name: text, arguments: leftOut(values), ...answers }),
  'completion/complete': z.object({
    ref: z.discriminatedUnion(
      'type',
      [
        z.object({ type: z.literal('ref/prompt'), name: text }),
        z.object({ type: z.literal('ref/resource'), uri: text }),
      ],
      { error: ({ input }) => (input === undefined ? wrong.required.key : messages.reference.key) },
    ),
    argument: z.object({ name: text, value }),
    context: leftOut(z.object({ arguments: leftOut(values) })),
  }),
}

const withMeta = (methods: Record<string, z.ZodObject>): Record<string, z.ZodObject> =>
  Object.fromEntries(
    Object.entries(methods).map(([method, params]) => [method, params.extend({ _meta: leftOut(object) })]),
  )

const METHODS: Record<Era, Record<string, z.ZodObject>> = {
  sessions: withMeta({
    initialize: z.object({
      protocolVersion: z.custom<string>((value) => typeof value === 'string', {
        error: ({ input }) => (input === undefined ? wrong.required.key : messages.version.key),
        params: { versions: SESSION_VERSIONS.map((version) => JSON.stringify(version)) },
      }),
      capabilities: z.object({
        elicitation: object.optional(),
        sampling: object.optional(),
        roots: object.optional(),
      }),
      clientInfo: z.object({ name: text, version: value }),
    }),
    ping: z.object({}),
    ...EVERYWHERE,
    'resources/subscribe': resource,
    'resources/unsubscribe': resource,
    'logging/setLevel': z.object({
      level: z.enum(['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']),
    }),
  }),
  stateless: withMeta({
    'server/discover': z.object({}),
    ...EVERYWHERE,
    'subscriptions/listen': z.object({
      notifications: z.looseObject({
        resourceSubscriptions: leftOut(z.array(text)),
        toolsListChanged: leftOut(z.boolean()),
        promptsListChanged: leftOut(z.boolean()),
        resourcesListChanged: leftOut(z.boolean()),
      }),
    }),
  }),
}

/** Whether such a method exists, with sessions or without. */
export const isMethod = (method: string): boolean =>
  Object.values(METHODS).some((methods) => Object.hasOwn(methods, method))

/** Whether a method means the same with sessions and without. */
export const isServedAlone = (method: string): boolean => Object.hasOwn(EVERYWHERE, method)

/** The parameters of any method, as far as they are common to all. */
export const plainParams = (method: string, params: unknown, id: RequestId | undefined) =>
  read(anyParams, method, params ?? undefined, id)

/**
 * The request with its parameters as the SDK expects them. Throws a readable refusal for unknown methods and invalid
 * parameters.
 */
export function settled(request: JSONRPCRequest, era: Era): JSONRPCRequest {
  const { id, method } = request
  const methods = METHODS[era]
  const schema = Object.hasOwn(methods, method) ? methods[method] : undefined
  if (!schema) {
    const names = Object.keys(methods)
    const near = nearest(method, names)
    const message = `There is no method ${method}. ${near ? `Did you mean ${near}?` : `There are ${names.join(', ')}.`}`
    throw new Refusal(era === 'stateless' ? 404 : 200, METHOD_NOT_FOUND, message, { id })
  }
  return { ...request, params: read(schema, method, request.params, id) }
}

function read(
  schema: z.ZodObject,
  method: string,
  params: unknown,
  id: RequestId | undefined,
): Record<string, unknown> {
  const result = readAs(schema, params ?? {})
  if ('value' in result) return result.value
  const problem = result.issues.some(({ path }) => path === '') ? `params ${result.problem}` : result.problem
  // An invalid request gets its own answer; other messages get none.
  throw new Refusal(id === undefined ? 400 : 200, INVALID_PARAMS, `${method}: ${problem}`, {
    ...(id !== undefined && { id }),
    data: { issues: result.issues },
  })
}

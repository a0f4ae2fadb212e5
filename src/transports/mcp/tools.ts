import type {
  CallToolRequest,
  CallToolResult,
  InputRequiredResult,
  JSONRPCRequest,
  ToolAnnotations,
} from '@modelcontextprotocol/server'
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { AnyOperation } from '../../core/declare/operation.ts'
import { baseOf } from '../../core/run/base.ts'
import type { BoundOperation, Catalogue } from '../../core/run/catalogue.ts'
import { nearest } from '../../core/run/input.ts'
import type { Replay } from '../../core/run/once.ts'
import { barredBy } from '../../core/run/rights.ts'
import { briefSchema, jsonSchema } from '../../core/run/schema.ts'
import { withoutAdded } from './added.ts'
import { errorJson, inWords } from './failures.ts'
import { ABOUT, fitting } from './fitting.ts'
import type { FixtureContext, Fixtures } from './fixtures.ts'
import { messages } from './messages.ts'
import type { McpRequest } from './parts.ts'
import { addonsOn } from './sessions.ts'

/** The most sets of scopes and add-ons whose lists are cached; creating a list again is cheap. */
const MOST_LISTS = 100

/** The annotations of a tool, by the effect of its operation. Defaults of the protocol are left out. */
function annotationsOf({ effect, openWorld }: AnyOperation): ToolAnnotations {
  return {
    ...(effect === 'read' && { readOnlyHint: true }),
    ...((effect === 'create' || effect === 'update') && { destructiveHint: false }),
    ...((effect === 'update' || effect === 'destroy') && { idempotentHint: true }),
    ...(!openWorld && { openWorldHint: false }),
  }
}

export const definitionOf = (operation: AnyOperation) => ({
  name: operation.name,
  title: operation.title,
  description: operation.description,
  inputSchema: briefSchema(operation),
  outputSchema: jsonSchema(operation.output, 'output'),
  annotations: annotationsOf(operation),
})

export const offeredHere = (bound: BoundOperation | undefined): bound is BoundOperation =>
  bound?.operation.expose.includes('mcp') ?? false

/** `tools/list` as bytes: serialised once for each set of scopes and add-ons. */
export class ToolList {
  /** The description of each tool, created for the first request. */
  #described: readonly { operation: AnyOperation; json: string }[] | undefined
  readonly #catalogue: Catalogue
  readonly #more: readonly string[]
  readonly #lists = new Map<string, Buffer>()

  constructor(catalogue: Catalogue, fixtures: Fixtures | undefined) {
    this.#catalogue = catalogue
    this.#more = (fixtures?.tools ?? []).map(({ definition }) => JSON.stringify(definition))
  }

  /** The JSON array of the tools that this caller can call. */
  for({ caller, settings }: McpRequest): Buffer {
    const scopes = caller.scopes === 'all' ? '*' : [...caller.scopes].sort().join(' ')
    const key = `${scopes}|${addonsOn(this.#catalogue.addons.values(), settings)}`
    const cached = this.#lists.get(key)
    if (cached) return cached
    this.#described ??= [...this.#catalogue.operations.values()]
      .filter(offeredHere)
      .map(({ operation }) => ({ operation, json: JSON.stringify(definitionOf(operation)) }))
    const allowed = this.#described.filter(({ operation }) => !barredBy(operation, caller, settings))
    const list = Buffer.from(`[${[...allowed.map(({ json }) => json), ...this.#more].join(',')}]`)
    const [oldest] = this.#lists.keys()
    if (this.#lists.size >= MOST_LISTS && oldest !== undefined) this.#lists.delete(oldest)
    this.#lists.set(key, list)
    return list
  }
}

type Params = CallToolRequest['params']

/** The answer of a tool. */
interface Told {
  readonly result: CallToolResult
  /** Its structured content as JSON, if it is already serialised. */
  readonly json?: string
}

const fixtureOf = ({ parts }: McpRequest, name: string) =>
  parts.fixtures?.tools.find(({ definition }) => definition.name === name)

/** Whether this calls a tool outside of the catalogue. */
export const isFixture = (mcpRequest: McpRequest, { params }: JSONRPCRequest): boolean =>
  fixtureOf(mcpRequest, (params as Params).name) !== undefined

/** Runs a tool. A failure is reported in the result; only an unknown tool is a protocol error. */
export async function callTool(
  mcpRequest: McpRequest,
  params: Params,
  context: FixtureContext,
): Promise<CallToolResult | InputRequiredResult> {
  const fixture = fixtureOf(mcpRequest, params.name)
  return fixture ? fixture.call(params.arguments ?? {}, context) : (await run(mcpRequest, params)).result
}

/** The answer to a call of a tool in the catalogue, as JSON, with the member order of the SDK. */
export async function answerCall(mcpRequest: McpRequest, { id, params }: JSONRPCRequest): Promise<string> {
  try {
    return `{"result":${written(await run(mcpRequest, params as Params))},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const { code, message, data } = error
    return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } })
  }
}

function written({ result: { _meta, content, structuredContent, isError }, json }: Told): string {
  const structured = structuredContent && (json ?? JSON.stringify(structuredContent))
  return `{${_meta ? `"_meta":${JSON.stringify(_meta)},` : ''}"content":${JSON.stringify(content)}${
    structured ? `,"structuredContent":${structured}` : ''
  }${isError ? ',"isError":true' : ''}}`
}

async function run(mcpRequest: McpRequest, { name, arguments: sent = {}, _meta }: Params): Promise<Told> {
  const { pipeline } = mcpRequest.parts
  const bound = pipeline.parts.catalogue.operation(name)
  if (!offeredHere(bound)) throw unknownTool(mcpRequest, name)
  const input = withoutAdded(bound.operation, sent)
  try {
    const { output, replay, seq } = await pipeline.call(bound.operation, input, mcpRequest.caller, {
      key: keyIn(_meta),
      base: baseOf(_meta?.['trek/baseSeq'], '_meta["trek/baseSeq"]'),
      delivery: mcpRequest.delivery,
    })
    const answer = replay
      ? { result: replayed(mcpRequest, replay) }
      : answered(mcpRequest, bound.operation, input, output)
    // A base for the next write (`trek/baseSeq`).
    return seq === null
      ? answer
      : { ...answer, result: { ...answer.result, _meta: { ...answer.result._meta, 'trek/seq': seq } } }
  } catch (error) {
    return { result: failed(mcpRequest, error, name) }
  }
}

function answered(
  mcpRequest: McpRequest,
  operation: AnyOperation,
  input: Record<string, unknown>,
  output: Record<string, unknown>,
): Told {
  const notice = noticeOf(mcpRequest)
  const { said: note, text, structured } = fitting(operation, input, output, textBytes(notice))
  const content = [
    ...notice,
    ...(note === null ? [] : [{ type: 'text' as const, text: note }]),
    { type: 'text' as const, text },
  ]
  return { result: { content, structuredContent: structured }, ...(structured === output && { json: text }) }
}

const textBytes = (content: readonly { text: string }[]): number =>
  content.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)

/** A repeated answer, marked as such. */
function replayed(mcpRequest: McpRequest, { output, at, said: note, lost }: Replay): CallToolResult {
  const text = lost
    ? `This had already been done, at ${at}: the connection ended before the answer was received. Nothing was done again. To do it once more, call again.`
    : `This had already been done, at ${at}: the same write was sent before under this key. Nothing was done again.`
  const about = note === null ? text : `${text} ${note}`
  return {
    content: [...noticeOf(mcpRequest), { type: 'text', text: about }, { type: 'text', text: JSON.stringify(output) }],
    // A client that sent a key knows what repeating it means.
    structuredContent: lost ? { ...output, [ABOUT]: about } : note === null ? output : { ...output, [ABOUT]: note },
    _meta: { 'trek/replayed': at },
  }
}

/** The client's key of the write. */
function keyIn(meta: Readonly<Record<string, unknown>> = {}): string | undefined {
  const key = meta['trek/idempotencyKey'] ?? undefined
  if (key === undefined || typeof key === 'string') return key
  if (typeof key === 'number') return String(key)
  throw messages.keyIsText()
}

function failed(mcpRequest: McpRequest, error: unknown, name: string): CallToolResult {
  const json = errorJson(error, mcpRequest, name)
  return {
    isError: true,
    content: [...noticeOf(mcpRequest), { type: 'text', text: inWords(json) }],
    // Clients of older revisions validate structured content against the output schema even for an error, and throw.
    ...(mcpRequest.era === 'stateless' ? { structuredContent: { error: json } } : { _meta: { 'trek/error': json } }),
  }
}

const noticeOf = ({ identity: { notice } }: McpRequest): { type: 'text'; text: string }[] =>
  notice === null ? [] : [{ type: 'text', text: notice.short }]

function unknownTool(mcpRequest: McpRequest, name: string): ProtocolError {
  const names = [...mcpRequest.parts.pipeline.parts.catalogue.operations.values()]
    .filter((bound) => offeredHere(bound) && !barredBy(bound.operation, mcpRequest.caller, mcpRequest.settings))
    .map(({ operation }) => operation.name)
  const near = nearest(name, names)
  const hint = near ? `Did you mean ${near}?` : 'See tools/list for those there are.'
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${shortened(name)}. ${hint}`, {
    ...(near && { nearest: near }),
  })
}

const shortened = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)

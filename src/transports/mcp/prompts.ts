import type { CompleteResult, GetPromptResult, InputRequiredResult, Prompt } from '@modelcontextprotocol/server'
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { continuation } from '../../core/run/continuations.ts'
import type { BoundPrompt, ReadFor } from '../../core/run/feature.ts'
import { fromText, nearest, parseInput } from '../../core/run/input.ts'
import { barredBy } from '../../core/run/rights.ts'
import { asProtocolError } from './failures.ts'
import { fittingText } from './fitting.ts'
import type { FixtureContext } from './fixtures.ts'
import type { McpRequest } from './parts.ts'
import type { ResourceRegistry } from './resources.ts'

/** The prompt for people with a notice about their authentication; others do not get it. */
const NOTICE_PROMPT = 'token_auth_notice'

/** The protocol's limit for one answer. */
const MOST_COMPLETIONS = 100

export function listPrompts(mcpRequest: McpRequest): Prompt[] {
  const listed = allowed(mcpRequest).map(({ prompt }) => ({
    name: prompt.name,
    title: prompt.title,
    description: prompt.description,
    arguments: argumentsOf(prompt),
  }))
  return [
    ...listed,
    ...noticePrompt(mcpRequest),
    ...(mcpRequest.parts.fixtures?.prompts ?? []).map(({ definition }) => definition),
  ]
}

export async function getPrompt(
  mcpRequest: McpRequest,
  name: string,
  texts: Record<string, string>,
  context: FixtureContext,
): Promise<GetPromptResult | InputRequiredResult> {
  const fixture = mcpRequest.parts.fixtures?.prompts.find(({ definition }) => definition.name === name)
  if (fixture) return fixture.get(texts, context)
  if (name === NOTICE_PROMPT && mcpRequest.identity.notice !== null) return spoken(mcpRequest.identity.notice.guide)
  const bound = allowed(mcpRequest).find(({ prompt }) => prompt.name === name)
  if (!bound) throw unknownPrompt(mcpRequest, name)
  const input = bound.prompt.arguments.strict()
  try {
    const values = parseInput({ name, input }, fromText(input, texts))
    const [first] = bound.prompt.reads
    const way = first?.pages ? continuation(first, values, first.pages, null) : null
    return {
      description: bound.prompt.description,
      ...spoken(fittingText(await bound.write(reader(mcpRequest), values), way)),
    }
  } catch (error) {
    throw asProtocolError(error, mcpRequest, `prompt ${name}`)
  }
}

/** Completes an argument of a prompt, or a variable of a resource's URI. */
export async function complete(
  mcpRequest: McpRequest,
  registry: ResourceRegistry,
  reference: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string },
  { name, value }: { name: string; value: string },
): Promise<CompleteResult> {
  const fixture = mcpRequest.parts.fixtures?.complete(name, value)
  if (fixture) return fixture
  const completion = mcpRequest.parts.pipeline.parts.catalogue.completions.get(name)
  if (!completion || !argumentNames(mcpRequest, registry, reference).includes(name))
    return { completion: { values: [] } }
  try {
    const candidates = await completion.complete(reader(mcpRequest), value)
    const values = candidates.slice(0, MOST_COMPLETIONS).map((candidate) => candidate.value)
    return { completion: { values, total: candidates.length, hasMore: candidates.length > values.length } }
  } catch (error) {
    throw asProtocolError(error, mcpRequest, 'completion/complete')
  }
}

function argumentNames(
  mcpRequest: McpRequest,
  registry: ResourceRegistry,
  reference: { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string },
): string[] {
  if (reference.type === 'ref/resource') return registry.template(reference.uri)?.variables ?? []
  const bound = allowed(mcpRequest).find(({ prompt }) => prompt.name === reference.name)
  return bound ? Object.keys(bound.prompt.arguments.shape) : []
}

/** The prompts of which the caller can call all read operations. */
const allowed = ({ parts, caller, settings }: McpRequest): BoundPrompt[] =>
  parts.pipeline.parts.catalogue.prompts.filter(({ prompt }) =>
    prompt.reads.every((operation) => !barredBy(operation, caller, settings)),
  )

const reader =
  ({ parts, caller }: McpRequest): ReadFor =>
  (operation, input) =>
    parts.pipeline.run(operation, input, caller)

function argumentsOf({ arguments: { shape } }: BoundPrompt['prompt']) {
  const fields = Object.entries(shape as Record<string, { description?: string; isOptional(): boolean }>)
  return fields.map(([name, field]) => ({
    name,
    required: !field.isOptional(),
    ...(field.description !== undefined && { description: field.description }),
  }))
}

const noticePrompt = ({ identity }: McpRequest): Prompt[] =>
  identity.notice === null
    ? []
    : [
        {
          name: NOTICE_PROMPT,
          title: 'Replace the token of this connection',
          description: 'Why the way this assistant is connected is deprecated, and how to change it, step by step.',
        },
      ]

const spoken = (text: string): GetPromptResult => ({ messages: [{ role: 'user', content: { type: 'text', text } }] })

function unknownPrompt(mcpRequest: McpRequest, name: string): ProtocolError {
  const names = allowed(mcpRequest).map(({ prompt }) => prompt.name)
  const near = nearest(name, names)
  const hint = near ? `Did you mean ${near}?` : `There are ${names.join(', ') || 'none'}.`
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no such prompt. ${hint}`)
}

import {
  type ReadResourceResult,
  type Resource as ResourceEntry,
  type ResourceTemplateType,
  UriTemplate,
} from '@modelcontextprotocol/server'
import type { BoundOperation, BoundResource, Catalogue } from '../../core/run/catalogue.ts'
import { fromText } from '../../core/run/input.ts'
import { barredBy } from '../../core/run/rights.ts'
import { asProtocolError } from './failures.ts'
import { fitting } from './fitting.ts'
import { messages } from './messages.ts'
import type { McpRequest } from './parts.ts'

const JSON_TYPE = 'application/json'

/** No URI of ours needs more; longer ones would only fill the table of subscriptions. */
export const LONGEST_URI = 2000

/** What a URI refers to: a read operation and its input. */
export interface Target {
  readonly operation: BoundOperation
  readonly input: Record<string, unknown>
}

/** The resources of the catalogue, by their URIs. */
export class ResourceRegistry {
  readonly #static: readonly BoundResource[]
  readonly #templates: readonly BoundResource[]
  readonly #patterns: readonly { template: UriTemplate; bound: BoundResource }[]

  constructor({ resources }: Catalogue) {
    this.#static = resources.filter(({ resource }) => !UriTemplate.isTemplate(resource.uri))
    this.#templates = resources.filter(({ resource }) => UriTemplate.isTemplate(resource.uri))
    this.#patterns = resources.map((bound) => ({ bound, template: new UriTemplate(bound.resource.uri) }))
  }

  list(mcpRequest: McpRequest): ResourceEntry[] {
    const own = this.#static.filter((bound) => isOpen(bound, mcpRequest))
    return [
      ...own.map((bound) => ({ uri: bound.resource.uri, ...entryOf(bound) })),
      ...(mcpRequest.parts.fixtures?.resources ?? []),
    ]
  }

  templates(mcpRequest: McpRequest): ResourceTemplateType[] {
    const own = this.#templates.filter((bound) => isOpen(bound, mcpRequest))
    return [
      ...own.map((bound) => ({ uriTemplate: bound.resource.uri, ...entryOf(bound) })),
      ...(mcpRequest.parts.fixtures?.templates ?? []),
    ]
  }

  /** Null for an unknown URI. */
  find(uri: string): Target | null {
    if (uri.length > LONGEST_URI) return null
    const [path = '', query = ''] = uri.split('?', 2)
    for (const { template, bound } of this.#patterns) {
      const variables = template.match(path)
      if (!variables) continue
      const texts = new Map<string, string | string[]>(new URLSearchParams(query))
      // The path takes precedence over the query.
      for (const [name, text] of Object.entries(variables)) texts.set(name, decoded(String(text)))
      return {
        operation: bound.operation,
        input: fromText(bound.operation.operation.input, Object.fromEntries(texts)),
      }
    }
    return null
  }

  /** The operation of a template, and its variables. */
  template(uri: string): { bound: BoundOperation; variables: string[] } | null {
    const found = this.#templates.find(({ resource }) => resource.uri === uri)
    return found ? { bound: found.operation, variables: new UriTemplate(uri).variableNames } : null
  }

  async read(mcpRequest: McpRequest, uri: string): Promise<ReadResourceResult> {
    const fixture = mcpRequest.parts.fixtures?.read(uri)
    if (fixture) return fixture
    try {
      const target = this.find(uri)
      if (!target) throw messages.noResource()
      const output = await mcpRequest.parts.pipeline.run(target.operation.operation, target.input, mcpRequest.caller)
      const { text, said: note } = fitting(target.operation.operation, target.input, output)
      return {
        contents: [
          { uri, mimeType: JSON_TYPE, text },
          ...(note === null ? [] : [{ uri, mimeType: 'text/plain', text: note }]),
        ],
      }
    } catch (error) {
      throw asProtocolError(error, mcpRequest, 'resources/read', { uri })
    }
  }
}

const isOpen = ({ operation }: BoundResource, { caller, settings }: McpRequest): boolean =>
  !barredBy(operation.operation, caller, settings)

function entryOf({ resource, operation }: BoundResource) {
  const variables = new Set(new UriTemplate(resource.uri).variableNames)
  const choices = Object.keys(operation.operation.input.shape).filter((key) => !variables.has(key))
  const query = choices.length ? ` Takes ?${choices.join('=, ?')}=` : ''
  return {
    name: resource.uri.replace(/^\w+:\/\//, ''),
    title: resource.title,
    description: `${resource.description}${query}`,
    mimeType: JSON_TYPE,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

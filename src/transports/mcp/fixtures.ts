import type {
  CallToolResult,
  CompleteResult,
  GetPromptResult,
  InputRequiredResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server'

/** What a fixture can do besides answering. */
export interface FixtureContext {
  readonly server: ServerContext
  /** Notifies every listener that the lists have changed. */
  listsChanged(): void
}

/**
 * Tools, prompts and resources that belong to no feature. They use the same authentication, sessions and streams as all
 * others, which the conformance suite tests.
 */
export interface Fixtures {
  readonly tools: readonly {
    readonly definition: Tool
    call(input: Record<string, unknown>, context: FixtureContext): Promise<CallToolResult | InputRequiredResult>
  }[]
  readonly prompts: readonly {
    readonly definition: Prompt
    get(input: Record<string, string>, context: FixtureContext): Promise<GetPromptResult | InputRequiredResult>
  }[]
  readonly resources: readonly Resource[]
  readonly templates: readonly ResourceTemplateType[]
  /** Null for any other URI. */
  read(uri: string): ReadResourceResult | null
  /** Null for any other argument. */
  complete(argument: string, typed: string): CompleteResult | null
}

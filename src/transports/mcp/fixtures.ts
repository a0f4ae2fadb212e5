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

/** What a fixture may do besides answering. */
export interface FixtureContext {
  readonly server: ServerContext
  /** Tells everybody who listens that the lists have changed. */
  listsChanged(): void
}

/**
 * Tools, prompts and resources that belong to no feature. They use the same authentication, sessions and streams as
 * everything else, which is what the conformance suite is there to test.
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
  /** Null for a URI that is not one of these. */
  read(uri: string): ReadResourceResult | null
  /** Null for an argument that is not one of these. */
  complete(argument: string, typed: string): CompleteResult | null
}

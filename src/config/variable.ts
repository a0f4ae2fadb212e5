import type { z } from 'zod'

/** One environment variable: how the server reads it, and its row in docs/configuration.md. */
export interface Variable<T, Default extends string | undefined = string | undefined> {
  readonly type: z.ZodType<T, string>
  /** The value if it is not set. If undefined, the description says what happens then. */
  readonly default: Default
  /** Secrets are never repeated in an error, and can also be given as a file: `<NAME>_FILE`. */
  readonly secret: boolean
  /** Not a secret, but people may set it to one by mistake: errors do not repeat it either. */
  readonly unrepeated?: boolean
  /** Whether it can be given as a file as well, like every secret. */
  readonly inFile?: boolean
  /** Whether its type reads a secret out of comments and blank lines. Blanks around any other secret are refused. */
  readonly hasComments?: boolean
  /** What is wrong with a value that people set by mistake, as the rest of a sentence; null for any other. */
  mistake?(given: string): string | null
  readonly allowed: string
  readonly description: string
}

interface Declared<T, Default extends string | undefined> {
  readonly type: z.ZodType<T, string>
  readonly default?: Default
  readonly secret?: boolean
  readonly unrepeated?: boolean
  readonly inFile?: boolean
  readonly hasComments?: boolean
  mistake?(given: string): string | null
  readonly allowed: string
  readonly description: string
}

export const variable = <T, Default extends string | undefined = undefined>(
  declared: Declared<T, Default>,
): Variable<T, Default> => ({ secret: false, ...declared, default: declared.default as Default })

import type { CallError } from '../call.ts'

/** One field that somebody else has changed since the form was opened, as reported by the server. */
export interface Overlap {
  readonly entity: string
  readonly id: number
  readonly field: string
  /** The inputs of the form for this field. */
  readonly inputs: readonly string[]
  readonly is: unknown
  readonly wanted: unknown
  readonly by: { readonly user_id: number; readonly name: string }
  /** The assistant or program that did it; null for a person in the app. */
  readonly client: string | null
  readonly at: string
}

/** The overlaps in a refusal. */
export const overlapsIn = (refusal: CallError | null): readonly Overlap[] =>
  (refusal?.details.conflicts as readonly Overlap[] | undefined) ?? []

/** The name of who did it; for an assistant, its own name. */
export const whoDid = ({ client, by }: Overlap): string => client ?? by.name

/** The input a form sends: fields changed since it was opened, and required ones. */
export function changedOf(
  input: Record<string, unknown>,
  first: Record<string, unknown>,
  isNeeded: (key: string) => boolean,
): Record<string, unknown> {
  const isChanged = (key: string) => JSON.stringify(input[key]) !== JSON.stringify(first[key])
  return Object.fromEntries(Object.entries(input).filter(([key]) => isNeeded(key) || isChanged(key)))
}

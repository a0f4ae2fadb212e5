import type { CallError } from '../call.ts'

/** One field that somebody else has given another value since the form was opened, as the server tells it. */
export interface Overlap {
  readonly entity: string
  readonly id: number
  readonly field: string
  /** The inputs of the form that it is about. */
  readonly inputs: readonly string[]
  readonly is: unknown
  readonly wanted: unknown
  readonly by: { readonly user_id: number; readonly name: string }
  /** The assistant or program that did it; null for a person in the app. */
  readonly client: string | null
  readonly at: string
}

/** The overlaps that a refusal tells of. */
export const overlapsIn = (refusal: CallError | null): readonly Overlap[] =>
  (refusal?.details.conflicts as readonly Overlap[] | undefined) ?? []

/** Who did it, as people know them: an assistant by its name. */
export const whoDid = ({ client, by }: Overlap): string => client ?? by.name

/** What a form sends of an input: what was changed in it since it was opened, and what must be there. */
export function changedOf(
  input: Record<string, unknown>,
  first: Record<string, unknown>,
  isNeeded: (key: string) => boolean,
): Record<string, unknown> {
  const isChanged = (key: string) => JSON.stringify(input[key]) !== JSON.stringify(first[key])
  return Object.fromEntries(Object.entries(input).filter(([key]) => isNeeded(key) || isChanged(key)))
}

import type { TFunction } from 'i18next'
import type { AnyOperation } from '../../core/declare/operation.ts'
import type { CallError } from '../call.ts'

type Input = Readonly<Record<string, unknown>>

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

/** The name of the field in the forms: that of its entity, if that has a word of its own for it. */
export const fieldOf = (t: TFunction, { entity, field }: Pick<Overlap, 'entity' | 'field'>): string =>
  t([`fields.${entity}.${field}`, `fields.${field}`])

/** What a form asked when others had changed its fields: its whole input, the part that was sent, and the base of it. */
export interface Question {
  readonly whole: Input
  readonly sent: Input
  readonly seq: number
}

/**
 * The input that an update sends: fields changed since the form was opened, and required ones. It omits the fields that
 * the person leaves to others, except those that were typed into after that choice.
 */
export function inputToSend(
  { input: { shape } }: AnyOperation,
  input: Input,
  first: Input,
  leftTo: readonly Overlap[],
  question: Question | null,
): Input {
  const left = new Set(leftTo.flatMap(({ inputs }) => inputs))
  const isLeft = (key: string) => left.has(key) && isSame(input[key], question?.whole[key])
  const isNeeded = (key: string) => !shape[key]?.safeParse(undefined).success
  const kept = Object.entries(input).filter(
    ([key]) => !isLeft(key) && (isNeeded(key) || !isSame(input[key], first[key])),
  )
  // Required fields that are left to others are sent with the others' values.
  const asTheirs = leftTo.flatMap(({ inputs, is }) =>
    inputs.filter((key) => isNeeded(key) && !kept.some(([name]) => name === key)).map((key) => [key, is] as const),
  )
  return Object.fromEntries([...kept, ...asTheirs])
}

/** The base of an input. Fields of the last question have been seen; a field changed only later is compared from the start. */
export const seenBase = (base: string, input: Input, question: Question | null): string =>
  question && Object.keys(input).every((key) => key in question.sent)
    ? base.replace(/^\d+/, String(question.seq))
    : base

const isSame = (a: unknown, b: unknown): boolean => written(a) === written(b)

/** A value as text. JSON alone writes NaN, a text that is no number, as null, which is an empty field. */
const written = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part) => (typeof part === 'number' && !Number.isFinite(part) ? String(part) : part))

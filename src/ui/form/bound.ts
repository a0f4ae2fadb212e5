import type { z } from 'zod'
import type { AnyOperation } from '../../core/declare/operation.ts'

/** The limits of a text, as the schema of the operation states them. */
interface Limits {
  readonly maxLength?: number
  readonly 'aria-required'?: true
}

/**
 * What a form gives to one of its fields: a checkbox gets `checked`, any other field gets `value`. There is no `name`,
 * because browsers would then suggest what was typed into other fields of that name.
 */
export type Bound<T> = {
  /** The error of the field, once it has been submitted. */
  readonly error: string | undefined
  onChange(value: T): void
} & ([T] extends [boolean] ? { readonly checked: T } : { readonly value: T } & Limits)

type Schema = z.ZodType & { readonly def: { readonly innerType?: Schema } }

const textIn = (schema: Schema | undefined): z.ZodString | undefined =>
  schema?.def.innerType
    ? textIn(schema.def.innerType)
    : schema?.def.type === 'string'
      ? (schema as unknown as z.ZodString)
      : undefined

/** The limits of a field of the operation; none if the field is no text. */
export function limitsOf({ effect, input }: AnyOperation, field: string): Limits {
  const schema: Schema | undefined = input.shape[field]
  const text = textIn(schema)
  if (!schema || !text) return {}
  // A patch can leave out any field, so what counts there is whether it can empty the field.
  const empty = effect === 'update' ? ['', null] : ['', null, undefined]
  const isRequired = !empty.some((value) => schema.safeParse(value).success)
  return {
    ...(text.maxLength !== null && { maxLength: text.maxLength }),
    ...(isRequired && { 'aria-required': true }),
  }
}

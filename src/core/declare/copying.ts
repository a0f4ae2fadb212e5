import { z } from 'zod'
import type { AnyEntity, Row } from './entity.ts'

/** The fields that a person gives: all but those that only the server writes. */
export type GivenField<E extends AnyEntity> = keyof E['create']['shape'] & keyof Row<E> & string

/** The values of a row that a person gives. */
export type Given<E extends AnyEntity> = Pick<Row<E>, GivenField<E>>

/** Values by field, of a row or of an input. */
type ValuesOf<E extends AnyEntity> = { readonly [K in GivenField<E>]?: unknown }

/** The values that a person gave for a row: what it can be created from once more. */
export const givenIn = <E extends AnyEntity, V extends ValuesOf<E>>(entity: E, row: V) =>
  picked(row, Object.keys(entity.create.shape)) as Pick<V, GivenField<E> & keyof V>

/** A way in which rows are made from other rows. */
export interface Copying<E extends AnyEntity, Left extends string> {
  /** The values of a copy, as an input. */
  readonly values: z.ZodObject<Omit<E['create']['shape'], Left>>
  /** The values that a copy of a row gets. */
  of<V extends ValuesOf<E>>(row: V): Pick<V, Exclude<GivenField<E>, Left> & keyof V>
}

/**
 * A copy takes over everything that a person gives for a row except the fields in `left`, and so every field that is
 * added to the entity later. `test/every-operation/left-fields.ts` has the reason for each field that is left out.
 */
export function copying<E extends AnyEntity, Left extends GivenField<E>>(
  entity: E,
  left: readonly Left[],
): Copying<E, Left> {
  const dropped = new Set<string>(left)
  const fields = Object.keys(entity.create.shape).filter((field) => !dropped.has(field))
  return {
    values: z.object(picked(entity.create.shape, fields)) as unknown as Copying<E, Left>['values'],
    of: (row) => picked(row, fields) as never,
  }
}

/** These fields of an object, as far as it has them. */
function picked<V>(from: { readonly [field: string]: V }, fields: readonly string[]): Record<string, V> {
  return Object.fromEntries(fields.flatMap((field) => (field in from ? [[field, from[field] as V]] : [])))
}

import { z } from 'zod'

/**
 * An entity is one kind of row: its table, its space, and its list of fields, one for each column of the table. The
 * create, patch and row schemas, and the forms in the change log and in storage, are computed from that list.
 *
 * - `required`: must be given on create, never null.
 * - `optional`: can be left out or null on create; null clears it in a patch; null when empty in a row.
 * - `defaulted`: gets its default if it is left out on create; never null. A patch that leaves it out does not change
 *   it.
 * - `stored`: written by the server alone; in rows only.
 * - `secret`: written by the server alone and never returned: in no row, no event and not in the change log. A column
 *   that only a library uses is one too.
 */
type Mode = 'required' | 'optional' | 'defaulted' | 'stored' | 'secret'

export interface Field<S extends z.ZodType = z.ZodType, M extends Mode = Mode> {
  readonly schema: S
  readonly mode: M
  readonly default?: z.output<S>
  /** The field with the currency of this amount, which is then stored in minor units. */
  readonly currency?: string
  /** Whether it is a set: concurrent additions and removals of two people are merged. */
  readonly set?: boolean
  /** The inputs from which it is computed, if they have other names. */
  readonly setBy?: readonly string[]
  /** What a person or a model must know to fill it. */
  readonly says?: string
  /** The same field with this description. */
  describe(says: string): Field<S, M>
}

function field<S extends z.ZodType, M extends Mode>(of: Omit<Field<S, M>, 'describe'>): Field<S, M> {
  return { ...of, describe: (says) => field({ ...of, says }) }
}

export const required = <S extends z.ZodType>(schema: S): Field<S, 'required'> => field({ schema, mode: 'required' })

export const optional = <S extends z.ZodType>(schema: S): Field<S, 'optional'> => field({ schema, mode: 'optional' })

export const defaulted = <S extends z.ZodType>(schema: S, value: z.output<S>): Field<S, 'defaulted'> =>
  field({ schema, mode: 'defaulted', default: value })

export const stored = <S extends z.ZodType>(schema: S): Field<S, 'stored'> => field({ schema, mode: 'stored' })

export const secret = <S extends z.ZodType>(schema: S): Field<S, 'secret'> => field({ schema, mode: 'secret' })

/** The same field as a set, whose elements are added and removed one by one. */
export const asSet = <S extends z.ZodType, M extends Mode>({ describe: _, ...of }: Field<S, M>): Field<S, M> =>
  field({ ...of, set: true })

/** The same field, computed by the server from these inputs. */
export const setBy = <S extends z.ZodType, M extends Mode>(
  { describe: _, ...of }: Field<S, M>,
  ...inputs: readonly string[]
): Field<S, M> => field({ ...of, setBy: inputs })

/** An amount whose currency is in another field of the same row; stored as an integer of minor units. */
export const money = <S extends z.ZodType>(currency: string, schema: S): Field<S, 'optional'> =>
  field({ schema, mode: 'optional', currency })

// biome-ignore lint/suspicious/noExplicitAny: a field list may hold schemas of any kind
export type Fields = Record<string, Field<any, Mode>>

type KeysOf<F extends Fields, M extends Mode> = { [K in keyof F]: F[K]['mode'] extends M ? K : never }[keyof F]

type CreateShape<F extends Fields> = {
  [K in KeysOf<F, 'required'>]: F[K]['schema']
} & {
  [K in KeysOf<F, 'optional'>]: z.ZodOptional<z.ZodNullable<F[K]['schema']>>
} & {
  [K in KeysOf<F, 'defaulted'>]: z.ZodDefault<F[K]['schema']>
}

type PatchShape<F extends Fields> = {
  [K in KeysOf<F, 'required' | 'defaulted'>]: z.ZodOptional<F[K]['schema']>
} & {
  [K in KeysOf<F, 'optional'>]: z.ZodOptional<z.ZodNullable<F[K]['schema']>>
}

type RowShape<F extends Fields> = {
  [K in KeysOf<F, 'required' | 'defaulted' | 'stored'>]: F[K]['schema']
} & {
  [K in KeysOf<F, 'optional'>]: z.ZodNullable<F[K]['schema']>
}

type Flat<T> = { [K in keyof T]: T[K] } & {}

export interface Entity<Name extends string = string, F extends Fields = Fields> {
  readonly name: Name
  readonly table: string
  /** The space whose members share these rows: their changes have one sequence. */
  readonly space: string
  /** The field with the id of the space; null for rows of the instance. */
  readonly spaceKey: string | null
  /** A second space that also gets every change: a membership belongs to the trip and concerns the user. */
  readonly also?: { readonly space: string; readonly key: string } | undefined
  /**
   * Fields that are valid only together, such as a price and its currency: concurrent changes of different ones
   * conflict.
   */
  readonly together?: readonly (readonly string[])[] | undefined
  /**
   * The entity that each field refers to, also inside of lists and JSON. `member` is a person of the same trip, `user`
   * anybody with an account, `outside` something outside of this server. The field of the row's own space is left out.
   */
  readonly refs?: Readonly<Record<string, string>> | undefined
  /** The field with the row that it takes its title from, if it has none of its own: a stop is called like its place. */
  readonly titledBy?: string | undefined
  /** Fields that cannot be set directly: a position in a list, the time of a change. */
  readonly computed?: readonly string[] | undefined
  /**
   * Set if a row gives access, like a token or a share link: a removed one never comes back, and its secrets are kept
   * nowhere.
   */
  readonly givesAccess?: true | undefined
  readonly fields: F
  readonly create: z.ZodObject<Flat<CreateShape<F>>>
  readonly patch: z.ZodObject<Flat<PatchShape<F>>>
  readonly row: z.ZodObject<Flat<RowShape<F>>>
}

// biome-ignore lint/suspicious/noExplicitAny: stands for every entity
export type AnyEntity = Entity<string, any>

/** A row in wire form, as in answers, events and the change log. */
export type Row<E extends AnyEntity> = z.output<E['row']>

type Secrets<E extends AnyEntity> =
  E extends Entity<string, infer F> ? { [K in KeysOf<F, 'secret'>]?: z.output<F[K]['schema']> | undefined } : never

/** The writable fields of a row: all but the id. Undefined counts as absent. */
export type Values<E extends AnyEntity> = { [K in Exclude<keyof Row<E>, 'id'>]?: Row<E>[K] | undefined } & Secrets<E>

export function entity<const Name extends string, F extends Fields>(declared: {
  name: Name
  table: string
  space: string
  spaceKey: (keyof F & string) | null
  also?: { space: string; key: keyof F & string }
  together?: readonly (readonly (keyof F & string)[])[]
  refs?: { readonly [K in keyof F & string]?: string }
  titledBy?: keyof F & string
  computed?: readonly (keyof F & string)[]
  givesAccess?: true
  fields: F
}): Entity<Name, F> {
  const create: Record<string, z.ZodType> = {}
  const patch: Record<string, z.ZodType> = {}
  const row: Record<string, z.ZodType> = {}
  for (const [key, { schema, mode, says, default: value }] of Object.entries(declared.fields)) {
    if (mode === 'secret') continue
    const described = (shape: z.ZodType) => (says ? shape.describe(says) : shape)
    row[key] = mode === 'optional' ? schema.nullable() : schema
    if (mode === 'stored') continue
    if (mode === 'optional') {
      create[key] = described(schema.nullable().optional())
      patch[key] = described(schema.nullable().optional())
    } else {
      create[key] = described(mode === 'defaulted' ? schema.default(value) : schema)
      patch[key] = described(schema.optional())
    }
  }
  return {
    ...declared,
    create: z.object(create),
    patch: z.object(patch),
    row: z.object(row),
  } as unknown as Entity<Name, F>
}

import type { z } from 'zod'
import type { Issue } from '../declare/errors.ts'

/**
 * How much a schema lets in. What is sent beyond it is cut off before anybody looks at it, so that a refusal costs as much as the
 * schema is large, however much was sent.
 */
interface Bound {
  /** The most characters of a text. */
  readonly text?: number
  readonly list?: { readonly most: number; readonly each: Bound }
  readonly object?: {
    readonly fields: ReadonlyMap<string, Bound>
    /** What becomes of names that are no field. */
    readonly others: 'refused' | 'dropped' | 'taken'
    /** How many of those are looked at. */
    readonly most: number
    readonly each: Bound
  }
}

/** So many wrong things are told to who sent them: unknown names of an object, and what is too large. */
export const MOST_TOLD = 20

/** As much is told of a name. */
const LONGEST_SHOWN = 60

interface Within {
  /** The input itself where nothing was too much; else a copy that is still too large, but not by much. */
  readonly input: unknown
  /** Where it was too much, or held what no text may. Whatever is left, such an input is refused. */
  readonly excess: readonly Issue[]
  /** How many unknown names were left out. */
  readonly unknown: number
}

/** Cuts off what no valid input of this schema has. */
export function within(schema: z.ZodType, raw: unknown): Within {
  const cutter = new Cutter()
  return { input: cutter.cut(boundOf(schema), raw), excess: cutter.excess, unknown: cutter.unknown }
}

/** How many entries a list may have, for who makes one of a text. */
export const mostEntries = (schema: z.ZodType): number => boundOf(schema).list?.most ?? Number.POSITIVE_INFINITY

/** The paths at which a schema takes texts, lists or records of any size. */
export const unboundedIn = (schema: z.ZodType): string[] => unboundedAt(boundOf(schema), '')

function unboundedAt({ text = 0, list, object }: Bound, path: string): string[] {
  const inObject = object
    ? [...object.fields, ['*', object.each] as const].flatMap(([name, field]) => unboundedAt(field, `${path}.${name}`))
    : []
  const inList = list ? unboundedAt(list.each, `${path}[]`) : []
  const here = Math.max(text, list?.most ?? 0, object?.most ?? 0) === Number.POSITIVE_INFINITY
  return [...(here ? [path] : []), ...inObject, ...inList]
}

/** What zod knows of a schema, as far as it is asked here. */
interface Def {
  readonly type: string
  readonly checks?: readonly { _zod: { def: { check: string; maximum?: number; length?: number } } }[]
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly catchall?: z.ZodType
  readonly options?: readonly z.ZodType[]
}

const read = new WeakMap<z.ZodType, Bound>()

function boundOf(schema: z.ZodType): Bound {
  const known = read.get(schema)
  if (known) return known
  const bound = readBound(schema, schema.def as unknown as Def)
  read.set(schema, bound)
  return bound
}

function readBound(schema: z.ZodType, def: Def): Bound {
  const inner = def.innerType ?? def.in
  if (inner) return boundOf(inner)
  switch (def.type) {
    case 'string':
      return { text: longest(def) }
    case 'array':
      return { list: { most: longest(def), each: boundOf(def.element as z.ZodType) } }
    case 'record':
      return { object: { fields: new Map(), ...taken(schema, def.valueType as z.ZodType) } }
    case 'object':
      return { object: { fields: fieldsOf(def), ...othersOf(schema, def) } }
    case 'union':
      return (def.options ?? []).map(boundOf).reduce(either, {})
    case 'unknown':
    case 'any':
      return { text: Number.POSITIVE_INFINITY }
    default:
      return {}
  }
}

const fieldsOf = ({ shape = {} }: Def) =>
  new Map(Object.entries(shape).map(([name, field]) => [name, boundOf(field)] as const))

function othersOf(schema: z.ZodType, { catchall }: Def) {
  if (!catchall) return { others: 'dropped', most: 0, each: {} } as const
  if (catchall.def.type === 'never') return { others: 'refused', most: MOST_TOLD, each: {} } as const
  return taken(schema, catchall)
}

function taken(schema: z.ZodType, value: z.ZodType) {
  const most = schema.meta()?.maxProperties
  return {
    others: 'taken',
    most: typeof most === 'number' ? most : Number.POSITIVE_INFINITY,
    each: boundOf(value),
  } as const
}

function longest({ checks = [] }: Def): number {
  const said = checks.map(({ _zod: { def } }) => {
    if (def.check === 'max_length') return def.maximum
    return def.check === 'length_equals' ? def.length : undefined
  })
  return Math.min(...said.map((most) => most ?? Number.POSITIVE_INFINITY))
}

/** What one of two lets in. */
function either(one: Bound, other: Bound): Bound {
  const fields = new Map([...(one.object?.fields ?? []), ...(other.object?.fields ?? [])])
  const object = other.object ?? one.object
  return { ...one, ...other, ...(object && { object: { ...object, fields } }) }
}

class Cutter {
  readonly excess: Issue[] = []
  unknown = 0
  readonly #path: (string | number)[] = []

  /** The value itself where nothing in it is too much. */
  cut(bound: Bound, value: unknown): unknown {
    if (typeof value === 'string') return this.#text(bound, value)
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? this.#list(bound, value) : this.#object(bound, value as Record<string, unknown>)
  }

  #text({ text }: Bound, value: string): string {
    // No text that a person can mean holds one, and PostgreSQL stores none: not even a question may ask for it.
    if (value.slice(0, text).includes('\u0000')) this.#refuse('must not contain the character U+0000')
    if (text === undefined || value.length <= text) return value
    this.#refuse(`must be at most ${text} characters`)
    return value.slice(0, text + 1).toWellFormed()
  }

  #list({ list }: Bound, value: readonly unknown[]): readonly unknown[] {
    if (!list) return value
    const kept = value.slice(0, list.most + 1)
    if (kept.length > list.most) this.#refuse(`must hold at most ${list.most}`)
    const cut = kept.map((one, index) => this.#at(index, list.each, one))
    return cut.length === value.length && cut.every((one, index) => one === value[index]) ? value : cut
  }

  #object({ object }: Bound, value: Record<string, unknown>): Record<string, unknown> {
    if (!object) return value
    const all = Object.keys(value)
    const fields = [...object.fields.keys()].filter((name) => Object.hasOwn(value, name))
    const names = [...fields, ...this.#others(object, all, all.length - fields.length)]
    const cut = names.map(
      (name) => [name, this.#at(name, object.fields.get(name) ?? object.each, value[name])] as const,
    )
    return cut.length === all.length && cut.every(([name, one]) => one === value[name])
      ? value
      : Object.fromEntries(cut)
  }

  /** The names that are no fields, as many as are looked at. */
  #others({ fields, others, most }: NonNullable<Bound['object']>, all: readonly string[], count: number): string[] {
    if (!count || others === 'dropped') return []
    if (others === 'refused') this.unknown += Math.max(0, count - most)
    else if (count > most) this.#refuse(`must have at most ${most} entries`)
    const found: string[] = []
    for (const name of all) {
      if (!fields.has(name)) found.push(name)
      if (found.length > most) break
    }
    return others === 'refused' ? found.slice(0, most) : found
  }

  #at(name: string | number, bound: Bound, value: unknown): unknown {
    this.#path.push(name)
    const cut = this.cut(bound, value)
    this.#path.pop()
    return cut
  }

  #refuse(message: string): void {
    if (this.excess.length < MOST_TOLD) this.excess.push({ path: this.#path.map(shownName).join('.'), message })
  }
}

/** A name that somebody sent, short enough to be told. */
export const shownName = (name: PropertyKey): string => {
  const text = String(name)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text
}

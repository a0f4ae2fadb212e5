import type { z } from 'zod'
import { type Issue, issueAt } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import { wrong } from '../declare/value-messages.ts'
import { type Form, meantBy } from './meant.ts'

/**
 * How much a schema lets in, and of what form. What is sent beyond it is cut off before anybody looks at it, so that a refusal costs
 * as much as the schema is large, however much was sent.
 */
interface Bound {
  /** What is taken from text too, if anything. */
  readonly form?: Form | undefined
  /** How long a value can be as JSON text. */
  readonly json: number
  readonly optional?: boolean
  readonly nullable?: boolean
  /** Whether an empty text is a value of it. */
  readonly takesEmpty: boolean
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

/** As much room has a name of a record in JSON text. */
const LONGEST_NAME = 400

interface Within {
  /** The input itself where nothing was too much; else a copy that is still too large, but not by much. */
  readonly input: unknown
  /** Where it was too much, or held what no text may. Whatever is left, such an input is refused. */
  readonly excess: readonly Issue[]
  /** How many unknown names were left out. */
  readonly unknown: number
}

/** How what was sent is read. */
export interface Reading {
  /**
   * Whether what clients send in another form is taken as what it means (`meant.ts`), and null and an empty text, where they are no
   * value of a field that may be left out or mean the same, as left out.
   */
  readonly asMeant: boolean
  /** Whether null clears a field at the top: an empty text could then mean either, and is refused. */
  readonly nullClears: boolean
}

/** Cuts off what no valid input of this schema has. */
export function within(schema: z.ZodType, raw: unknown, reading: Reading): Within {
  const cutter = new Cutter(reading)
  return { input: cutter.cut(boundOf(schema), raw), excess: cutter.excess, unknown: cutter.unknown }
}

/** What a text means as a value of this schema: the text itself, unless it says something of another form exactly. */
export function meantIn(schema: z.ZodType, text: string): unknown {
  const { form, json } = boundOf(schema)
  return meantBy(text, form, json)
}

/** Whether null is a value of this schema. */
export const isNullable = (schema: z.ZodType): boolean => boundOf(schema).nullable ?? false

/** The values among which a field is a choice; undefined where it is none. */
export function choicesOf(schema: z.ZodType | undefined): readonly string[] | undefined {
  if (!schema) return undefined
  const { innerType, entries } = schema.def as unknown as Def
  return innerType ? choicesOf(innerType) : entries && Object.values(entries)
}

/** The schema of the entries of a list, in whatever makes that optional; undefined where it is no list. */
export function entriesOf(schema: z.ZodType): z.ZodType | undefined {
  const { innerType, element } = schema.def as unknown as Def
  return innerType ? entriesOf(innerType) : element
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
  readonly out?: z.ZodType
  readonly entries?: Readonly<Record<string, string>>
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

/** As JSON, each sign of a text can be six long. */
const SIGN = 6
/** A number or another short value, a comma, a colon. */
const SHORT = 40
/** How much longer JSON becomes by being laid out. */
const LAID_OUT = 2

function readBound(schema: z.ZodType, def: Def): Bound {
  const bound = (form: Form | undefined, json: number, more: Partial<Bound> = {}): Bound => ({
    form,
    json: json * LAID_OUT,
    takesEmpty: false,
    ...more,
  })
  switch (def.type) {
    case 'optional':
    case 'default':
      return { ...boundOf(def.innerType as z.ZodType), optional: true }
    case 'nullable':
      return { ...boundOf(def.innerType as z.ZodType), nullable: true }
    case 'pipe': {
      // What is prepared first is what comes out of that.
      const taken = (def.in?.def.type === 'transform' ? def.out : def.in) as z.ZodType
      return { ...boundOf(taken), takesEmpty: schema.safeParse('').success }
    }
    case 'string': {
      const text = longest(def)
      return bound(undefined, SIGN * text + SHORT, { text, takesEmpty: schema.safeParse('').success })
    }
    case 'number':
    case 'boolean':
      return bound(def.type, SHORT)
    case 'array': {
      const list = { most: longest(def), each: boundOf(def.element as z.ZodType) }
      return bound('list', list.most * (list.each.json + SHORT) + SHORT, { list })
    }
    case 'record':
    case 'object': {
      const known = fieldsOf(def)
      const others = def.type === 'record' ? taken(schema, def.valueType as z.ZodType) : othersOf(schema, def)
      const json = [...known].reduce((sum, [name, field]) => sum + SIGN * name.length + field.json + SHORT, SHORT)
      const more = others.others === 'taken' ? others.most * (others.each.json + LONGEST_NAME) : 0
      return bound('object', json + more, { object: { fields: known, ...others } })
    }
    case 'union':
      return (def.options ?? []).map(boundOf).reduce(either)
    case 'unknown':
    case 'any':
      return bound(undefined, Number.POSITIVE_INFINITY, { text: Number.POSITIVE_INFINITY, takesEmpty: true })
    default:
      return def.innerType ? boundOf(def.innerType) : bound(undefined, SHORT)
  }
}

const fieldsOf = ({ shape = {} }: Def) =>
  new Map(Object.entries(shape).map(([name, field]) => [name, boundOf(field)] as const))

/** What becomes of it is decided by its name alone. */
const ANYTHING: Bound = { json: 0, takesEmpty: true }

function othersOf(schema: z.ZodType, { catchall }: Def) {
  if (!catchall) return { others: 'dropped', most: 0, each: ANYTHING } as const
  if (catchall.def.type === 'never') return { others: 'refused', most: MOST_TOLD, each: ANYTHING } as const
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
  return {
    ...one,
    ...other,
    ...(object && { object: { ...object, fields } }),
    // What may be of several forms is taken as it comes.
    form: one.form === other.form ? one.form : undefined,
    json: Math.max(one.json, other.json),
    takesEmpty: one.takesEmpty || other.takesEmpty,
  }
}

class Cutter {
  readonly excess: Issue[] = []
  unknown = 0
  readonly #path: (string | number)[] = []
  readonly #reading: Reading

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** The value itself where nothing in it is too much, and all of it came as it is meant. */
  cut(bound: Bound, sent: unknown): unknown {
    const isText = typeof sent === 'string'
    const value = isText && this.#reading.asMeant ? meantBy(sent, bound.form, bound.json) : sent
    if (typeof value === 'string') return this.#text(bound, value)
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? this.#list(bound, value) : this.#object(bound, value as Record<string, unknown>)
  }

  #text({ text }: Bound, value: string): string {
    // No text that a person can mean holds one, and PostgreSQL stores none: not even a question may ask for it.
    if (value.slice(0, text).includes('\u0000')) this.#refuse(wrong.zeroByte())
    if (text === undefined || value.length <= text) return value
    this.#refuse(wrong.textTooLong({ maximum: text, length: value.length }))
    return value.slice(0, text + 1).toWellFormed()
  }

  #list({ list }: Bound, value: readonly unknown[]): readonly unknown[] {
    if (!list) return value
    const kept = value.slice(0, list.most + 1)
    if (kept.length > list.most) this.#refuse(wrong.listTooLong({ count: list.most, length: value.length }))
    const cut = kept.map((one, index) => this.#at(index, list.each, one))
    return cut.length === value.length && cut.every((one, index) => one === value[index]) ? value : cut
  }

  #object({ object }: Bound, value: Record<string, unknown>): Record<string, unknown> {
    if (!object) return value
    const all = Object.keys(value)
    const fields = [...object.fields.keys()].filter((name) => Object.hasOwn(value, name))
    const names = [
      ...fields.filter((name) => !this.#isLeftOut(object.fields.get(name) as Bound, value[name])),
      ...this.#others(object, value, all, all.length - fields.length),
    ]
    const cut = names.map(
      (name) => [name, this.#at(name, object.fields.get(name) ?? object.each, value[name])] as const,
    )
    return cut.length === all.length && cut.every(([name, one]) => one === value[name])
      ? value
      : Object.fromEntries(cut)
  }

  #isLeftOut({ optional, nullable, takesEmpty }: Bound, value: unknown): boolean {
    const { asMeant, nullClears } = this.#reading
    if (!asMeant || !optional) return false
    if (value === null) return !nullable
    if (value !== '') return false
    // A create has nothing to clear, so an empty text means that the argument was left out.
    if (nullable && !nullClears) return true
    return !takesEmpty && !(nullable && this.#path.length === 0)
  }

  /** The names that are no fields, as many as are looked at. */
  #others(
    { fields, others, most }: NonNullable<Bound['object']>,
    value: Record<string, unknown>,
    all: readonly string[],
    count: number,
  ): string[] {
    if (!count || others === 'dropped') return []
    if (others === 'refused') this.unknown += Math.max(0, count - most)
    else if (count > most) this.#refuse(wrong.tooManyNames({ maximum: most }))
    const found: string[] = []
    for (const name of all) {
      if (!fields.has(name)) found.push(name)
      if (found.length > most) break
    }
    if (others === 'taken') {
      // No record can have it, whatever is sent.
      if (found.includes('__proto__')) this.#refuse(wrong.protoName())
      return found
    }
    // Some programs fill in all that they ever heard of with null, and make up an argument where there is none.
    if (count > most) return found.slice(0, most)
    if (!this.#reading.asMeant) return found
    return fields.size === 0 ? [] : found.filter((name) => value[name] !== null)
  }

  #at(name: string | number, bound: Bound, value: unknown): unknown {
    this.#path.push(name)
    const cut = this.cut(bound, value)
    this.#path.pop()
    return cut
  }

  #refuse(message: Message): void {
    if (this.excess.length < MOST_TOLD) this.excess.push(issueAt(this.#path.map(shownName).join('.'), message))
  }
}

/** A name that somebody sent, short enough to be told. */
export const shownName = (name: PropertyKey): string => {
  const text = String(name)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text
}

import type { z } from 'zod'
import { type Issue, issueAt } from '../declare/errors.ts'
import type { Message } from '../declare/message.ts'
import { wrong } from '../declare/value-messages.ts'
import { type Form, meantBy } from './meant.ts'

/**
 * The size and form that a schema accepts. Anything beyond is cut off before validation, so that the cost of a
 * rejection depends on the schema, not on the size of the input.
 */
interface Bound {
  /** The form that is also accepted as text, if any. */
  readonly form?: Form | undefined
  /** The longest JSON text of a value. */
  readonly json: number
  readonly optional?: boolean
  readonly nullable?: boolean
  /** Whether an empty text is a valid value. */
  readonly takesEmpty: boolean
  /** The most characters of a text. */
  readonly text?: number
  readonly list?: { readonly most: number; readonly each: Bound }
  readonly object?: {
    readonly fields: ReadonlyMap<string, Bound>
    /** How names without a field are treated. */
    readonly others: 'refused' | 'dropped' | 'taken'
    /** How many of those are checked. */
    readonly most: number
    readonly each: Bound
  }
}

/** The most errors reported: of unknown names in an object, and of excess. */
export const MOST_TOLD = 20

/** The most characters of a name shown in an error. */
const LONGEST_SHOWN = 60

/** The JSON length allowed for a key of a record. */
const LONGEST_NAME = 400

interface Within {
  /** The input itself if nothing exceeds the bounds; otherwise a copy that still exceeds them slightly. */
  readonly input: unknown
  /** Where the input exceeds the bounds or contains a forbidden character. Such an input is always rejected. */
  readonly excess: readonly Issue[]
  /** The number of unknown names left out. */
  readonly unknown: number
}

/** How an input is read. */
export interface InputRules {
  /**
   * Whether values that clients send in another form are converted (`meant.ts`), and whether null and empty text count
   * as omitted where they are not valid values of an optional field or mean the same.
   */
  readonly asMeant: boolean
  /** Whether null clears a top-level field: an empty text is then ambiguous and rejected. */
  readonly nullClears: boolean
}

/** Cuts off what no valid input of this schema can contain. */
export function within(schema: z.ZodType, raw: unknown, reading: InputRules): Within {
  const cutter = new Cutter(reading)
  return { input: cutter.cut(boundOf(schema), raw), excess: cutter.excess, unknown: cutter.unknown }
}

/** The value that a text means in this schema: the text itself, unless it is the exact notation of another form. */
export function meantIn(schema: z.ZodType, text: string): unknown {
  const { form, json } = boundOf(schema)
  return meantBy(text, form, json)
}

/** Whether null is a valid value of this schema. */
export const isNullable = (schema: z.ZodType): boolean => boundOf(schema).nullable ?? false

/** The choices of a field; undefined if it is no choice. */
export function choicesOf(schema: z.ZodType | undefined): readonly string[] | undefined {
  if (!schema) return undefined
  const { innerType, entries } = schema.def as unknown as Def
  return innerType ? choicesOf(innerType) : entries && Object.values(entries)
}

/** The schema of the entries of a list, optional or not; undefined if it is no list. */
export function entriesOf(schema: z.ZodType): z.ZodType | undefined {
  const { innerType, element } = schema.def as unknown as Def
  return innerType ? entriesOf(innerType) : element
}

/** The most entries of a list, for splitting a text. */
export const mostEntries = (schema: z.ZodType): number => boundOf(schema).list?.most ?? Number.POSITIVE_INFINITY

/** The paths at which a schema accepts texts, lists or records of unlimited size. */
export const unboundedIn = (schema: z.ZodType): string[] => unboundedAt(boundOf(schema), '')

function unboundedAt({ text = 0, list, object }: Bound, path: string): string[] {
  const inObject = object
    ? [...object.fields, ['*', object.each] as const].flatMap(([name, field]) => unboundedAt(field, `${path}.${name}`))
    : []
  const inList = list ? unboundedAt(list.each, `${path}[]`) : []
  const here = Math.max(text, list?.most ?? 0, object?.most ?? 0) === Number.POSITIVE_INFINITY
  return [...(here ? [path] : []), ...inObject, ...inList]
}

/** The parts of a zod schema definition that are used here. */
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
  const cached = read.get(schema)
  if (cached) return cached
  const bound = readBound(schema, schema.def as unknown as Def)
  read.set(schema, bound)
  return bound
}

/** In JSON, a character can take six. */
const SIGN = 6
/** A number or another short value, a comma, a colon. */
const SHORT = 40
/** How much longer indented JSON is. */
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
      // After `preprocess`, the output schema decides.
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
      const fields = fieldsOf(def)
      const others = def.type === 'record' ? taken(schema, def.valueType as z.ZodType) : othersOf(schema, def)
      const json = [...fields].reduce((sum, [name, field]) => sum + SIGN * name.length + field.json + SHORT, SHORT)
      const more = others.others === 'taken' ? others.most * (others.each.json + LONGEST_NAME) : 0
      return bound('object', json + more, { object: { fields, ...others } })
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

/** Only the name decides how it is treated. */
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
  const maximums = checks.map(({ _zod: { def } }) => {
    if (def.check === 'max_length') return def.maximum
    return def.check === 'length_equals' ? def.length : undefined
  })
  return Math.min(...maximums.map((most) => most ?? Number.POSITIVE_INFINITY))
}

/** The union of two bounds. */
function either(one: Bound, other: Bound): Bound {
  const fields = new Map([...(one.object?.fields ?? []), ...(other.object?.fields ?? [])])
  const object = other.object ?? one.object
  return {
    ...one,
    ...other,
    ...(object && { object: { ...object, fields } }),
    // A value of several possible forms is not converted.
    form: one.form === other.form ? one.form : undefined,
    json: Math.max(one.json, other.json),
    takesEmpty: one.takesEmpty || other.takesEmpty,
  }
}

class Cutter {
  readonly excess: Issue[] = []
  unknown = 0
  readonly #path: (string | number)[] = []
  readonly #reading: InputRules

  constructor(reading: InputRules) {
    this.#reading = reading
  }

  /** Returns the value itself if nothing was cut or converted. */
  cut(bound: Bound, sent: unknown): unknown {
    const isText = typeof sent === 'string'
    const value = isText && this.#reading.asMeant ? meantBy(sent, bound.form, bound.json) : sent
    if (typeof value === 'string') return this.#text(bound, value)
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? this.#list(bound, value) : this.#object(bound, value as Record<string, unknown>)
  }

  #text({ text }: Bound, value: string): string {
    // No meaningful text contains one, and PostgreSQL cannot store it: not even a query can contain it.
    if (value.slice(0, text).includes('\u0000')) this.#refuse(wrong.zeroByte())
    if (text === undefined || value.length <= text) return value
    this.#refuse(wrong.textTooLong({ count: text, length: value.length }))
    return value.slice(0, text + 1).toWellFormed()
  }

  #list({ list }: Bound, value: readonly unknown[]): readonly unknown[] {
    if (!list) return value
    const checked = value.slice(0, list.most + 1)
    if (checked.length > list.most) this.#refuse(wrong.listTooLong({ count: list.most, length: value.length }))
    const cut = checked.map((one, index) => this.#at(index, list.each, one))
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
    // A create has nothing to clear, so an empty text means that the argument was omitted.
    if (nullable && !nullClears) return true
    return !takesEmpty && !(nullable && this.#path.length === 0)
  }

  /** The names without a field, up to the number that is checked. */
  #others(
    { fields, others, most }: NonNullable<Bound['object']>,
    value: Record<string, unknown>,
    all: readonly string[],
    count: number,
  ): string[] {
    if (!count || others === 'dropped') return []
    if (others === 'refused') this.unknown += Math.max(0, count - most)
    else if (count > most) this.#refuse(wrong.tooManyNames({ maximum: most }))
    const extra: string[] = []
    for (const name of all) {
      if (!fields.has(name)) extra.push(name)
      if (extra.length > most) break
    }
    if (others === 'taken') {
      // No record can have this key.
      if (extra.includes('__proto__')) this.#refuse(wrong.protoName())
      return extra
    }
    // Some programs send every argument they know with null, and invent an argument where there is none.
    if (count > most) return extra.slice(0, most)
    if (!this.#reading.asMeant) return extra
    return fields.size === 0 ? [] : extra.filter((name) => value[name] !== null)
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

/** A sent name, shortened for errors. */
export const shownName = (name: PropertyKey): string => {
  const text = String(name)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text
}

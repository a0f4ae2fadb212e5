/**
 * Texts for people. A message is a value: a key under which every language has its own text, the parameters of the
 * text, and the text in English, for models and logs.
 */

/**
 * A value for `{{name}}` in a text. A list is shown as one; a message is shown in the language of the surrounding text.
 */
export type Param = string | number | Message | readonly (string | number | Message)[]

export type Params = Readonly<Record<string, Param>>

export interface Message {
  /** `packing.itemNotFound`: the place of the declaration, and the name there. */
  readonly key: string
  readonly params: Params
  readonly text: string
  /** What to do next, if there is a hint. Its key is that of the message with `_hint`. */
  readonly hint?: string
}

/** A text in English. One with `{{count}}` has two forms, the English plural categories of CLDR. */
export type Template = string | { readonly one: string; readonly other: string }

export interface Declared {
  readonly text: Template
  readonly hint?: string
}

type NamesIn<T> = T extends `${string}{{${infer Name}}}${infer Rest}` ? Name | NamesIn<Rest> : never

type TextIn<T> = T extends { readonly one: infer One; readonly other: infer Other } ? One | Other | '{{count}}' : T

/** The names of the parameters of a declared message. */
export type NamesOf<D extends Declared> =
  | NamesIn<TextIn<D['text']>>
  | (D extends { readonly hint: infer Hint } ? NamesIn<Hint> : never)

/** The parameters as arguments: none if the text has none. */
export type ParamsOf<D extends Declared> = [NamesOf<D>] extends [never]
  ? []
  : [params: Readonly<Record<NamesOf<D>, Param>>]

/** The key and parameters of a message, without its text, for translation. */
export const keyOf = ({ key, params }: Message): { key: string; params: Params } => ({ key, params })

/** The options of a schema check that fails with this message. */
export const checkMessage = ({ key, params }: Message) => ({ error: key, params })

const templates = new Map<string, Declared>()

/** All declared messages of the loaded modules, by key. */
export const declaredMessages = (): ReadonlyMap<string, Declared> => templates

/** Registers a message by its key, so that schema checks can name it. */
export function declare(key: string, declared: Declared): void {
  templates.set(key, declared)
}

const ENGLISH = new Intl.PluralRules('en')

export function messageOf(key: string, { text, hint }: Declared, params: Params): Message {
  const form = typeof text === 'string' ? text : text[ENGLISH.select(Number(params.count)) === 'one' ? 'one' : 'other']
  return { key, params, text: filled(form, params), ...(hint && { hint: filled(hint, params) }) }
}

/** The message with this key, or null. */
export function messageNamed(key: string, params: Params): Message | null {
  const declared = templates.get(key)
  return declared ? messageOf(key, declared, params) : null
}

/** An empty parameter takes the space after it along. */
const filled = (template: string, params: Params): string =>
  template.replace(/\{\{(\w+)\}\}( ?)/g, (whole, name: string, space: string) => {
    const value = params[name]
    if (value === undefined) return whole
    return value === '' ? '' : paramText(value) + space
  })

function paramText(value: Param): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return isMessage(value) ? value.text : value.map(paramText).join(', ')
}

export const isMessage = (value: Param): value is Message =>
  typeof value === 'object' && !Array.isArray(value) && 'key' in value

/**
 * Texts that people see. A message is a value: the key under which every language has its own text, the parameters that stand in it,
 * and the text in English, for models and logs.
 */

/** What stands in a text in place of `{{name}}`. A list is shown as one; a message is shown in the language of the text around it. */
export type Param = string | number | Message | readonly (string | number | Message)[]

export type Params = Readonly<Record<string, Param>>

export interface Message {
  /** `packing.itemNotFound`: where it is declared, and its name there. */
  readonly key: string
  readonly params: Params
  readonly text: string
  /** What to do next, if anything is to be said of that; its key is the one of the message with `_hint`. */
  readonly hint?: string
}

/** A text in English. One with `{{count}}` has two forms, as English has (CLDR plural categories). */
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

/** The parameters as arguments: none where the text has none. */
export type ParamsOf<D extends Declared> = [NamesOf<D>] extends [never]
  ? []
  : [params: Readonly<Record<NamesOf<D>, Param>>]

/** A message without its text, for other languages. */
export const keyOf = ({ key, params }: Message): { key: string; params: Params } => ({ key, params })

/** What a check of a schema is given, for it to say this message. */
export const checkMessage = ({ key, params }: Message) => ({ error: key, params })

const templates = new Map<string, Declared>()

/** Every message that is declared in the modules that were loaded, by its key. */
export const declaredMessages = (): ReadonlyMap<string, Declared> => templates

/** Makes a declared message findable by its key, as checks of a schema name it. */
export function declare(key: string, declared: Declared): void {
  templates.set(key, declared)
}

const ENGLISH = new Intl.PluralRules('en')

export function messageOf(key: string, { text, hint }: Declared, params: Params): Message {
  const form = typeof text === 'string' ? text : text[ENGLISH.select(Number(params.count)) === 'one' ? 'one' : 'other']
  return { key, params, text: filled(form, params), ...(hint && { hint: filled(hint, params) }) }
}

/** The message with this key; null where none is declared under it. */
export function messageNamed(key: string, params: Params): Message | null {
  const declared = templates.get(key)
  return declared ? messageOf(key, declared, params) : null
}

const filled = (template: string, params: Params): string =>
  template
    .replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
      const value = params[name]
      return value === undefined ? whole : shown(value)
    })
    // A parameter that is empty leaves no gap.
    .replaceAll('  ', ' ')

function shown(value: Param): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return isMessage(value) ? value.text : value.map(shown).join(', ')
}

export const isMessage = (value: Param): value is Message =>
  typeof value === 'object' && !Array.isArray(value) && 'key' in value

import i18next from 'i18next'
import './i18n.ts'
import { isMessage, type Param, type Params } from '../core/declare/message.ts'
import { wallClock } from './dates.ts'

/** A message from the server: its key, its parameters, and its English text. */
interface Sent {
  readonly key: string
  readonly params?: Params | undefined
  readonly text: string
}

/** A message in the language of the page; in English if there is no translation. */
export const textOf = ({ key, params = {}, text }: Sent): string => translated([key], shownIn(params)) ?? text

/** The first of these texts that exists. The English text is no template: it contains what people wrote. */
function translated(keys: readonly string[], params: Record<string, string | number> = {}): string | null {
  const textKey = keys.map((key) => `server.${key}`).find((key) => i18next.exists(key, params))
  return textKey === undefined ? null : i18next.t(textKey, params)
}

type Titled = 'addons' | 'events' | 'operations' | 'permissions' | 'scopeGroups' | 'scopes'

/** The title of something declared in code, in the language of the page: of the first kind that has this name. */
export const titleOf = (kinds: Titled | readonly Titled[], name: string, english: string): string =>
  translated([kinds].flat().map((kind) => `${kind}.${name.replace(':', '-')}`)) ?? english

/** The hint of a message; its key is that of the message with `_hint`. */
export const hintOf = ({ key, params, text }: Sent): string => textOf({ key: key && `${key}_hint`, params, text })

/** Texts as a list, separated as in the language of the page. */
export const listOf = (texts: readonly string[]): string =>
  new Intl.ListFormat(i18next.language, { type: 'unit' }).format(texts)

const WALL_CLOCK = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d)?$/

const shownIn = (params: Params): Record<string, string | number> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, paramValue(value)]))

function paramValue(value: Param): string | number {
  if (typeof value === 'string') return WALL_CLOCK.test(value) ? wallClock(value) : value
  if (typeof value === 'number') return value
  if (isMessage(value)) return textOf(value)
  return listOf(value.map((one) => String(paramValue(one))))
}

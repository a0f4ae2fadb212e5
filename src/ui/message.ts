import i18next from 'i18next'
import './i18n.ts'
import { isMessage, type Param, type Params } from '../core/declare/message.ts'

/** A message as it came from the server: its key, what stands in it, and its text in English. */
interface Sent {
  readonly key: string
  readonly params?: Params | undefined
  readonly text: string
}

/** A message in the language of the page; in English where that has no text for it. */
export const textOf = ({ key, params = {}, text }: Sent): string =>
  key ? i18next.t(`server.${key}`, { ...shownIn(params), defaultValue: text }) : text

type Declared = 'addons' | 'events' | 'operations' | 'permissions' | 'scopeGroups' | 'scopes'

/** The title of something that is declared in code, in the language of the page: of the first kind that has one of this name. */
export const titleOf = (kinds: Declared | readonly Declared[], name: string, english: string): string =>
  i18next.t(
    [kinds].flat().map((kind) => `server.${kind}.${name.replace(':', '-')}`),
    { defaultValue: english },
  )

/** The hint of a message, whose key is the one of the message with `_hint`. */
export const hintOf = ({ key, params, text }: Sent): string => textOf({ key: key && `${key}_hint`, params, text })

const shownIn = (params: Params): Record<string, string | number> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value)]))

function shown(value: Param): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (isMessage(value)) return textOf(value)
  return new Intl.ListFormat(i18next.language, { type: 'unit' }).format(value.map((one) => String(shown(one))))
}

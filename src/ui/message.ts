import i18next from 'i18next'
import './i18n.ts'
import { isMessage, type Param, type Params } from '../core/declare/message.ts'

/** A message from the server: its key, its parameters, and its English text. */
interface Sent {
  readonly key: string
  readonly params?: Params | undefined
  readonly text: string
}

/** A message in the language of the page; in English if there is no translation. */
export const textOf = ({ key, params = {}, text }: Sent): string =>
  key ? i18next.t(`server.${key}`, { ...shownIn(params), defaultValue: text }) : text

type Declared = 'addons' | 'events' | 'operations' | 'permissions' | 'scopeGroups' | 'scopes'

/** The title of something declared in code, in the language of the page: of the first kind that has this name. */
export const titleOf = (kinds: Declared | readonly Declared[], name: string, english: string): string =>
  i18next.t(
    [kinds].flat().map((kind) => `server.${kind}.${name.replace(':', '-')}`),
    { defaultValue: english },
  )

/** The hint of a message; its key is that of the message with `_hint`. */
export const hintOf = ({ key, params, text }: Sent): string => textOf({ key: key && `${key}_hint`, params, text })

const shownIn = (params: Params): Record<string, string | number> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value)]))

function shown(value: Param): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (isMessage(value)) return textOf(value)
  return new Intl.ListFormat(i18next.language, { type: 'unit' }).format(value.map((one) => String(shown(one))))
}

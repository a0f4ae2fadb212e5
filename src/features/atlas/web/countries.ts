import { language } from '../../../ui/i18n.ts'

// Codes that Intl has names for although they are not countries.
const NOT_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'ZZ', 'XA', 'XB', 'QO', 'AC', 'CP', 'DG', 'EA', 'IC', 'TA', 'CQ'])
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

const names = new Map<string, Intl.DisplayNames>()

function displayNames(): Intl.DisplayNames {
  const cached = names.get(language())
  if (cached) return cached
  const created = new Intl.DisplayNames(language(), { type: 'region', fallback: 'none' })
  names.set(language(), created)
  return created
}

export const countryName = (code: string): string => displayNames().of(code) ?? code

/** Whether a code is current: DD became DE, and UK is GB. */
const isToday = (code: string): boolean => new Intl.Locale(`und-${code}`).region === code

const lists = new Map<string, readonly { code: string; name: string }[]>()

/** Every country and territory, ordered by name. */
export function countries(): readonly { code: string; name: string }[] {
  const cached = lists.get(language())
  if (cached) return cached
  const countryList: { code: string; name: string }[] = []
  for (const first of LETTERS) {
    for (const second of LETTERS) {
      const code = first + second
      const name = NOT_COUNTRIES.has(code) ? undefined : displayNames().of(code)
      if (name && isToday(code)) countryList.push({ code, name })
    }
  }
  countryList.sort((a, b) => a.name.localeCompare(b.name))
  lists.set(language(), countryList)
  return countryList
}

import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { pathOf } from './base-path.ts'
import { english } from './english.ts'

const KEY = 'trek.language'

/** The language of the page (BCP 47), also for dates and numbers. */
export const language = (): string => i18next.language

/** Its writing direction. */
export const direction = (): 'ltr' | 'rtl' => i18next.dir()

/** The texts of another language; null if they cannot be loaded, and the page is in English. */
async function textsOf(chosen: string): Promise<object | null> {
  const answer = await fetch(`${pathOf('/locales')}/${encodeURIComponent(chosen)}.json`).catch(() => null)
  return answer?.ok ? answer.json().catch(() => null) : null
}

const chosen = globalThis.localStorage?.getItem(KEY) ?? 'en'
const texts = chosen === 'en' ? null : await textsOf(chosen)

await i18next.use(initReactI18next).init({
  lng: texts ? chosen : 'en',
  fallbackLng: 'en',
  resources: { en: { translation: english }, ...(texts && { [chosen]: { translation: texts } }) },
  interpolation: { escapeValue: false },
  returnNull: false,
})

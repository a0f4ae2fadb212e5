import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from '../../locales/en.json' with { type: 'json' }

/** The language of the page; dates and numbers follow it. */
export const language = (): string => i18next.language

await i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
  returnNull: false,
})

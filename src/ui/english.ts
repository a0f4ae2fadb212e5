/// <reference types="vite/types/importMeta.d.ts" />

interface Texts {
  readonly [name: string]: string | Texts
}

const files = import.meta.glob<Texts>('../../locales/en/*.json', { eager: true, import: 'default' })

/** The English texts of the app. Each feature has its own file; the keys are unique across all files. */
export const english: Texts = Object.assign({}, ...Object.values(files))

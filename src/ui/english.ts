/// <reference types="vite/types/importMeta.d.ts" />

interface Texts {
  readonly [name: string]: string | Texts
}

const files = import.meta.glob<Texts>('../../locales/en/*.json', { eager: true, import: 'default' })

/** The texts of the app in English. They lie by feature; their keys are the same in all files together. */
export const english: Texts = Object.assign({}, ...Object.values(files))

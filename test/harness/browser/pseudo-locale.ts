import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Page } from 'playwright-core'
import type { Tool } from '../assistant.ts'

/**
 * A pseudo-locale that reveals texts without a translation: every letter has an accent, every text is longer, and it is
 * written from right to left (Unicode LDML part 1, "ar-XB").
 */
export const PSEUDO = 'ar-XB'

type Texts = { [name: string]: string | Texts }

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const ACCENTED = 'áƀçđéƒğĥíĵķłɱñóþǫřšťúṽŵẋýžÁɃÇĐÉƑĞĤÍĴĶŁṀÑÓÞǪŘŠŤÚṼŴẊÝŽ'
const inPseudo = new Map([...LETTERS].map((letter, index) => [letter, [...ACCENTED][index] as string]))

const accentedOf = (letter: string): string => inPseudo.get(letter) ?? letter

/** Keeps placeholders and the name of the product; doubles every vowel. */
export function pseudo(text: string): string {
  const parts = text.split(/(\{\{\w+\}\}|\$t\([^)]*\)|<[^>]+>|TREK)/)
  return parts
    .map((part, index) =>
      index % 2 ? part : [...part].map((letter) => accentedOf(letter).repeat(/[aeiou]/i.test(letter) ? 2 : 1)).join(''),
    )
    .join('')
}

/** The six plural forms of Arabic (CLDR plural categories). */
const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other']

function translated(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]): [string, string | Texts][] => {
      if (typeof text !== 'string') return [[name, translated(text)]]
      const stem = /^(.*)_other$/.exec(name)?.[1]
      return stem ? FORMS.map((form) => [`${stem}_${form}`, pseudo(text)]) : [[name, pseudo(text)]]
    }),
  )
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Texts

/** All texts, in the format in which the app loads a language. */
export function pseudoTexts(): Texts {
  const app: Texts = Object.assign({}, ...globSync('locales/en/*.json').map(read))
  const server = globSync('locales/en/server/*.json').map((path) => [basename(path, '.json'), read(path)])
  return translated({ ...app, [basename(dirname('locales/en/server/x.json'))]: Object.fromEntries(server) })
}

/** Sets the pseudo-locale for a page before it loads. */
export async function speakPseudo(page: Page): Promise<void> {
  const texts = JSON.stringify(pseudoTexts())
  await page.route(`**/locales/${PSEUDO}.json`, (route) =>
    route.fulfill({ contentType: 'application/json', body: texts }),
  )
  await page.addInitScript((language) => localStorage.setItem('trek.language', language), PSEUDO)
}

const GREEK = 'αβψδεφγηιξκλμνοπθρστυωςχυζ'

/** Fields with free text. */
const WRITTEN = new Set(
  'title name description notes note text content question options category address location label guest_name bag time'.split(
    ' ',
  ),
)

/** Turns the text of people into Greek letters, so that any Latin letters left belong to the product. */
const inGreek = (text: string): string =>
  text.replace(/[A-Za-zÀ-ž]/g, (letter) => GREEK[(letter.toLowerCase().charCodeAt(0) - 97) % 26] ?? 'α')

function inGreekLetters(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return WRITTEN.has(key) ? inGreek(value) : value
  if (Array.isArray(value)) return value.map((one) => inGreekLetters(one, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inGreekLetters(one, name)]))
}

/** A tool with all free text of its caller in Greek letters. */
export const writingGreek =
  (tool: Tool): Tool =>
  (name, args) =>
    tool(name, inGreekLetters(args) as object)

/** Words in plain Latin letters that a page shows or reads out. */
export const latinWords = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const texts: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest('script, style, [translate="no"]')) texts.push(node.textContent ?? '')
    }
    for (const element of document.querySelectorAll('body *')) {
      for (const name of ['aria-label', 'aria-description', 'placeholder', 'title', 'alt']) {
        texts.push(element.getAttribute(name) ?? '')
      }
    }
    return texts.flatMap((text) => (/[A-Za-z]{3,}/.test(text) ? [text.trim()] : []))
  })

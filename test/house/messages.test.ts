/// <reference types="vite/types/importMeta.d.ts" />
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { declaredMessages, type Template } from '../../src/core/declare/message.ts'
import { everyOperation } from '../harness/operations.ts'

const modules = import.meta.glob<Record<string, object>>('../../src/**/{messages,*-messages}.ts', { eager: true })
const makers = Object.values(modules).flatMap((module) => Object.values(module).flatMap((one) => Object.values(one)))
const keys = new Set(makers.map(({ key }: { key?: string }) => key))

const sources = globSync('src/**/*.{ts,tsx}')
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }))
const messages = [...declaredMessages()].flatMap(([key, declared]) => (keys.has(key) ? [{ key, ...declared }] : []))
const formsOf = (text: Template): string[] => (typeof text === 'string' ? [text] : Object.values(text))

test('every declared message is used', () => {
  const times = new Map<string, number>()
  for (const { text } of sources)
    for (const [word] of text.matchAll(/\w+/g)) times.set(word, (times.get(word) ?? 0) + 1)
  // The declaration itself counts once.
  const unsaid = messages.filter(({ key }) => (times.get(key.split('.').at(-1) ?? '') ?? 0) < 2)
  expect(unsaid.map(({ key }) => key)).toEqual([])
})

test('a check of a schema refers to a message and contains no text', () => {
  const literal = /\b(error|message): ['"`][^'"`]+ /
  const places = sources.filter(({ file }) => /\/contract\/|^src\/core\/declare\//.test(file))
  const wrong = places.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => (literal.test(line) ? [`${file}:${index + 1}`] : [])),
  )
  expect(wrong).toEqual([])
})

test('an error has no full stop, and a hint has one', () => {
  const wrong = messages.filter(({ text, hint, ...more }) => {
    const ends = 'code' in more && formsOf(text).some((form) => form.endsWith('.') && !form.includes('. '))
    return ends || (hint !== undefined && !/[.?!…}]$/.test(hint))
  })
  expect(wrong.map(({ key }) => key)).toEqual([])
})

test('the title of an operation speaks of nobody, because others read it in the audit log', () => {
  const titles = everyOperation.map(({ operation }) => operation.title)
  expect(titles.filter((title) => /\b(I|me|my|you|yours?)\b/i.test(title))).toEqual([])
})

/** The verbs that tell somebody what to do. */
const IMPERATIVES =
  /^(Add|Ask|Call|Change|Check|Choose|Compare|Connect|Copy|Decide|Delete|Disconnect|Do|Find|Give|Go|Leave|Log|Look|Make|Mark|Name|Open|Read|Reload|Remove|Revoke|Round|Send|Set|Start|Take|Tell|Try|Unsubscribe|Use|Wait)\b/

test('a hint begins with what to do next', () => {
  // What works without a right is declared by the operation.
  const instead = everyOperation.flatMap(({ operation }) => Object.values(operation.alsoWrites))
  const hints = messages.flatMap(({ hint }) => hint ?? [])
  const wrong = [...hints, ...instead].filter((hint) => !hint.startsWith('{{without}} ') && !IMPERATIVES.test(hint))
  expect(wrong).toEqual([])
})

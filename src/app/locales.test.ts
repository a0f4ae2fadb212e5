import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { declared } from '../../test/harness/operations.ts'
import type { Field } from '../core/declare/entity.ts'
import { english } from '../ui/english.ts'

const sources = globSync('src/{app,ui,features/*/web,identity/web}/**/*.{ts,tsx}')
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

function keysOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`),
  )
}

const textKeys = new Set(keysOf(english).map((key) => key.replace(/_(zero|one|two|few|many|other)$/, '')))
const used = new Set([...sources.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, key]) => key as string))

test('every text used in the code exists', () => {
  expect([...used].filter((key) => !textKeys.has(key))).toEqual([])
})

test('every existing text is used', () => {
  const composed = [...sources.matchAll(/\bt\(\s*\[?`([\w.]+)\$\{/g)].map(([, prefix]) => prefix as string)
  const unused = [...textKeys].filter(
    (key) => !used.has(key) && !sources.includes(`'${key}'`) && !composed.some((prefix) => key.startsWith(prefix)),
  )
  expect(unused).toEqual([])
})

test('every field that two people can change concurrently has a title', () => {
  const named = [...declared.entities.values()]
    .filter(({ entity }) => entity.space === 'trip')
    .flatMap(({ entity }) => {
      const fields = Object.entries(entity.fields as Record<string, Field>)
      const changed = fields.filter(([key, { set, setBy }]) => key in entity.patch.shape || set || setBy)
      return [...changed.map(([key]) => key), ...(entity.together ?? []).flat()]
    })
  const fieldsOfEntity = Object.entries(english.fields ?? {})
  const titles = fieldsOfEntity.flatMap(([field, title]) => (typeof title === 'string' ? [field] : []))
  // An entity can have its own titles for some fields.
  const own = fieldsOfEntity.flatMap(([entity, texts]) =>
    typeof texts === 'string' ? [] : [[entity, Object.keys(texts)] as const],
  )
  expect(named.filter((field) => !titles.includes(field))).toEqual([])
  for (const [entity, fields] of own) {
    const knownFields = Object.keys(declared.entities.get(entity)?.entity.fields ?? {})
    expect(
      fields.filter((field) => !knownFields.includes(field)),
      entity,
    ).toEqual([])
  }
  expect(titles.filter((title) => !named.includes(title))).toEqual([])
})

test('every kind of row that a history shows has a title', () => {
  const shown = [...declared.entities.values()]
    .filter(({ entity: { space, givesAccess } }) => ['trip', 'user'].includes(space) && !givesAccess)
    .map(({ entity: { name } }) => name)
  const kinds = (english.history as { kinds: object }).kinds
  expect(Object.keys(kinds).sort()).toEqual(shown.sort())
})

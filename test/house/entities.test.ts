import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AnyEntity } from '../../src/core/declare/entity.ts'
import { eachRunning } from '../harness/rigs/running.ts'

/** Every tracked row belongs to an entity of the catalogue, and every column of it to a field of that entity. */

const root = join(import.meta.dirname, '../..')

/** The files that declare entities, each with the names of its entities. */
const declaring = globSync('src/**/*.{ts,tsx}', { cwd: root, exclude: ['src/**/*.test.*'] }).flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8')
  const calls = text.match(/(?<!function )\bentity(<.*>)?\(/g) ?? []
  const names = [...text.matchAll(/\bentity\(\{\s*name: '(\w+)'/g)].map(([, name]) => name as string)
  return calls.length ? [{ file, calls: calls.length, names }] : []
})

const exported: AnyEntity[] = []
for (const { file, names } of declaring) {
  const values: unknown[] = Object.values(await import(join(root, file)))
  exported.push(...values.filter((value): value is AnyEntity => isEntity(value) && names.includes(value.name)))
}

function isEntity(value: unknown): value is AnyEntity {
  return typeof value === 'object' && value !== null && 'table' in value && 'fields' in value && 'name' in value
}

test('this suite finds every entity in the sources', () => {
  expect(declaring.filter(({ calls, names }) => calls !== names.length)).toEqual([])
  expect(exported.map(({ name }) => name).sort()).toEqual(declaring.flatMap(({ names }) => names).sort())
  expect(exported.length).toBeGreaterThan(30)
})

/** Actions of the database itself when a row is deleted or its id changes. Nobody is notified, and the change log omits them. */
const BY_ITSELF = /\bon (delete|update) (cascade|set null|set default)\b/i

/** The tables in the dump of a schema whose rows the database itself changes. */
const changedByThemselves = (dump: string) =>
  dump
    .split(/^create table /im)
    .slice(1)
    .filter((table) => BY_ITSELF.test(table))
    .map((table) => table.match(/^"?(\w+)/)?.[1])

eachRunning((running) => {
  test.each(exported.map((entity) => [entity.name, entity] as const))('%s is in the catalogue', (name, entity) => {
    expect(running().pipeline.parts.catalogue.entities.get(name)?.entity).toBe(entity)
  })

  test.each(exported.map((entity) => [entity.name, entity] as const))(
    'the fields of %s are the columns of its table',
    async (_, entity) => {
      const tables = await running().database.kysely.introspection.getTables()
      const columns = tables.find(({ name }) => name === entity.table)?.columns.map(({ name }) => name) ?? []
      expect(Object.keys(entity.fields).sort()).toEqual(columns.sort())
    },
  )

  test('no two entities share a table', () => {
    expect(new Set(exported.map(({ table }) => table)).size).toBe(exported.length)
  })

  test('the database itself deletes and changes rows only in tables without an entity', async () => {
    const { kysely, dialect } = running().database
    const changedAlone = changedByThemselves(await dialect.dump(kysely))
    expect(changedAlone).toContain('oauth_artifacts')
    expect(changedAlone.filter((name) => exported.some(({ table }) => table === name))).toEqual([])
  })
})

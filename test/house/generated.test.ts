import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { knownChecksums, migrationFiles } from '../../scripts/migrations.ts'
import { pages } from '../../scripts/pages.ts'
import { eachDatabase } from '../harness/databases.ts'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

test.each(Object.entries({ ...migrationFiles(), ...pages() }))('%s is what npm run generate writes', (file, text) => {
  expect(read(file)).toBe(text)
})

test('a released migration that was changed, or is gone, is refused', () => {
  const known = knownChecksums()
  expect(() => migrationFiles({ ...known, '0007_assignments': '0'.repeat(64) })).toThrow(
    /0007_assignments is not what it was/,
  )
  expect(() => migrationFiles({ ...known, '0007_gone': '0'.repeat(64) })).toThrow(/0007_gone is gone/)
})

eachDatabase((database) => {
  test('the golden dump is the schema that the migrations make', async () => {
    const { kysely, dialect } = database()
    expect(await dialect.dump(kysely)).toBe(read(`src/db/schema.${dialect.name}.sql`))
  })
})

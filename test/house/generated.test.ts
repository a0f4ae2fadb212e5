import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pages } from '../../scripts/pages.ts'
import { eachDatabase } from '../harness/databases.ts'

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

test.each(Object.entries(pages()))('%s is what npm run generate writes', (file, text) => {
  expect(read(file)).toBe(text)
})

eachDatabase((database) => {
  test('the golden dump is the schema that the migrations make', async () => {
    const { kysely, dialect } = database()
    expect(await dialect.dump(kysely)).toBe(read(`src/db/schema.${dialect.name}.sql`))
  })
})

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { declaredLists } from '../../scripts/declared.ts'
import { knownChecksums, migrationFiles } from '../../scripts/migrations.ts'
import { pages } from '../../scripts/pages.ts'
import { eachDatabase } from '../harness/database/databases.ts'

const root = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')

test.each(Object.entries({ ...declaredLists(root), ...migrationFiles(root), ...pages() }))(
  '%s is up to date with npm run generate',
  (file, text) => {
    expect(read(file)).toBe(text)
  },
)

test('a changed or removed migration that was released is refused', () => {
  const knownHashes = knownChecksums(root)
  expect(() => migrationFiles(root, { ...knownHashes, '0007_assignments': '0'.repeat(64) })).toThrow(
    /0007_assignments is not what it was/,
  )
  expect(() => migrationFiles(root, { ...knownHashes, '0007_gone': '0'.repeat(64) })).toThrow(/0007_gone is gone/)
})

test('two migrations with the same number are refused, and so is a file that is not a migration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trek-migrations-'))
  const plant = (file: string) => {
    mkdirSync(dirname(join(folder, 'src', file)), { recursive: true })
    writeFileSync(join(folder, 'src', file), 'export const step: Migration = async () => {}\n')
  }
  try {
    plant('db/migrations/0001_core.ts')
    plant('features/toys/server/migrations/0002_toys.ts')
    const files = () => migrationFiles(pathToFileURL(`${folder}/`), {})
    expect(files()['src/migrations.generated.ts']).toContain("'./features/toys/server/migrations/0002_toys.ts'")
    plant('identity/server/migrations/0002_keys.ts')
    expect(files).toThrow(/0002_keys\.ts and .*0002_toys\.ts have the same number/)
    plant('identity/server/migrations/notes.ts')
    expect(files).toThrow(/notes\.ts is no migration/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a declaration for a list is inserted in order, or refused with the name of its file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trek-declared-'))
  const issueLists = (news: Record<string, string>) => {
    for (const [feature, text] of Object.entries(news)) {
      mkdirSync(join(folder, 'src/features', feature, 'contract'), { recursive: true })
      writeFileSync(join(folder, 'src/features', feature, 'contract/news.ts'), text)
    }
    return declaredLists(pathToFileURL(`${folder}/`))['src/features/notifications/contract/news.generated.ts'] ?? ''
  }
  const event = (name: string, order: number) =>
    `export const ${name}Happened = newsEvent({\n  name: '${name}',\n  order: ${order},\n})\n`
  try {
    expect(issueLists({ late: event('late', 20), early: event('early', 10) })).toMatch(
      /early: earlyHappened,\n {2}late: lateHappened,\n}/,
    )
    expect(() => issueLists({ late: event('late', 10) })).toThrow(/early and late/)
    expect(() => issueLists({ late: event('early', 20) })).toThrow(/early and early/)
    expect(() => issueLists({ late: "export const late = newsEvent({ order: 20, name: 'late' })" })).toThrow(
      /newsEvent in src\/features\/late\/contract\/news\.ts/,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

eachDatabase((database) => {
  test('the golden dump equals the schema after all migrations', async () => {
    const { kysely, dialect } = database()
    expect(await dialect.dump(kysely)).toBe(read(`src/db/schema.${dialect.name}.sql`))
  })
})

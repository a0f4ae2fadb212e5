import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A migration is in the folder of the feature that owns its tables. This script writes the module that exports all migrations
 * in the order of their numbers, and their checksums, with which a test detects changes after a release.
 */
const FOLDERS = ['db/migrations', 'identity/server/migrations', 'features/*/server/migrations']
const CHECKSUMS = 'src/migrations.lock.json'

interface Found {
  /** Relative to `src/`. */
  readonly file: string
  /** `0007_assignments`, as the database stores it. */
  readonly name: string
  readonly exported: string
  readonly checksum: string
}

/** The checksum without imports: a released migration can move, but its code cannot change. */
const checksumOf = (text: string): string =>
  createHash('sha256')
    .update(text.replace(/^import .*\n/gm, '').trim())
    .digest('hex')

function found(root: URL): Found[] {
  const src = fileURLToPath(new URL('src/', root))
  const files = FOLDERS.flatMap((folder) => globSync(`${folder}/*`, { cwd: src }))
  const migrations = files.map((file) => {
    const text = readFileSync(`${src}${file}`, 'utf8')
    const name = basename(file, '.ts')
    const [, exported] = /^export const (\w+): Migration\b/m.exec(text) ?? []
    if (!/^\d{4}_\w+\.ts$/.test(basename(file)) || !exported) {
      throw new Error(
        `src/${file} is no migration: name it like 0042_what.ts, and export one constant of type Migration`,
      )
    }
    return { file, name, exported, checksum: checksumOf(text) }
  })
  const ordered = migrations.sort((a, b) => a.name.localeCompare(b.name))
  ordered.forEach((one, at) => {
    const before = ordered[at - 1]
    if (before?.name.slice(0, 4) === one.name.slice(0, 4)) {
      throw new Error(
        `src/${before.file} and src/${one.file} have the same number: give the newer one the next free number`,
      )
    }
  })
  return ordered
}

export const knownChecksums = (root: URL): Record<string, string> =>
  JSON.parse(readFileSync(new URL(CHECKSUMS, root), 'utf8')) as Record<string, string>

/** The generated files, by name. Throws if a migration with a checksum was changed or removed. */
export function migrationFiles(root: URL, known = knownChecksums(root)): Record<string, string> {
  const migrations = found(root)
  for (const [name, checksum] of Object.entries(known)) {
    const now = migrations.find((migration) => migration.name === name)?.checksum
    if (now === checksum) continue
    throw new Error(
      `The migration ${name} is ${now ? 'not what it was' : 'gone'}. A released one is never changed: write a new one. ` +
        `If it was never released, remove its line from ${CHECKSUMS}.`,
    )
  }
  const checksums = Object.fromEntries(migrations.map(({ name, checksum }) => [name, checksum]))
  return {
    [CHECKSUMS]: `${JSON.stringify(checksums, null, 2)}\n`,
    'src/migrations.generated.ts': [
      '// Written by `npm run generate` from the folders of migrations.',
      "import type { Migrations } from './db/migrate.ts'",
      ...migrations.map(({ file, exported }) => `import { ${exported} } from './${file}'`),
      '',
      'export const MIGRATIONS: Migrations = {',
      ...migrations.map(({ name, exported }) => `  '${name}': ${exported},`),
      '}',
      '',
    ].join('\n'),
    'src/db/schema-number.generated.ts': [
      '// Written by `npm run generate` from the folders of migrations.',
      '/** The number of the last migration that this program knows. Each logged change has it. */',
      `export const SCHEMA_NUMBER = ${Number.parseInt(migrations.at(-1)?.name ?? '0', 10)}`,
      '',
    ].join('\n'),
  }
}

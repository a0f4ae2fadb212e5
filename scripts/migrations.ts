import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * The folder of migrations is the list of migrations. From it come the module that runs them, in the order of their numbers, and
 * the checksums by which a test sees that none was changed after it was released.
 */
const FOLDER = new URL('../src/db/migrations/', import.meta.url)
const CHECKSUMS = 'src/db/migrations.lock.json'

interface Found {
  /** `0007_assignments`: as the database remembers it. */
  readonly name: string
  readonly exported: string
  readonly checksum: string
}

/** Where a file lies may change, what it does may not: imports do not count. */
const checksumOf = (text: string): string =>
  createHash('sha256')
    .update(text.replace(/^import .*\n/gm, '').trim())
    .digest('hex')

function found(): Found[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, FOLDER), 'utf8')
      const [, exported] = /^export const (\w+): Migration\b/m.exec(text) ?? []
      if (!/^\d{4}_\w+\.ts$/.test(file) || !exported) {
        throw new Error(
          `${file} is no migration: its name is 0042_what.ts, and it exports one constant of type Migration`,
        )
      }
      return { name: file.slice(0, -3), exported, checksum: checksumOf(text) }
    })
}

export const knownChecksums = (): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../${CHECKSUMS}`, import.meta.url), 'utf8')) as Record<string, string>

/** The two files, by name. Fails where a migration that has a checksum is not what it was. */
export function migrationFiles(known: Record<string, string> = knownChecksums()): Record<string, string> {
  const migrations = found()
  for (const [name, checksum] of Object.entries(known)) {
    const now = migrations.find((migration) => migration.name === name)?.checksum
    if (now === checksum) continue
    throw new Error(
      `The migration ${name} is ${now ? 'not what it was' : 'gone'}. A released one is never changed: write a new one. ` +
        `If it was never released, take its line out of ${CHECKSUMS}.`,
    )
  }
  const checksums = Object.fromEntries(migrations.map(({ name, checksum }) => [name, checksum]))
  return {
    [CHECKSUMS]: `${JSON.stringify(checksums, null, 2)}\n`,
    'src/db/migrations.generated.ts': [
      '// Written by `npm run generate` from the files in migrations/.',
      "import type { Migration } from './migration.ts'",
      ...migrations.map(({ name, exported }) => `import { ${exported} } from './migrations/${name}.ts'`),
      '',
      '/** In order; forward only. */',
      'export const MIGRATIONS: Record<string, Migration> = {',
      ...migrations.map(({ name, exported }) => `  '${name}': ${exported},`),
      '}',
      '',
    ].join('\n'),
  }
}

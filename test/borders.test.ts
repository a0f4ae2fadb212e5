import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('..', import.meta.url).pathname
const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: { name: string }[] }

/** For each rule a file that breaks it, and what that file imports. */
const BREACHES: Record<string, [file: string, imports: string][]> = {
  'no-cycles': [
    ['src/core/one.ts', './two.ts'],
    ['src/core/two.ts', './one.ts'],
  ],
  'core-stands-alone': [['src/core/planted.ts', '../db/connect.ts']],
  'declarations-stand-alone': [['src/core/declare/planted.ts', '../data/tx.ts']],
  'rows-do-not-know-who-runs': [['src/core/data/planted.ts', '../run/pipeline.ts']],
  'transports-know-core-only': [['src/transports/planted.ts', '../features/trips/index.ts']],
  'features-stand-on-core': [['src/features/trips/planted.ts', '../../transports/http.ts']],
  'features-meet-at-the-door': [['src/features/days/planted.ts', '../trips/store.ts']],
  'contracts-run-in-the-browser': [['src/features/days/contract.ts', './store.ts']],
  'web-sees-contracts': [['src/features/packing/web/planted.tsx', '../store.ts']],
  'server-does-not-see-web': [['src/features/packing/planted.ts', './web/planted.tsx']],
  'db-stands-on-core': [['src/db/planted.ts', '../identity/people/store.ts']],
  'adapters-stand-on-core': [['src/adapters/planted.ts', '../features/trips/index.ts']],
  'identity-hands-over': [['src/identity/planted.ts', '../features/trips/index.ts']],
  'only-main-composes': [['src/identity/planted.ts', '../server.ts']],
}

/** What only some files may do, by what it looks like in the text. */
const ROOMS = [
  {
    what: 'SQL stands in store.ts files and in db/ only',
    text: /\.(selectFrom|insertInto|updateTable|deleteFrom)\(|sql`/,
    may: /(^|\/)store\.ts$|^src\/db\//,
  },
  { what: 'only config.ts reads the environment', text: /process\.env/, may: /^src\/config\.ts$/ },
]

test.each(ROOMS)('$what', ({ text, may }) => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) => !/\.test\.ts$/.test(file))
  const breaking = sources.filter((file) => text.test(readFileSync(join(root, file), 'utf8')))
  expect(breaking.some((file) => may.test(file))).toBe(true)
  expect(breaking.filter((file) => !may.test(file))).toEqual([])
})

test('every rule has a breach planted for it', () => {
  expect(Object.keys(BREACHES).sort()).toEqual(rules.forbidden.map((rule) => rule.name).sort())
})

test.each(Object.entries(BREACHES))('a breach of %s is found', (rule, files) => {
  const folder = mkdtempSync(join(tmpdir(), 'trek-borders-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, '.dependency-cruiser.cjs'), readFileSync(join(root, '.dependency-cruiser.cjs')))
    for (const [file, imports] of files) {
      plant(folder, file, `import * as other from '${imports}'\nexport const planted = other\n`)
      const target = join(dirname(file), imports)
      if (!files.some(([planted]) => planted === target)) plant(folder, target, 'export const there = true\n')
    }
    const found = cruise(folder)
    expect(found).toContain(rule)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

function plant(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

/** The names of the rules that dependency-cruiser finds broken. */
function cruise(folder: string): string[] {
  const binary = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const answer = execFileSync(process.execPath, [binary, 'src', '--output-type', 'json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { summary } = JSON.parse(String(answer)) as { summary: { violations: { rule: { name: string } }[] } }
  return summary.violations.map((violation) => violation.rule.name)
}

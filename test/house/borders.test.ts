import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] }

/** For each rule, files at two depths that break it, with their imports. */
const BREACHES: Record<string, Breach[]> = {
  'no-cycles': [
    { 'src/core/run/one.ts': './two.ts', 'src/core/run/two.ts': './one.ts' },
    { 'src/db/deep/one.ts': './er/two.ts', 'src/db/deep/er/two.ts': '../one.ts' },
  ],
  'declarations-stand-alone': [
    { 'src/core/declare/planted.ts': '../data/tx.ts' },
    { 'src/core/declare/deep/planted.ts': '../../run/feature.ts' },
  ],
  'data-stands-on-declarations': [
    { 'src/core/data/planted.ts': '../run/pipeline.ts' },
    { 'src/core/data/deep/planted.ts': '../../run/pipeline.ts' },
  ],
  'core-stands-alone': [
    { 'src/core/run/planted.ts': '../../db/connect.ts' },
    { 'src/core/run/deep/planted.ts': '../../../adapters/files.ts' },
  ],
  'transports-know-core-only': [
    { 'src/transports/planted.ts': '../features/trips/server/index.ts' },
    { 'src/transports/mcp/deep/planted.ts': '../../../identity/contract/index.ts' },
  ],
  'db-stands-on-core': [
    { 'src/db/planted.ts': '../identity/server/people/store.ts' },
    { 'src/db/migrations/planted.ts': '../../features/trips/contract/index.ts' },
  ],
  'adapters-stand-on-core': [
    { 'src/adapters/planted.ts': '../features/trips/server/index.ts' },
    { 'src/adapters/weather/planted.ts': '../../db/connect.ts' },
  ],
  'contracts-run-in-the-browser': [
    { 'src/features/days/contract/planted.ts': '../server/store.ts' },
    { 'src/identity/contract/planted.ts': '../../core/run/feature.ts' },
  ],
  'features-import-server-indexes-only': [
    { 'src/features/days/server/planted.ts': '../../trips/server/store.ts' },
    { 'src/features/doctor/server/checks/planted.ts': '../../../../transports/http.ts' },
  ],
  'identity-hands-over': [
    { 'src/identity/server/planted.ts': '../../features/trips/server/index.ts' },
    { 'src/identity/server/oauth/planted.ts': '../../../transports/http.ts' },
  ],
  'ui-knows-no-feature': [
    { 'src/ui/planted.tsx': '../features/trips/contract/index.ts' },
    { 'src/ui/design/deep/planted.tsx': '../../../identity/web/session.ts' },
  ],
  'web-stands-on-ui': [
    { 'src/features/packing/web/planted.tsx': '../server/store.ts' },
    { 'src/identity/web/planted.tsx': '../../app/router.tsx' },
  ],
  'app-stays-in-the-browser': [
    { 'src/app/planted.tsx': '../core/run/pipeline.ts' },
    { 'src/app/trip/planted.tsx': '../../features/trips/server/store.ts' },
  ],
  'registrations-are-for-the-app': [
    { 'src/features/packing/web/planted.tsx': './register.ts' },
    { 'src/features/sharing/web/public/planted.tsx': '../../../packing/web/register.ts' },
  ],
  'registrations-load-later': [
    { 'src/features/packing/web/register.ts': './packing-page.tsx' },
    { 'src/identity/web/register.ts': './log-in-page.tsx' },
  ],
  'server-does-not-see-web': [
    { 'src/features/packing/server/planted.ts': '../web/planted.tsx' },
    { 'src/transports/planted.ts': '../ui/dates.ts' },
  ],
  'only-main-composes': [
    { 'src/identity/planted.ts': '../server.ts' },
    { 'src/cli/deep/planted.ts': '../../product.ts' },
  ],
}

/** The planted files, each with its import. */
type Breach = Record<string, string>

/** Code that only some files may contain. */
const ROOMS = [
  {
    what: 'only store.ts files, migrations and db/ contain SQL',
    text: /\.(selectFrom|insertInto|updateTable|deleteFrom)\(|sql`/,
    may: /(^|\/)store\.ts$|\/server\/migrations\/|^src\/core\/data\/migration\.ts$|^src\/db\//,
  },
  { what: 'only src/config reads the environment', text: /process\.env/, may: /^src\/config\// },
]

test.each(ROOMS)('$what', ({ text, may }) => {
  const sources = globSync('src/**/*.{ts,tsx}', { cwd: root }).filter((file) => !/\.test\.ts$/.test(file))
  const breaking = sources.filter((file) => text.test(readFileSync(join(root, file), 'utf8')))
  expect(breaking.some((file) => may.test(file))).toBe(true)
  expect(breaking.filter((file) => !may.test(file))).toEqual([])
})

test('every rule has a planted violation', () => {
  expect(Object.keys(BREACHES).sort()).toEqual(rules.forbidden.map((rule) => rule.name).sort())
})

const EACH = Object.entries(BREACHES).flatMap(([rule, breaches]) => breaches.map((files) => ({ rule, files })))

test('each rule is violated at two depths', () => {
  for (const breaches of Object.values(BREACHES)) {
    const depths = breaches.map((files) => Math.max(...Object.keys(files).map((file) => file.split('/').length)))
    expect(new Set(depths).size).toBe(2)
  }
})

test.each(EACH)('a violation of $rule is found in $files', ({ rule, files }) => {
  const folder = mkdtempSync(join(tmpdir(), 'trek-borders-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, '.dependency-cruiser.cjs'), readFileSync(join(root, '.dependency-cruiser.cjs')))
    for (const [file, imports] of Object.entries(files)) {
      plant(folder, file, `import * as other from '${imports}'\nexport const planted = other\n`)
      const target = join(dirname(file), imports)
      if (!(target in files)) plant(folder, target, 'export const there = true\n')
    }
    expect(cruise(folder)).toContain(rule)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

function plant(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

/** The names of the rules that dependency-cruiser reports as violated. */
function cruise(folder: string): string[] {
  const binary = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
  const answer = execFileSync(process.execPath, [binary, 'src', '--output-type', 'json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const { summary } = JSON.parse(String(answer)) as { summary: { violations: { rule: { name: string } }[] } }
  return summary.violations.map((violation) => violation.rule.name)
}

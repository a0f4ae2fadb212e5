import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import config from '../../vitest.config.ts'

const root = new URL('../..', import.meta.url).pathname

/** The suites of each project in the configuration of vitest. */
const projects = new Map(
  (config.test?.projects ?? []).map((project) => {
    const { name, include } = (project as { test: { name: string; include: string[] } }).test
    return [name, include]
  }),
)

test('every suite is in exactly one project', () => {
  // Finds suites without the code under test, by any plausible file name of a suite.
  const testFiles = globSync('{src,test}/**/*.{test,spec}.{ts,tsx,mts,js}', { cwd: root }).sort()
  expect([...projects.values()].flat().sort()).toEqual(testFiles)
})

test('suites are assigned to projects by their need for a browser, a database or neither', () => {
  expect(projects.get('unit')).toContain('src/ui/call.test.ts')
  expect(projects.get('unit')).toContain('src/features/plan/web/plan.test.ts')
  expect(projects.get('database')).toContain('src/features/packing/server/packing.test.ts')
  expect(projects.get('database')).toContain('src/identity/server/log-in.test.ts')
  expect(projects.get('isolated')).toContain('src/identity/server/oauth/attacks/documents.test.ts')
  expect(projects.get('isolated')).toContain('test/security/refusals.test.ts')
  for (const suite of globSync('test/e2e/*.test.ts', { cwd: root })) expect(projects.get('browser')).toContain(suite)
})

test('a failed run keeps its exit code, although the embedded PostgreSQL ends the process itself', () => {
  const script = 'await import("./test/harness/database/postgres.ts"); process.exitCode = 3'
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root })
  expect(status).toBe(3)
})

import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** All suites. */
export const suites = (): string[] => globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: ROOT }).sort()

/** The files of test/ that a suite loads, directly or indirectly. Type imports do not count. */
function loads(file: string, loaded = new Set<string>()): Set<string> {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/^(import|export) type .*$/gm, '')
  for (const [, path = ''] of text.matchAll(/(?:from |import\()'(\.[^']+\.ts)'/g)) {
    const target = join(dirname(file), path)
    if (!target.startsWith('test/') || loaded.has(target)) continue
    loaded.add(target)
    loads(target, loaded)
  }
  return loaded
}

export const PROJECTS = ['unit', 'database', 'isolated', 'browser'] as const

/**
 * The project of a suite, by its needs: a browser, a database, or neither. A suite that replaces or reloads a module of the
 * product, or counts the steps of modules from the moment that they load, needs its own process.
 */
export function projectOf(file: string): (typeof PROJECTS)[number] {
  const needs = loads(file)
  if (needs.has('test/harness/browser/browser.ts')) return 'browser'
  if (/\bvi\.(mock|resetModules)\(/.test(readFileSync(join(ROOT, file), 'utf8'))) return 'isolated'
  if (needs.has('test/harness/database/steps.ts')) return 'isolated'
  return needs.has('test/harness/database/databases.ts') ? 'database' : 'unit'
}

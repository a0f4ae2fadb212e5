import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const PATH = /`((?:src|core|db|features|identity|transports|ui|app|test|bench|scripts)\/[\w./-]+\.[a-z]+)`/g

test.each(globSync(['*.md', 'docs/**/*.md', 'bench/*.md'], { cwd: root }))('%s names only existing files', (page) => {
  const named = [...readFileSync(join(root, page), 'utf8').matchAll(PATH)].map(([, path]) => path as string)
  const missing = named.filter(
    (path) => !path.includes('00NN') && !existsSync(join(root, path)) && !existsSync(join(root, 'src', path)),
  )
  expect(missing).toEqual([])
})

const CASE = /`((?:src|test)\/[\w./-]+\.test\.ts)` ((?:"[^"]+"(?:, )?)+)/g

test('every line of the table of failures in docs/operations.md names existing tests', () => {
  const lines = readFileSync(join(root, 'docs/operations.md'), 'utf8').split('\n')
  const cases = lines.filter((line) => line.startsWith('| ') && !line.startsWith('| What happens'))
  expect(cases.length).toBeGreaterThan(20)
  for (const line of cases) {
    const proofs = [...line.matchAll(CASE)]
    expect(proofs.length, line).toBeGreaterThan(0)
    for (const [, file = '', names = ''] of proofs) {
      const text = readFileSync(join(root, file), 'utf8')
      for (const [, name = ''] of names.matchAll(/"([^"]+)"/g)) expect(text, file).toContain(name)
    }
  }
})

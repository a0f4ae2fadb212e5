import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const PATH = /`((?:src|core|db|features|identity|transports|ui|app|test|bench|scripts)\/[\w./-]+\.[a-z]+)`/g

test.each(globSync(['*.md', 'docs/**/*.md', 'bench/*.md'], { cwd: root }))('%s names files that are there', (page) => {
  const named = [...readFileSync(join(root, page), 'utf8').matchAll(PATH)].map(([, path]) => path as string)
  const missing = named.filter(
    (path) => !path.includes('00NN') && !existsSync(join(root, path)) && !existsSync(join(root, 'src', path)),
  )
  expect(missing).toEqual([])
})

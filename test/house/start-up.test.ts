import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { SERVER } from '../../bench/processes.ts'

test('the built program does not make Node load its client for browser interfaces', () => {
  const printsModules = `process.on('exit', () => console.error(JSON.stringify(process.moduleLoadList)))`
  const words = ['--import', `data:text/javascript,${encodeURIComponent(printsModules)}`, SERVER, 'version']
  const { stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  const loaded = JSON.parse(stderr) as string[]
  expect(loaded).toContain('NativeModule http')
  expect(loaded.filter((name) => name.includes('undici'))).toEqual([])
})

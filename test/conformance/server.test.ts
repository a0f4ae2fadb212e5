import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { migrate } from '../../src/db/migrate.ts'
import { ENGINES, type Place } from '../databases.ts'
import { makeKeys, startServer, type TestServer } from '../mcp/rig.ts'
import { fixtures } from './fixtures.ts'
import { startProxy } from './proxy.ts'

/** The MCP project's own suite against our real transport. It has no second try: what fails once has failed. */

const SUITE = dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json'))

const REVISIONS = ['2025-11-25', '2026-07-28'] as const

/** The scenarios that the suite requires of a server of this revision, from the list that comes with it. */
function requiredOf(revision: string): string[] {
  const text = readFileSync(join(SUITE, 'requirements', `${revision}.yaml`), 'utf8')
  const section = /^server:\n((?: {2}- .*\n)+)/m.exec(text)?.[1] ?? ''
  return [...section.matchAll(/- (\S+)/g)].map(([, name]) => name as string)
}

interface Check {
  id: string
  status: string
  errorMessage?: string
}

/** Runs the suite and gives what it wrote down of each scenario. */
async function run(url: string, revision: string): Promise<Map<string, Check[]>> {
  const results = mkdtempSync(join(tmpdir(), 'trek-conformance-'))
  const arguments_ = ['server', '--url', url, '--requirements', revision, '--output-dir', results]
  const child = spawn(process.execPath, [join(SUITE, 'dist/index.js'), ...arguments_], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  const found = new Map<string, Check[]>()
  for (const folder of readdirSync(results)) {
    const name = /^server-(.+)-\d{4}-\d{2}-\d{2}T.*$/.exec(folder)?.[1] as string
    found.set(name, JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8')))
  }
  rmSync(results, { recursive: true, force: true })
  return found
}

describe.each(REVISIONS)('%s', (revision) => {
  describe.each(ENGINES)('on $engine', ({ place: makePlace }) => {
    let place: Place
    let server: TestServer
    let found: Map<string, Check[]>

    beforeAll(async () => {
      place = await makePlace()
      const database = openDatabase(place.target)
      await migrate(database)
      await database.close()
      const keys = makeKeys()
      server = await startServer(place.target, keys, { fixtures })
      const proxy = await startProxy(server.url, keys.issue(1))
      found = await run(proxy.url, revision)
      await proxy.stop()
    }, 120_000)

    afterAll(async () => {
      await server.stop()
      await place.remove()
    })

    test.each(requiredOf(revision))('%s', (scenario) => {
      const checks = found.get(scenario) ?? []
      expect(checks.filter(({ status }) => status !== 'INFO')).not.toEqual([])
      expect(checks.filter(({ status }) => !['SUCCESS', 'INFO', 'SKIPPED'].includes(status))).toEqual([])
    })

    test('nothing went wrong on the server meanwhile', () => {
      expect(server.logged).toEqual([])
      expect(server.failures).toEqual([])
    })
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { migrate } from '../../src/db/migrate.ts'
import { MIGRATIONS } from '../../src/migrations.generated.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { makeKeys, startServer, type TestServer } from '../harness/mcp/rig.ts'
import { fixtures } from './fixtures.ts'
import { startProxy } from './proxy.ts'
import { type Check, check, expectPassed, SUITE } from './suite.ts'

/** The test suite of the MCP project against our real transport. */

const REVISIONS = ['2025-11-25', '2026-07-28'] as const

/** The scenarios that the suite requires of a server of this revision, from its own list. */
function requiredOf(revision: string): string[] {
  const text = readFileSync(join(SUITE, 'requirements', `${revision}.yaml`), 'utf8')
  const section = /^server:\n((?: {2}- .*\n)+)/m.exec(text)?.[1] ?? ''
  return [...section.matchAll(/- (\S+)/g)].map(([, name]) => name as string)
}

describe.each(REVISIONS)('%s', (revision) => {
  describe.each(ENGINES)('on $engine', ({ place: makePlace }) => {
    let place: Place
    let server: TestServer
    let checks: Map<string, Check[]>

    beforeAll(async () => {
      place = await makePlace()
      const database = openDatabase(place.target)
      await migrate(database, MIGRATIONS)
      await database.close()
      const keys = makeKeys()
      server = await startServer(place.target, keys, { fixtures })
      const proxy = await startProxy(server.url, keys.issue(1))
      checks = await check(['server', '--url', proxy.url, '--requirements', revision])
      await proxy.stop()
    }, 120_000)

    afterAll(async () => {
      await server.stop()
      await place.remove()
    })

    test.each(requiredOf(revision))('%s', (scenario) => {
      expectPassed(checks.get(scenario))
    })

    test('the server logged no error', () => {
      expect(server.logged).toEqual([])
      expect(server.failures).toEqual([])
    })
  })
})

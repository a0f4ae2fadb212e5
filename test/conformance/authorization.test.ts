import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Office, openOffice } from '../harness/assistants/office.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { Program } from '../harness/rigs/oauth.ts'
import { type Check, check, expectPassed, runSuite } from './suite.ts'

/** The test suite of the MCP project against our authorization server, with a person at a browser for the consent. */

const SCENARIOS = [...(await runSuite(['list', '--authorization'])).matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const browser = withBrowser()

describe.each(ENGINES)('on $engine', ({ place }) => {
  let office: Office
  let checks: Map<string, Check[]>

  beforeAll(async () => {
    office = await openOffice(browser(), place)
    const port = await freePort()
    const { clientId } = await new Program(office.url, `http://127.0.0.1:${port}/callback`).register()
    let answered: Promise<void> | undefined
    const arguments_ = ['--url', office.url, '--client-id', clientId, '--resource', `${office.url}/mcp`]
    checks = await check(['authorization', ...arguments_, '--port', String(port)], (output) => {
      const url = /^http\S+\/oauth\/authorize\?\S+$/m.exec(output)?.[0]
      if (url) answered ??= office.person.allow(url)
    })
    await answered
  }, 120_000)

  afterAll(() => office.close())

  test.each(SCENARIOS)('%s', (scenario) => {
    expectPassed(checks.get(scenario ?? ''))
  })

  test('no check was skipped', () => {
    expect([...checks.values()].flat().filter(({ status }) => status === 'SKIPPED')).toEqual([])
  })
})

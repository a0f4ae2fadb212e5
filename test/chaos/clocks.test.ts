import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import {
  assistantOf,
  attempt,
  databaseOf,
  end,
  killServers,
  type Serving,
  serve,
  tripIdOf,
} from '../harness/processes/serving.ts'
import { some } from '../harness/prove.ts'
import { PASSWORD } from '../harness/rigs/accounts.ts'
import { Browser } from '../harness/rigs/oauth.ts'
import { until } from '../harness/until.ts'
import { defectsAt } from './checker.ts'

/**
 * A clock that an error or an empty battery sets wrong by a year while the server runs, and that is corrected later.
 */

const YEAR_MS = 366 * 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'trek-clocks-'))
const offsetFile = join(folder, 'offset')
afterAll(() => {
  killServers()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(some(ENGINES))('on $engine, a clock', ({ place: find }) => {
  let place: Place
  let serving: Serving
  let instance: { dataDir: string; url?: string }
  beforeEach(async () => {
    place = await find()
    instance = { dataDir: place.folder, ...(place.target.startsWith('postgres') && { url: place.target }) }
    serving = await serve({
      ...instance,
      preload: 'clock.ts',
      env: { CLOCK_OFFSET_FILE: offsetFile, ADMIN_PASSWORD: PASSWORD, MCP_RATE_LIMIT: '40' },
    })
  })
  afterEach(async () => {
    expect(await end(serving)).toBe(0)
    expect(serving.printed()).not.toContain('"bug"')
    expect(await defectsAt(databaseOf(instance))).toEqual([])
    await place.remove()
  })

  async function setWrongBy(ms: number): Promise<void> {
    writeFileSync(offsetFile, String(ms))
    serving.child.kill('SIGUSR2')
    await until(() => serving.printed().trimEnd().endsWith(`The clock is wrong by ${ms} ms.`), 10_000, 'it is set')
  }

  test('that is wrong for a while ends no session and loses nothing', async () => {
    const browser = new Browser(`http://127.0.0.1:${serving.port}`)
    await browser.logIn('admin', PASSWORD)
    const assistant = await assistantOf(serving)
    const tripId = tripIdOf(await assistant.tool('create_trip', { title: 'Kyoto' }))
    const statusOf = async (path: string) => (await browser.fetch(path)).status
    expect(await statusOf(`/api/trips/${tripId}`)).toBe(200)

    await setWrongBy(YEAR_MS)
    // By that date the session would have expired.
    expect(await statusOf(`/api/trips/${tripId}`)).toBe(401)
    expect(await attempt(assistant, 'create_place', { tripId, name: 'Ahead' })).toBe('done')
    const other = new Browser(browser.base)
    await other.logIn('admin', PASSWORD)

    await setWrongBy(0)
    expect(await statusOf(`/api/trips/${tripId}`)).toBe(200)
    await setWrongBy(-YEAR_MS)
    expect(await statusOf(`/api/trips/${tripId}`)).toBe(200)
    expect(await attempt(assistant, 'create_place', { tripId, name: 'Back' })).toBe('done')
    await setWrongBy(0)
    expect(await statusOf(`/api/trips/${tripId}`)).toBe(200)
    expect((await other.fetch(`/api/trips/${tripId}`)).status).toBe(200)
    const places = await assistant.tool('list_places', { tripId })
    expect(places).toContain('"Ahead"')
    expect(places).toContain('"Back"')
  })

  test('that is set back makes nobody wait for the lost time', async () => {
    const assistant = await assistantOf(serving)
    const ask = () => assistant.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: LIST })
    const guess = async () => {
      const answer = await fetch(`http://127.0.0.1:${serving.port}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ identifier: 'nobody', password: 'wrong-lantern-42' }),
      })
      return { status: answer.status, headers: Object.fromEntries(answer.headers) }
    }
    const refusal = async (repeat: () => Promise<{ status: number; headers: Record<string, unknown> }>) => {
      const refused = await until(
        async () => {
          const answer = await repeat()
          return answer.status === 429 ? answer : null
        },
        30_000,
        'it is refused',
      )
      return Number(refused.headers['retry-after'])
    }
    expect(await refusal(ask)).toBeLessThanOrEqual(60)
    expect(await refusal(guess)).toBeLessThanOrEqual(900)
    await setWrongBy(-YEAR_MS)
    expect(await refusal(ask)).toBeLessThanOrEqual(60)
    expect(await refusal(guess)).toBeLessThanOrEqual(900)
    await setWrongBy(0)
  })
})

const LIST = { name: 'list_trips', arguments: {} }

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Environment } from '../../../src/config/index.ts'
import { ENGINES, type Place } from '../database/databases.ts'
import { type Conditions, type Running, startRunning } from '../rigs/running.ts'
import { type Browsed, openBrowser } from './browser.ts'

/** A browser for the tests of a suite. */
export function withBrowser(browsed?: Browsed): () => Browser {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser(browsed)
  })
  afterAll(() => browser.close())
  return () => browser
}

/** A server on SQLite and a browser for the tests of a suite. */
export function withServerAndBrowser(env: Environment = {}, conditions: Conditions = {}) {
  let place: Place
  let running: Running
  beforeAll(async () => {
    place = await ENGINES[0].place({ migrated: true })
    running = await startRunning(place.target, env, conditions)
  })
  afterAll(async () => {
    await running.close()
    await place.remove()
  })
  return { running: () => running, browser: withBrowser() }
}

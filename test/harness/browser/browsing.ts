import { ENGINES } from '../database/databases.ts'
import { startRunning } from '../rigs/running.ts'
import { type Browsed, openBrowser } from './browser.ts'

/** Starts a server on SQLite, and a browser. */
export async function startBrowsing(browsed?: Browsed) {
  const place = await ENGINES[0].place({ migrated: true })
  const running = await startRunning(place.target)
  const browser = await openBrowser(browsed)
  return {
    running,
    browser,
    async close() {
      await browser.close()
      await running.close()
      await place.remove()
    },
  }
}

export type Browsing = Awaited<ReturnType<typeof startBrowsing>>

import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { structured } from '../../bench/client.ts'
import { keepPicture, openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

const lines: string[] = []
const { running, browser } = withServerAndBrowser(
  { LOG_LEVEL: 'warn' },
  { log: { write: (line) => void lines.push(line) } },
)

/** The log entries for the request that this message names. */
const loggedFor = (words: string | null) => {
  const id = new RegExp(ID).exec(words ?? '')?.[0]
  return lines.map((line) => JSON.parse(line)).filter(({ request_id }) => request_id === id)
}

test('a failed save shows the id of its request, which is in the log', { timeout: 60_000 }, async () => {
  const ana = await running().person('Ana')
  const { trip } = structured<{ trip: { id: number } }>(await ana.assistant.tool('create_trip', { title: 'Kyoto' }))
  await ana.assistant.tool('create_packing_item', { tripId: trip.id, name: 'Tent' })
  const { page } = await openPage(browser(), running().url, ana)
  await page.goto(`${running().url}/trips/${trip.id}?part=packing`)
  const tent = page.getByRole('checkbox', { name: 'Tent' })
  await tent.waitFor()
  // Another program holds an exclusive lock on the database, longer than a write waits.
  const other = new Sqlite(running().config.database)
  other.exec('begin immediate')
  await tent.click()
  const notifications = page.getByRole('region', { name: 'Messages' })
  const toast = notifications.getByText(new RegExp(`^The database is busy with another change \\(request ${ID}\\)$`))
  await toast.waitFor()
  await keepPicture(page, 'request-id')
  const words = await toast.textContent()
  other.exec('rollback')
  other.close()
  expect(loggedFor(words)).toMatchObject([
    { level: 40, code: 'unavailable', msg: 'The database is busy with another change' },
  ])
  await page.context().close()
})

test('a page that fails to load because of a bug names the log line that has the stack', {
  timeout: 60_000,
}, async () => {
  const ana = await running().person('Ana')
  const { page } = await openPage(browser(), running().url, ana)
  const other = new Sqlite(running().config.database)
  other.exec('alter table static_tokens rename to mislaid')
  await page.goto(`${running().url}/settings?tab=integrations`)
  const alert = page.getByRole('alert').filter({ hasText: 'Something went wrong on the server' }).first()
  await alert.waitFor()
  const words = await alert.textContent()
  other.exec('alter table mislaid rename to static_tokens')
  other.close()
  expect(words?.match(new RegExp(ID, 'g'))).toHaveLength(1)
  expect(loggedFor(words)).toMatchObject([
    { level: 50, msg: 'bug', err: { stack: expect.stringContaining('no such table: static_tokens') } },
  ])
  await page.context().close()
})

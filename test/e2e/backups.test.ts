import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameAt } from '../../src/backup/names.ts'
import { PASSWORD } from '../harness/accounts.ts'
import { openBrowser, openPage } from '../harness/browser.ts'
import { ENGINES, type Place } from '../harness/databases.ts'
import { LOOKS, Looking, once } from '../harness/looks.ts'
import { assistantOf, end, killServers, type Serving, serve } from '../harness/serving.ts'
import { trek } from '../harness/trek.ts'

const KEY = '5e'.repeat(32)
const ADMIN = { username: 'admin', password: PASSWORD }

let place: Place
let browser: Browser
let folder: string

beforeAll(async () => {
  place = await ENGINES[0].place()
  folder = join(place.folder, 'backups')
  mkdirSync(folder)
  browser = await openBrowser()
})

afterAll(async () => {
  killServers()
  await browser.close()
  await place.remove()
})

const dataDir = () => join(place.folder, 'data')

/** A server as a process of its own: what it makes backups with is the command line that was built. */
const serving = (more: Record<string, string> = {}): Promise<Serving> =>
  serve({ dataDir: dataDir(), env: { ADMIN_PASSWORD: PASSWORD, BACKUP_TO: folder, ...more } })

const urlOf = ({ port }: Serving) => `http://localhost:${port}`

test('an administrator makes a backup, takes it along, and sees what restoring it would change', {
  timeout: 120_000,
}, async () => {
  // So that none is made by the clock meanwhile.
  writeFileSync(join(folder, nameAt(new Date(Date.now() - 3_600_000), false)), '')
  const server = await serving()
  const { page, complaints } = await openPage(browser, urlOf(server), ADMIN)
  await page.goto(`${urlOf(server)}/admin?tab=backups`)
  await page.getByText('1 hour ago').waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText('The backup is made').waitFor()
  const lines = page.getByRole('region', { name: 'Backups in the folder' }).getByRole('listitem')
  expect(await lines.count()).toBe(2)
  const line = lines.first()

  const saved = page.waitForEvent('download')
  await line.getByRole('link', { name: /^Download/ }).click()
  const download = await saved
  const copy = join(place.folder, 'copy.tar.zst')
  await download.saveAs(copy)
  expect(download.suggestedFilename()).toMatch(/^trek-.*\.tar\.zst$/)
  const shell = { DATA_DIR: dataDir(), DATABASE_URL: '', ENCRYPTION_KEY: KEY }
  expect(await trek(shell, 'verify', copy)).toMatchObject({ code: 0, stderr: '' })

  await (await assistantOf(server)).tool('create_trip', { title: 'After the backup' })
  await line.getByRole('button', { name: /^Preview restore/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The backup is whole.').waitFor()
  expect(
    await dialog
      .getByRole('row', { name: /^Trips/ })
      .getByRole('cell')
      .allInnerTexts(),
  ).toEqual(['0', '1'])
  expect(await dialog.getByText(/^npm run -s trek -- restore .*--replace$/).textContent()).toContain(
    join(folder, download.suggestedFilename()),
  )
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await dialog.getByText('Copied').waitFor()
  await page.keyboard.press('Escape')

  renameSync(folder, `${folder}-away`)
  await page.reload()
  await page.getByText('No backup can be made').waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText(/^No backup could be made on /).waitFor()
  expect(await page.getByText(/^The folder .* is not there\. Make it, or mount its disk/).count()).toBe(1)
  renameSync(`${folder}-away`, folder)
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText(/^No backup could be made on /).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await page.context().close()
  expect(await end(server)).toBe(0)
})

const looked = once(async () => {
  const without = await serving({ BACKUP_TO: '' })
  const first = await openPage(browser, urlOf(without), ADMIN)
  const looking = new Looking(first.page)
  await first.page.goto(`${urlOf(without)}/admin?tab=backups`)
  await looking.at('backups-none', first.page.getByText('Set BACKUP_TO to a folder'))
  await first.page.context().close()
  await end(without)

  writeFileSync(join(folder, 'trek-2026-01-02T03-00-00Z.tar.zst.age'), 'x'.repeat(3_000_000))
  const server = await serving()
  const { page, complaints } = await openPage(browser, urlOf(server), ADMIN)
  const further = new Looking(page)
  await page.goto(`${urlOf(server)}/admin?tab=backups`)
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText('The backup is made').waitFor()
  await page.reload()
  await further.at('backups', page.getByText('Backups in the folder'))
  await page
    .getByRole('button', { name: /^Preview restore/ })
    .first()
    .click()
  await further.at('backups-preview', page.getByText('The backup is whole.'))
  await page.keyboard.press('Escape')
  // One that takes its time, and one that should have been followed by another long ago.
  const told = await (await page.request.get(`${urlOf(server)}/api/admin/backups`)).json()
  const showing = async (state: object) => {
    await page.unrouteAll()
    await page.route('**/api/admin/backups', (route) => route.fulfill({ json: { ...told, ...state } }))
    await page.reload()
  }
  await showing({ running: true })
  await further.at('backups-running', page.getByText('A backup is being made.'))
  await showing({ backups: told.backups.slice(-1) })
  await further.at('backups-late', page.getByText('It is older than it should be.'))
  await page.unrouteAll()

  renameSync(folder, `${folder}-away`)
  await page.reload()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await further.at('backups-failed', page.getByText(/^No backup could be made on /))
  await page.context().close()
  return { looks: [looking, further], complaints: [...first.complaints, ...complaints] }
})

test.each(LOOKS)('backups hold at $width px in the $theme theme', { timeout: 120_000 }, async (look) => {
  const { looks, complaints } = await looked()
  expect(looks.flatMap((one) => one.wrongAt(look))).toEqual([])
  expect(complaints).toEqual([])
})

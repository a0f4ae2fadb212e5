import { randomBytes } from 'node:crypto'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameAt } from '../../src/backup/names.ts'
import { create_user } from '../../src/features/admin/contract/index.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking, once } from '../harness/browser/looks.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { createInstance } from '../harness/processes/instances.ts'
import {
  assistantOf,
  end,
  killServers,
  openBeside,
  type Serving,
  serve,
  tokenFor,
} from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'
import { commandLine, PASSWORD } from '../harness/rigs/accounts.ts'
import { startStorage, storageSettings } from '../harness/storage/s3.ts'

const KEY = '5e'.repeat(32)
const ADMIN = { username: 'admin', password: PASSWORD }

let place: Place
let folder: string

beforeAll(async () => {
  place = await ENGINES[0].place()
  folder = join(place.folder, 'backups')
  mkdirSync(folder)
})

afterAll(async () => {
  killServers()
  await place.remove()
})

// This comes last, so that the browser is closed before the servers.
const browser = withBrowser()

const dataDir = () => join(place.folder, 'data')

/** A server in its own process, because it makes backups with the built command line. */
const serving = (more: Record<string, string> = {}, port?: number): Promise<Serving> =>
  serve({ dataDir: dataDir(), env: { ADMIN_PASSWORD: PASSWORD, BACKUP_TO: folder, ...more }, ...(port && { port }) })

const urlOf = ({ port }: Serving) => `http://localhost:${port}`

/** A toast message with this text. */
const messageOn = (page: Page, message: string) => page.getByRole('region', { name: 'Messages' }).getByText(message)

test('an administrator makes a backup, downloads it, and previews what restoring it would change', {
  timeout: 120_000,
}, async () => {
  // Recent backups keep the schedule from making one during the test.
  const id = await createInstance({ dataDir: dataDir(), env: { ADMIN_PASSWORD: PASSWORD } })
  writeFileSync(join(folder, nameAt(new Date(Date.now() - 3_600_000), id, false)), zstdCompressSync('not read'))
  writeFileSync(join(folder, nameAt(new Date(Date.now() - 1_800_000), id, false)), '(\xb5')
  const server = await serving()
  const { page, complaints } = await openPage(browser(), urlOf(server), ADMIN)
  await page.goto(`${urlOf(server)}/admin?tab=backups`)
  await page.getByText('1 hour ago').waitFor()
  const lines = page.getByRole('region', { name: 'Backups in the folder' }).getByRole('listitem')
  expect(await lines.first().getByText('Damaged').count()).toBe(1)
  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.getByText('1 hour ago').waitFor()
  await page.getByRole('button', { name: 'Back up now' }).press('Enter')
  await page.getByText('The backup is complete').waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Back up now')
  await other.getByText('1 hour ago').waitFor({ state: 'detached' })
  await other.close()
  expect(await lines.count()).toBe(3)
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
  await dialog.getByText('The backup is complete.').waitFor()
  expect(await dialog.getByRole('row', { name: /^Files/ }).count()).toBe(1)
  expect(await dialog.getByText('Run it with the settings of the server: ENCRYPTION_KEY').count()).toBe(1)
  expect(
    await dialog
      .getByRole('row', { name: /^Trips/ })
      .getByRole('cell')
      .allInnerTexts(),
  ).toEqual(['0', '1'])
  expect(await dialog.getByText(/npm run -s trek -- restore .*--replace$/).textContent()).toBe(
    `DATA_DIR=${dataDir()} npm run -s trek -- restore ${join(folder, download.suggestedFilename())} --replace`,
  )
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await dialog.getByText('Copied').waitFor()
  await page.keyboard.press('Escape')

  const downloadedFile = join(folder, download.suggestedFilename())
  renameSync(downloadedFile, `${downloadedFile}-away`)
  await line.getByRole('link', { name: /^Download/ }).click()
  await messageOn(page, 'This backup is no longer there.').waitFor()
  renameSync(`${downloadedFile}-away`, downloadedFile)

  renameSync(folder, `${folder}-away`)
  await page.reload()
  // The schedule may have tried in the meantime.
  await page.getByText(/^No backup (can|could) be made/).waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText(/^No backup could be made on /).waitFor()
  expect(await page.getByText(/^(None|No backups) yet$/).count()).toBe(0)
  expect(await page.getByText(/^The folder .* does not exist\. Create it, mount its disk/).count()).toBe(1)
  renameSync(`${folder}-away`, folder)
  await page.getByText(/^No backup (can|could) be made/).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  await page.context().close()
  expect(await end(server)).toBe(0)
})

test('a page that is open when the server dies shows the last known state, and later that the backup was interrupted', {
  timeout: 120_000,
}, async () => {
  const server = await serving()
  // The complaints of this page are ignored: the test causes its errors.
  const { page } = await openPage(browser(), urlOf(server), ADMIN)
  const answered = page.waitForResponse('**/api/admin/backups')
  await page.goto(`${urlOf(server)}/admin?tab=backups`)
  const state = (await (await answered).json()) as { backups: { made_at: string }[] }
  await page
    .getByRole('button', { name: /^Preview restore/ })
    .first()
    .waitFor()

  await page.route('**/api/admin/backups', (route) => route.fulfill({ json: { ...state, running: true } }))
  await page.getByText('A backup is being made', { exact: true }).waitFor()
  await page.unrouteAll()
  // The server is killed before it can send anything.
  await end(server, 'SIGKILL')
  await page.getByText('A backup was being made when the server last answered.').waitFor()
  await page
    .getByRole('button', { name: /^Preview restore/ })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('heading', { name: 'The server cannot be reached.' }).waitFor()
  await page.keyboard.press('Escape')
  await page
    .getByRole('link', { name: /^Download/ })
    .first()
    .click()
  await messageOn(page, 'The server cannot be reached.').waitFor()

  const began = Date.parse(state.backups[0]?.made_at ?? '') + 60_000
  const notes = { started_at: new Date(began).toISOString(), failure: null }
  writeFileSync(join(dataDir(), 'backups.json'), JSON.stringify(notes))
  const restarted = await serving({}, server.port)
  await page.getByText('The backup was interrupted').waitFor()
  expect(await page.getByText('The backup is complete').count()).toBe(0)
  await page.getByRole('button', { name: 'Make it again' }).press('Enter')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Back up now')
  await page.getByText('The backup is complete').waitFor()
  expect(await page.getByText('The backup was interrupted').count()).toBe(0)
  await page.context().close()
  expect(await end(restarted)).toBe(0)
})

test('every administrator sees how far a backup is and how it went, also after a reload or with the page closed', {
  timeout: 120_000,
}, async () => {
  const own = await ENGINES[0].place()
  const [instance, to] = [{ dataDir: join(own.folder, 'data') }, join(own.folder, 'backups')]
  mkdirSync(to)
  const storage = await startStorage()
  const env = { ...storageSettings(storage), ADMIN_PASSWORD: PASSWORD, BACKUP_TO: to }
  const id = await createInstance({ ...instance, env })
  writeFileSync(join(to, nameAt(new Date(Date.now() - 3_600_000), id, false)), zstdCompressSync('not read'))
  const server = await serve({ ...instance, env })
  const headers = { authorization: `Bearer ${await tokenFor(instance)}` }
  const post = (path: string, content: object | FormData) =>
    fetch(`${urlOf(server)}/api${path}`, {
      method: 'POST',
      headers: { ...headers, ...(!(content instanceof FormData) && { 'content-type': 'application/json' }) },
      body: content instanceof FormData ? content : JSON.stringify(content),
    })
  const { trip } = await (await post('/trips', { title: 'Kyoto' })).json()
  const form = new FormData()
  form.append('file', new Blob(['%PDF-1.7\n', randomBytes(2_000_000)]), 'ticket.pdf')
  expect(await (await post(`/trips/${trip.id}/files`, form)).json()).toMatchObject({ file: { name: 'ticket.pdf' } })
  const product = await openBeside(instance)
  const secondAdmin = { username: 'second', password: PASSWORD, role: 'admin' } as const
  await product.pipeline.run(create_user, { ...secondAdmin, email: 'second@example.org' }, commandLine)
  await product.close()

  const open = async (account: typeof ADMIN) => {
    const { page } = await openPage(browser(), urlOf(server), account)
    await page.goto(`${urlOf(server)}/admin?tab=backups`)
    await page.getByText('1 hour ago').waitFor()
    return page
  }
  const isShown = async (page: Page) => {
    await page.getByText('You can close this page').waitFor()
    await page.getByText(/ of 2(\.\d)? MB packed/).waitFor()
    expect(await page.getByRole('progressbar', { name: 'Progress of the backup' }).count()).toBe(1)
  }
  const [one, two] = [await open(ADMIN), await open(secondAdmin)]
  // The upload does not arrive, so the backup does not end.
  const release = storage.hold(/^GET \/trek\/files\/[0-9a-f-]{36}/)
  await one.getByRole('button', { name: 'Back up now' }).click()
  await isShown(one)
  await isShown(two)
  await one.reload()
  await isShown(one)
  release()
  await messageOn(one, 'The backup is complete').waitFor()
  await messageOn(two, 'The backup is complete').waitFor()
  await two.reload()
  const listedBackups = two.getByRole('region', { name: 'Backups in the folder' }).getByRole('listitem')
  await listedBackups.nth(1).waitFor()
  expect([await listedBackups.count(), await two.getByText('1 hour ago').count()]).toEqual([2, 0])

  const releaseNext = storage.hold(/^GET \/trek\/files\/[0-9a-f-]{36}/)
  await two.getByRole('button', { name: 'Back up now' }).click()
  await isShown(two)
  await isShown(one)
  await two.close()
  renameSync(to, `${to}-away`)
  releaseNext()
  await one.getByText(/^No backup could be made on /).waitFor()
  await one.reload()
  await one.getByText(/^No backup could be made on /).waitFor()
  await one.context().close()
  await end(server)
  await storage.close()
  await own.remove()
})

const visitPages = once(async () => {
  const without = await serving({ BACKUP_TO: '' })
  const first = await openPage(browser(), urlOf(without), ADMIN)
  const looking = new Looking(first.page)
  await first.page.goto(`${urlOf(without)}/admin?tab=backups`)
  await looking.at('backups-none', first.page.getByText('Set BACKUP_TO to a folder'))
  await first.page.context().close()
  await end(without)

  // Looks like a whole backup. The test reads no more of it.
  const header = `age-encryption.org/v1\n-> X25519 x\n--- ${'x'.repeat(43)}\n`
  const id = await createInstance({ dataDir: dataDir() })
  writeFileSync(join(folder, nameAt(new Date('2026-01-02T03:00:00Z'), id, true)), header + 'x'.repeat(3_000_000))
  const server = await serving()
  const { page, complaints } = await openPage(browser(), urlOf(server), ADMIN)
  const further = new Looking(page)
  await page.goto(`${urlOf(server)}/admin?tab=backups`)
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByText('The backup is complete').waitFor()
  await page.reload()
  await further.at('backups', page.getByText('Backups in the folder'))
  await page
    .getByRole('button', { name: /^Preview restore/ })
    .first()
    .click()
  await further.at('backups-preview', page.getByText('The backup is complete.'))
  await page.keyboard.press('Escape')
  // One backup that is still running, and a last one that is overdue for a successor.
  const backupState = await (await page.request.get(`${urlOf(server)}/api/admin/backups`)).json()
  const showing = async (state: object) => {
    await page.unrouteAll()
    await page.route('**/api/admin/backups', (route) => route.fulfill({ json: { ...backupState, ...state } }))
    await page.reload()
  }
  const progress = { step: 'packing', done_bytes: 1_400_000_000, total_bytes: 5_200_000_000 }
  await showing({ running: true, started_at: new Date(Date.now() - 125_000).toISOString(), progress })
  await further.at('backups-running', page.getByText('A backup is being made', { exact: true }))
  await showing({
    cut_off_at: '2027-04-05T03:00:00.000Z',
    backups: [{ ...backupState.backups[0], size: 0, damaged: true }],
  })
  await further.at('backups-cut-off', page.getByText('The backup was interrupted'))
  await showing({ last_failure: { at: '2027-04-05T03:00:00.000Z', reason: 'Permission denied', made: true } })
  await further.at('backups-not-removed', page.getByText(/^The backup of .* is complete, with a problem/))
  await showing({ backups: backupState.backups.slice(-1) })
  await further.at('backups-late', page.getByText('It is older than it should be.'))
  await page.unrouteAll()

  renameSync(folder, `${folder}-away`)
  await page.reload()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await further.at('backups-failed', page.getByText(/^No backup could be made on /))
  await page.context().close()
  return { looks: [looking, further], complaints: [...first.complaints, ...complaints] }
})

test.each(LOOKS)(
  'the backups page has no layout errors at $width px in the $theme theme',
  { timeout: 120_000 },
  async (look) => {
    const { looks, complaints } = await visitPages()
    expect(looks.flatMap((one) => one.wrongAt(look))).toEqual([])
    expect(complaints).toEqual([])
  },
)

import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { create_oauth_client } from '../../src/identity/contract/oauth.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking, once } from '../harness/browser/looks.ts'
import { browserOf, Program } from '../harness/rigs/oauth.ts'
import type { Person } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

const { running, browser } = withServerAndBrowser()
let root: Person
let ana: Person

beforeAll(async () => {
  root = await running().person('Root', 'admin')
  ana = await running().person('Ana')
})

/** Connects a program to Ana's account. */
async function connected(client_name: string) {
  const program = await new Program(running().url).register({ client_name })
  return { program, ...(await program.connect(await browserOf(running(), ana))) }
}

/** The status that `/mcp` answers to a request with this token and no message. */
const knock = async (token: string) =>
  (await fetch(`${running().url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })).status

const openTab = async (page: Page, name: string) => {
  await page.getByRole('tab', { name }).click()
  await page.getByRole('tabpanel', { name }).waitFor()
}

/** Waits for audit entries with these texts, the latest first. */
async function expectEntries(page: Page, ...texts: RegExp[]) {
  const lines = page.getByRole('tabpanel').getByRole('listitem')
  await lines
    .filter({ hasText: texts[0] as RegExp })
    .first()
    .waitFor()
  for (const text of texts) expect(await lines.filter({ hasText: text }).count(), String(text)).toBeGreaterThan(0)
}

async function choose(page: Page, label: string, choice: string) {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: choice }).click()
}

test('switching assistants off and on disconnects and reconnects those of every account', {
  timeout: 60_000,
}, async () => {
  const { access_token } = await connected('Switched')
  const { page, complaints } = await openPage(browser(), running().url, root)
  await page.goto(`${running().url}/admin?tab=addons`)
  const mcp = page.getByRole('switch', { name: 'MCP' })
  expect(await knock(access_token)).toBe(400)
  await mcp.click()
  await page.getByText('MCP is off').waitFor()
  expect(await knock(access_token)).toBe(403)
  await openTab(page, 'MCP access')
  await page.getByText('Assistants cannot connect now').waitFor()
  await openTab(page, 'Add-ons')
  await mcp.click()
  await page.getByText('MCP is on').waitFor()
  expect(await knock(access_token)).toBe(400)
  // The switch offers to undo the change.
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await until(async () => (await knock(access_token)) === 403)
  await mcp.click()
  await until(async () => (await knock(access_token)) === 400)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('an administrator finds a user’s assistant, disconnects it, and reads its history in the audit log', {
  timeout: 90_000,
}, async () => {
  const { access_token, program } = await connected('Claude of Ana')
  await connected('Another one')
  const assistant = await connectAssistant(running().url, access_token, ERAS[0])
  await assistant.tool('list_trips', {})
  await assistant.close()
  // Reads are counted first and written to the audit log a little later.
  const counted = running().database.kysely.selectFrom('audit').select('id').where('event', '=', 'list_trips')
  await until(async () => (await counted.execute()).length)
  const { page, complaints } = await openPage(browser(), running().url, root)
  await page.goto(`${running().url}/admin?tab=access`)
  const grants = page.getByRole('region', { name: 'Connected assistants' })
  const programs = page.getByRole('region', { name: 'Programs' })
  await grants.getByRole('article', { name: 'Another one' }).waitFor()
  await page.getByRole('searchbox', { name: 'Search by user or program' }).fill('claude')
  await grants.getByRole('article', { name: 'Another one' }).waitFor({ state: 'detached' })
  const grant = grants.getByRole('article', { name: 'Claude of Ana' })
  expect(await grant.textContent()).toMatch(/Ana @ana\d+.*Last used/)
  await page.getByRole('region', { name: 'API Tokens' }).getByText('Nothing found').waitFor()

  await confirmed(page, grant.getByRole('button', { name: 'Disconnect' }), 'Disconnect')
  // The search also reloads the list, so a missing grant alone would not prove that the server revoked it.
  await page.getByText('Claude of Ana is disconnected from Ana').waitFor()
  await grant.waitFor({ state: 'detached' })
  expect(await knock(access_token)).toBe(401)
  const programArticle = programs.getByRole('article', { name: 'Claude of Ana' })
  await programArticle.getByText('Not connected').waitFor()
  await confirmed(page, programArticle.getByRole('button', { name: 'Delete' }), 'Delete')
  await programs.getByText('Nothing found').waitFor()
  expect((await program.refresh('trekrf_nothing')).status).toBe(401)

  await openTab(page, 'Audit log')
  await expectEntries(
    page,
    /Delete any OAuth client Done/,
    /Disconnect somebody’s assistant Done.*root/,
    /Lose access Done.*ana\d+ · Claude of Ana · in the app/,
    /List trips Done.*ana\d+ · Claude of Ana \(calls itself "Test Assistant"\) · over MCP/,
    /Get access Done.*ana\d+ · Claude of Ana · over OAuth · from 127\.0\.0\.1/,
    /Answer a request for access Allowed.*Claude of Ana/,
    /Register as a program/,
  )
  await choose(page, 'Who', ana.username)
  await choose(page, 'What', 'OAuth and tokens')
  await page.getByText('List trips').waitFor({ state: 'detached' })
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'As a table (CSV)' }).click()
  const lines = readFileSync(await (await saved).path(), 'utf8').split('\r\n')
  expect(lines[0]).toMatch(/^\ufeffid,at,kind,event/)
  expect(
    lines.some((line) => /,access,oauth_token,Get access,ok,\d+,ana\d+,oauth,Claude of Ana,grant:/.test(line)),
  ).toBe(true)
  expect(lines.filter((line) => /list_trips|log_in/.test(line))).toEqual([])
  await page.getByRole('button', { name: 'Refused' }).click()
  await page.getByText('Nothing found').waitFor()
  await page.getByRole('button', { name: 'Show everything' }).click()
  await expectEntries(page, /List trips/)
  expect(complaints).toEqual([])
  await page.context().close()
})

/** Clicks the button and confirms the question. */
async function confirmed(page: Page, button: Locator, action: string) {
  await button.click()
  await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click()
}

const visitPages = once(async () => {
  const machineFields = { name: 'Night job', scopes: ['trips:read'], machine: true }
  await running().pipeline.run(create_oauth_client, machineFields, { ...ana.caller, way: 'web' })
  await connected('Claude')
  const { page, complaints } = await openPage(browser(), running().url, root)
  const looking = new Looking(page)
  for (const [tab, sign] of [
    ['addons', 'Polls and a chat in every trip'],
    ['access', 'Registered itself'],
    ['audit', 'Register as a program'],
  ] as const) {
    await page.goto(`${running().url}/admin?tab=${tab}`)
    await looking.at(`admin-${tab}`, page.getByText(sign))
  }
  await page.goto(`${running().url}/admin?tab=access`)
  await page.getByRole('button', { name: 'Disconnect: Claude' }).first().click()
  await looking.at('admin-disconnect', page.getByRole('dialog'))
  await page.context().close()
  return { looking, complaints }
})

test.each(LOOKS)(
  'the administration pages have no layout errors at $width px in the $theme theme',
  { timeout: 120_000 },
  async (look) => {
    const { looking, complaints } = await visitPages()
    expect(looking.wrongAt(look)).toEqual([])
    expect(complaints).toEqual([])
  },
)

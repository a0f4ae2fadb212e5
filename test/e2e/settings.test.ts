import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { update_addon } from '../../src/features/admin/contract/index.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withBrowser, withServerAndBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking, once } from '../harness/browser/looks.ts'
import { follow } from '../harness/rigs/follower.ts'
import { browserOf, Program } from '../harness/rigs/oauth.ts'
import { type Person, type Running, runningOn } from '../harness/rigs/running.ts'
import { until } from '../harness/until.ts'

/** The open modal dialog; toast messages are dialogs too, but not modal. */
const dialogOf = (page: Page) => page.locator('[role=dialog]:not([aria-modal=false])')

/** The callback address of that program. */
const CURSOR = 'http://localhost:8787/callback'

interface Client {
  readonly id: string
  readonly secret: string
}

/** A program with the given client id and secret, at its redirect address. */
const writtenFor = ({ url }: Running, redirectUri: string, { id, secret }: Client) =>
  Object.assign(new Program(url, redirectUri), { clientId: id, secret })

/** The status that `/mcp` answers to a request with this token. */
async function statusAt({ url }: Running, token: string): Promise<number> {
  const { status } = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }),
  })
  return status
}

// The database engine only matters up to REST and the socket: on SQLite the tests send the requests of the pages there. What a
// browser renders does not depend on the engine, so it is tested on PostgreSQL only.
runningOn('sqlite', (running) => {
  let ana: Person
  let ben: Person
  let asAna: Awaited<ReturnType<typeof browserOf>>

  beforeAll(async () => {
    ana = await running().person('Ana', 'admin')
    ben = await running().person('Ben')
    asAna = await browserOf(running(), ana)
  })

  /** Sends a request as a page of the app does. */
  async function request<T = unknown>(method: string, path: string, body?: object, browser = asAna) {
    const answer = await browser.fetch(`/api${path}`, {
      method,
      headers: { origin: running().url, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, json: (await answer.json()) as T }
  }
  const grants = async () => (await request<{ grants: Grant[] }>('GET', '/me/grants')).json.grants
  const clients = async () => (await request<{ clients: Card[] }>('GET', '/me/oauth-clients')).json.clients
  const createClient = async (fields: object) => {
    const { status, json } = await request<{ client: Card; client_secret: string }>('POST', '/me/oauth-clients', fields)
    expect(status).toBe(201)
    expect(json.client_secret).toMatch(/^trekcs_[0-9a-f]{48}$/)
    return { ...json.client, number: json.client.id, id: json.client.client_id, secret: json.client_secret }
  }

  test('a client for a preset program is created, changed, used and deleted', async () => {
    expect([await grants(), await clients()]).toEqual([[], []])
    const redirect_uris = ['cursor://anysphere.cursor-mcp/oauth/callback', CURSOR]
    const first = await createClient({ name: 'Cursor', redirect_uris, scopes: ['trips:read'] })
    expect(await clients()).toMatchObject([{ client_id: first.id, name: 'Cursor' }])
    expect(JSON.stringify(await clients())).not.toContain(first.secret)

    const elsewhere = await browserOf(running(), ana)
    for (const redirectUri of redirect_uris) {
      const tokens = await writtenFor(running(), redirectUri, first).connect(elsewhere, { scope: 'trips:read' })
      expect(await statusAt(running(), tokens.access_token)).toBe(200)
    }
    expect(await grants()).toMatchObject([{ client_name: 'Cursor' }, { client_name: 'Cursor' }])

    const path = `/me/oauth-clients/${first.number}`
    const plainUris = [...redirect_uris, 'http://cursor.example.org/callback']
    const refused = await request('PATCH', path, { name: 'Cursor at work', redirect_uris: plainUris })
    expect(refused).toMatchObject({ status: 400, json: { issues: [{ path: 'redirect_uris.2' }] } })
    await request('PATCH', path, { name: 'Cursor at work', redirect_uris })
    expect(await clients()).toMatchObject([{ name: 'Cursor at work', redirect_uris }])

    const { json } = await request<{ client_secret: string }>('POST', `${path}/secret`, {})
    const second = { id: first.id, secret: json.client_secret }
    expect(second.secret).not.toBe(first.secret)
    expect(await grants()).toEqual([])
    const trade = async (client: Client) =>
      (await writtenFor(running(), CURSOR, client).exchange('nothing', 'v'.repeat(43))).status
    expect([await trade(first), await trade(second)]).toEqual([401, 400])

    expect((await request('DELETE', path)).status).toBe(200)
    expect(await clients()).toEqual([])
    expect(await trade(second)).toBe(401)
  })

  test('a client with machine access is created, used and deleted', async () => {
    const fields = { name: 'Backup', redirect_uris: [], scopes: ['trips:read', 'places:read'], machine: true }
    expect((await request('POST', '/me/oauth-clients', { ...fields, name: '' })).status).toBe(400)
    expect((await request('POST', '/me/oauth-clients', { ...fields, machine: false })).status).toBe(400)
    const client = await createClient(fields)
    const program = writtenFor(running(), CURSOR, client)
    const answer = await program.post({ grant_type: 'client_credentials' })
    expect(answer.status).toBe(200)
    const { access_token, scope } = (await answer.json()) as { access_token: string; scope: string }
    expect(scope.split(' ').every((one) => one.endsWith(':read'))).toBe(true)
    expect(await statusAt(running(), access_token)).toBe(200)
    const [grant] = await grants()
    expect(grant).toMatchObject({ client_name: 'Backup', kind: 'machine' })
    await request('DELETE', `/me/grants/${grant?.id}`)
    expect(await grants()).toEqual([])
    expect(await statusAt(running(), access_token)).toBe(401)
    expect((await program.post({ grant_type: 'client_credentials' })).status).toBe(400)
  })

  test('a connecting assistant appears in the list, shows its changes, and can be disconnected at once', async () => {
    const open = await follow(running().url, ana, ana.caller.userId, 'user')
    const program = await new Program(running().url).register({ client_name: 'Claude Code' })
    const tokens = await program.connect(await browserOf(running(), ana), { scope: 'trips:read trips:write' })
    await open.waitForRows('oauth_grant', { client_name: 'Claude Code' })
    const { tool, close } = await connectAssistant(running().url, tokens.access_token, ERAS[1])
    await tool('create_trip', { title: 'A week in Kyoto' })
    const [grant] = await grants()
    expect(grant).toMatchObject({ redirect_host: '127.0.0.1:43210', scopes: ['trips:read', 'trips:write'] })
    const { json } = await request('GET', `/me/grants/${grant?.id}/changes`)
    expect(json).toMatchObject({ changes: [{ operation: 'create_trip', trip_id: expect.any(Number) }] })
    await request('DELETE', `/me/grants/${grant?.id}`)
    await until(() => open.rows('oauth_grant').length === 0)
    expect(await statusAt(running(), tokens.access_token)).toBe(401)
    expect((await program.refresh(tokens.refresh_token ?? '')).status).toBe(400)
    await close()
    await open.close()
  })

  test('other browsers are logged out, individually or all at once', async () => {
    const elsewhere = [
      await browserOf(running(), ana),
      await browserOf(running(), ana),
      await browserOf(running(), ana),
    ]
    const isIn = () =>
      Promise.all(
        elsewhere.map(
          async (one) =>
            ((await request<{ user: unknown }>('GET', '/auth/me', undefined, one)).json.user ?? null) !== null,
        ),
      )
    const otherSessions = async () =>
      (await request<{ sessions: { id: number; current: boolean }[] }>('GET', '/me/sessions')).json.sessions.filter(
        ({ current }) => !current,
      )
    expect(await isIn()).toEqual([true, true, true])
    const before = await otherSessions()
    await request('DELETE', `/me/sessions/${before[0]?.id}`)
    expect(await otherSessions()).toHaveLength(before.length - 1)
    expect(await isIn()).toContain(false)
    for (const { id } of await otherSessions()) await request('DELETE', `/me/sessions/${id}`)
    expect(await otherSessions()).toEqual([])
    expect(await isIn()).toEqual([false, false, false])
    expect((await request('GET', '/me/sessions')).status).toBe(200)
  })

  test('while the add-on is off, administrators can switch it on, and other users see whom to ask', async () => {
    const asBen = await browserOf(running(), ben)
    await request('PATCH', '/admin/addons/mcp', { enabled: false })
    const settingsOfBen = async () => (await request('GET', '/me/mcp', undefined, asBen)).json
    expect(await settingsOfBen()).toMatchObject({ enabled: false })
    expect((await request('PATCH', '/admin/addons/mcp', { enabled: true }, asBen)).status).toBe(403)
    expect(await settingsOfBen()).toMatchObject({ enabled: false })
    await request('PATCH', '/admin/addons/mcp', { enabled: true })
    expect(await settingsOfBen()).toMatchObject({ enabled: true })
  })
})

interface Grant {
  readonly id: number
}

interface Card {
  readonly id: number
  readonly client_id: string
}

runningOn('postgres', (running) => {
  const browser = withBrowser()
  let ana: Person
  let ben: Person
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    ana = await running().person('Ana', 'admin')
    ben = await running().person('Ben')
    ;({ page, complaints } = await openPage(browser(), running().url, ana))
    // On a busy machine a new browser may be slow once.
    page.setDefaultTimeout(60_000)
  })

  afterAll(() => {
    // The browser reports the one request that the server refused.
    expect(complaints).toEqual([expect.stringContaining('status of 400')])
  })

  const goTo = async (tab: string, sign: string) => {
    await page.goto(`${running().url}/settings?tab=${tab}`)
    await page.getByRole('heading', { name: sign }).waitFor()
  }
  const dialog = () => dialogOf(page)
  const press = (name: string, within: Page | Locator = page) =>
    within.getByRole('button', { name, exact: true }).click()
  const part = (name: string) => page.getByRole('region', { name })
  const card = (within: string, name: string) => part(within).getByRole('article', { name, exact: true })
  const doTo = async (client: string, action: string) => {
    await press(`More for ${client}`)
    await page.getByRole('menuitem', { name: action }).click()
  }
  /** Waits until it is detached: behind an open modal dialog a locator by role finds nothing, present or not. */
  const waitUntilGone = async (locator: Locator) => {
    await dialog().waitFor({ state: 'hidden' })
    await until(async () => (await locator.count()) === 0)
  }
  /** The credentials that the dialog shows only once. */
  const shownSettings = async () => ({
    id: (await dialog().locator('dd code').first().textContent()) ?? '',
    secret:
      (await dialog()
        .getByText(/^trekcs_/)
        .textContent()) ?? '',
  })
  const programFor = (redirectUri: string, client: Client) => writtenFor(running(), redirectUri, client)
  const statusAtMcp = (token: string) => statusAt(running(), token)

  test('a client for a preset program is created, changed, used and deleted', { timeout: 120_000 }, async () => {
    await goTo('integrations', 'OAuth Clients')
    await part('Connected assistants').getByText('No assistant is connected').waitFor()
    await press('Add client')
    await press('Cursor', dialog())
    expect(await dialog().getByLabel('Name of the program').inputValue()).toBe('Cursor')
    await press('Add client', dialog())
    await dialog().getByText('cannot be shown again').waitFor()
    const first = await shownSettings()
    expect(first.secret).toMatch(/^trekcs_[0-9a-f]{48}$/)
    expect(await dialog().getByRole('region', { name: '~/.cursor/mcp.json' }).textContent()).toContain(first.secret)
    await press('I have copied it', dialog())
    await card('OAuth Clients', 'Cursor').waitFor()
    await page.reload()
    await card('OAuth Clients', 'Cursor').getByText(first.id).waitFor()
    expect(await page.content()).not.toContain(first.secret)

    // It connects through both redirect addresses of the program, and appears without a reload.
    const elsewhere = await browserOf(running(), ana)
    for (const redirectUri of ['cursor://anysphere.cursor-mcp/oauth/callback', CURSOR]) {
      const tokens = await programFor(redirectUri, first).connect(elsewhere, { scope: 'trips:read' })
      expect(await statusAtMcp(tokens.access_token)).toBe(200)
    }
    await card('Connected assistants', 'Cursor').nth(1).waitFor()

    await doTo('Cursor', 'Edit')
    await dialog().getByLabel('Name of the program').fill('Cursor at work')
    await dialog().getByLabel('Address 3', { exact: true }).fill('http://cursor.example.org/callback')
    await press('Save', dialog())
    await dialog().getByText('This address must use https').waitFor()
    await press('Remove address 3', dialog())
    await press('Save', dialog())
    await card('OAuth Clients', 'Cursor at work').waitFor()
    expect(await card('OAuth Clients', 'Cursor at work').textContent()).not.toContain('www.cursor.com')

    await doTo('Cursor at work', 'New secret')
    await press('New secret', dialog())
    await dialog().getByText('cannot be shown again').waitFor()
    const second = await shownSettings()
    expect([second.id, second.secret === first.secret]).toEqual([first.id, false])
    await press('I have copied it', dialog())
    await waitUntilGone(card('Connected assistants', 'Cursor'))
    const trade = async (client: typeof first) =>
      (await programFor(CURSOR, client).exchange('nothing', 'v'.repeat(43))).status
    expect([await trade(first), await trade(second)]).toEqual([401, 400])

    await doTo('Cursor at work', 'Delete')
    await press('Delete', dialog())
    await waitUntilGone(card('OAuth Clients', 'Cursor at work'))
    expect(await trade(second)).toBe(401)
  })

  test('a client with machine access is created, used and deleted', { timeout: 120_000 }, async () => {
    await goTo('integrations', 'OAuth Clients')
    await press('Add client')
    await press('Another one', dialog())
    await press('Add client', dialog())
    await dialog().getByText('Must not be empty').waitFor()
    await dialog().getByLabel('Name of the program').fill('Backup')
    await press('Remove address 1', dialog())
    await press('Add client', dialog())
    await dialog().getByText('Must have at least one address').waitFor()
    // Addresses entered before, also by a preset, are neither shown nor kept.
    await press('Cursor', dialog())
    const addresses = dialog().getByRole('group', { name: 'Redirect addresses' })
    await addresses.waitFor()
    await dialog().getByRole('checkbox', { name: 'Machine client (no browser login)' }).click()
    await addresses.waitFor({ state: 'detached' })
    await dialog().getByLabel('Name of the program').fill('Backup')
    await dialog()
      .getByText(/^What it can do at most/)
      .click()
    await press('Read only', dialog())
    await press('Add client', dialog())
    await dialog().getByText('cannot be shown again').waitFor()
    const client = await shownSettings()
    const command = await dialog()
      .getByText(/^curl /)
      .textContent()
    expect(command).toContain(`curl ${running().url}/oauth/token`)
    const [url = '', ...fields] = [...(command ?? '').matchAll(/(?:curl|-d) (\S+)/g)].map(([, word]) => word ?? '')
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields.join('&')) })
    expect(answer.status).toBe(200)
    const { access_token, scope } = (await answer.json()) as { access_token: string; scope: string }
    expect(scope.split(' ').every((one) => one.endsWith(':read'))).toBe(true)
    expect(await statusAtMcp(access_token)).toBe(200)
    await press('I have copied it', dialog())
    await card('OAuth Clients', 'Backup').waitFor()
    expect(await card('OAuth Clients', 'Backup').textContent()).not.toMatch(/cursor|localhost/)

    await card('Connected assistants', 'Backup').getByText('Logs in by itself').waitFor()
    await press('Disconnect', card('Connected assistants', 'Backup'))
    await press('Disconnect', dialog())
    await waitUntilGone(card('Connected assistants', 'Backup'))
    expect(await statusAtMcp(access_token)).toBe(401)
    expect((await programFor(CURSOR, client).post({ grant_type: 'client_credentials' })).status).toBe(400)
  })

  test('a connecting assistant appears in the list, shows its changes, and can be disconnected at once', {
    timeout: 120_000,
  }, async () => {
    await goTo('integrations', 'Connected assistants')
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
    const program = await new Program(running().url).register({ client_name: 'Claude Code' })
    const tokens = await program.connect(await browserOf(running(), ana), { scope: 'trips:read trips:write' })
    const claude = card('Connected assistants', 'Claude Code')
    await claude.waitFor()
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
    expect(await claude.textContent()).toContain('127.0.0.1:43210')
    await claude.getByText('What it can do (2 of 22)').click()
    await claude.getByText('Edit trips & itineraries').waitFor()

    const { tool, close } = await connectAssistant(running().url, tokens.access_token, ERAS[1])
    await tool('create_trip', { title: 'A week in Kyoto' })
    await goTo('integrations', 'Connected assistants')
    await press('What it changed', claude)
    await dialog().getByText('Create a trip').first().waitFor()
    await dialog().getByRole('link', { name: 'A week in Kyoto' }).first().waitFor()
    await page.keyboard.press('Escape')

    await press('Disconnect', claude)
    await press('Disconnect', dialog())
    await waitUntilGone(claude)
    expect(await statusAtMcp(tokens.access_token)).toBe(401)
    expect((await program.refresh(tokens.refresh_token ?? '')).status).toBe(400)
    await close()
  })

  test('other browsers are logged out, individually or all at once', { timeout: 120_000 }, async () => {
    const open = async () => {
      const elsewhere = await browserOf(running(), ana)
      return async () => ((await (await elsewhere.fetch('/api/auth/me')).json()) as { user: unknown }).user !== null
    }
    const isIn = [await open(), await open(), await open()]
    await page.goto(`${running().url}/account?tab=security`)
    await page.waitForURL(/\/settings\?tab=security$/)
    const lines = part('Where you are logged in').getByRole('listitem')
    await lines.filter({ hasText: 'This browser' }).waitFor()
    const before = await lines.count()
    await lines.filter({ hasNotText: 'This browser' }).first().getByRole('button').click()
    await until(async () => (await lines.count()) === before - 1)
    await until(async () => (await Promise.all(isIn.map((ask) => ask()))).includes(false))
    await press('Log out all others')
    await press('Log out all others', dialog())
    await dialog().waitFor({ state: 'hidden' })
    await until(async () => (await lines.count()) === 1)
    await lines.filter({ hasText: 'This browser' }).waitFor()
    expect(await Promise.all(isIn.map((ask) => ask()))).toEqual([false, false, false])
  })

  test('while the add-on is off, administrators can switch it on, and other users see whom to ask', async () => {
    await running().pipeline.run(update_addon, { name: 'mcp', enabled: false }, ana.caller)
    const pageOfBen = await openPage(browser(), running().url, ben)
    await pageOfBen.page.goto(`${running().url}/settings?tab=integrations`)
    await pageOfBen.page.getByText('Ask the person who runs this server to switch it on').waitFor()
    expect(await pageOfBen.page.getByRole('button', { name: 'Switch it on' }).count()).toBe(0)
    await page.goto(`${running().url}/settings/integrations`)
    await page.getByRole('heading', { name: 'MCP', exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('tab')).toBe('integrations')
    await page.getByText('the add-on MCP is switched off on this server').waitFor()
    expect(await page.getByRole('tabpanel').textContent()).not.toContain(running().url)
    expect(await page.getByRole('button', { name: 'Add client' }).count()).toBe(0)
    expect(await page.getByRole('heading', { name: 'How to connect' }).count()).toBe(0)
    await press('Switch it on')
    await page.getByRole('heading', { name: 'How to connect' }).waitFor()
    await press('Copy The address for your assistant')
    await page.getByText('Copied', { exact: true }).waitFor()
    expect(pageOfBen.complaints).toEqual([])
  }, 60_000)
})

describe('settings', () => {
  const { running, browser } = withServerAndBrowser()
  let ana: Person

  beforeAll(async () => {
    ana = await running().person('Ana', 'admin')
    const program = await new Program(running().url).register({ client_name: 'Claude Code' })
    const { access_token } = await program.connect(await browserOf(running(), ana), { scope: 'trips:read trips:write' })
    const { tool, close } = await connectAssistant(running().url, access_token, ERAS[1])
    await tool('create_trip', { title: 'A week in Kyoto' })
    await close()
  })

  const visitPages = once(async () => {
    const { page, complaints } = await openPage(browser(), running().url, ana)
    const looking = new Looking(page)
    const dialog = dialogOf(page)
    const press = (name: string, within: Page | Locator = page) =>
      within.getByRole('button', { name, exact: true }).click()
    await page.goto(`${running().url}/settings?tab=security`)
    await looking.at('settings-security', page.getByText('This browser'))
    await page.getByRole('tab', { name: 'Integrations' }).click()
    await page.getByRole('article', { name: 'Claude Code' }).waitFor()
    await press('VS Code')
    await looking.at('settings-integrations', page.getByRole('article', { name: 'Claude Code' }))
    await press('What it changed')
    await looking.at('settings-changes', dialog.getByText('Create a trip'))
    await page.keyboard.press('Escape')
    await press('Add client')
    await press('Another one', dialog)
    await looking.at('settings-add-client', dialog.getByLabel('Name of the program'))
    await dialog.getByRole('checkbox', { name: 'Machine client (no browser login)' }).click()
    await looking.at('settings-add-machine', dialog.getByLabel('Name of the program'))
    await dialog.getByRole('checkbox', { name: 'Machine client (no browser login)' }).click()
    await press('Zed', dialog)
    await press('Add client', dialog)
    await looking.at('settings-secret', dialog.getByText('cannot be shown again'))
    await press('I have copied it', dialog)
    await dialog.waitFor({ state: 'hidden' })
    await running().pipeline.run(update_addon, { name: 'mcp', enabled: false }, ana.caller)
    await page.goto(`${running().url}/settings/integrations`)
    await looking.at('settings-mcp-off', page.getByText('is switched off on this server'))
    await page.context().close()
    return { looking, complaints }
  })

  test.each(LOOKS)(
    'every part has no layout errors at $width px in the $theme theme',
    { timeout: 180_000 },
    async (look) => {
      const { looking, complaints } = await visitPages()
      expect(looking.wrongAt(look)).toEqual([])
      expect(complaints).toEqual([])
    },
  )
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../harness/browser/browser.ts'
import { withBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking } from '../harness/browser/looks.ts'
import { ENGINES, type Place } from '../harness/database/databases.ts'
import { type ReverseProxy, startProxy } from '../harness/network/proxy.ts'
import { type Running, startRunning } from '../harness/rigs/running.ts'

let place: Place
let proxy: ReverseProxy
let running: Running

beforeAll(async () => {
  place = await ENGINES[0].place({ migrated: true })
  proxy = await startProxy(null)
  running = await startRunning(place.target, { APP_URL: proxy.url, HOST: '127.0.0.1', TRUST_PROXY: 'loopback' })
  proxy.aim(running.url)
})

afterAll(async () => {
  await proxy.close()
  await running.close()
  await place.remove()
})

// This comes last, so that the browser is closed before the servers.
const browser = withBrowser()

test('an administrator checks the connection, fixes the proxy and checks again', { timeout: 180_000 }, async () => {
  const ada = await running.person('Ada', 'admin')
  const phone = LOOKS[0] as (typeof LOOKS)[number]
  const { page, complaints } = await openPage(browser(), proxy.url, ada, phone)
  page.setDefaultTimeout(60_000)
  await page.goto(`${proxy.url}/settings?tab=doctor`)
  await page.getByRole('heading', { name: 'Not checked yet' }).waitFor()

  proxy.use({ stripsResponse: ['www-authenticate'], bodyLimit: 2_000_000 })
  await page.getByRole('button', { name: 'Check the connection' }).click()
  await page.getByRole('heading', { name: 'The proxy removes the header WWW-Authenticate' }).waitFor()
  expect(await page.getByText('proxy_pass_header WWW-Authenticate;').count()).toBe(1)
  await page.getByRole('button', { name: 'Caddy' }).click()
  expect(await page.getByText('header_down -WWW-Authenticate').count()).toBe(1)
  const clients = await page.getByRole('region', { name: 'Who can connect' }).getByRole('listitem').allInnerTexts()
  expect(clients.find((client) => client.includes('Claude Code'))).toContain('cannot connect')
  expect(clients.find((client) => client.includes('TREK in the browser'))).toContain('works partly')
  const looking = new Looking(page, { looks: [phone] })
  await looking.at('doctor', page.getByRole('region', { name: 'Who can connect' }))
  expect(looking.wrongAt(phone)).toEqual([])

  proxy.use({})
  await page.getByRole('button', { name: 'Check again' }).click()
  await page.getByText('6 of 8 known programs can connect.').waitFor()
  // The only remaining advice is that this address is one of this machine.
  expect(await page.getByRole('region', { name: 'What to do' }).getByRole('listitem').allInnerTexts()).toEqual([
    expect.stringContaining('APP_URL names this machine'),
  ])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('only administrators are offered the check', async () => {
  const ben = await running.person('Ben')
  const { page } = await openPage(browser(), proxy.url, ben)
  await page.goto(`${proxy.url}/settings?tab=doctor`)
  await page.getByRole('tab', { name: 'Profile' }).waitFor()
  expect(await page.getByRole('tab', { name: 'Connection' }).count()).toBe(0)
  await page.context().close()
})

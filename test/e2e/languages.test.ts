import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { planTheWeek } from '../fixtures/kyoto.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { openPage } from '../harness/browser/browser.ts'
import { withServerAndBrowser } from '../harness/browser/browsing.ts'
import { LOOKS, Looking } from '../harness/browser/looks.ts'
import { Openers } from '../harness/browser/openers.ts'
import { latinWords, PSEUDO, pseudo, speakPseudo, writingGreek } from '../harness/browser/pseudo-locale.ts'
import { times } from '../harness/prove.ts'
import { newVerifier, Program } from '../harness/rigs/oauth.ts'
import type { Person } from '../harness/rigs/running.ts'

/** Texts that are the same in every language: names of products, people and programs, codes, and literal input. */
const SAME = [
  /npx -y \S+ \S+/g,
  // Requests and answers, as the doctor shows them.
  /TREK doctor, as ChatGPT|mcp-remote|Inspector/g,
  /“[^”]*”|Bearer resource_metadata.*/g,
  /(GET|POST|Host:) \S+|\/(authorize|token|register)\b/g,
  /\b(authorization|cookie|origin|mcp-[a-z-]+)\b/g,
  /\S+@\S+|https?:\S+|trek_\w+|\S+\.json/g,
  /TREK|MCP|Chrome|Linux|Claude(\.ai| Desktop| Code)?|ChatGPT|Cursor|VS Code|Windsurf|Zed/g,
  /laptop|Test Assistant|Swiss|@?\b(ana|ben)\d*\b/gi,
  /\b(EUR|CHF|JPY|ZRH|KIX|LX7QPD|KNR-48213|CEST|GMT)\b/g,
  /[A-Z]+_[A-Z]+(=\S+)?|npx trek \S+ \S+/g,
  /\{.*"(mcpServers|keys)".*\}/gs,
]

/** A redirect address where nothing listens. */
const REDIRECT = 'http://127.0.0.1:1/callback'

const LOOKED_AT = LOOKS.filter(({ width, theme }) => width !== 820 && theme === 'light')

const { running, browser } = withServerAndBrowser()
let ana: Person
let tripId: number
let link: string

beforeAll(async () => {
  ana = await running().person('Ana', 'admin')
  const { tool, close: disconnect } = await connectAssistant(running().url, ana.token, ERAS[1])
  const friend = await running().person('Ben')
  ;({ tripId } = await planTheWeek(writingGreek(tool), { friend }))
  const shown = { share_packing: true, share_budget: true, share_collab: true }
  link = (await tool<{ token: string }>('create_share_link', { tripId, ...shown })).token
  await disconnect()
})

const latin = (text: string): boolean => /[A-Za-z]{3,}/.test(SAME.reduce((rest, same) => rest.replace(same, ''), text))

const PARTS = ['plan', 'map', 'places', 'bookings', 'costs', 'packing', 'todos', 'together', 'files']

/** The pages of a logged-in administrator. */
const pages = () => [
  ['trips', '/'],
  ...PARTS.map((part) => [part, `/trips/${tripId}?part=${part}`]),
  ...['profile', 'security', 'integrations', 'notifications', 'doctor'].map((tab) => [tab, `/settings?tab=${tab}`]),
  ...['users', 'addons', 'permissions', 'access', 'backups', 'audit'].map((tab) => [tab, `/admin?tab=${tab}`]),
  ['atlas', '/atlas'],
  ['missing', '/nothing-here'],
]

/** Checks pages, and collects the words that are not translated. */
function lookingForEnglish(page: Page) {
  const looking = new Looking(page, { looks: LOOKED_AT, axe: false })
  const english = new Map<string, string[]>()
  return {
    async at(name: string, sign = page.locator('h1')) {
      await looking.at(name, sign)
      const languageAndDirection = await page.evaluate(() => [
        document.documentElement.lang,
        document.documentElement.dir,
      ])
      expect(languageAndDirection).toEqual([PSEUDO, 'rtl'])
      const latinLeft = (await latinWords(page)).filter(latin)
      if (latinLeft.length) english.set(name, [...new Set(latinLeft)])
    },
    nothingFound() {
      expect(Object.fromEntries(english)).toEqual({})
      for (const look of LOOKED_AT) expect(looking.wrongAt(look)).toEqual([])
    },
  }
}

test('every page is in the chosen language, works right to left, and has room for longer texts', async () => {
  const { page, complaints } = await openPage(browser(), running().url, ana)
  await speakPseudo(page)
  const looking = lookingForEnglish(page)
  for (const [name = '', path] of pages()) {
    await page.goto(running().url + path)
    await looking.at(name)
  }
  looking.nothingFound()
  expect(complaints).toEqual([])
  await page.context().close()
}, 300_000)

test('every dialog, menu and form that a button opens is in the chosen language', async () => {
  const { page } = await openPage(browser(), running().url, ana)
  await speakPseudo(page)
  await page.reload()
  const { waitUntilStill } = new Looking(page)
  const openers = new Openers(page, {
    kindOf: (name) =>
      SAME.reduce((rest, same) => rest.replace(same, ''), name)
        .replace(/[\p{Script=Greek}\d\p{P}\s]+/gu, ' ')
        .trim(),
    waitUntilStill,
    skipped: [pseudo('Log out')],
  })
  const english: Record<string, string[]> = {}
  let openedCount = 0
  for (const [name = '', path] of pages().slice(0, times(3, 100))) {
    await openers.at(running().url + path, async (names) => {
      openedCount++
      const latinLeft = (await latinWords(page)).filter(latin)
      if (latinLeft.length) english[[name, ...names].join(' > ')] = [...new Set(latinLeft)]
    })
  }
  expect(openedCount).toBeGreaterThan(times(8, 50))
  expect(english).toEqual({})
  await page.context().close()
}, 300_000)

test('the consent page, and the page about a request that cannot be granted, are in the chosen language', async () => {
  const { page } = await openPage(browser(), running().url, ana)
  await speakPseudo(page)
  const program = await new Program(running().url, REDIRECT).register({
    client_name: 'Claude Code',
    redirect_uris: [REDIRECT],
  })
  const authorize = program.authorizeUrl(newVerifier())
  const looking = lookingForEnglish(page)
  await page.goto(authorize)
  await looking.at('consent')
  await page.goto(authorize.replace(encodeURIComponent(REDIRECT), encodeURIComponent('https://elsewhere.example/')))
  await looking.at('refused')
  looking.nothingFound()
  await page.context().close()
}, 120_000)

test('the log-in page, an error of the server and a shared page are in the chosen language', async () => {
  const context = await browser().newContext({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await speakPseudo(page)
  await page.goto(`${running().url}/login`)
  await page.locator('input').first().fill('\u03b1\u03b2\u03b3')
  await page.locator('input[type=password]').fill('\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8')
  await page.locator('button[type=submit]').click()
  await page.getByRole('alert').filter({ hasText: /./ }).first().waitFor()
  expect((await latinWords(page)).filter(latin)).toEqual([])
  // Starts only now, because the browser also logs the refused request.
  const looking = lookingForEnglish(page)
  await page.goto(`${running().url}/shared/${link}`)
  await looking.at('shared')
  looking.nothingFound()
  await context.close()
}, 120_000)

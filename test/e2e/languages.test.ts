import { afterAll, beforeAll, expect, test } from 'vitest'
import { planTheWeek } from '../fixtures/kyoto.ts'
import { connectAssistant, ERAS } from '../harness/assistant.ts'
import { openPage } from '../harness/browser.ts'
import { type Browsing, startBrowsing } from '../harness/browsing.ts'
import { LOOKS, Looking } from '../harness/looks.ts'
import { latinWords, PSEUDO, speakPseudo, writingGreek } from '../harness/pseudo-locale.ts'
import type { Running } from '../harness/running.ts'

/** What is the same in every language: names of products, people and programs, codes, and what is typed as it stands. */
const SAME = [
  /\S+@\S+|https?:\S+|trek_\w+|\S+\.json/g,
  /TREK|MCP|Chrome|Linux|Claude(\.ai| Desktop| Code)?|ChatGPT|Cursor|VS Code|Windsurf|Zed/g,
  /laptop|Test Assistant|Swiss|@?\b(ana|ben)\d*\b/gi,
  /\b(EUR|CHF|JPY|ZRH|KIX|LX7QPD|KNR-48213|CEST|GMT)\b/g,
  /[A-Z]+_[A-Z]+(=\S+)?|npx trek \S+ \S+/g,
  /\{.*"mcpServers".*\}/gs,
]

const LOOKED_AT = LOOKS.filter(({ width, theme }) => width !== 820 && theme === 'light')

let running: Browsing['running']
let browser: Browsing['browser']
let close: Browsing['close']
let ana: Awaited<ReturnType<Running['person']>>
let tripId: number

beforeAll(async () => {
  ;({ running, browser, close } = await startBrowsing())
  ana = await running.person('Ana', 'admin')
  const { tool, close: disconnect } = await connectAssistant(running.url, ana.token, ERAS[1])
  const friend = await running.person('Ben')
  ;({ tripId } = await planTheWeek(writingGreek(tool), { friend }))
  await disconnect()
})

afterAll(() => close())

test('every page is in the language that was chosen, from right to left, and holds longer texts', async () => {
  const { page, complaints } = await openPage(browser, running.url, ana)
  await speakPseudo(page)
  const looking = new Looking(page, LOOKED_AT)
  const english = new Map<string, string[]>()
  const pages = [
    ['trips', '/'],
    ...['plan', 'map', 'places', 'bookings', 'costs', 'packing', 'todos', 'together', 'files'].map((part) => [
      part,
      `/trips/${tripId}?part=${part}`,
    ]),
    ...['profile', 'security', 'integrations', 'notifications', 'doctor'].map((tab) => [tab, `/settings?tab=${tab}`]),
    ...['users', 'addons', 'permissions', 'access', 'backups', 'audit'].map((tab) => [tab, `/admin?tab=${tab}`]),
    ['atlas', '/atlas'],
  ]
  for (const [name = '', path] of pages) {
    await page.goto(running.url + path)
    await looking.at(name, page.locator('h1'))
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
      PSEUDO,
      'rtl',
    ])
    const words = await latinWords(page)
    const left = words.filter((text) => /[A-Za-z]{3,}/.test(SAME.reduce((rest, same) => rest.replace(same, ''), text)))
    if (left.length) english.set(name, [...new Set(left)])
  }
  expect(Object.fromEntries(english)).toEqual({})
  for (const look of LOOKED_AT) expect(looking.wrongAt(look)).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
}, 300_000)

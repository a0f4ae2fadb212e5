import { mkdirSync, writeFileSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium, type Page } from 'playwright-core'

const WANTS_PICTURES = process.env.TREK_PICTURES === '1'

/** What the package sets for running inside a cloud function and a test must not have. */
const NOT_HERE = /single-process|no-zygote|disable-web-security|allow-running|disable-site-isolation/

/** What draws maps without a graphics card; it costs more than everything else in a page together. */
const DRAWS_IN_SOFTWARE = /gpu|use-gl|use-angle|swiftshader/
const DRAWS_NO_MAPS = ['--disable-gpu', '--disable-software-rasterizer']

export interface Browsed {
  /** Whether it has WebGL, which maps need. */
  readonly maps?: boolean
  /** Whether certificates need not be of an authority. */
  readonly anyCertificate?: boolean
}

/** A Chromium out of a package of the registry; it reaches nothing but this machine. */
export async function openBrowser({ maps = WANTS_PICTURES, anyCertificate = false }: Browsed = {}): Promise<Browser> {
  const args = [
    ...sparticuz.args.filter((arg) => !NOT_HERE.test(arg) && (maps || !DRAWS_IN_SOFTWARE.test(arg))),
    '--no-sandbox',
    '--disable-background-networking',
    ...(maps ? [] : DRAWS_NO_MAPS),
    ...(anyCertificate ? ['--ignore-certificate-errors'] : []),
  ]
  const executablePath = await sparticuz.executablePath()
  return chromium.launch({ executablePath, args, headless: true })
}

/** A page of somebody who is logged in; what goes wrong in it is gathered in `complaints`. */
export async function openPage(
  browser: Browser,
  url: string,
  { username, password }: { username: string; password: string },
  look: { width: number; height: number; theme: 'light' | 'dark' } = { width: 1440, height: 900, theme: 'light' },
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.theme,
    reducedMotion: 'reduce',
    hasTouch: look.width < 600,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  page.on('requestfailed', (request) => {
    // A map that is left takes back what it has asked for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()}`)
  })
  await page.goto(`${url}/login`)
  await page.getByLabel('E-mail or username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page
    .getByRole('heading', { name: /Where to|Trips/ })
    .first()
    .waitFor()
  return { page, complaints }
}

/** Keeps a picture of the page among the artefacts, when pictures are asked for: TREK_PICTURES=1. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (!WANTS_PICTURES) return
  mkdirSync('artifacts/screens', { recursive: true })
  // A map draws itself some frames after everything it needs has arrived: it is done when two pictures are the same.
  let last = await page.screenshot()
  for (let tries = 0; tries < 20; tries++) {
    const next = await page.screenshot()
    if (next.equals(last)) break
    last = next
  }
  writeFileSync(`artifacts/screens/${name}.png`, last)
}

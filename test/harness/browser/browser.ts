import { mkdirSync, writeFileSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium, type Page } from 'playwright-core'

const WANTS_PICTURES = process.env.TREK_PICTURES === '1'

/** Flags that the package sets for cloud functions and that tests must not have. */
const NOT_HERE = /single-process|no-zygote|disable-web-security|allow-running|disable-site-isolation/

/** Flags for drawing maps without a graphics card. That costs more than the rest of a page together. */
const DRAWS_IN_SOFTWARE = /gpu|use-gl|use-angle|swiftshader/
const DRAWS_NO_MAPS = ['--disable-gpu', '--disable-software-rasterizer']

export interface Browsed {
  /** Whether the browser has WebGL, which maps need. */
  readonly maps?: boolean
  /** Whether the browser accepts any certificate. */
  readonly anyCertificate?: boolean
}

/** Starts a Chromium from an npm package. It reaches only this machine. */
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

/** Opens a page and logs in. `complaints` collects the errors of the page. */
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
    // A map cancels its requests when the page leaves it.
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

/** Saves a screenshot of the page in `artifacts/screens` if TREK_PICTURES=1. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (!WANTS_PICTURES) return
  mkdirSync('artifacts/screens', { recursive: true })
  // A map draws some frames after its data has arrived: it is complete when two screenshots are equal.
  let last = await page.screenshot()
  for (let tries = 0; tries < 20; tries++) {
    const next = await page.screenshot()
    if (next.equals(last)) break
    last = next
  }
  writeFileSync(`artifacts/screens/${name}.png`, last)
}

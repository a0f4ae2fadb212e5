import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { CDPSession, Locator, Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { until } from '../until.ts'
import { keepPicture } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A phone, a tablet and a laptop, each in the light and the dark theme. */
export const LOOKS = [390, 820, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, height: width < 600 ? 844 : 900, theme })),
)

export type Look = (typeof LOOKS)[number]

/** The axe rules whose result depends on the theme. */
const OF_THE_THEME = ['color-contrast', 'link-in-text-block']

/**
 * Checks pages at every width and in every theme without a reload: it changes the size of the window and the theme of the
 * device. It collects the problems by look, for the test of that look.
 */
export class Looking {
  readonly #page: Page
  readonly #wrong = new Map<Look, string[]>()
  readonly #unanswered = new Set<Request>()
  readonly #looks: readonly Look[]
  readonly #runsAxe: boolean
  #look: Look
  #touch: CDPSession | null = null
  #turns = 0

  /** Without `axe` for pages that another test checks with it. */
  constructor(page: Page, { looks = LOOKS, axe = true }: { looks?: readonly Look[]; axe?: boolean } = {}) {
    this.#page = page
    this.#looks = looks
    this.#runsAxe = axe
    this.#look = looks[0] as Look
    page.on('request', (request) => this.#unanswered.add(request))
    page.on('requestfinished', (request) => this.#unanswered.delete(request))
    page.on('requestfailed', (request) => this.#unanswered.delete(request))
    page.on('pageerror', (error) => this.#addComplaint(`error: ${error.message}`))
    page.on('console', (message) => message.type() === 'error' && this.#addComplaint(`console: ${message.text()}`))
  }

  /** The problems at this look. */
  wrongAt(look: Look): string[] {
    return this.#wrong.get(look) ?? ['was not checked']
  }

  /**
   * Checks, after everything on a page has loaded, that it does not scroll sideways and that axe finds nothing. The sign must
   * be visible at every look.
   */
  async at(name: string, sign: Locator): Promise<void> {
    // Reverses the order each time, so that pages load at the first look as well as at the last.
    const looks = this.#turns++ % 2 === 0 ? this.#looks : this.#looks.toReversed()
    const structured = new Set<number>()
    for (const look of looks) {
      await this.#applyLook(look)
      await this.#waitFor(name, sign)
      // The page gets its theme with its next frame. `untilStill` waits for the transitions that this starts.
      await this.#page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, look.theme)
      await this.waitUntilStill()
      const rules = structured.has(look.width) ? OF_THE_THEME : null
      structured.add(look.width)
      await this.#check(name, look, rules)
    }
  }

  /** Waits for the sign; the error contains the text that the page shows instead. */
  async #waitFor(name: string, sign: Locator): Promise<void> {
    try {
      await sign.filter({ visible: true }).first().waitFor()
    } catch (error) {
      const pageText = (await this.#page.locator('body').textContent()) ?? ''
      const complaints = [...this.#wrong.values()].flat().join('; ')
      throw new Error(`${name} at ${this.#page.url()} shows: ${pageText.slice(0, 300)} (${complaints})`, {
        cause: error,
      })
    }
  }

  #addComplaint(complaint: string): void {
    this.#wrong.set(this.#look, [...(this.#wrong.get(this.#look) ?? []), complaint])
  }

  async #applyLook(look: Look): Promise<void> {
    this.#look = look
    if (!this.#wrong.has(look)) this.#wrong.set(look, [])
    const { width, height, theme } = look
    await this.#page.setViewportSize({ width, height })
    this.#touch ??= await this.#page.context().newCDPSession(this.#page)
    await this.#touch.send('Emulation.setTouchEmulationEnabled', { enabled: width < 600 })
    await this.#page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  }

  /** Waits until all requests are answered and the page is drawn. */
  readonly waitUntilStill = async (): Promise<void> => {
    do {
      await until(() => this.#unanswered.size === 0, 20_000, 'every request is answered')
      await this.#page.evaluate(async () => {
        await document.fonts.ready
        const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
        await nextFrame()
        await nextFrame()
        const animations = document
          .getAnimations()
          .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
        await Promise.allSettled(animations.map(({ finished }) => finished))
      })
    } while (this.#unanswered.size > 0)
  }

  async #check(name: string, look: Look, rules: string[] | null): Promise<void> {
    await keepPicture(this.#page, `${name}-${look.width}-${look.theme}`)
    expect(await this.#page.evaluate(() => document.documentElement.dataset.theme)).toBe(look.theme)
    const overflowing = await overflow(this.#page)
    if (overflowing > 0) this.#addComplaint(`${name} scrolls sideways by ${overflowing} px`)
    if (!this.#runsAxe) return
    for (const finding of await findings(this.#page, rules)) this.#addComplaint(`${name}: ${finding}`)
  }
}

/** Runs work once and shares its result among tests. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null
  return () => (result ??= work())
}

/** How much wider the page is than the window, in pixels. */
const overflow = (page: Page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))

/** The violations that axe finds, by all its rules or by these. */
async function findings(page: Page, rules: string[] | null): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  return page.evaluate(async (ruleIds) => {
    const { axe } = window as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>
      }
    }
    const { violations } = await axe.run(ruleIds ? { runOnly: { type: 'rule', values: ruleIds } } : {})
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`).join(' | ')}`,
    )
  }, rules)
}

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { keepPicture } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A phone, a tablet and a laptop, by day and by night. */
export const LOOKS = [390, 820, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, height: width < 600 ? 844 : 900, theme })),
)

/** A page, once everything on it has arrived, is a picture among the artefacts, does not scroll sideways, and axe finds nothing. */
export async function expectToHold(page: Page, name: string, look: (typeof LOOKS)[number]): Promise<void> {
  await page.waitForLoadState('networkidle')
  await keepPicture(page, `${name}-${look.width}-${look.theme}`)
  expect(await overflow(page), `${name} must not scroll sideways`).toBe(0)
  expect(await findings(page), name).toEqual([])
}

/** By how much the page is wider than the window, in pixels. */
const overflow = (page: Page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))

/** What axe finds wrong with the page. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`)
  })
}

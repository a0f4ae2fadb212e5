import type { Locator, Page } from 'playwright-core'

/** Anything that lies over the page. */
const OVERLAYS = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'

/**
 * Clicks the buttons of pages one after the other, and the entries of the menus that they open. Of buttons whose names differ
 * only in what people wrote, the first one is clicked.
 */
export class Openers {
  readonly #page: Page
  readonly #kindOf: (name: string) => string
  readonly #waitUntilStill: () => Promise<void>
  readonly #clicked: Set<string>

  /** `kindOf` removes from a name what people wrote; buttons of the kinds in `skipped` are not clicked. */
  constructor(
    page: Page,
    {
      kindOf,
      waitUntilStill,
      skipped,
    }: { kindOf(name: string): string; waitUntilStill(): Promise<void>; skipped: readonly string[] },
  ) {
    this.#page = page
    this.#kindOf = kindOf
    this.#waitUntilStill = waitUntilStill
    this.#clicked = new Set(skipped)
  }

  /** Calls `look` with the names of the buttons that were clicked, after each click on this page. */
  async at(url: string, check: (names: readonly string[]) => Promise<void>): Promise<void> {
    await this.#open(url)
    for (const name of await this.#unclicked('button')) {
      await this.#open(url)
      if (!(await this.#click('button', name))) continue
      await check([name])
      for (const entry of await this.#unclicked('menuitem')) {
        const isReady = (await this.#isOpen('menuitem', entry)) || (await this.#reopened(url, name))
        if (isReady && (await this.#click('menuitem', entry))) await check([name, entry])
      }
    }
  }

  async #reopened(url: string, name: string): Promise<boolean> {
    await this.#open(url)
    return this.#click('button', name)
  }

  /** Opens the page, unless it is open with nothing over it. */
  async #open(url: string): Promise<void> {
    if (this.#page.url() === url) {
      for (let turn = 0; turn < 3 && (await this.#page.locator(OVERLAYS).count()); turn++) {
        await this.#page.keyboard.press('Escape')
        await this.#waitUntilStill()
      }
      if (!(await this.#page.locator(OVERLAYS).count())) return
    }
    await this.#page.goto(url)
    await this.#page.locator('h1').first().waitFor()
    await this.#waitUntilStill()
  }

  #named(role: 'button' | 'menuitem', name: string): Locator {
    return this.#page.getByRole(role, { name, exact: true }).filter({ visible: true }).first()
  }

  async #isOpen(role: 'button' | 'menuitem', name: string): Promise<boolean> {
    return (await this.#named(role, name).count()) > 0
  }

  /** Whether there was such a button to click. */
  async #click(role: 'button' | 'menuitem', name: string): Promise<boolean> {
    if (!(await this.#isOpen(role, name)) || !(await this.#named(role, name).isEnabled())) return false
    this.#clicked.add(this.#kindOf(name))
    await this.#named(role, name).click()
    await this.#waitUntilStill()
    return true
  }

  /** The names of the buttons of new kinds, one of each kind. */
  async #unclicked(role: 'button' | 'menuitem'): Promise<string[]> {
    const elements = this.#page.getByRole(role).filter({ visible: true })
    const names = await elements.evaluateAll((nodes) =>
      nodes.map((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim()),
    )
    const kinds = new Map<string, string>()
    for (const name of names) {
      const kind = this.#kindOf(name)
      if (name && !kinds.has(kind)) kinds.set(kind, name)
    }
    return [...kinds].filter(([kind]) => !this.#clicked.has(kind)).map(([, name]) => name)
  }
}

import type { Browser } from 'playwright-core'
import { OFFERED_SCOPES } from '../../../src/identity/contract/scopes.ts'

/** A person with a browser that is not logged in yet; it opens the pages to which programs send it. */
export async function openPerson(browser: Browser, base: string, account: { username: string; password: string }) {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 820, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const ownOrigin = new URL(base).origin
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const leaveOrigin = () => page.waitForURL(({ origin }) => origin !== ownOrigin)

  async function logIn(): Promise<void> {
    await page.getByLabel('E-mail or username').fill(account.username)
    await page.getByLabel('Password', { exact: true }).fill(account.password)
    await button('Log in').click()
  }

  /** Opens the address that a program asks to open, and logs in if the page requires it. */
  async function open(url: URL | string): Promise<void> {
    await page.goto(String(url))
    await button('Log in').or(button('Allow')).waitFor()
    if (await button('Log in').isVisible()) await logIn()
    await page.getByRole('heading', { name: /^Connect / }).waitFor()
  }

  async function answer(name: string): Promise<void> {
    await button(name).click()
    await leaveOrigin()
  }

  return {
    page,

    /** Allows the program access, with every scope that is ticked or with only these. */
    async allow(url: URL | string, only?: readonly string[]): Promise<void> {
      await open(url)
      for (const { scope, label } of only ? OFFERED_SCOPES : []) {
        const box = page.getByRole('checkbox', { name: label, exact: true })
        if (await box.count()) await box.setChecked(only?.includes(scope) ?? false)
      }
      await answer('Allow')
    },

    async refuse(url: URL | string): Promise<void> {
      await open(url)
      await answer('Don’t allow')
    },

    /** Opens an address that redirects without a question, because the person answered it before. */
    async pass(url: URL | string): Promise<void> {
      await page.goto(String(url))
      await leaveOrigin()
    },

    close: () => context.close(),
  }
}

export type Person = Awaited<ReturnType<typeof openPerson>>

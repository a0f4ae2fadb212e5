import type { Browser } from 'playwright-core'
import { OFFERED_SCOPES } from '../../../src/identity/contract/scopes.ts'

/** Somebody at a browser in which nobody is logged in yet: what a program sends them to is what they see. */
export async function openPerson(browser: Browser, base: string, account: { username: string; password: string }) {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 820, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const home = new URL(base).origin
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const away = () => page.waitForURL(({ origin }) => origin !== home)

  async function logIn(): Promise<void> {
    await page.getByLabel('E-mail or username').fill(account.username)
    await page.getByLabel('Password', { exact: true }).fill(account.password)
    await button('Log in').click()
  }

  /** Opens what a program wants to have opened, and logs in where that is asked. */
  async function open(url: URL | string): Promise<void> {
    await page.goto(String(url))
    await button('Log in').or(button('Allow')).waitFor()
    if (await button('Log in').isVisible()) await logIn()
    await page.getByRole('heading', { name: /^Connect / }).waitFor()
  }

  async function answer(name: string): Promise<void> {
    await button(name).click()
    await away()
  }

  return {
    page,

    /** Lets the program in, with everything that is ticked, or with these scopes alone. */
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

    /** Opens what is passed on without a question, because it was answered before. */
    async pass(url: URL | string): Promise<void> {
      await page.goto(String(url))
      await away()
    },

    close: () => context.close(),
  }
}

export type Person = Awaited<ReturnType<typeof openPerson>>

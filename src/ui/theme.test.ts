import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/**
 * A media query as in Chromium: reading `matches` after a change of the device consumes that change, so the listeners, which
 * run at the next frame, do not receive it.
 */
class MediaQuery {
  #device = false
  #matches = false
  #listeners: ((event: { matches: boolean }) => void)[] = []

  get matches() {
    this.#matches = this.#device
    return this.#matches
  }

  addEventListener(_type: 'change', listener: (event: { matches: boolean }) => void) {
    this.#listeners.push(listener)
  }

  deviceBecomes(matches: boolean) {
    this.#device = matches
  }

  frame() {
    if (this.#matches === this.#device) return
    this.#matches = this.#device
    for (const listener of this.#listeners) listener({ matches: this.#matches })
  }
}

async function loadTheme() {
  const media = new MediaQuery()
  const dataset: Record<string, string> = {}
  vi.stubGlobal('matchMedia', () => media)
  vi.stubGlobal('document', { documentElement: { dataset } })
  vi.stubGlobal('localStorage', { getItem: () => null })
  vi.resetModules()
  return { media, dataset, ...(await import('./theme.ts')) }
}

test('the page follows the device', async () => {
  const { media, dataset, isDark } = await loadTheme()
  expect(isDark()).toBe(false)
  media.deviceBecomes(true)
  media.frame()
  expect(dataset.theme).toBe('dark')
  expect(isDark()).toBe(true)
})

test('the page follows the device even if a component reads the theme before the page gets the change', async () => {
  const { media, dataset, isDark } = await loadTheme()
  media.deviceBecomes(true)
  isDark()
  media.frame()
  expect(dataset.theme).toBe('dark')
})

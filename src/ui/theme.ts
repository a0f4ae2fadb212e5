import { useSyncExternalStore } from 'react'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

// public/theme.js reads the same key before the first paint.
const KEY = 'trek.theme'
const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

// Kept beside the query: in Chromium, reading `matches` after the device changed suppresses the `change` event.
let deviceIsDark = prefersDark.matches

function chosen(): Theme {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Whether the page is currently dark. */
export const isDark = (): boolean => chosen() === 'dark' || (chosen() === 'system' && deviceIsDark)

function show(): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light'
  for (const listener of listeners) listener()
}

prefersDark.addEventListener('change', ({ matches }) => {
  deviceIsDark = matches
  show()
})

export function setTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  show()
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The chosen theme; `system` follows the device. */
export const useTheme = (): Theme => useSyncExternalStore(listen, chosen)

/** The same for a component, which updates with it. */
export const useDark = (): boolean => useSyncExternalStore(listen, isDark)

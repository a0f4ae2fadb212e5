import { useSyncExternalStore } from 'react'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

// The same key is read in public/theme.js, before the first paint.
const KEY = 'trek.theme'
const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

// Kept beside the query: in Chromium, reading `matches` after the device changed takes the `change` event away.
let deviceIsDark = prefersDark.matches

function chosen(): Theme {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

/** Whether the page is dark right now. */
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

/** The theme that was chosen, where `system` is the choice of the device. */
export const useTheme = (): Theme => useSyncExternalStore(listen, chosen)

/** The same for a component, which follows it. */
export const useDark = (): boolean => useSyncExternalStore(listen, isDark)

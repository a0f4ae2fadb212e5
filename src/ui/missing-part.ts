import { useEffect } from 'react'
import { pathOf, rememberedAs } from './base-path.ts'

/** The browser errors for a module that cannot be loaded: no connection, or a newer version without it. */
const MISSING = /dynamically imported module|module script failed|Unable to preload/i

export const isMissingPart = (error: unknown): boolean => error instanceof Error && MISSING.test(error.message)

const LOOK_EVERY_MS = 3000
const RELOADED_AT = rememberedAs('trek.reloaded-at')
/** If a part is missing again within this time, another reload would not help. */
const AGAIN_AFTER_MS = 60_000

/**
 * Reloads the page as soon as the server answers, if a part of the app is missing: a browser never retries a module
 * that failed to load.
 */
export function useReloadWhenBack(isMissing: boolean): void {
  useEffect(() => {
    if (!isMissing || Date.now() - Number(sessionStorage.getItem(RELOADED_AT)) < AGAIN_AFTER_MS) return
    const timer = setInterval(async () => {
      const isBack = await fetch(pathOf('/api/ready')).then(
        ({ ok }) => ok,
        () => false,
      )
      if (!isBack) return
      sessionStorage.setItem(RELOADED_AT, String(Date.now()))
      location.reload()
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [isMissing])
}

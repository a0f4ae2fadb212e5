import { useEffect } from 'react'

/** What browsers say when a part of the app cannot be loaded: no connection, or a newer version without it. */
const MISSING = /dynamically imported module|module script failed|Unable to preload/i

export const isMissingPart = (error: unknown): boolean => error instanceof Error && MISSING.test(error.message)

const LOOK_EVERY_MS = 3000
const RELOADED_AT = 'trek.reloaded-at'
/** A page that still misses something after so short a time is not helped by another load. */
const AGAIN_AFTER_MS = 60_000

/**
 * Loads the page anew as soon as the server answers, where a part of the app is missing: a browser does not ask twice for a part
 * that it could not load.
 */
export function useReloadWhenBack(isMissing: boolean): void {
  useEffect(() => {
    if (!isMissing || Date.now() - Number(sessionStorage.getItem(RELOADED_AT)) < AGAIN_AFTER_MS) return
    const timer = setInterval(async () => {
      const isBack = await fetch('/api/health').then(
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

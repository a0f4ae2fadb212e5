import { useEffect } from 'react'
import { pathOf, rememberedAs } from './base-path.ts'

/** The errors of browsers for a module that cannot be loaded: there is no connection, or a newer version does not have it. */
const MISSING = /dynamically imported module|module script failed|Unable to preload/i

export const isMissingPart = (error: unknown): boolean => error instanceof Error && MISSING.test(error.message)

const LOOK_EVERY_MS = 3000
const RELOADED_AT = rememberedAs('trek.reloaded-at')
/** If a part is missing again within this time, another reload would not help. */
const AGAIN_AFTER_MS = 60_000

/**
 * Reloads the page as soon as the server answers, if a part of the app is missing: a browser does not request a module again that
 * it could not load.
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

const MINUTE_MS = 60_000

/**
 * Passes on each sentence at most once a minute. Returns whether it was passed on. A sentence that contains details
 * needs a `key` by which equal ones are recognised.
 */
export function onceAMinute(warn: (what: string) => void, now: () => number = () => performance.now()) {
  const toldAt = new Map<string, number>()
  return {
    tell(what: string, key = what): boolean {
      const at = now()
      if (at - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return false
      toldAt.set(key, at)
      warn(what)
      return true
    },
    /** Whether any sentence was passed on since the last `forget`. */
    hasTold: () => toldAt.size > 0,
    forget: () => toldAt.clear(),
  }
}

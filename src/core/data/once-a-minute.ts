const MINUTE_MS = 60_000

/**
 * Hands on each sentence at most once a minute, however often it is said; whether it was handed on. A sentence that names details
 * says under which `key` it counts as the same.
 */
export function onceAMinute(told: (what: string) => void, now: () => number = () => performance.now()) {
  const toldAt = new Map<string, number>()
  return {
    tell(what: string, key = what): boolean {
      const at = now()
      if (at - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return false
      toldAt.set(key, at)
      told(what)
      return true
    },
    /** Whether anything was told since the last `forget`. */
    hasTold: () => toldAt.size > 0,
    forget: () => toldAt.clear(),
  }
}

const WITHIN = 800

/**
 * Calls `write` at most `within` milliseconds after the first call of `soon`, and once more on `close`; one call of `write` runs at
 * a time. `write` takes all gathered entries and keeps those that it could not write. `within` is one second by default.
 */
export function writeBehind(write: () => Promise<void>, failed: (error: unknown) => void, within = WITHIN) {
  let timer: NodeJS.Timeout | null = null
  let writing = Promise.resolve()
  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    writing = writing.then(write).catch(failed)
    return writing
  }
  return {
    soon() {
      timer ??= setTimeout(flush, within).unref()
    },
    close: flush,
  }
}

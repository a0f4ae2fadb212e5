const WITHIN = 800

/**
 * Calls `write` at most `within` milliseconds (default: one second) after the first `soon`, and once more on `close`;
 * never twice at once. `write` takes all pending entries and keeps those it could not write.
 */
export function writeBehind(write: () => Promise<void>, onError: (error: unknown) => void, within = WITHIN) {
  let timer: NodeJS.Timeout | null = null
  let writing = Promise.resolve()
  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    writing = writing.then(write).catch(onError)
    return writing
  }
  return {
    soon() {
      timer ??= setTimeout(flush, within).unref()
    },
    close: flush,
  }
}

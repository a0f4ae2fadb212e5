const WITHIN = 800

/**
 * Writes what has gathered within a second of the first call of `soon`, one writing at a time, and what is left on `close`.
 * `write` takes what there is; what it could not write it keeps for the next time.
 */
export function flusher(write: () => Promise<void>, failed: (error: unknown) => void) {
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
      timer ??= setTimeout(flush, WITHIN).unref()
    },
    close: flush,
  }
}

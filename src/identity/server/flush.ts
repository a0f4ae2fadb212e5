const WITHIN = 800

/**
 * Writes what has gathered `within` so many milliseconds of the first call of `soon`, a second where nothing else is said, one writing at a time, and what is left on `close`.
 * `write` takes what there is; what it could not write it keeps for the next time.
 */
export function flusher(write: () => Promise<void>, failed: (error: unknown) => void, within = WITHIN) {
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

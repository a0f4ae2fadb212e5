/** Polls until a value is truthy; after a timeout, the error names what did not happen. */
export async function until<T>(
  found: () => T | Promise<T>,
  ms = 10_000,
  what = String(found),
): Promise<NonNullable<T>> {
  const end = Date.now() + ms
  for (;;) {
    const value = await found()
    if (value) return value
    if (Date.now() > end) throw new Error(`Not within ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Polls until a value is truthy; after a timeout, the error names what did not happen. */
export async function until<T>(
  condition: () => T | Promise<T>,
  ms = 10_000,
  description = String(condition),
): Promise<NonNullable<T>> {
  const end = Date.now() + ms
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`Not within ${ms} ms: ${description}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

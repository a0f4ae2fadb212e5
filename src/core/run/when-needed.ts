/** Creates a value on first use and keeps it. After a failure it tries again the next time. */
export function whenNeeded<T>(make: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined
  return () => {
    value ??= make().catch((error) => {
      value = undefined
      throw error
    })
    return value
  }
}

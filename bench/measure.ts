/** The median time of `rounds` sequential runs, in milliseconds. */
export async function median(rounds: number, work: () => Promise<unknown>): Promise<number> {
  for (let warm = 0; warm < Math.min(50, rounds); warm++) await work()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
}

/** The number of runs per second with `inFlight` at once. */
export async function rate(inFlight: number, seconds: number, work: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + seconds * 1000
  let done = 0
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < end) {
        await work()
        done++
      }
    }),
  )
  return done / seconds
}

/** The median of a list. */
export const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

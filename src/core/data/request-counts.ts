/** Counts the requests of each client in its minute, across all processes of an instance. */
export interface RequestCounts {
  /** Adds requests of some clients. Returns the total of each, and the age of its window in milliseconds. */
  add(counts: ReadonlyMap<string, number>): Promise<Map<string, { count: number; age: number }>>
  /** Deletes the expired windows, or all of them. */
  sweep(which: 'over' | 'all'): Promise<void>
}

/** The length of a window, which begins with its first request. */
export const WINDOW_MS = 60_000

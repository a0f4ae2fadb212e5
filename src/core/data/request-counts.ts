/** How many requests each asker made in its minute, at all processes of an instance. */
export interface RequestCounts {
  /** Adds requests of some askers, and gives how many each has made in all and how long ago its window began, in milliseconds. */
  add(counts: ReadonlyMap<string, number>): Promise<Map<string, { count: number; age: number }>>
  /** Forgets the windows that are over, or all of them. */
  sweep(which: 'over' | 'all'): Promise<void>
}

/** How long a window is; it begins with its first request. */
export const WINDOW_MS = 60_000

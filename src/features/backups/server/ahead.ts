/** A moment further in the future than this was recorded while the clock was wrong. */
const AHEAD_MS = 3_600_000

/** Whether a moment (ISO 8601) is so far after `now`, in milliseconds, that the clock was wrong then or is wrong now. */
export const isAhead = (at: string, now: number): boolean => Date.parse(at) > now + AHEAD_MS

/** Whether a look at a backup found nothing wrong with it. */
export const isUsable = ({ damaged, unread }: { damaged: boolean; unread: boolean }): boolean => !damaged && !unread

/** For how long what was deleted can come back: trips, with the bytes of their files and what the change log omits. */
export const DELETED_KEPT_DAYS = 30

const DELETED_KEPT_MS = DELETED_KEPT_DAYS * 24 * 3600 * 1000

/** What was deleted before this moment cannot come back any more. */
export const deletedKeptSince = (now: Date): string => new Date(now.getTime() - DELETED_KEPT_MS).toISOString()

/** Until when something that was deleted at this moment can come back. */
export const deletedKeptUntil = (at: Date): string => new Date(at.getTime() + DELETED_KEPT_MS).toISOString()

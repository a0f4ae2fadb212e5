import type { NotificationRow } from '../contract/index.ts'

/** A notification deleted by its recipient is kept, but hidden. */
export const seesNotification = ({ dismissed }: Pick<NotificationRow, 'dismissed'>): boolean => !dismissed

import type { NotificationRow } from '../contract/index.ts'

/** What its recipient has deleted is kept, and shown to nobody. */
export const seesNotification = ({ dismissed }: Pick<NotificationRow, 'dismissed'>): boolean => !dismissed

import { patched, removed, useAct } from '../../../ui/live/act.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import {
  delete_all_notifications,
  delete_notification,
  mark_all_notifications_read,
  mark_notification_read,
  mark_notification_unread,
  Notification,
} from '../contract/index.ts'

/** The actions on notifications; must be inside the space of their recipient. */
export function useNotificationActions() {
  const act = useAct()
  const rows = useRows(Notification)
  const unread = rows.filter((row) => !row.is_read)
  return {
    mark: (notificationId: number, is_read: boolean) =>
      act(is_read ? mark_notification_read : mark_notification_unread, { notificationId }, [
        patched(Notification, notificationId, { is_read }),
      ]),
    remove: (notificationId: number) =>
      act(delete_notification, { notificationId }, [removed(Notification, notificationId)]),
    readAll: () =>
      act(
        mark_all_notifications_read,
        {},
        unread.map(({ id }) => patched(Notification, id, { is_read: true })),
      ),
    removeAll: () =>
      act(
        delete_all_notifications,
        {},
        rows.map(({ id }) => removed(Notification, id)),
      ),
  }
}

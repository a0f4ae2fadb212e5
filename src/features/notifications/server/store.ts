import { decode } from '../../../core/data/storage.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Values } from '../../../core/declare/entity.ts'
import { Trip } from '../../trips/contract/index.ts'
import type { TripRow } from '../../trips/server/index.ts'
import {
  Notification,
  type NotificationEvent,
  NotificationPreference,
  type NotificationPreferenceRow,
  type NotificationRow,
} from '../contract/index.ts'

export interface Query {
  readonly unreadOnly: boolean
  readonly unreadFirst: boolean
  readonly limit: number
  readonly offset: number
}

/** Somebody's notifications, the newest first. */
export async function listNotifications(tx: ReadTx, userId: number, query: Query): Promise<NotificationRow[]> {
  const { unreadOnly, unreadFirst, limit, offset } = query
  const rows = await tx.ask(
    `notifications ${unreadOnly} ${unreadFirst}`,
    [userId, false, ...(unreadOnly ? [false] : []), limit, offset],
    (db) =>
      db
        .selectFrom('notifications')
        .selectAll()
        .where('recipient_id', '=', userId)
        .where('dismissed', '=', false)
        .$if(unreadOnly, (builder) => builder.where('is_read', '=', false))
        .$if(unreadFirst, (builder) => builder.orderBy('is_read'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset),
  )
  return rows.map((row) => decode(Notification, row))
}

/** Every notification of somebody that they have not deleted. */
export const listAll = (tx: ReadTx, userId: number): Promise<NotificationRow[]> =>
  tx.list(Notification, { recipient_id: userId, dismissed: false })

export const listUnread = (tx: ReadTx, userId: number): Promise<NotificationRow[]> =>
  tx.list(Notification, { recipient_id: userId, dismissed: false, is_read: false })

export const countNotifications = (tx: ReadTx, userId: number, unreadOnly: boolean): Promise<number> =>
  tx.count(Notification, { recipient_id: userId, dismissed: false, ...(unreadOnly && { is_read: false }) })

export const findNotification = (tx: ReadTx, userId: number, id: number): Promise<NotificationRow | null> =>
  tx.find(Notification, { id, recipient_id: userId, dismissed: false })

/** The unread notifications of somebody for one kind of event in a trip, the newest first. */
export const listUnreadOf = (
  tx: ReadTx,
  userId: number,
  tripId: number,
  event: NotificationEvent,
): Promise<NotificationRow[]> =>
  tx.list(Notification, { recipient_id: userId, trip_id: tripId, event, is_read: false, dismissed: false }, [
    'created_at desc',
  ])

/** Who has already received this. */
export const listSent = (tx: ReadTx, onceKey: string): Promise<NotificationRow[]> =>
  tx.list(Notification, { once_key: onceKey })

export const listOfTrip = (tx: ReadTx, tripId: number, userId?: number): Promise<NotificationRow[]> =>
  tx.list(Notification, { trip_id: tripId, ...(userId !== undefined && { recipient_id: userId }) })

/** The notifications that somebody received or caused. */
export async function listOfUser(tx: ReadTx, userId: number) {
  return {
    received: await tx.list(Notification, { recipient_id: userId }),
    caused: await tx.list(Notification, { actor_id: userId }),
    preferences: await tx.list(NotificationPreference, { user_id: userId }),
  }
}

/** The notifications sent before a moment. */
export async function listOlderThan(tx: ReadTx, moment: string): Promise<NotificationRow[]> {
  const rows = await tx.ask('old notifications', [moment], (db) =>
    db.selectFrom('notifications').selectAll().where('created_at', '<', moment),
  )
  return rows.map((row) => decode(Notification, row))
}

export const insertNotification = (tx: Tx, values: Values<typeof Notification>): Promise<NotificationRow> =>
  tx.insert(Notification, values)

export const patchNotification = (
  tx: Tx,
  notification: NotificationRow,
  patch: Values<typeof Notification>,
): Promise<NotificationRow> => tx.patch(Notification, notification, patch)

export const removeNotification = (tx: Tx, notification: NotificationRow): Promise<void> =>
  tx.remove(Notification, notification)

/** Somebody's notification preferences. */
export const listPreferences = (tx: ReadTx, userId: number): Promise<NotificationPreferenceRow[]> =>
  tx.list(NotificationPreference, { user_id: userId })

/** Which of these people do not want an event. */
export async function listUnwilling(
  tx: ReadTx,
  event: NotificationEvent,
  userIds: readonly number[],
): Promise<Set<number>> {
  const rows = await tx.list(NotificationPreference, { event, user_id: userIds, in_app: false })
  return new Set(rows.map((row) => row.user_id))
}

export async function writePreference(
  tx: Tx,
  userId: number,
  event: NotificationEvent,
  in_app: boolean,
): Promise<void> {
  const preference = await tx.find(NotificationPreference, { user_id: userId, event })
  if (preference) await tx.patch(NotificationPreference, preference, { in_app })
  else if (!in_app) await tx.insert(NotificationPreference, { user_id: userId, event, in_app })
}

export const removePreference = (tx: Tx, preference: NotificationPreferenceRow): Promise<void> =>
  tx.remove(NotificationPreference, preference)

/** The trips with these ids; for people who are in them. */
export const listTripsById = (tx: ReadTx, ids: readonly number[]): Promise<TripRow[]> => tx.list(Trip, { id: ids })

/** The trips that start on one of these days and are not archived. */
export const listTripsStarting = (tx: ReadTx, dates: readonly string[]): Promise<TripRow[]> =>
  tx.list(Trip, { start_date: dates, is_archived: false })

declare module '../../../core/data/tx.ts' {
  interface Tables {
    notifications: {
      id: number
      recipient_id: number
      is_read: boolean
      dismissed: boolean
      created_at: string
    }
  }
}

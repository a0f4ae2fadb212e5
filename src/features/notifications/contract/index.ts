import { z } from 'zod'
import { entity, type Row, stored } from '../../../core/declare/entity.ts'
import { administration, operation, resource } from '../../../core/declare/operation.ts'
import { CalendarDate, Id, Instant, MessageKey } from '../../../core/declare/values.ts'
import { Person } from '../../../identity/contract/person.ts'
import { Done } from '../../trips/contract/index.ts'
import { NEWS } from './news.generated.ts'

/** The kinds of events that people are notified of. */
export type NotificationEvent = keyof typeof NEWS
export const EVENTS = Object.keys(NEWS) as NotificationEvent[]

/** Something that happened and concerns somebody. Its texts are made when it is read. */
export const Notification = entity({
  name: 'notification',
  table: 'notifications',
  space: 'user',
  spaceKey: 'recipient_id',
  refs: { recipient_id: 'user', trip_id: 'trip', actor_id: 'user' },
  fields: {
    id: stored(Id),
    recipient_id: stored(Id),
    trip_id: stored(Id),
    event: stored(z.enum(EVENTS)),
    /** Who did it, the last of them if there were several; null for TREK itself and for deleted accounts. */
    actor_id: stored(Id.nullable()),
    /** The title of the booking, the start of the message, the to-do. */
    about: stored(z.string()),
    /** The day it is about. */
    date: stored(CalendarDate.nullable()),
    /** How many times it happened: a burst becomes one notification. */
    count: stored(z.int().min(1)),
    is_read: stored(z.boolean()),
    /** Deleted by its recipient, but kept so that it is not sent again. */
    dismissed: stored(z.boolean()),
    /** The same for all notifications of which a person may get only one. */
    once_key: stored(z.string().nullable()),
    created_at: stored(Instant),
  },
})
export type NotificationRow = Row<typeof Notification>

/** Records that somebody does not want an event; without a row they get it. */
export const NotificationPreference = entity({
  name: 'notification_preference',
  table: 'notification_preferences',
  space: 'user',
  spaceKey: 'user_id',
  refs: { user_id: 'user' },
  fields: {
    id: stored(Id),
    user_id: stored(Id),
    event: stored(z.enum(EVENTS)),
    in_app: stored(z.boolean()),
  },
})
export type NotificationPreferenceRow = Row<typeof NotificationPreference>

/** A notification with its texts. */
export const Told = z.object({
  id: Id,
  event: z.enum(EVENTS),
  title: z.string().describe('Title in English.'),
  title_message: MessageKey.describe('The title for translation.'),
  text: z.string().describe('Text in English, or as people wrote it.'),
  text_message: MessageKey.describe('The text for translation. Its key is empty when people wrote the text.'),
  link: z.string().describe('Path in the app that it leads to.'),
  url: z.string().nullable().describe('Full address of link; null when APP_URL is not set.'),
  trip_id: Id,
  trip_title: z.string(),
  actor: Person.nullable(),
  count: z.int(),
  is_read: z.boolean(),
  created_at: Instant,
})
export type Told = z.output<typeof Told>

const one = z.object({ notificationId: Id.describe('Notification id, from list_notifications.') })
const oneTold = z.object({ notification: Told })
const notificationPage = z.object({ notifications: z.array(Told), total: z.int(), unread_count: z.int() })

export const list_notifications = operation({
  name: 'list_notifications',
  title: 'List notifications',
  description: 'What happened on your trips, newest first, and how much of it is unread.',
  effect: 'read',
  scope: 'notifications:read',
  route: 'GET /notifications',
  input: z.object({
    limit: z.int().positive().default(20).describe('Maximum number to return; capped at 50.'),
    offset: z.int().min(0).default(0).describe('Number to skip.'),
    unread_only: z.boolean().default(false).describe('Only unread ones.'),
  }),
  output: notificationPage,
  follows: ({ offset = 0, ...input }, { notifications, total }) =>
    offset + notifications.length < total && notifications.length
      ? { tool: 'list_notifications', input: { ...input, offset: offset + notifications.length } }
      : null,
})

export const list_newest_notifications = operation({
  name: 'list_newest_notifications',
  title: 'List the newest notifications',
  description: 'The 50 newest notifications, unread ones first.',
  effect: 'read',
  scope: 'notifications:read',
  route: 'GET /notifications/newest',
  expose: ['rest'],
  input: z.object({}),
  output: notificationPage,
  follows: (_input, { notifications, total }) =>
    notifications.length < total ? { tool: 'list_notifications', input: { limit: 50 } } : null,
})

export const get_unread_notification_count = operation({
  name: 'get_unread_notification_count',
  title: 'Count unread notifications',
  description: 'How many of your notifications are unread.',
  effect: 'read',
  scope: 'notifications:read',
  route: 'GET /notifications/unread-count',
  input: z.object({}),
  output: z.object({ count: z.int() }),
})

export const mark_notification_read = operation({
  name: 'mark_notification_read',
  title: 'Mark a notification as read',
  description: 'Mark one of your notifications as read.',
  effect: 'update',
  scope: 'notifications:write',
  route: 'POST /notifications/:notificationId/read',
  input: one,
  output: oneTold,
})

export const mark_notification_unread = operation({
  name: 'mark_notification_unread',
  title: 'Mark a notification as unread',
  description: 'Mark one of your notifications as unread again.',
  effect: 'update',
  scope: 'notifications:write',
  route: 'POST /notifications/:notificationId/unread',
  input: one,
  output: oneTold,
})

export const mark_all_notifications_read = operation({
  name: 'mark_all_notifications_read',
  title: 'Mark all notifications as read',
  description: 'Mark all your notifications as read.',
  effect: 'update',
  scope: 'notifications:write',
  route: 'POST /notifications/read',
  input: z.object({}),
  output: Done.extend({ marked: z.int().describe('Number that were unread.') }),
})

export const delete_notification = operation({
  name: 'delete_notification',
  title: 'Delete a notification',
  description: 'Delete one of your notifications.',
  effect: 'destroy',
  scope: 'notifications:write',
  route: 'DELETE /notifications/:notificationId',
  expose: ['rest'],
  input: one,
  output: Done,
})

export const delete_all_notifications = operation({
  name: 'delete_all_notifications',
  title: 'Delete all notifications',
  description: 'Delete all your notifications.',
  effect: 'destroy',
  scope: 'notifications:write',
  route: 'DELETE /notifications',
  expose: ['rest'],
  input: z.object({}),
  output: Done.extend({ deleted: z.int().describe('Number of deleted notifications.') }),
})

const choices = <S extends z.ZodType>(schema: S) =>
  z.object(Object.fromEntries(EVENTS.map((event) => [event, schema])) as Record<NotificationEvent, S>)

const preferences = z.object({ preferences: choices(z.boolean()) })

export const get_notification_preferences = operation({
  name: 'get_notification_preferences',
  title: 'See notification settings',
  description: 'Which events you are notified of.',
  effect: 'read',
  scope: 'notifications:read',
  route: 'GET /notifications/preferences',
  expose: ['rest'],
  input: z.object({}),
  output: preferences,
})

export const update_notification_preferences = operation({
  name: 'update_notification_preferences',
  title: 'Change notification settings',
  description: 'Choose which events you are notified of. Omitted fields stay unchanged.',
  effect: 'update',
  scope: 'notifications:write',
  route: 'PATCH /notifications/preferences',
  expose: ['rest'],
  input: choices(z.boolean().optional().describe('Whether you are notified of it.')),
  output: preferences,
})

export const send_reminders = operation({
  name: 'send_reminders',
  title: 'Send the reminders that are due',
  description: 'Notify people of trips that start soon and of to-dos that are due, once each. Runs on a schedule.',
  effect: 'create',
  scope: null,
  permission: administration,
  route: 'POST /notifications/reminders',
  expose: [],
  input: z.object({ today: CalendarDate.describe('Current date at the server, YYYY-MM-DD.') }),
  output: z.object({ sent: z.int() }),
})

export const notifications_resource = resource({
  uri: 'trek://notifications/in-app',
  title: 'Notifications',
  description: 'Your 50 newest notifications, unread ones first.',
  read: list_newest_notifications,
})

import type { ExternalServices } from '../../../adapters/external-services.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { addDays } from '../../../core/declare/dates.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { pageOf } from '../../../core/run/paging.ts'
import { findPeople } from '../../../identity/server/people/store.ts'
import { todoDue } from '../../todos/contract/news.ts'
import { tripReminder } from '../../trips/contract/news.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { dueSoon } from './hooks.ts'
import * as store from './store.ts'
import { tell } from './telling.ts'
import { inWords } from './words.ts'

const MOST_AT_ONCE = 50
/** How many days before its date people are reminded of a to-do. */
const DUE_DAYS = 3
/** The longest time before a trip that its reminder can be set to. */
const MOST_REMINDER_DAYS = 30
const KEPT_DAYS = 180

export const notificationHandlers = (addressOf: ExternalServices['addressOf']) =>
  implement(contract, {
    list_notifications: async (call) => {
      const { limit, offset, unread_only: unreadOnly } = call.input
      const query = { unreadOnly, unreadFirst: false, limit: Math.min(limit, MOST_AT_ONCE), offset }
      return listed(call, addressOf, query)
    },

    list_newest_notifications: async (call) =>
      listed(call, addressOf, { unreadOnly: false, unreadFirst: true, limit: MOST_AT_ONCE, offset: 0 }),

    get_unread_notification_count: async ({ tx, caller }) => ({
      count: await store.countNotifications(tx, caller.userId, true),
    }),

    mark_notification_read: (call) => mark(call, addressOf, call.input.notificationId, true),

    mark_notification_unread: (call) => mark(call, addressOf, call.input.notificationId, false),

    mark_all_notifications_read: async ({ tx, caller }) => {
      const unread = await store.listUnread(tx, caller.userId)
      for (const row of unread) await store.patchNotification(tx, row, { is_read: true })
      return { success: true, marked: unread.length }
    },

    delete_notification: async ({ tx, input, caller }) => {
      await forget(tx, await getNotification(tx, caller.userId, input.notificationId))
      return { success: true }
    },

    delete_all_notifications: async ({ tx, caller }) => {
      const all = await store.listAll(tx, caller.userId)
      for (const row of all) await forget(tx, row)
      return { success: true, deleted: all.length }
    },

    get_notification_preferences: async ({ tx, caller }) => ({ preferences: await preferencesOf(tx, caller.userId) }),

    update_notification_preferences: async ({ tx, input, caller }) => {
      for (const event of contract.EVENTS) {
        const setting = input[event]
        if (setting !== undefined) await store.writePreference(tx, caller.userId, event, setting)
      }
      return { preferences: await preferencesOf(tx, caller.userId) }
    },

    send_reminders: async (call) => {
      const { tx, input, emit, now } = call
      const { today } = input
      let sent = 0
      const days = Array.from({ length: MOST_REMINDER_DAYS + 1 }, (_, ahead) => addDays(today, ahead))
      for (const trip of await store.listTripsStarting(tx, days)) {
        const { id, start_date, reminder_days } = trip
        if (!start_date || reminder_days === 0 || addDays(start_date, -reminder_days) > today) continue
        const onceKey = `trip ${id} ${start_date}`
        sent += await tell(call, { tripId: id, event: tripReminder, to: 'everybody', about: trip.title, onceKey })
      }
      const due = (await emit(dueSoon, { from: today, until: addDays(today, DUE_DAYS) })).flat()
      const trips = await store.listTripsById(tx, [...new Set(due.map((item) => item.tripId))])
      const putAway = new Set(trips.filter((trip) => trip.is_archived).map(({ id }) => id))
      for (const { key, ...item } of due) {
        if (putAway.has(item.tripId)) continue
        sent += await tell(call, { ...item, event: todoDue, onceKey: `${key} ${item.date}` })
      }
      const old = new Date(Date.parse(now) - KEPT_DAYS * 86_400_000).toISOString()
      for (const row of await store.listOlderThan(tx, old)) await store.removeNotification(tx, row)
      return { sent }
    },
  })

type AddressOf = ExternalServices['addressOf']
type Asking<T extends ReadTx = ReadTx> = Pick<Call<unknown, unknown, T>, 'tx' | 'caller'>

async function listed(call: Asking, addressOf: AddressOf, query: store.Query) {
  const { tx, caller } = call
  const rows = await store.listNotifications(tx, caller.userId, query)
  return {
    notifications: pageOf(await asTold(call, addressOf, rows), {}).items,
    total: await store.countNotifications(tx, caller.userId, query.unreadOnly),
    unread_count: await store.countNotifications(tx, caller.userId, true),
  }
}

/** The notifications with their texts, and the current names of trips and people. */
async function asTold(
  { tx, caller: { scopes } }: Asking,
  addressOf: AddressOf,
  rows: readonly contract.NotificationRow[],
): Promise<contract.Told[]> {
  const idsOf = (ids: readonly (number | null)[]) => [...new Set(ids)].filter((id) => id !== null)
  const trips = await store.listTripsById(tx, idsOf(rows.map((row) => row.trip_id)))
  const people = await findPeople(tx, idsOf(rows.map((row) => row.actor_id)))
  return rows.flatMap((row) => {
    const trip = trips.find(({ id }) => id === row.trip_id)
    const actor = people.find(({ user_id }) => user_id === row.actor_id) ?? null
    if (!trip) return []
    const message = inWords(row, { trip, actor, scopes })
    return [{ ...message, url: addressOf(message.link) }]
  })
}

async function getNotification(tx: ReadTx, userId: number, id: number): Promise<contract.NotificationRow> {
  const notification = await store.findNotification(tx, userId, id)
  if (!notification) throw messages.notFound({ id })
  return notification
}

async function mark(call: Asking<Tx>, addressOf: AddressOf, id: number, is_read: boolean) {
  const { tx, caller } = call
  const row = await store.patchNotification(tx, await getNotification(tx, caller.userId, id), { is_read })
  const [notification] = await asTold(call, addressOf, [row])
  return { notification: notification as contract.Told }
}

/** A notification that is sent only once must be remembered after its deletion, or it would come again. */
async function forget(tx: Tx, row: contract.NotificationRow): Promise<void> {
  if (row.once_key === null) await store.removeNotification(tx, row)
  else await store.patchNotification(tx, row, { dismissed: true, is_read: true })
}

async function preferencesOf(tx: ReadTx, userId: number) {
  const set = new Map((await store.listPreferences(tx, userId)).map(({ event, in_app }) => [event, in_app]))
  return Object.fromEntries(contract.EVENTS.map((event) => [event, set.get(event) ?? true])) as Record<
    contract.NotificationEvent,
    boolean
  >
}

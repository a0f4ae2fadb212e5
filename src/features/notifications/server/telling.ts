import type { Call } from '../../../core/run/feature.ts'
import { listMembers } from '../../trips/server/index.ts'
import { Notification, type NotificationEvent, type NotificationRow } from '../contract/index.ts'
import type { NewsEvent } from '../contract/news-event.ts'
import type { News } from './hooks.ts'
import * as store from './store.ts'

/** Repeated news of one person within this time is one burst. */
const BURST_MS = 10 * 60_000

interface Message extends News {
  readonly date?: string
  /** Nobody gets the same key twice. */
  readonly onceKey?: string
}

/** Notifies people of a trip, except the author, guests, and people who do not want it; returns how many. */
export async function tell(call: Pick<Call, 'tx' | 'caller' | 'now'>, message: Message): Promise<number> {
  const { tx, caller, now } = call
  const { tripId, event, about, date = null, onceKey = null } = message
  const recipients = await recipientsOf(call, message)
  const actor_id = caller.userId || null
  for (const recipient_id of recipients) {
    const burst = onceKey === null ? await burstOf(call, message, recipient_id) : undefined
    if (burst) {
      await store.patchNotification(tx, burst, { count: burst.count + 1, about, actor_id, created_at: now })
      continue
    }
    await store.insertNotification(tx, {
      recipient_id,
      trip_id: tripId,
      event: nameOf(event),
      actor_id,
      about,
      date,
      count: 1,
      is_read: false,
      dismissed: false,
      once_key: onceKey,
      created_at: now,
    })
  }
  return recipients.length
}

async function recipientsOf({ tx, caller }: Pick<Call, 'tx' | 'caller'>, message: Message): Promise<number[]> {
  const { tripId, event, to, onceKey } = message
  const members = (await listMembers(tx, tripId)).filter(({ role }) => role !== 'guest')
  const userIds = members
    .map(({ user_id }) => user_id)
    .filter((userId) => userId !== caller.userId && (to === 'everybody' || to.includes(userId)))
  if (!userIds.length) return []
  const unwilling = await store.listUnwilling(tx, nameOf(event), userIds)
  const had = onceKey === undefined ? [] : (await store.listSent(tx, onceKey)).map((row) => row.recipient_id)
  return userIds.filter((userId) => !unwilling.has(userId) && !had.includes(userId))
}

/** The unread notification that this one is merged into, if any. */
async function burstOf(
  { tx, caller, now }: Pick<Call, 'tx' | 'caller' | 'now'>,
  { tripId, event }: Message,
  recipientId: number,
): Promise<NotificationRow | undefined> {
  const [last] = await store.listUnreadOf(tx, recipientId, tripId, nameOf(event))
  if (!last || event.joins === 'anyone') return last
  const isRecent = Date.parse(now) - Date.parse(last.created_at) <= BURST_MS
  return last.actor_id === caller.userId && isRecent ? last : undefined
}

/** Its name; fails for an event that `npm run generate` has not found. */
const nameOf = ({ name }: NewsEvent): NotificationEvent => Notification.row.shape.event.parse(name)

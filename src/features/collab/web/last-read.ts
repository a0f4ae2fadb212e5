import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useMe } from '../../../identity/web/session.ts'
import { rememberedAs } from '../../../ui/base-path.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { CollabMessage } from '../contract/index.ts'

/** How far somebody has read the chat of a trip, stored in this browser. */
const listeners = new Set<() => void>()

const nameOf = (tripId: number, userId: number) => rememberedAs(`trek.chat.${tripId}.${userId}.read`)

const listen = (onChange: () => void) => {
  listeners.add(onChange)
  return () => listeners.delete(onChange)
}

/** The id of the last message read, 0 if none, and a function that marks one as read. */
export function useLastRead(tripId: number): readonly [number, (messageId: number) => void] {
  const name = nameOf(tripId, useMe().id)
  const lastRead = useSyncExternalStore(listen, () => Number(localStorage.getItem(name) ?? 0))
  const read = useCallback(
    (messageId: number) => {
      if (messageId <= Number(localStorage.getItem(name) ?? 0)) return
      localStorage.setItem(name, String(messageId))
      for (const onChange of listeners) onChange()
    },
    [name],
  )
  return [lastRead, read]
}

/** How many messages of others are unread. */
export function useUnread(tripId: number): number {
  const me = useMe()
  const messages = useRows(CollabMessage)
  const [lastRead] = useLastRead(tripId)
  return useMemo(
    () => messages.filter(({ id, author_id, deleted }) => id > lastRead && author_id !== me.id && !deleted).length,
    [messages, lastRead, me.id],
  )
}

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useMe } from '../../../identity/web/session.ts'
import type { MessageRow } from '../contract/index.ts'
import { useLastRead } from './last-read.ts'
import type { OlderPages } from './use-chat.ts'

/** The list counts as scrolled to an end from this distance, in pixels. */
const NEAR = 80

interface Reading {
  /** The list, which grows upwards, and the mark above the first new message. */
  readonly list: RefObject<HTMLDivElement | null>
  readonly mark: RefObject<HTMLParagraphElement | null>
  /** The first message that was new when the chat was opened. */
  readonly firstNew: MessageRow | undefined
  readonly unseen: number
  /** Whether the newest message is out of sight. */
  readonly away: boolean
  scrolled(): void
  toNewest(): void
}

/** How far a person has read and scrolled; loads older messages near the beginning. */
export function useReading(tripId: number, messages: readonly MessageRow[], older: OlderPages): Reading {
  const me = useMe()
  const [lastRead, read] = useLastRead(tripId)
  const [readBefore] = useState(lastRead)
  const list = useRef<HTMLDivElement>(null)
  const mark = useRef<HTMLParagraphElement>(null)
  const newest = messages.findLast(({ id }) => id > 0)?.id ?? 0
  const firstNew = messages.find(({ id, author_id }) => readBefore > 0 && id > readBefore && author_id !== me.id)
  // If there are new messages, the chat opens at the first one, and what is below counts as unread.
  const [away, setAway] = useState(firstNew !== undefined)

  function scrolled() {
    const box = list.current
    if (!box) return
    // The list grows upwards, so its end is at 0 and its beginning at a negative number.
    setAway(box.scrollTop < -NEAR)
    if (box.scrollHeight - box.clientHeight + box.scrollTop < NEAR * 3 && older.state === 'more') older.load()
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: must run only on opening
  useLayoutEffect(() => {
    mark.current?.scrollIntoView({ block: 'nearest' })
    scrolled()
  }, [])

  useEffect(() => {
    const check = () => {
      if (!away && newest && document.visibilityState === 'visible') read(newest)
    }
    check()
    document.addEventListener('visibilitychange', check)
    return () => document.removeEventListener('visibilitychange', check)
  }, [away, newest, read])

  return {
    list,
    mark,
    firstNew,
    unseen: messages.filter(({ id, author_id }) => id > lastRead && author_id !== me.id).length,
    away,
    scrolled,
    toNewest() {
      if (list.current) list.current.scrollTop = 0
    },
  }
}

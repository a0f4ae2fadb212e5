import { ArrowDown } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { call } from '../../../ui/call.ts'
import { Button } from '../../../ui/design/button.tsx'
import { EmptyState, Skeleton } from '../../../ui/design/states.tsx'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { CollabMessage, collab_edit, list_collab_messages, type MessageRow } from '../contract/index.ts'
import { type ChatWindow, daysOf, NOTHING, shownMessages, withLive, withOlder } from './chat-window.ts'
import { Composer } from './composer.tsx'
import { useLastRead } from './last-read.ts'
import { MessageRun } from './message-run.tsx'
import { chatDate } from './moments.ts'

/** The list counts as scrolled to an end from this distance, in pixels. */
const NEAR = 80

/** The chat: the newest messages at the bottom, older ones on scrolling up. */
export function Chat() {
  const { t } = useTranslation()
  const trip = useTrip()
  const me = useMe()
  const mayWrite = useRights(useMyRole())(collab_edit)
  const { messages, older } = useChat(trip.id)
  const [replyTo, setReplyTo] = useState<MessageRow | null>(null)
  const [lastRead, read] = useLastRead(trip.id)
  const [readBefore] = useState(lastRead)
  const list = useRef<HTMLDivElement>(null)

  const newest = messages.findLast(({ id }) => id > 0)?.id ?? 0
  const firstNew = messages.find(({ id, author_id }) => readBefore > 0 && id > readBefore && author_id !== me.id)
  const unseen = messages.filter(({ id, author_id }) => id > lastRead && author_id !== me.id).length
  // If there are new messages, the chat opens at the first one, and what is below counts as unread.
  const [away, setAway] = useState(firstNew !== undefined)
  const mark = useRef<HTMLParagraphElement>(null)
  const days = useMemo(() => daysOf(messages, firstNew?.id ?? null), [messages, firstNew?.id])
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages])

  // biome-ignore lint/correctness/useExhaustiveDependencies: must run only on opening
  useLayoutEffect(() => {
    mark.current?.scrollIntoView({ block: 'nearest' })
    scrolled()
  }, [])

  useEffect(() => {
    const look = () => {
      if (!away && newest && document.visibilityState === 'visible') read(newest)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [away, newest, read])

  const toNewest = () => {
    if (list.current) list.current.scrollTop = 0
  }

  function scrolled() {
    const box = list.current
    if (!box) return
    // The list grows upwards, so its end is at 0 and its beginning at a negative number.
    setAway(box.scrollTop < -NEAR)
    if (box.scrollHeight - box.clientHeight + box.scrollTop < NEAR * 3 && older.state === 'more') older.load()
  }

  return (
    <section aria-labelledby="chat-title" className="flex h-full min-h-0 flex-col">
      <h2 id="chat-title" className="title px-4 pt-4 pb-2 text-xl max-md:sr-only">
        {t('together.chat')}
      </h2>
      <div className="relative min-h-0 flex-1">
        <div
          ref={list}
          role="log"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard
          tabIndex={0}
          aria-label={t('together.chat')}
          onScroll={scrolled}
          className="quiet-scroll flex h-full flex-col-reverse -outline-offset-2"
        >
          <div className="flex min-h-full flex-col justify-end gap-1 px-3 pt-3 pb-4 sm:px-4">
            <Older {...older} />
            {messages.length === 0 && (
              <div className="my-auto">
                <EmptyState compact title={t('together.noMessages')}>
                  {t('together.noMessagesBody')}
                </EmptyState>
              </div>
            )}
            {days.map(({ date, runs }) => (
              <section key={date} aria-label={chatDate(date)} className="flex flex-col gap-3">
                <p className="sticky top-2 z-10 my-2 self-center rounded-full border border-line bg-paper px-3 py-0.5 font-medium text-ink-soft text-xs">
                  {chatDate(date)}
                </p>
                {runs.map((run) => (
                  <div key={run.messages[0]?.id} className="flex flex-col gap-3">
                    {run.messages[0]?.id === firstNew?.id && firstNew && (
                      <p
                        ref={mark}
                        className="flex scroll-mt-14 items-center gap-3 font-semibold text-signal-ink text-xs before:h-px before:flex-1 before:bg-signal/40 after:h-px after:flex-1 after:bg-signal/40"
                      >
                        {t('together.newMessages')}
                      </p>
                    )}
                    <MessageRun
                      authorId={run.authorId}
                      messages={run.messages}
                      known={byId}
                      mayWrite={mayWrite}
                      onReply={setReplyTo}
                    />
                  </div>
                ))}
              </section>
            ))}
          </div>
        </div>
        {away && (
          <Button
            size="small"
            tone={unseen > 0 ? 'primary' : 'quiet'}
            icon={<ArrowDown size={15} aria-hidden="true" />}
            onClick={toNewest}
            className="absolute right-4 bottom-3 rounded-full shadow-lift"
          >
            {unseen > 0 ? t('together.unread', { count: unseen }) : t('together.toNewest')}
          </Button>
        )}
      </div>
      {mayWrite ? (
        <Composer replyTo={replyTo} onReplied={() => setReplyTo(null)} onSent={toNewest} />
      ) : (
        <p className="border-line border-t px-4 py-3 text-center text-ink-faint text-sm">{t('together.mayNotWrite')}</p>
      )}
    </section>
  )
}

interface OlderPages {
  readonly state: 'none' | 'more' | 'loading' | 'failed'
  load(): void
}

/** The loaded messages, and a function that loads earlier ones. */
function useChat(tripId: number): { messages: readonly MessageRow[]; older: OlderPages } {
  const live = useRows(CollabMessage)
  const [known, setKnown] = useState<ChatWindow>(() => withLive(NOTHING, live))
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle')
  useEffect(() => setKnown((before) => withLive(before, live)), [live])
  const messages = useMemo(() => shownMessages(withLive(known, live), live), [known, live])

  async function load() {
    if (state === 'loading') return
    setState('loading')
    try {
      const page = await call(list_collab_messages, { tripId, before: known.from })
      setKnown((before) => (before.from === known.from ? withOlder(before, page.messages, page.remaining) : before))
      setState('idle')
    } catch {
      setState('failed')
    }
  }

  return {
    messages,
    older: { state: state !== 'idle' ? state : known.more ? 'more' : 'none', load: () => void load() },
  }
}

function Older({ state, load }: OlderPages) {
  const { t } = useTranslation()
  if (state === 'none') return null
  if (state === 'loading') {
    return (
      <div role="status" className="flex flex-col gap-3 py-3">
        <span className="sr-only">{t('loading')}</span>
        <Skeleton className="h-10 w-3/5 rounded-lg" />
        <Skeleton className="h-10 w-2/5 self-end rounded-lg" />
      </div>
    )
  }
  return (
    <div className="flex flex-col items-center gap-2 py-3">
      {state === 'failed' && (
        <p role="alert" className="text-sm text-signal-ink">
          {t('together.olderFailed')}
        </p>
      )}
      <Button size="small" onClick={load}>
        {state === 'failed' ? t('retry') : t('together.older')}
      </Button>
    </div>
  )
}

import { ArrowDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longDate } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { useRights } from '../../admin/web/instance.ts'
import { useMyRole } from '../../trips/web/members.ts'
import { useTrip } from '../../trips/web/trip-context.tsx'
import { collab_edit, type MessageRow } from '../contract/index.ts'
import { daysOf } from './chat-window.ts'
import { Composer } from './composer.tsx'
import { MessageRun } from './message-run.tsx'
import { Older } from './older.tsx'
import { useChat } from './use-chat.ts'
import { useReading } from './use-reading.ts'

/** The chat: the newest messages at the bottom, older ones on scrolling up. */
export function Chat() {
  const { t } = useTranslation()
  const trip = useTrip()
  const mayWrite = useRights(useMyRole())(collab_edit)
  const { messages, older } = useChat(trip.id)
  const { list, mark, firstNew, unseen, away, scrolled, toNewest } = useReading(trip.id, messages, older)
  const [replyTo, setReplyTo] = useState<MessageRow | null>(null)
  const days = useMemo(() => daysOf(messages, firstNew?.id ?? null), [messages, firstNew?.id])
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages])
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
              <section key={date} aria-label={longDate(date)} className="flex flex-col gap-3">
                <p className="sticky top-2 z-10 my-2 self-center rounded-full border border-line bg-paper px-3 py-0.5 font-medium text-ink-soft text-xs">
                  {longDate(date)}
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

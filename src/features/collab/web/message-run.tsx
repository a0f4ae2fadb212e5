import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { timeOfDay } from '../../../ui/dates.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import type { MessageRow } from '../contract/index.ts'
import { LinkedText } from './linked-text.tsx'
import { MessageMenu } from './message-menu.tsx'
import { useNameOf } from './people.tsx'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'

interface Props {
  authorId: number | null
  messages: readonly MessageRow[]
  known: ReadonlyMap<number, MessageRow>
  mayWrite: boolean
  onReply(message: MessageRow): void
}

/** Consecutive messages of one person. */
export function MessageRun({ authorId, messages, known, mayWrite, onReply }: Props) {
  const { t } = useTranslation()
  const me = useMe()
  const nameOf = useNameOf()
  const isMine = authorId === me.id
  const [first] = messages
  return (
    <div className={classes('flex gap-2.5', isMine && 'flex-row-reverse')}>
      {!isMine && (
        <Avatar name={authorId === null ? '?' : nameOf(authorId)} userId={authorId ?? 0} className="mt-0.5" />
      )}
      <div className={classes('flex min-w-0 flex-1 flex-col gap-1', isMine ? 'items-end' : 'items-start')}>
        <p className="flex items-baseline gap-2 px-1 text-xs">
          <span className={classes('font-semibold', isMine && 'sr-only')}>
            {isMine ? t('together.you') : nameOf(authorId)}
          </span>
          {first && (
            <time dateTime={first.created_at} className="figures text-ink-faint">
              {timeOfDay(first.created_at)}
            </time>
          )}
        </p>
        {messages.map((message) => (
          <Message
            key={message.id}
            message={message}
            original={message.reply_to === null ? undefined : known.get(message.reply_to)}
            isMine={isMine}
            mayWrite={mayWrite}
            onReply={onReply}
          />
        ))}
      </div>
    </div>
  )
}

interface MessageProps {
  message: MessageRow
  original: MessageRow | undefined
  isMine: boolean
  mayWrite: boolean
  onReply(message: MessageRow): void
}

const Message = memo(function Message({ message, original, isMine, mayWrite, onReply }: MessageProps) {
  const { t } = useTranslation()
  if (message.deleted) {
    return (
      <p
        id={`message-${message.id}`}
        className="rounded-lg border border-line border-dashed px-3 py-1.5 text-ink-faint text-sm italic"
      >
        {t('together.messageDeleted')}
      </p>
    )
  }
  return (
    <div
      id={`message-${message.id}`}
      className={classes('group flex max-w-[92%] flex-col gap-1', isMine && 'items-end')}
    >
      <div className={classes('flex max-w-full items-center gap-1', isMine && 'flex-row-reverse')}>
        <div
          className={classes(
            'min-w-0 rounded-lg px-3 py-2 text-base',
            isMine ? 'rounded-tr-sm bg-pine-soft text-ink' : 'rounded-tl-sm border border-line bg-surface',
            message.id < 0 && 'opacity-60',
          )}
        >
          {message.reply_to !== null && (
            <Quote tripId={message.trip_id} messageId={message.reply_to} original={original} />
          )}
          <LinkedText text={message.text} />
        </div>
        {mayWrite && message.id > 0 && <MessageMenu message={message} isMine={isMine} onReply={onReply} />}
      </div>
      {message.reactions.length > 0 && <Reactions message={message} mayWrite={mayWrite} />}
    </div>
  )
})

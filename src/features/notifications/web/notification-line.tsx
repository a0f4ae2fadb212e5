import { useNavigate } from '@tanstack/react-router'
import { Bell, Mail, MailOpen, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { fromNow, moment } from '../../../ui/dates.ts'
import { Avatar } from '../../../ui/design/avatar.tsx'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { useRows, useSpace } from '../../../ui/live/hooks.tsx'
import { textOf } from '../../../ui/message.ts'
import { useNow } from '../../../ui/now.ts'
import { useRegistrations } from '../../../ui/registration.ts'
import { Notification, type Told } from '../contract/index.ts'
import { useNotificationActions } from './notification-actions.ts'

interface Props {
  notification: Told
  /** Called when somebody follows the link. */
  onLeave(): void
}

export function NotificationLine({ notification, onLeave }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const now = useNow()
  const { news } = useRegistrations()
  const { mark, remove } = useNotificationActions()
  const { id, event, link, actor, created_at } = notification
  const title = textOf({ ...notification.title_message, text: notification.title })
  const text = textOf({ ...notification.text_message, text: notification.text })
  // The row is the first to know that it was read or deleted.
  const current = useRows(Notification).find((one) => one.id === id)
  const isLoading = useSpace().status === 'loading'
  const row = current ?? (isLoading ? notification : null)
  if (!row) return null
  const Icon = news[event] ?? Bell

  async function open() {
    onLeave()
    if (!row?.is_read) void mark(id, true)
    await navigate({ href: link })
  }

  return (
    <li className="group relative flex gap-3 py-3 pr-2 pl-4 transition-colors duration-(--fast) hover:bg-hover">
      <span className="relative mt-0.5 h-9 w-9 shrink-0">
        {actor ? (
          <Avatar name={actor.name} userId={actor.user_id} />
        ) : (
          <span className="flex size-8 items-center justify-center rounded-full bg-pine-soft text-pine-ink">
            <Icon size={16} aria-hidden="true" />
          </span>
        )}
        {actor && (
          <span className="absolute right-0 bottom-0 flex size-4.5 items-center justify-center rounded-full border border-line bg-surface text-ink-soft">
            <Icon size={11} aria-hidden="true" />
          </span>
        )}
      </span>
      <div className="min-w-0 flex-1">
        <button
          type="button"
          onClick={() => void open()}
          className={classes(
            'wrap-anywhere block text-left outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-pine-ink focus-visible:after:-outline-offset-2',
            row.is_read ? 'text-ink-soft' : 'font-semibold',
          )}
        >
          {!row.is_read && <span className="sr-only">{t('notifications.new')} </span>}
          {title}
        </button>
        <p className="wrap-anywhere line-clamp-2 text-ink-soft text-sm">{text}</p>
        <p className="mt-0.5 text-ink-faint text-xs">
          <time dateTime={created_at} title={moment(created_at)}>
            {fromNow(created_at, now)}
          </time>
        </p>
      </div>
      <div className="relative z-10 flex shrink-0 flex-col items-center">
        <IconButton
          label={t(row.is_read ? 'notifications.markUnread' : 'notifications.markRead', { title })}
          size="small"
          onClick={() => void mark(id, !row.is_read)}
        >
          {row.is_read ? (
            <MailOpen size={15} aria-hidden="true" className="text-ink-faint" />
          ) : (
            <Mail size={15} aria-hidden="true" className="text-signal-ink" />
          )}
        </IconButton>
        <IconButton label={t('notifications.remove', { title })} size="small" onClick={() => void remove(id)}>
          <X size={15} aria-hidden="true" className="text-ink-faint" />
        </IconButton>
      </div>
    </li>
  )
}

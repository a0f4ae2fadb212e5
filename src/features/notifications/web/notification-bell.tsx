import { Popover } from '@base-ui/react/popover'
import { Link } from '@tanstack/react-router'
import { Bell, CheckCheck, MoreHorizontal, Settings2, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { classes } from '../../../ui/design/class-names.ts'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { Menu, MenuItem, MenuLinkItem } from '../../../ui/design/menu.tsx'
import { popupClass } from '../../../ui/design/popup.ts'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { SpaceProvider, useRows } from '../../../ui/live/hooks.tsx'
import { forget, useRead } from '../../../ui/query.ts'
import { list_notifications, Notification } from '../contract/index.ts'
import { useNotificationActions } from './notification-actions.ts'
import { NotificationLine } from './notification-line.tsx'

/** The number of unread notifications, and the list behind it. */
export function NotificationBell() {
  const me = useMe()
  return (
    <SpaceProvider space="user" id={me.id}>
      <Live />
    </SpaceProvider>
  )
}

const MOST_SHOWN = 99

function Live() {
  const { t } = useTranslation()
  const rows = useRows(Notification)
  const unread = rows.filter((row) => !row.is_read).length
  const [open, setOpen] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed notifications must trigger a new request
  useEffect(() => void forget(list_notifications), [rows])
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={t('notifications.bell', { count: unread })}
        className="relative flex size-10 shrink-0 items-center justify-center rounded-sm text-ink-soft transition-colors duration-(--fast) hover:bg-hover hover:text-ink"
      >
        <Bell size={18} aria-hidden="true" />
        {unread > 0 && (
          <span
            aria-hidden="true"
            className="figures absolute top-0.5 right-0.5 flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-signal-fill px-1 font-semibold text-on-signal text-xs ring-2 ring-paper"
          >
            {unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}
          </span>
        )}
      </Popover.Trigger>
      <span aria-live="polite" className="sr-only">
        {unread > 0 && t('notifications.unread', { count: unread })}
      </span>
      <Popover.Portal render={<section aria-label={t('notifications.inbox')} />}>
        <Popover.Positioner sideOffset={6} align="end" collisionPadding={8} className="z-50 outline-none">
          <Popover.Popup
            className={classes(
              popupClass,
              'flex max-h-[min(36rem,var(--available-height))] w-[min(25rem,var(--available-width))] flex-col overflow-hidden p-0!',
            )}
          >
            <Heading unread={unread} total={rows.length} onLeave={() => setOpen(false)} />
            <Inbox onLeave={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Heading({ unread, total, onLeave }: { unread: number; total: number; onLeave(): void }) {
  const { t } = useTranslation()
  const { readAll, removeAll } = useNotificationActions()
  return (
    <div className="flex h-14 shrink-0 items-center gap-1 border-line border-b pr-2 pl-4">
      <Popover.Title className="title min-w-0 flex-1 truncate text-lg">{t('notifications.title')}</Popover.Title>
      {unread > 0 && (
        <IconButton label={t('notifications.readAll')} size="small" onClick={() => void readAll()}>
          <CheckCheck size={17} aria-hidden="true" />
        </IconButton>
      )}
      <Menu
        trigger={
          <IconButton label={t('notifications.more')} size="small">
            <MoreHorizontal size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuLinkItem
          icon={<Settings2 size={16} />}
          render={<Link to="/settings" search={{ tab: 'notifications' }} onClick={onLeave} />}
        >
          {t('notifications.settings')}
        </MenuLinkItem>
        {total > 0 && (
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => void removeAll()}>
            {t('notifications.removeAll')}
          </MenuItem>
        )}
      </Menu>
    </div>
  )
}

const STEP = 20
const MOST = 50

function Inbox({ onLeave }: { onLeave(): void }) {
  const { t } = useTranslation()
  const [limit, setLimit] = useState(STEP)
  const inbox = useRead(list_notifications, { limit })
  if (inbox.isPending) {
    return (
      <div className="flex flex-col gap-3 p-4" aria-busy="true">
        {['a', 'b', 'c'].map((key) => (
          <Skeleton key={key} className="h-14" />
        ))}
      </div>
    )
  }
  if (inbox.isError) return <ErrorState error={inbox.error} onRetry={() => void inbox.refetch()} />
  const { notifications, total } = inbox.data
  if (!notifications.length) {
    return (
      <EmptyState compact title={t('notifications.emptyTitle')}>
        {t('notifications.emptyBody')}
      </EmptyState>
    )
  }
  return (
    <ul className="quiet-scroll min-h-0 flex-1 divide-y divide-line">
      {notifications.map((notification) => (
        <NotificationLine key={notification.id} notification={notification} onLeave={onLeave} />
      ))}
      {total > notifications.length && limit < MOST && (
        <li className="p-2">
          <button
            type="button"
            onClick={() => setLimit(MOST)}
            className="h-9 w-full rounded-sm font-medium text-ink-soft text-sm hover:bg-hover hover:text-ink"
          >
            {t('notifications.older')}
          </button>
        </li>
      )}
    </ul>
  )
}

import { Link } from '@tanstack/react-router'
import { ArrowLeft, CalendarDays, EllipsisVertical, Settings2, Share2, UsersRound, WifiOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRights } from '../../features/admin/web/instance.ts'
import { useCalendarExport } from '../../features/calendar/web/export.ts'
import { NotificationBell } from '../../features/notifications/web/notification-bell.tsx'
import { ShareDialog } from '../../features/sharing/web/share-dialog.tsx'
import { Trip, trip_edit } from '../../features/trips/contract/index.ts'
import { useMyRole } from '../../features/trips/web/members.ts'
import { MembersDialog } from '../../features/trips/web/members-dialog.tsx'
import { useTrip } from '../../features/trips/web/trip-context.tsx'
import { TripCover } from '../../features/trips/web/trip-cover.tsx'
import { TripSettingsDialog } from '../../features/trips/web/trip-settings-dialog.tsx'
import { dateRange } from '../../ui/dates.ts'
import { IconButton } from '../../ui/design/icon-button.tsx'
import { Menu, MenuItem } from '../../ui/design/menu.tsx'
import { Glowing } from '../../ui/live/glowing.tsx'
import { useSpace } from '../../ui/live/hooks.tsx'
import { useWiderThan } from '../../ui/media.ts'
import { AccountMenu } from '../shell/account-menu.tsx'
import { PresentPeople } from './present-people.tsx'

/** The title of the trip, the people present, and the actions on the whole trip. */
export function TripHeader() {
  const { t } = useTranslation()
  const trip = useTrip()
  const { status } = useSpace()
  const [open, setOpen] = useState<'members' | 'settings' | 'share' | null>(null)
  const may = useRights(useMyRole())
  const isDesk = useWiderThan('md')
  const exportCalendar = useCalendarExport()
  const actions = [
    { label: t('members.title'), Icon: UsersRound, run: () => setOpen('members') },
    { label: t('sharing.open'), Icon: Share2, run: () => setOpen('share') },
    { label: t('trip.calendar'), Icon: CalendarDays, run: exportCalendar },
    ...(may(trip_edit) ? [{ label: t('trip.settings'), Icon: Settings2, run: () => setOpen('settings') }] : []),
  ]
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-line border-b bg-paper pr-3 pl-2 sm:gap-3 sm:pr-4">
      <Link
        to="/"
        aria-label={t('trip.back')}
        className="flex size-10 shrink-0 items-center justify-center rounded-sm text-ink-soft hover:bg-hover hover:text-ink"
      >
        <ArrowLeft size={19} aria-hidden="true" />
      </Link>
      {trip.cover_image && <TripCover trip={trip} className="size-9 shrink-0 rounded-md max-sm:hidden" />}
      <Glowing entity={Trip} row={trip.id} className="min-w-0 flex-1 rounded-md">
        <h1 className="title truncate text-xl leading-6">{trip.title}</h1>
        {trip.start_date && trip.end_date && (
          <p className="figures truncate text-ink-faint text-xs">{dateRange(trip.start_date, trip.end_date)}</p>
        )}
      </Glowing>
      <div className="flex items-center justify-end gap-1">
        {status === 'reconnecting' && (
          <span role="status" className="mr-1 flex items-center gap-1.5 font-medium text-sm text-signal-ink">
            <WifiOff size={16} aria-hidden="true" />
            <span className="max-md:sr-only">{t('live.reconnecting')}</span>
          </span>
        )}
        <PresentPeople />
        {isDesk &&
          actions.map(({ label, Icon, run }) => (
            <IconButton key={label} label={label} onClick={run}>
              <Icon size={18} aria-hidden="true" />
            </IconButton>
          ))}
        <NotificationBell />
        {isDesk ? (
          <AccountMenu />
        ) : (
          <Menu
            trigger={
              <IconButton label={t('trip.actions')}>
                <EllipsisVertical size={18} aria-hidden="true" />
              </IconButton>
            }
          >
            {actions.map(({ label, Icon, run }) => (
              <MenuItem key={label} icon={<Icon size={16} />} onSelect={run}>
                {label}
              </MenuItem>
            ))}
          </Menu>
        )}
      </div>
      <ShareDialog open={open === 'share'} onClose={() => setOpen(null)} />
      <MembersDialog open={open === 'members'} onClose={() => setOpen(null)} />
      <TripSettingsDialog open={open === 'settings'} onClose={() => setOpen(null)} />
    </header>
  )
}

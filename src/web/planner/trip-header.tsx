import { Link } from '@tanstack/react-router'
import { ArrowLeft, Luggage, Route, Settings2, UsersRound, WifiOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { packing } from '../../features/packing/contract.ts'
import { Trip, trip_edit } from '../../features/trips/contract.ts'
import { MembersDialog } from '../../features/trips/web/members-dialog.tsx'
import { TripSettingsDialog } from '../../features/trips/web/trip-settings-dialog.tsx'
import { dateRange } from '../dates.ts'
import { IconButton } from '../design/icon-button.tsx'
import { Segmented } from '../design/segmented.tsx'
import { useAddon, useRights } from '../instance.ts'
import { Glowing } from '../live/glowing.tsx'
import { useSpace } from '../live/hooks.tsx'
import { AccountMenu } from '../shell/account-menu.tsx'
import { useMyRole } from './members.ts'
import { usePlanner } from './planner.tsx'
import { PresentPeople } from './present-people.tsx'

export type TripTab = 'plan' | 'packing'

/** What trip it is, who is in it right now, and what there is to do with it as a whole. */
export function TripHeader({ tab, onTab }: { tab?: TripTab; onTab?(tab: TripTab): void }) {
  const { t } = useTranslation()
  const { trip } = usePlanner()
  const { status } = useSpace()
  const [open, setOpen] = useState<'members' | 'settings' | null>(null)
  const hasLists = useAddon(packing)
  const may = useRights(useMyRole())
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-line border-b bg-paper pr-3 pl-2 sm:gap-3 sm:pr-4">
      <Link
        to="/"
        aria-label={t('trip.back')}
        className="flex size-10 shrink-0 items-center justify-center rounded-sm text-ink-soft hover:bg-hover hover:text-ink"
      >
        <ArrowLeft size={19} aria-hidden="true" />
      </Link>
      <Glowing entity={Trip} row={trip.id} className="min-w-0 flex-1 rounded-md">
        <h1 className="title truncate text-xl leading-6">{trip.title}</h1>
        {trip.start_date && trip.end_date && (
          <p className="figures truncate text-ink-faint text-xs">{dateRange(trip.start_date, trip.end_date)}</p>
        )}
      </Glowing>
      {tab && onTab && (
        <nav aria-label={t('trip.parts')}>
          <Segmented
            label={t('trip.parts')}
            value={tab}
            choices={[
              { value: 'plan', label: t('trip.plan'), icon: <Route size={15} aria-hidden="true" /> },
              ...(hasLists
                ? [
                    {
                      value: 'packing' as const,
                      label: t('packing.title'),
                      icon: <Luggage size={15} aria-hidden="true" />,
                    },
                  ]
                : []),
            ]}
            onChange={onTab}
          />
        </nav>
      )}
      <div className="flex flex-1 items-center justify-end gap-1 max-md:flex-none">
        {status === 'reconnecting' && (
          <span role="status" className="mr-1 flex items-center gap-1.5 font-medium text-sm text-signal-ink">
            <WifiOff size={16} aria-hidden="true" />
            <span className="max-md:sr-only">{t('live.reconnecting')}</span>
          </span>
        )}
        <PresentPeople />
        <IconButton label={t('members.title')} onClick={() => setOpen('members')}>
          <UsersRound size={18} aria-hidden="true" />
        </IconButton>
        {may(trip_edit) && (
          <IconButton label={t('trip.settings')} onClick={() => setOpen('settings')} className="mr-1">
            <Settings2 size={18} aria-hidden="true" />
          </IconButton>
        )}
        <div className="max-sm:hidden">
          <AccountMenu />
        </div>
      </div>
      <MembersDialog open={open === 'members'} onClose={() => setOpen(null)} />
      <TripSettingsDialog open={open === 'settings'} onClose={() => setOpen(null)} />
    </header>
  )
}

import { Link } from '@tanstack/react-router'
import { Archive, ArchiveRestore, MoreHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError, call } from '../../../web/call.ts'
import { dateRange, daysBetween, today } from '../../../web/dates.ts'
import { Badge } from '../../../web/design/badge.tsx'
import { IconButton } from '../../../web/design/icon-button.tsx'
import { Menu, MenuItem } from '../../../web/design/menu.tsx'
import { tell, tellTrouble } from '../../../web/design/toast.tsx'
import { useRights } from '../../../web/instance.ts'
import { forget } from '../../../web/query.ts'
import { list_trips, type TripCard, trip_archive, trip_delete, update_trip } from '../contract.ts'
import { DeleteTripDialog } from './delete-trip-dialog.tsx'
import { lengthOf, phaseOf } from './phase.ts'
import { TripCover } from './trip-cover.tsx'

export function TripTile({ trip }: { trip: TripCard }) {
  const { t } = useTranslation()
  const length = lengthOf(trip)
  return (
    <li className="group relative overflow-hidden rounded-lg border border-line bg-surface transition-[border-color,box-shadow] duration-(--steady) focus-within:border-line-strong hover:border-line-strong hover:shadow-lift">
      <TripCover trip={trip} className="h-32" />
      <div className="flex items-start gap-2 p-4">
        <div className="min-w-0 flex-1">
          <h3 className="title truncate text-xl">
            <Link
              to="/trips/$tripId"
              params={{ tripId: String(trip.id) }}
              className="outline-none after:absolute after:inset-0 focus-visible:after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-pine-ink focus-visible:after:-outline-offset-2"
            >
              {trip.title}
            </Link>
          </h3>
          <p className="figures mt-0.5 text-ink-soft">
            {trip.start_date && trip.end_date ? dateRange(trip.start_date, trip.end_date) : t('trips.noDates')}
          </p>
          <p className="mt-3 flex flex-wrap gap-1.5">
            <PhaseBadge trip={trip} />
            {length !== null && <Badge>{t('count.days', { count: length })}</Badge>}
            {trip.member_count > 1 && <Badge>{t('count.people', { count: trip.member_count })}</Badge>}
          </p>
        </div>
        <TripMenu trip={trip} />
      </div>
    </li>
  )
}

function PhaseBadge({ trip }: { trip: TripCard }) {
  const { t } = useTranslation()
  const now = today()
  const phase = phaseOf(trip, now)
  if (phase === 'ongoing') return <Badge tone="signal">{t('trips.now')}</Badge>
  if (phase !== 'upcoming' || !trip.start_date) return null
  return <Badge tone="pine">{t('trips.inDays', { count: daysBetween(now, trip.start_date) })}</Badge>
}

function TripMenu({ trip }: { trip: TripCard }) {
  const { t } = useTranslation()
  const [deleting, setDeleting] = useState(false)
  const may = useRights(trip.role)

  async function archive(is_archived: boolean, undoable: boolean) {
    try {
      await call(update_trip, { tripId: trip.id, is_archived })
      if (undoable) {
        tell(t(is_archived ? 'trips.wasArchived' : 'trips.wasRestored', { title: trip.title }), {
          undo: () => void archive(!is_archived, false),
          undoLabel: t('undo'),
        })
      }
    } catch (error) {
      tellTrouble(error instanceof CallError ? error.message : t('error.unexpected'))
    }
    await forget(list_trips)
  }

  if (!may(trip_archive) && !may(trip_delete)) return null
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('trips.more', { title: trip.title })} size="small" className="-mt-1 -mr-1 relative z-10">
            <MoreHorizontal size={18} aria-hidden="true" />
          </IconButton>
        }
      >
        {may(trip_archive) && (
          <MenuItem
            icon={trip.is_archived ? <ArchiveRestore size={16} /> : <Archive size={16} />}
            onSelect={() => void archive(!trip.is_archived, true)}
          >
            {t(trip.is_archived ? 'trips.restore' : 'trips.archive')}
          </MenuItem>
        )}
        {may(trip_delete) && (
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setDeleting(true)}>
            {t('trips.delete')}
          </MenuItem>
        )}
      </Menu>
      <DeleteTripDialog trip={trip} open={deleting} onClose={() => setDeleting(false)} />
    </>
  )
}

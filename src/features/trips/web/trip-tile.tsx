import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { daysBetween } from '../../../core/declare/dates.ts'
import { dateRange, today } from '../../../ui/dates.ts'
import { Badge } from '../../../ui/design/badge.tsx'
import type { TripCard } from '../contract/index.ts'
import { lengthOf, phaseOf } from './phase.ts'
import { TripCover } from './trip-cover.tsx'
import { TripMenu } from './trip-menu.tsx'

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
        <TripMenu trip={trip} className="-mt-1 -mr-1 relative z-10" />
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

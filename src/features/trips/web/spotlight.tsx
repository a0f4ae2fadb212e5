import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { daysBetween } from '../../../core/declare/dates.ts'
import { dateRange, today } from '../../../ui/dates.ts'
import { buttonClass } from '../../../ui/design/button.tsx'
import type { TripCard } from '../contract/index.ts'
import { lengthOf, phaseOf } from './phase.ts'
import { TripCover } from './trip-cover.tsx'
import { TripMenu } from './trip-menu.tsx'

/** The ongoing or the next trip. */
export function Spotlight({ trip }: { trip: TripCard }) {
  const { t } = useTranslation()
  const now = today()
  const length = lengthOf(trip) ?? 1
  const ongoing = phaseOf(trip, now) === 'ongoing'
  const day = trip.start_date ? daysBetween(trip.start_date, now) + 1 : 1
  return (
    <section
      aria-labelledby="spotlight"
      className="overflow-hidden rounded-xl border border-line bg-surface shadow-lift"
    >
      <div className="grid md:grid-cols-[1.1fr_1fr]">
        <div className="flex flex-col items-start gap-5 p-6 sm:p-10">
          <p className="figures flex items-center gap-2 font-medium text-sm text-signal-ink">
            <span className="size-2 rounded-full bg-signal" aria-hidden="true" />
            {ongoing ? t('trips.dayOf', { day, length }) : t('trips.startsIn', { count: 1 - day })}
          </p>
          <h2 id="spotlight" className="title text-3xl sm:text-4xl">
            <Link
              to="/trips/$tripId"
              params={{ tripId: String(trip.id) }}
              className="rounded-sm hover:underline hover:decoration-line-strong hover:underline-offset-4"
            >
              {trip.title}
            </Link>
          </h2>
          {trip.description && <p className="line-clamp-2 max-w-prose text-ink-soft text-lg">{trip.description}</p>}
          <dl className="figures flex flex-wrap gap-x-8 gap-y-3">
            <Fact label={t('trips.when')}>
              {trip.start_date && trip.end_date && dateRange(trip.start_date, trip.end_date)}
            </Fact>
            <Fact label={t('trips.days')}>{length}</Fact>
            <Fact label={t('trips.travellers')}>{trip.member_count}</Fact>
          </dl>
          {ongoing && (
            <div
              className="h-1.5 w-full max-w-sm overflow-hidden rounded-full bg-hover"
              role="progressbar"
              aria-label={t('trips.progress')}
              aria-valuemin={0}
              aria-valuemax={length}
              aria-valuenow={day}
            >
              <div className="h-full rounded-full bg-pine" style={{ width: `${(day / length) * 100}%` }} />
            </div>
          )}
          <div className="mt-1 flex items-center gap-2">
            <Link to="/trips/$tripId" params={{ tripId: String(trip.id) }} className={buttonClass('primary', 'large')}>
              {t('trips.open')}
              <ArrowRight size={18} aria-hidden="true" />
            </Link>
            <TripMenu trip={trip} className="size-12" />
          </div>
        </div>
        <TripCover trip={trip} className="order-first min-h-40 md:order-none md:min-h-80" />
      </div>
    </section>
  )
}

const Fact = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <div>
    <dt className="text-ink-faint text-xs">{label}</dt>
    <dd className="font-medium text-lg">{children}</dd>
  </div>
)

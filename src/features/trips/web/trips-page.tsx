import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronRight, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { today } from '../../../ui/dates.ts'
import { Button } from '../../../ui/design/button.tsx'
import { PageTitle } from '../../../ui/design/page-title.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { SpaceProvider, useRows } from '../../../ui/live/hooks.tsx'
import { forget, useRead } from '../../../ui/query.ts'
import { list_deleted_trips } from '../../history/contract/index.ts'
import { list_trips, type TripCard, TripMember } from '../contract/index.ts'
import { CreateTripDialog } from './create-trip-dialog.tsx'
import { DeletedTrips } from './deleted-trips.tsx'
import { createTrip, home, homeSearch } from './home.ts'
import { inOrder, spotlightOf } from './phase.ts'
import { Spotlight } from './spotlight.tsx'
import { TripTile } from './trip-tile.tsx'

export function TripsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const { create } = homeSearch(useSearch({ strict: false }))
  const setCreating = (open: boolean) => navigate({ ...(open ? createTrip : home) })
  const trips = useRead(list_trips, { include_archived: true })
  return (
    <>
      <PageTitle of={[t('trips.title')]} />
      <SpaceProvider space="user" id={me.id}>
        <FollowMemberships />
      </SpaceProvider>
      <div className="mb-6 flex items-center justify-between sm:mb-8 gap-4">
        <h1 className="title text-2xl sm:text-3xl">{t('trips.greeting', { name: me.name.split(' ')[0] })}</h1>
        <Button tone="primary" icon={<Plus size={18} aria-hidden="true" />} onClick={() => setCreating(true)}>
          {t('trips.new')}
        </Button>
      </div>
      {trips.isPending ? (
        <TripsSkeleton />
      ) : trips.isError ? (
        <ErrorState error={trips.error} onRetry={() => void trips.refetch()} />
      ) : (
        <>
          <Trips trips={trips.data.trips} onCreate={() => setCreating(true)} />
          <DeletedTrips />
        </>
      )}
      <CreateTripDialog open={create ?? false} onClose={() => setCreating(false)} />
    </>
  )
}

/** The person can be added to a trip or removed from one while the page is open. */
function FollowMemberships() {
  const memberships = useRows(TripMember)
  // biome-ignore lint/correctness/useExhaustiveDependencies: changed memberships must trigger new requests
  useEffect(() => void forget(list_trips, list_deleted_trips), [memberships])
  return null
}

function Trips({ trips, onCreate }: { trips: readonly TripCard[]; onCreate(): void }) {
  const { t } = useTranslation()
  const now = today()
  const current = inOrder(
    trips.filter((trip) => !trip.is_archived),
    now,
  )
  const archived = trips.filter((trip) => trip.is_archived)
  const spotlight = spotlightOf(current, now)
  const others = current.filter((trip) => trip !== spotlight)
  if (!trips.length) {
    return (
      <EmptyState
        title={t('trips.emptyTitle')}
        action={
          <Button tone="primary" size="large" icon={<Plus size={20} aria-hidden="true" />} onClick={onCreate}>
            {t('trips.emptyAction')}
          </Button>
        }
      >
        {t('trips.emptyBody')}
      </EmptyState>
    )
  }
  return (
    <div className="flex flex-col gap-12">
      {spotlight && <Spotlight trip={spotlight} />}
      {others.length > 0 && (
        <section aria-labelledby="all-trips">
          <h2 id="all-trips" className="title mb-4 text-xl">
            {spotlight ? t('trips.others') : t('trips.all')}
          </h2>
          <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
            {others.map((trip) => (
              <TripTile key={trip.id} trip={trip} />
            ))}
          </ul>
        </section>
      )}
      {archived.length > 0 && <Archive trips={archived} />}
    </div>
  )
}

function Archive({ trips }: { trips: readonly TripCard[] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <section>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex items-center gap-1.5 rounded-sm font-medium text-ink-soft hover:text-ink"
        >
          <ChevronRight
            size={16}
            aria-hidden="true"
            className={open ? 'rotate-90 transition-transform' : 'transition-transform'}
          />
          {t('trips.archived', { count: trips.length })}
        </button>
      </h2>
      {open && (
        <ul className="mt-4 grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
          {trips.map((trip) => (
            <TripTile key={trip.id} trip={trip} />
          ))}
        </ul>
      )}
    </section>
  )
}

const TripsSkeleton = () => (
  <div aria-hidden="true" className="flex flex-col gap-12">
    <Skeleton className="h-72 rounded-xl" />
    <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
      {['a', 'b', 'c'].map((key) => (
        <Skeleton key={key} className="h-56 rounded-lg" />
      ))}
    </div>
  </div>
)

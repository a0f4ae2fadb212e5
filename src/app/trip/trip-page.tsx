import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PlannerProvider } from '../../features/plan/web/planner.tsx'
import { Trip } from '../../features/trips/contract/index.ts'
import { TripProvider } from '../../features/trips/web/trip-context.tsx'
import { pathOf } from '../../ui/base-path.ts'
import { buttonClass } from '../../ui/design/button.tsx'
import { PageTitle } from '../../ui/design/page-title.tsx'
import { EmptyState, Skeleton } from '../../ui/design/states.tsx'
import { DialogHost } from '../../ui/form/dialog-host.tsx'
import { SpaceProvider, useRows, useSpace } from '../../ui/live/hooks.tsx'
import { Page } from '../shell/top-bar.tsx'
import { TripValues } from './shown-values.tsx'
import { TripView } from './trip-view.tsx'
import { UndoKeys } from './undo-keys.tsx'

export function TripPage() {
  const { tripId } = useParams({ from: '/inside/trips/$tripId' })
  const id = Number(tripId)
  if (!Number.isSafeInteger(id) || id <= 0) return <Gone />
  return (
    <SpaceProvider key={id} space="trip" id={id}>
      <OpenTrip />
    </SpaceProvider>
  )
}

function OpenTrip() {
  const { status } = useSpace()
  const [trip] = useRows(Trip)
  if (status === 'gone') return <Gone />
  if (!trip) return <TripSkeleton />
  return (
    <TripProvider trip={trip}>
      <TripValues>
        <PlannerProvider>
          <DialogHost>
            <UndoKeys />
            <TripView />
          </DialogHost>
        </PlannerProvider>
      </TripValues>
    </TripProvider>
  )
}

function Gone() {
  const { t } = useTranslation()
  return (
    <Page>
      <PageTitle of={[t('trip.goneTitle')]} />
      <EmptyState
        whole
        title={t('trip.goneTitle')}
        action={
          <a href={pathOf('/')} className={buttonClass('primary')}>
            {t('trip.goneBack')}
          </a>
        }
      >
        {t('trip.goneBody')}
      </EmptyState>
    </Page>
  )
}

function TripSkeleton() {
  const { t } = useTranslation()
  return (
    <main className="flex h-dvh flex-col" aria-busy="true" aria-label={t('loading')}>
      <div className="flex h-14 items-center gap-4 border-line border-b px-4">
        <Skeleton className="h-6 w-56" />
      </div>
      <div className="grid min-h-0 flex-1 md:grid-cols-[22rem_1fr] lg:grid-cols-[24rem_1fr_20rem]">
        <div className="flex flex-col gap-3 p-4">
          {['a', 'b', 'c', 'd', 'e'].map((key) => (
            <Skeleton key={key} className="h-20" />
          ))}
        </div>
        <Skeleton className="m-3 max-md:hidden" />
        <div className="flex flex-col gap-3 p-4 max-lg:hidden">
          {['a', 'b', 'c', 'd'].map((key) => (
            <Skeleton key={key} className="h-12" />
          ))}
        </div>
      </div>
    </main>
  )
}

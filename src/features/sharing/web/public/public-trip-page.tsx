import { useParams } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { CallError } from '../../../../ui/call.ts'
import { calendarDay } from '../../../../ui/dates.ts'
import { PageTitle } from '../../../../ui/design/page-title.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../../ui/design/states.tsx'
import { Wordmark } from '../../../../ui/design/wordmark.tsx'
import { useRead } from '../../../../ui/query.ts'
import { get_shared_trip, type PublicTrip } from '../../contract/index.ts'
import { usePublicSections } from '../public-section.ts'
import { useLightPrint } from './light-print.ts'
import { PublicHero } from './public-hero.tsx'

/** The trip as its share link shows it. */
export function PublicTripPage() {
  const { token = '' }: Record<string, string | undefined> = useParams({ strict: false })
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useRead(get_shared_trip, { token })
  const sections = usePublicSections()
  useLightPrint()
  // Starts while the trip is loading, so that nothing waits afterwards.
  useEffect(() => {
    for (const { Section } of sections) void Section.preload()
  }, [sections])
  return (
    <>
      {/* A link is only for people who were given it: search engines stay out, and no other site learns of it. */}
      <meta name="robots" content="noindex, nofollow, noarchive" />
      <meta name="referrer" content="no-referrer" />
      <PageTitle of={[data ? data.trip.title : error && t('sharing.goneTitle')]} />
      {isPending ? (
        <PublicSkeleton />
      ) : data ? (
        <Shown trip={data} />
      ) : error instanceof CallError && error.code !== 'not_found' && error.code !== 'invalid' ? (
        <main className="grid min-h-dvh place-items-center">
          <ErrorState error={error} onRetry={() => void refetch()} />
        </main>
      ) : (
        <main className="grid min-h-dvh place-items-center">
          <EmptyState whole title={t('sharing.goneTitle')}>
            {t('sharing.goneBody')}
          </EmptyState>
        </main>
      )}
    </>
  )
}

function Shown({ trip }: { trip: PublicTrip }) {
  const { t } = useTranslation()
  const sections = usePublicSections().filter(({ isIn }) => isIn(trip))
  return (
    <div className="min-h-dvh pb-16 print:pb-0">
      <PublicHero trip={trip} />
      {sections.length > 1 && (
        <nav aria-label={t('trip.parts')} className="sticky top-0 z-20 border-line border-b bg-paper print:hidden">
          <ul className="quiet-scroll mx-auto flex max-w-6xl gap-1 px-2 py-1.5 sm:px-4">
            {sections.map(({ id, label }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  className="flex h-9 items-center whitespace-nowrap rounded-sm px-3 font-medium text-ink-soft transition-colors duration-(--fast) hover:bg-hover hover:text-ink"
                >
                  {t(label)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <main className="mx-auto flex max-w-6xl flex-col gap-14 px-4 pt-8 sm:px-6">
        {sections.map(({ id, label, Section }) => (
          <section key={id} id={id} aria-labelledby={`${id}-title`} className="scroll-mt-16">
            <h2 id={`${id}-title`} className="title mb-4 text-2xl">
              {t(label)}
            </h2>
            <Suspense fallback={<Skeleton className="h-40" />}>
              <Section trip={trip} />
            </Suspense>
          </section>
        ))}
        {sections.length === 0 && (
          <EmptyState title={t('sharing.nothingTitle')} compact>
            {t('sharing.nothingBody')}
          </EmptyState>
        )}
      </main>
      <footer className="mx-auto mt-16 flex max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-2 border-line border-t px-4 pt-6 text-ink-faint text-sm sm:px-6 print:mt-8">
        <Wordmark />
        <p>{t('sharing.until', { date: calendarDay(trip.expires_at) })}</p>
      </footer>
    </div>
  )
}

function PublicSkeleton() {
  const { t } = useTranslation()
  return (
    <main aria-busy="true" aria-label={t('loading')}>
      <Skeleton className="h-56 rounded-none" />
      <div className="mx-auto flex max-w-6xl flex-col gap-4 px-4 pt-8 sm:px-6">
        <Skeleton className="h-10 w-72" />
        <Skeleton className="h-40" />
        <Skeleton className="h-40" />
      </div>
    </main>
  )
}

import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../../identity/web/session.ts'
import { PageTitle } from '../../../ui/design/page-title.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/design/states.tsx'
import { SpaceProvider, useRows, useSpace } from '../../../ui/live/hooks.tsx'
import { VisitedCountry } from '../contract/index.ts'
import { countries, countryName } from './countries.ts'
import { CountryPicker } from './country-picker.tsx'
import { useMarking } from './marking.ts'

const WorldMap = lazy(() => import('./world-map.tsx').then(({ WorldMap }) => ({ default: WorldMap })))

/** The countries the person has been to, filled on a world map. */
export function AtlasPage() {
  const me = useMe()
  return (
    <SpaceProvider space="user" id={me.id}>
      <Atlas />
    </SpaceProvider>
  )
}

function Atlas() {
  const { t } = useTranslation()
  const { status, reason } = useSpace()
  const visited = useRows(VisitedCountry)
  const { mark, unmark } = useMarking()
  const codes = useMemo(() => visited.map(({ country_code }) => country_code), [visited])
  const [search, setSearch] = useState('')
  const toggle = (code: string) => void (codes.includes(code) ? unmark(code) : mark(code))
  if (status === 'gone') return <ErrorState error={new Error(reason)} onRetry={() => location.reload()} />
  return (
    <div className="flex flex-col gap-8">
      <PageTitle of={[t('atlas.title')]} />
      <div className="flex flex-wrap items-end justify-between gap-6">
        <div>
          <h1 className="title text-3xl">{t('atlas.title')}</h1>
          <p className="mt-1 text-ink-soft">{t('atlas.body')}</p>
        </div>
        <p className="figures flex items-baseline gap-2">
          <span className="title text-4xl text-pine-ink">{codes.length}</span>
          <span className="text-ink-soft">{t('atlas.ofCountries', { count: countries().length })}</span>
        </p>
      </div>
      <div className="relative h-[min(60vh,34rem)] overflow-hidden rounded-xl border border-line bg-sunken">
        <Suspense fallback={<Skeleton className="absolute inset-0 rounded-none" />}>
          <WorldMap visited={codes} onToggle={toggle} />
        </Suspense>
      </div>
      <CountryPicker visited={codes} search={search} setSearch={setSearch} onToggle={toggle} />
      {status === 'loading' && !codes.length ? (
        <Skeleton className="h-24" />
      ) : (
        !codes.length && (
          <EmptyState compact title={t('atlas.emptyTitle')}>
            {t('atlas.emptyBody')}
          </EmptyState>
        )
      )}
      {codes.length > 0 && <Visited codes={codes} onRemove={toggle} />}
    </div>
  )
}

function Visited({ codes, onRemove }: { codes: readonly string[]; onRemove(code: string): void }) {
  const { t } = useTranslation()
  const sorted = codes.toSorted((a, b) => countryName(a).localeCompare(countryName(b)))
  return (
    <section aria-labelledby="visited">
      <h2 id="visited" className="title mb-4 text-xl">
        {t('atlas.visited')}
      </h2>
      <ul className="flex flex-wrap gap-2">
        {sorted.map((code) => (
          <li key={code}>
            <button
              type="button"
              onClick={() => onRemove(code)}
              aria-label={t('atlas.unmark', { country: countryName(code) })}
              className="group flex h-9 items-center gap-2 rounded-full border border-line bg-surface pr-3 pl-3.5 font-medium hover:border-signal-ink"
            >
              {countryName(code)}
              <span aria-hidden="true" className="text-ink-faint group-hover:text-signal-ink">
                ×
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

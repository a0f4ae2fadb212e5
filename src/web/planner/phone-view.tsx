import { Luggage, Map as MapIcon, MapPin, Route } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StopRow } from '../../features/assignments/web/stop-row.tsx'
import { VisitFields } from '../../features/assignments/web/visit-fields.tsx'
import { DayList } from '../../features/days/web/day-list.tsx'
import { packing } from '../../features/packing/contract.ts'
import { PackingPage } from '../../features/packing/web/packing-page.tsx'
import { PlaceCard } from '../../features/places/web/place-card.tsx'
import { PlacePool } from '../../features/places/web/place-pool.tsx'
import { dayOfMonth, weekday } from '../dates.ts'
import { classes } from '../design/class-names.ts'
import { Sheet } from '../design/sheet.tsx'
import { Skeleton } from '../design/states.tsx'
import { useAddon } from '../instance.ts'
import type { Asks } from './asks.ts'
import { useDayName } from './day-name.ts'
import { usePlanner } from './planner.tsx'
import { TripHeader } from './trip-header.tsx'

const PlannedMap = lazy(() => import('./planned-map.tsx').then(({ PlannedMap }) => ({ default: PlannedMap })))

const TABS = [
  { value: 'plan', label: 'trip.plan', Icon: Route },
  { value: 'map', label: 'map.title', Icon: MapIcon },
  { value: 'places', label: 'places.title', Icon: MapPin },
  { value: 'packing', label: 'packing.title', Icon: Luggage },
] as const

type PhoneTab = (typeof TABS)[number]['value']

/** One column at a time, with what there is in the reach of the thumb. */
export function PhoneView({ asks }: { asks: Asks }) {
  const { t } = useTranslation()
  const { places, focus, setFocus } = usePlanner()
  const [tab, setTab] = useState<PhoneTab>('plan')
  const hasLists = useAddon(packing)
  const tabs = hasLists ? TABS : TABS.filter(({ value }) => value !== 'packing')
  const open = places.find(({ id }) => id === focus?.placeId)
  return (
    <div className="fixed inset-0 flex flex-col overflow-clip">
      <TripHeader />
      <main id="main" tabIndex={-1} className="relative flex min-h-0 flex-1 flex-col outline-none">
        {tab === 'plan' && (
          <div className="quiet-scroll relative min-h-0 flex-1">
            <h2 className="sr-only">{t('days.title')}</h2>
            <DayList Stop={StopRow} />
          </div>
        )}
        {tab === 'map' && <MapTab asks={asks} />}
        {tab === 'places' && (
          <div className="flex min-h-0 flex-1 flex-col pt-3">
            <PlacePool onAdd={() => asks.addPlace()} />
          </div>
        )}
        {tab === 'packing' && (
          <div className="quiet-scroll min-h-0 flex-1">
            <PackingPage />
          </div>
        )}
      </main>
      <nav
        aria-label={t('trip.parts')}
        className="grid shrink-0 auto-cols-fr grid-flow-col border-line border-t bg-surface pb-[env(safe-area-inset-bottom)]"
      >
        {tabs.map(({ value, label, Icon }) => (
          <button
            key={value}
            type="button"
            aria-current={tab === value ? 'page' : undefined}
            onClick={() => setTab(value)}
            className={classes(
              'flex h-14 flex-col items-center justify-center gap-0.5 font-medium text-xs -outline-offset-2',
              tab === value ? 'text-pine-ink' : 'text-ink-faint',
            )}
          >
            <span
              className={classes(
                'flex h-6 w-12 items-center justify-center rounded-full',
                tab === value && 'bg-pine-soft',
              )}
            >
              <Icon size={19} aria-hidden="true" />
            </span>
            {t(label)}
          </button>
        ))}
      </nav>
      <Sheet open={open !== undefined} onClose={() => setFocus(null)} title={open?.name ?? t('places.title')}>
        <PlaceCard onEdit={asks.editPlace} Visit={VisitFields} bare />
      </Sheet>
    </div>
  )
}

/** The map, the days to choose from above it, and the stops of the day in a strip below. */
function MapTab({ asks }: { asks: Asks }) {
  const { t } = useTranslation()
  const { plan, dayId, chooseDay, setFocus } = usePlanner()
  const dayName = useDayName()
  const stops = plan.find(({ day }) => day.id === dayId)?.stops ?? []
  return (
    <>
      <div className={classes('absolute inset-0', stops.length > 0 && '[--map-covered:5.75rem]')}>
        <Suspense fallback={<Skeleton className="absolute inset-0 rounded-none" />}>
          <PlannedMap asks={asks} covered={{ top: 64, bottom: stops.length ? 112 : 24 }} />
        </Suspense>
      </div>
      <ul
        aria-label={t('days.title')}
        className="pointer-events-none relative flex gap-1.5 overflow-x-auto p-3 [scrollbar-width:none]"
      >
        {plan.map(({ day }) => (
          <li key={day.id} className="pointer-events-auto">
            <button
              type="button"
              aria-pressed={day.id === dayId}
              aria-label={t('days.show', { day: dayName(day) })}
              onClick={() => chooseDay(day.id)}
              className="figures flex h-9 items-center gap-1 whitespace-nowrap rounded-full border border-line bg-surface px-3 font-medium text-sm shadow-lift aria-pressed:border-pine aria-pressed:bg-pine aria-pressed:text-on-pine"
            >
              {day.date
                ? `${weekday(day.date)} ${dayOfMonth(day.date)}`
                : t('plan.dayNumber', { number: day.day_number })}
            </button>
          </li>
        ))}
      </ul>
      {stops.length > 0 && (
        <ol
          aria-label={t('map.stops')}
          className="relative mt-auto flex snap-x gap-2 overflow-x-auto p-3 [scrollbar-width:none]"
        >
          {stops.map(({ stop, place, number, start }) => (
            <li key={stop.id} className="snap-start">
              <button
                type="button"
                onClick={() => setFocus({ placeId: place.id, stopId: stop.id })}
                className="flex w-52 items-center gap-2.5 rounded-lg border border-line bg-surface p-2.5 text-left shadow-lift"
              >
                <span
                  aria-hidden="true"
                  className="figures flex size-7 shrink-0 items-center justify-center rounded-full bg-pine font-semibold text-on-pine text-xs"
                >
                  {number}
                </span>
                <span className="min-w-0">
                  <span className="block truncate font-medium">{place.name}</span>
                  <span className="figures block text-ink-faint text-xs">{start ?? t('plan.anyTime')}</span>
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </>
  )
}

import { Ellipsis } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { VisitFields } from '../../features/assignments/web/visit-fields.tsx'
import { DayList } from '../../features/days/web/day-list.tsx'
import { useDayName } from '../../features/days/web/day-name.ts'
import { PlaceCard } from '../../features/places/web/place-card.tsx'
import { PlacePool } from '../../features/places/web/place-pool.tsx'
import type { Asks } from '../../features/plan/web/asks.ts'
import { usePlanner } from '../../features/plan/web/planner.tsx'
import { dayOfMonth, weekday } from '../../ui/dates.ts'
import { classes } from '../../ui/design/class-names.ts'
import { Sheet } from '../../ui/design/sheet.tsx'
import { PageSkeleton, Skeleton } from '../../ui/design/states.tsx'
import type { TripTab } from '../../ui/registration.ts'
import { PartTitle, useOpenPart, useParts } from './parts.tsx'
import { TripHeader } from './trip-header.tsx'

const PlannedMap = lazy(() =>
  import('../../features/plan/web/planned-map.tsx').then(({ PlannedMap }) => ({ default: PlannedMap })),
)

/** The bottom bar shows as many parts as a thumb can tell apart; its last button holds the others. */
const IN_SIGHT = 4

/** One part at a time, with the controls in reach of the thumb. */
export function PhoneView({ asks }: { asks: Asks }) {
  const { t } = useTranslation()
  const { places, focus, setFocus } = usePlanner()
  const parts = useParts()
  const [open, setOpen] = useOpenPart(parts)
  const [choosing, setChoosing] = useState(false)
  const [inSight, others] = [parts.slice(0, IN_SIGHT), parts.slice(IN_SIGHT)]
  const other = others.find(({ part }) => part === open)
  const Page = parts.find(({ part }) => part === open)?.Page
  const place = places.find(({ id }) => id === focus?.placeId)
  return (
    <div className="fixed inset-0 flex flex-col overflow-clip">
      <PartTitle parts={parts} open={open} />
      <TripHeader />
      <main id="main" tabIndex={-1} className="relative flex min-h-0 flex-1 flex-col outline-none">
        {open === 'plan' && (
          <div className="quiet-scroll relative min-h-0 flex-1">
            <h2 className="sr-only">{t('days.title')}</h2>
            <DayList />
          </div>
        )}
        {open === 'map' && <MapTab asks={asks} />}
        {open === 'places' && (
          <div className="flex min-h-0 flex-1 flex-col pt-3">
            <PlacePool onAdd={() => asks.addPlace()} />
          </div>
        )}
        {Page && (
          <div className="quiet-scroll min-h-0 flex-1">
            <Suspense fallback={<PageSkeleton />}>
              <Page />
            </Suspense>
          </div>
        )}
      </main>
      <nav
        aria-label={t('trip.parts')}
        className="grid shrink-0 auto-cols-fr grid-flow-col border-line border-t bg-surface pb-[env(safe-area-inset-bottom)]"
      >
        {inSight.map((part) => (
          <PartButton key={part.part} {...part} current={open === part.part} onOpen={() => setOpen(part.part)} />
        ))}
        <PartButton
          label={other?.label ?? 'trip.more'}
          Icon={other?.Icon ?? Ellipsis}
          Mark={others.find(({ part, Mark }) => Mark && part !== open)?.Mark}
          current={other !== undefined}
          onOpen={() => setChoosing(true)}
        />
      </nav>
      <Sheet open={choosing} onClose={() => setChoosing(false)} title={t('trip.more')}>
        <ul className="grid grid-cols-3 gap-2">
          {others.map(({ part, label, Icon, Mark }) => (
            <li key={part}>
              <button
                type="button"
                aria-current={open === part ? 'page' : undefined}
                onClick={() => {
                  setOpen(part)
                  setChoosing(false)
                }}
                className="flex h-20 w-full flex-col items-center justify-center gap-2 rounded-lg border border-line bg-surface font-medium text-sm aria-[current]:border-pine aria-[current]:text-pine-ink"
              >
                <Icon size={20} aria-hidden="true" />
                <span className="flex items-center gap-1.5">
                  {t(label)}
                  {Mark && <Mark />}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Sheet>
      <Sheet open={place !== undefined} onClose={() => setFocus(null)} title={place?.name ?? t('places.title')}>
        <PlaceCard onEdit={asks.editPlace} Visit={VisitFields} bare />
      </Sheet>
    </div>
  )
}

interface PartButtonProps extends Pick<TripTab, 'label' | 'Icon'> {
  Mark?: TripTab['Mark'] | undefined
  current: boolean
  onOpen(): void
}

function PartButton({ label, Icon, Mark, current, onOpen }: PartButtonProps) {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      aria-current={current ? 'page' : undefined}
      onClick={onOpen}
      className={classes(
        'flex h-14 min-w-0 flex-col items-center justify-center gap-0.5 font-medium text-xs -outline-offset-2',
        current ? 'text-pine-ink' : 'text-ink-faint',
      )}
    >
      <span
        className={classes(
          'relative flex h-6 w-12 items-center justify-center rounded-full',
          current && 'bg-pine-soft',
        )}
      >
        <Icon size={19} aria-hidden="true" />
        {Mark && (
          <span className="-top-1 absolute left-8">
            <Mark />
          </span>
        )}
      </span>
      {t(label)}
    </button>
  )
}

/** The map with the days above it, and the stops of the day in a strip below. */
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

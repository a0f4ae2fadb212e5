import { PanelLeftClose, PanelLeftOpen, PanelRightClose, PanelRightOpen } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { VisitFields } from '../../features/assignments/web/visit-fields.tsx'
import { DayList } from '../../features/days/web/day-list.tsx'
import { PlaceCard } from '../../features/places/web/place-card.tsx'
import { PlacePool } from '../../features/places/web/place-pool.tsx'
import type { Asks } from '../../features/plan/web/asks.ts'
import { usePlanner } from '../../features/plan/web/planner.tsx'
import { IconButton } from '../../ui/design/icon-button.tsx'
import { PageSkeleton, Skeleton } from '../../ui/design/states.tsx'
import { useWiderThan } from '../../ui/media.ts'
import type { TripTab } from '../../ui/registration.ts'
import { useRemembered } from '../../ui/remembered.ts'
import { PaneEdge } from './pane-edge.tsx'
import { PartTitle, useOpenPart, useParts } from './parts.tsx'
import { TripHeader } from './trip-header.tsx'

const PlannedMap = lazy(() =>
  import('../../features/plan/web/planned-map.tsx').then(({ PlannedMap }) => ({ default: PlannedMap })),
)

const DAYS = { least: 288, most: 560, usual: 384 }
const POOL = { least: 256, most: 480, usual: 320 }

/** One part of the trip at a time; the plan shows days, map and pool side by side. */
export function DeskView({ asks }: { asks: Asks }) {
  const parts = useParts().filter(({ phoneOnly }) => !phoneOnly)
  const [open, setOpen] = useOpenPart(parts)
  const Page = parts.find(({ part }) => part === open)?.Page
  return (
    <div className="fixed inset-0 flex flex-col overflow-clip">
      <PartTitle parts={parts} open={open} />
      <TripHeader />
      <PartTabs parts={parts} open={open} onOpen={setOpen} />
      {Page ? (
        <main id="main" tabIndex={-1} className="quiet-scroll min-h-0 flex-1 outline-none">
          <Suspense fallback={<PageSkeleton />}>
            <Page />
          </Suspense>
        </main>
      ) : (
        <Panes asks={asks} />
      )}
    </div>
  )
}

function PartTabs({ parts, open, onOpen }: { parts: readonly TripTab[]; open: string; onOpen(part: string): void }) {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('trip.parts')}
      className="flex h-11 shrink-0 items-stretch gap-0.5 overflow-x-auto border-line border-b bg-paper px-3 [scrollbar-width:none]"
    >
      {parts.map(({ part, label, Icon, Mark }) => (
        <button
          key={part}
          type="button"
          aria-current={part === open ? 'page' : undefined}
          onClick={() => onOpen(part)}
          className="-mb-px flex items-center gap-2 whitespace-nowrap border-transparent border-b-2 px-3 font-medium text-ink-soft text-sm -outline-offset-2 transition-colors duration-(--fast) hover:text-ink aria-[current]:border-pine aria-[current]:text-ink"
        >
          <Icon size={16} aria-hidden="true" />
          {t(label)}
          {Mark && <Mark />}
        </button>
      ))}
    </nav>
  )
}

function Panes({ asks }: { asks: Asks }) {
  const { t } = useTranslation()
  const { focus } = usePlanner()
  const isWide = useWiderThan('lg')
  const [daysWidth, setDaysWidth] = useRemembered('days.width', DAYS.usual)
  const [poolWidth, setPoolWidth] = useRemembered('pool.width', POOL.usual)
  const [daysFolded, setDaysFolded] = useRemembered<boolean>('days.folded', false)
  const [poolFolded, setPoolFolded] = useRemembered<boolean>('pool.folded', false)
  const [poolAbove, setPoolAbove] = useState(false)
  // A place chosen in the pool would open below it.
  useEffect(() => {
    if (focus) setPoolAbove(false)
  }, [focus])
  const poolOpen = isWide ? !poolFolded : poolAbove
  const foldPool = (folded: boolean) => (isWide ? setPoolFolded(folded) : setPoolAbove(!folded))
  return (
    <main id="main" tabIndex={-1} className="relative flex min-h-0 flex-1 outline-none">
      {daysFolded ? (
        <Rail side="left" label={t('trip.unfoldDays')} onOpen={() => setDaysFolded(false)} />
      ) : (
        <Pane
          label={t('days.title')}
          width={isWide ? daysWidth : Math.min(daysWidth, 352)}
          fold={
            <IconButton label={t('trip.foldDays')} size="small" onClick={() => setDaysFolded(true)}>
              <PanelLeftClose size={17} aria-hidden="true" />
            </IconButton>
          }
        >
          <div className="quiet-scroll min-h-0 flex-1">
            <DayList />
          </div>
          <PaneEdge side="right" label={t('trip.daysWidth')} width={daysWidth} onWidth={setDaysWidth} {...DAYS} />
        </Pane>
      )}
      <div className="relative min-w-0 flex-1 bg-sunken">
        <Suspense fallback={<Skeleton className="absolute inset-0 rounded-none" />}>
          <PlannedMap asks={asks} />
        </Suspense>
        {focus && (
          <div className="absolute bottom-4 left-4 max-h-[calc(100%-2rem)] w-84 max-w-[calc(100%-2rem)] overflow-y-auto rounded-lg border border-line bg-surface p-4 shadow-float">
            <PlaceCard onEdit={asks.editPlace} Visit={VisitFields} />
          </div>
        )}
      </div>
      {poolOpen ? (
        <div className={isWide ? 'flex' : 'absolute inset-y-0 right-0 z-20 flex shadow-float'}>
          <Pane
            label={t('places.title')}
            width={poolWidth}
            fold={
              <IconButton label={t('trip.foldPlaces')} size="small" onClick={() => foldPool(true)}>
                <PanelRightClose size={17} aria-hidden="true" />
              </IconButton>
            }
          >
            <PlacePool onAdd={() => asks.addPlace()} />
            <PaneEdge side="left" label={t('trip.placesWidth')} width={poolWidth} onWidth={setPoolWidth} {...POOL} />
          </Pane>
        </div>
      ) : (
        <Rail side="right" label={t('trip.unfoldPlaces')} onOpen={() => foldPool(false)} />
      )}
    </main>
  )
}

interface PaneProps {
  label: string
  width: number
  fold: ReactNode
  children: ReactNode
}

const Pane = ({ label, width, fold, children }: PaneProps) => (
  <section
    aria-label={label}
    className="relative flex shrink-0 flex-col border-line bg-paper not-first:border-l first:border-r"
    style={{ width }}
  >
    <div className="flex h-12 shrink-0 items-center justify-between gap-2 pr-2 pl-4">
      <h2 className="font-semibold text-base">{label}</h2>
      {fold}
    </div>
    {children}
  </section>
)

function Rail({ side, label, onOpen }: { side: 'left' | 'right'; label: string; onOpen(): void }) {
  const Icon = side === 'left' ? PanelLeftOpen : PanelRightOpen
  return (
    <div
      className={`flex w-12 shrink-0 justify-center border-line bg-paper pt-2 ${side === 'left' ? 'border-r' : 'border-l'}`}
    >
      <IconButton label={label} size="small" onClick={onOpen}>
        <Icon size={17} aria-hidden="true" />
      </IconButton>
    </div>
  )
}

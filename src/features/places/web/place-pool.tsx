import { ListChecks, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { ChoosableRow, PlaceRow } from './place-row.tsx'
import { PoolFilters } from './pool-filters.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { usePool } from './use-pool.ts'

/** All places of the trip, including those without a day. */
export function PlacePool({ onAdd }: { onAdd(): void }) {
  const { t } = useTranslation()
  const { places, rights } = usePlanner()
  const pool = usePool()
  const { found, narrowed } = pool
  const { mayChoose, choosing, chosen, start, stop, choose, chooseAll } = useChoice()
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PoolFilters pool={pool}>
        {mayChoose && places.length > 1 && (
          <IconButton label={t('places.choose')} size="small" aria-pressed={choosing} onClick={choosing ? stop : start}>
            <ListChecks size={17} aria-hidden="true" />
          </IconButton>
        )}
      </PoolFilters>
      <div className="quiet-scroll min-h-0 flex-1">
        {found.length > 0 ? (
          <ul className="p-2">
            {found.map((row) => {
              const { id } = row.place
              if (!choosing) return <PlaceRow key={id} {...row} />
              return <ChoosableRow key={id} {...row} chosen={chosen.has(id)} onChoose={(on) => choose(id, on)} />
            })}
          </ul>
        ) : (
          <Nothing places={places.length} narrowed={narrowed} />
        )}
      </div>
      {choosing ? (
        <SelectionBar
          // Hidden places do not count as chosen, so that nobody deletes what they do not see.
          chosen={found.map(({ place }) => place).filter(({ id }) => chosen.has(id))}
          of={found.length}
          onAll={() => chooseAll(found.map(({ place }) => place.id))}
          onDone={stop}
        />
      ) : (
        rights.places && (
          <div className="border-line border-t p-3">
            <Button tone="primary" icon={<Plus size={17} aria-hidden="true" />} onClick={onAdd} className="w-full">
              {t('places.add')}
            </Button>
          </div>
        )
      )}
    </div>
  )
}

/** The choice of several places for one action. */
function useChoice() {
  const { rights } = usePlanner()
  const [started, setStarted] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  // Choosing needs an action that is allowed.
  const mayChoose = rights.days || rights.places
  return {
    mayChoose,
    choosing: started && mayChoose,
    chosen,
    start: () => setStarted(true),
    stop() {
      setStarted(false)
      setChosen(new Set())
    },
    choose(placeId: number, on: boolean) {
      const next = new Set(chosen)
      if (on) next.add(placeId)
      else next.delete(placeId)
      setChosen(next)
    },
    chooseAll: (placeIds: readonly number[]) => setChosen(new Set(placeIds)),
  }
}

function Nothing({ places, narrowed }: { places: number; narrowed: boolean }) {
  const { t } = useTranslation()
  const { rights } = usePlanner()
  if (narrowed)
    return (
      <EmptyState compact title={t('places.nothingFound')}>
        {t('places.nothingFoundBody')}
      </EmptyState>
    )
  if (places)
    return (
      <EmptyState compact title={t('places.allPlanned')}>
        {rights.places ? t('places.allPlannedBody') : t('places.allPlannedLook')}
      </EmptyState>
    )
  if (!rights.places) return <EmptyState compact title={t('places.none')} />
  return (
    <EmptyState compact title={t('places.emptyTitle')}>
      {t('places.emptyBody')}
    </EmptyState>
  )
}

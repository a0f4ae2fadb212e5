import { Plus } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../web/design/button.tsx'
import { SearchField } from '../../../web/design/search-field.tsx'
import { Segmented } from '../../../web/design/segmented.tsx'
import { Select } from '../../../web/design/select.tsx'
import { EmptyState } from '../../../web/design/states.tsx'
import { CategoryIcon } from '../../../web/planner/category-icon.tsx'
import { usePlanner } from '../../../web/planner/planner.tsx'
import { matches } from './matches.ts'
import { PlaceRow } from './place-row.tsx'

type Shown = 'unplanned' | 'all'

/** All places of the trip: where ideas wait until they get a day. */
export function PlacePool({ onAdd }: { onAdd(): void }) {
  const { t } = useTranslation()
  const { places, plan, categories } = usePlanner()
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState<Shown>('unplanned')
  const [categoryId, setCategoryId] = useState<number | null>(null)
  const sought = useDeferredValue(search)

  const daysOf = useMemo(() => {
    const found = new Map<number, number[]>()
    for (const { day, stops } of plan) {
      for (const { place } of stops) found.set(place.id, [...(found.get(place.id) ?? []), day.day_number])
    }
    return found
  }, [plan])

  const used = [...categories.values()].filter(({ id }) => places.some((place) => place.category_id === id))
  const found = places
    .filter((place) => shown === 'all' || sought !== '' || !daysOf.has(place.id))
    .filter((place) => categoryId === null || place.category_id === categoryId)
    .filter((place) => matches(place, sought))
    .toSorted((a, b) => b.id - a.id)
  const unplanned = places.filter((place) => !daysOf.has(place.id)).length

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-2.5 border-line border-b px-4 pb-3">
        <SearchField label={t('places.search')} value={search} onChange={setSearch} className="h-9" />
        <div className="flex items-center gap-2">
          <Segmented
            label={t('places.which')}
            value={shown}
            choices={[
              { value: 'unplanned', label: t('places.unplanned', { count: unplanned }) },
              { value: 'all', label: t('places.all', { count: places.length }) },
            ]}
            onChange={setShown}
          />
          {used.length > 1 && (
            <div className="min-w-0 flex-1">
              <Select
                bare
                label={t('places.category')}
                value={categoryId}
                choices={[
                  { value: null, label: t('places.anyCategory') },
                  ...used.map((category) => ({
                    value: category.id,
                    label: category.name,
                    icon: <CategoryIcon category={category} size={15} />,
                  })),
                ]}
                onChange={setCategoryId}
              />
            </div>
          )}
        </div>
      </div>
      <div className="quiet-scroll min-h-0 flex-1">
        {found.length > 0 ? (
          <ul className="p-2">
            {found.map((place) => (
              <PlaceRow key={place.id} place={place} days={daysOf.get(place.id) ?? []} />
            ))}
          </ul>
        ) : (
          <Nothing places={places.length} narrowed={sought !== '' || categoryId !== null} />
        )}
      </div>
      <div className="border-line border-t p-3">
        <Button tone="primary" icon={<Plus size={17} aria-hidden="true" />} onClick={onAdd} className="w-full">
          {t('places.add')}
        </Button>
      </div>
    </div>
  )
}

function Nothing({ places, narrowed }: { places: number; narrowed: boolean }) {
  const { t } = useTranslation()
  if (narrowed)
    return (
      <EmptyState compact title={t('places.nothingFound')}>
        {t('places.nothingFoundBody')}
      </EmptyState>
    )
  if (places)
    return (
      <EmptyState compact title={t('places.allPlanned')}>
        {t('places.allPlannedBody')}
      </EmptyState>
    )
  return (
    <EmptyState compact title={t('places.emptyTitle')}>
      {t('places.emptyBody')}
    </EmptyState>
  )
}

import { ListChecks, Plus } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/design/button.tsx'
import { IconButton } from '../../../ui/design/icon-button.tsx'
import { SearchField } from '../../../ui/design/search-field.tsx'
import { Segmented } from '../../../ui/design/segmented.tsx'
import { Select } from '../../../ui/design/select.tsx'
import { EmptyState } from '../../../ui/design/states.tsx'
import { usePlanner } from '../../plan/web/planner.tsx'
import { CategoryIcon } from './category-icon.tsx'
import { categoryName } from './category-name.ts'
import { matches } from './matches.ts'
import { ChoosableRow, PlaceRow } from './place-row.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { TagDot } from './tag-chip.tsx'
import { useTags } from './tags.ts'

type Shown = 'unplanned' | 'all'

/** All places of the trip, including those without a day. */
export function PlacePool({ onAdd }: { onAdd(): void }) {
  const { t } = useTranslation()
  const { places, plan, categories, rights } = usePlanner()
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState<Shown>('unplanned')
  const [categoryId, setCategoryId] = useState<number | null>(null)
  const [tagId, setTagId] = useState<number | null>(null)
  const [choice, setChoosing] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const { tags, tagsOf } = useTags()
  const sought = useDeferredValue(search)
  // Choosing needs an action that is allowed.
  const mayChoose = rights.days || rights.places
  const choosing = choice && mayChoose

  const daysOf = useMemo(() => {
    const found = new Map<number, number[]>()
    for (const { day, stops } of plan) {
      for (const { place } of stops) found.set(place.id, [...(found.get(place.id) ?? []), day.day_number])
    }
    return found
  }, [plan])

  const used = [...categories.values()].filter(({ id }) => places.some((place) => place.category_id === id))
  const usedTags = tags.filter(({ id }) => places.some((place) => tagsOf(place.id).some((tag) => tag.id === id)))
  const found = places
    .filter((place) => shown === 'all' || sought !== '' || !daysOf.has(place.id))
    .filter((place) => categoryId === null || place.category_id === categoryId)
    .filter((place) => tagId === null || tagsOf(place.id).some((tag) => tag.id === tagId))
    .filter((place) => matches(place, sought))
    .toSorted((a, b) => b.id - a.id)
  const unplanned = places.filter((place) => !daysOf.has(place.id)).length

  // Hidden places do not count as chosen, so that nobody deletes what they do not see.
  const inSight = found.filter((place) => chosen.has(place.id))

  function stopChoosing() {
    setChoosing(false)
    setChosen(new Set())
  }

  function choose(placeId: number, on: boolean) {
    const next = new Set(chosen)
    if (on) next.add(placeId)
    else next.delete(placeId)
    setChosen(next)
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-2.5 border-line border-b px-4 pb-3">
        <div className="flex items-center gap-1.5">
          <div className="min-w-0 flex-1">
            <SearchField label={t('places.search')} value={search} onChange={setSearch} className="h-9" />
          </div>
          {mayChoose && places.length > 1 && (
            <IconButton
              label={t('places.choose')}
              size="small"
              aria-pressed={choosing}
              onClick={() => (choosing ? stopChoosing() : setChoosing(true))}
            >
              <ListChecks size={17} aria-hidden="true" />
            </IconButton>
          )}
        </div>
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
                    label: categoryName(t, category),
                    icon: <CategoryIcon category={category} size={15} />,
                  })),
                ]}
                onChange={setCategoryId}
              />
            </div>
          )}
        </div>
        {usedTags.length > 0 && (
          <Select
            bare
            label={t('tags.title')}
            value={tagId}
            choices={[
              { value: null, label: t('tags.any') },
              ...usedTags.map(({ id, name, color }) => ({ value: id, label: name, icon: <TagDot color={color} /> })),
            ]}
            onChange={setTagId}
          />
        )}
      </div>
      <div className="quiet-scroll min-h-0 flex-1">
        {found.length > 0 ? (
          <ul className="p-2">
            {found.map((place) => {
              const known = { place, days: daysOf.get(place.id) ?? [], tags: tagsOf(place.id) }
              if (!choosing) return <PlaceRow key={place.id} {...known} />
              return (
                <ChoosableRow
                  key={place.id}
                  {...known}
                  chosen={chosen.has(place.id)}
                  onChoose={(on) => choose(place.id, on)}
                />
              )
            })}
          </ul>
        ) : (
          <Nothing places={places.length} narrowed={sought !== '' || categoryId !== null || tagId !== null} />
        )}
      </div>
      {choosing ? (
        <SelectionBar
          chosen={inSight}
          of={found.length}
          onAll={() => setChosen(new Set(found.map(({ id }) => id)))}
          onDone={stopChoosing}
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

import { useDeferredValue, useMemo, useState } from 'react'
import { usePlanner } from '../../plan/web/planner.tsx'
import { matches } from './matches.ts'
import { useTags } from './tags.ts'

export type Shown = 'unplanned' | 'all'

/** The places of the pool, and what narrows them: a search, a category, a tag, and whether they have a day. */
export function usePool() {
  const { places, categories } = usePlanner()
  const { tags, tagsOf } = useTags()
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState<Shown>('unplanned')
  const [categoryId, setCategoryId] = useState<number | null>(null)
  const [tagId, setTagId] = useState<number | null>(null)
  const sought = useDeferredValue(search)
  const daysOf = useDaysOf()
  const hasTag = (placeId: number, wanted: number) => tagsOf(placeId).some(({ id }) => id === wanted)
  return {
    search: { value: search, onChange: setSearch },
    shown: { value: shown, onChange: setShown },
    category: { value: categoryId, onChange: setCategoryId },
    tag: { value: tagId, onChange: setTagId },
    narrowed: sought !== '' || categoryId !== null || tagId !== null,
    unplanned: places.filter(({ id }) => !daysOf.has(id)).length,
    /** The categories and tags that some place has. */
    categories: [...categories.values()].filter(({ id }) => places.some((place) => place.category_id === id)),
    tags: tags.filter(({ id }) => places.some((place) => hasTag(place.id, id))),
    found: places
      .filter((place) => shown === 'all' || sought !== '' || !daysOf.has(place.id))
      .filter((place) => categoryId === null || place.category_id === categoryId)
      .filter((place) => tagId === null || hasTag(place.id, tagId))
      .filter((place) => matches(place, sought))
      .toSorted((a, b) => b.id - a.id)
      .map((place) => ({ place, days: daysOf.get(place.id) ?? [], tags: tagsOf(place.id) })),
  }
}

/** The numbers of the days that each planned place is on. */
function useDaysOf(): ReadonlyMap<number, readonly number[]> {
  const { plan } = usePlanner()
  return useMemo(() => {
    const found = new Map<number, number[]>()
    for (const { day, stops } of plan) {
      for (const { place } of stops) found.set(place.id, [...(found.get(place.id) ?? []), day.day_number])
    }
    return found
  }, [plan])
}

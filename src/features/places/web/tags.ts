import { useCallback, useMemo } from 'react'
import type { Row } from '../../../core/declare/entity.ts'
import { useRows } from '../../../ui/live/hooks.tsx'
import { useRead } from '../../../ui/query.ts'
import { list_tags, PlaceTag, type Tag } from '../contract/index.ts'

export type TagRow = Row<typeof Tag>

/** One’s own tags, and which of them are on a place. */
export function useTags() {
  const { data } = useRead(list_tags, {})
  const links = useRows(PlaceTag)
  const tags: readonly TagRow[] = useMemo(() => data?.tags ?? [], [data])
  const byPlace = useMemo(() => {
    const byId = new Map(tags.map((tag) => [tag.id, tag]))
    const found = new Map<number, TagRow[]>()
    for (const { place_id, tag_id } of links) {
      const tag = byId.get(tag_id)
      if (tag) found.set(place_id, [...(found.get(place_id) ?? []), tag])
    }
    for (const own of found.values()) own.sort((a, b) => a.name.localeCompare(b.name))
    return found
  }, [tags, links])
  const tagsOf = useCallback((placeId: number): readonly TagRow[] => byPlace.get(placeId) ?? [], [byPlace])
  // Available before the names are.
  const tagIdsOf = useCallback(
    (placeId: number) => links.flatMap((link) => (link.place_id === placeId ? [link.tag_id] : [])),
    [links],
  )
  return { tags, tagsOf, tagIdsOf }
}

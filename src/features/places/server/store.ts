import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Row, Values } from '../../../core/declare/entity.ts'
import { notFound } from '../../../core/declare/errors.ts'
import { Category, Place, PlaceTag, Tag, type TaggedPlace } from '../contract/index.ts'

export type PlaceRow = Row<typeof Place>
export type CategoryRow = Row<typeof Category>
export type TagRow = Row<typeof Tag>
export type PlaceTagRow = Row<typeof PlaceTag>

/** The places of a trip, newest first. */
export const listPlaces = (tx: ReadTx, tripId: number): Promise<PlaceRow[]> =>
  tx.list(Place, { trip_id: tripId }, ['created_at desc', 'id desc'])

/** A place of this trip, or `not_found`. */
export async function getPlace(tx: ReadTx, tripId: number, placeId: number): Promise<PlaceRow> {
  const place = await tx.find(Place, { id: placeId, trip_id: tripId })
  if (!place)
    throw notFound(`Place ${placeId} is not in this trip`, { hint: 'list_places gives the places with their ids.' })
  return place
}

export const listPlacesById = (tx: ReadTx, tripId: number, ids: readonly number[]): Promise<PlaceRow[]> =>
  tx.list(Place, { trip_id: tripId, id: ids })

export const insertPlace = (tx: Tx, values: Values<typeof Place>): Promise<PlaceRow> => tx.insert(Place, values)

export const patchPlace = (tx: Tx, place: PlaceRow, patch: Values<typeof Place>): Promise<PlaceRow> =>
  tx.patch(Place, place, patch)

export const removePlace = (tx: Tx, place: PlaceRow): Promise<void> => tx.remove(Place, place)

export const listPlacesOfCategory = (tx: ReadTx, categoryId: number): Promise<PlaceRow[]> =>
  tx.list(Place, { category_id: categoryId })

export const listCategories = (tx: ReadTx): Promise<CategoryRow[]> => tx.list(Category, {}, ['name'])

export const findCategory = (tx: ReadTx, categoryId: number): Promise<CategoryRow | null> =>
  tx.find(Category, { id: categoryId })

export const findCategoryByName = (tx: ReadTx, name: string): Promise<CategoryRow | null> => tx.find(Category, { name })

export const insertCategory = (tx: Tx, values: Values<typeof Category>): Promise<CategoryRow> =>
  tx.insert(Category, values)

export const patchCategory = (tx: Tx, category: CategoryRow, patch: Values<typeof Category>): Promise<CategoryRow> =>
  tx.patch(Category, category, patch)

export const removeCategory = (tx: Tx, category: CategoryRow): Promise<void> => tx.remove(Category, category)

export const listTags = (tx: ReadTx, userId: number): Promise<TagRow[]> => tx.list(Tag, { user_id: userId }, ['name'])

/** A tag of this person, or `not_found`. */
export async function getTag(tx: ReadTx, userId: number, tagId: number): Promise<TagRow> {
  const tag = await tx.find(Tag, { id: tagId, user_id: userId })
  if (!tag) throw notFound(`You have no tag ${tagId}`, { hint: 'list_tags gives your tags with their ids.' })
  return tag
}

export const findTagByName = (tx: ReadTx, userId: number, name: string): Promise<TagRow | null> =>
  tx.find(Tag, { user_id: userId, name })

export const insertTag = (tx: Tx, values: Values<typeof Tag>): Promise<TagRow> => tx.insert(Tag, values)

export const patchTag = (tx: Tx, tag: TagRow, patch: Values<typeof Tag>): Promise<TagRow> => tx.patch(Tag, tag, patch)

export const removeTag = (tx: Tx, tag: TagRow): Promise<void> => tx.remove(Tag, tag)

/** The tags that one person has put on places of a trip. */
export const listPlaceTags = (tx: ReadTx, tripId: number, userId: number): Promise<PlaceTagRow[]> =>
  tx.list(PlaceTag, { trip_id: tripId, user_id: userId })

export const listTagsOnPlace = (tx: ReadTx, tripId: number, placeId: number): Promise<PlaceTagRow[]> =>
  tx.list(PlaceTag, { trip_id: tripId, place_id: placeId })

export const listTagsOnTrip = (tx: ReadTx, tripId: number): Promise<PlaceTagRow[]> =>
  tx.list(PlaceTag, { trip_id: tripId })

export const listUsesOfTag = (tx: ReadTx, tagId: number): Promise<PlaceTagRow[]> => tx.list(PlaceTag, { tag_id: tagId })

export const insertPlaceTag = (tx: Tx, values: Values<typeof PlaceTag>): Promise<PlaceTagRow> =>
  tx.insert(PlaceTag, values)

export const removePlaceTag = (tx: Tx, placeTag: PlaceTagRow): Promise<void> => tx.remove(PlaceTag, placeTag)

/** The places with the tags that this person has put on them, by name. */
export async function withTags(
  tx: ReadTx,
  tripId: number,
  userId: number,
  places: readonly PlaceRow[],
): Promise<TaggedPlace[]> {
  const links = places.length ? await listPlaceTags(tx, tripId, userId) : []
  const tags = new Map((links.length ? await listTags(tx, userId) : []).map((tag) => [tag.id, tag]))
  const tagsOf = Map.groupBy(links, (link) => link.place_id)
  return places.map((place) => ({
    ...place,
    tags: (tagsOf.get(place.id) ?? [])
      .flatMap(({ tag_id }) => tags.get(tag_id) ?? [])
      .map(({ id, name, color }) => ({ id, name, color }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  }))
}

import { decode } from '../../../core/data/storage.ts'
import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import type { Row, Values } from '../../../core/declare/entity.ts'
import { Id } from '../../../core/declare/values.ts'
import { AT_ONCE, Listing, listingOf } from '../../../core/run/paging.ts'
import { Category, Place, PlaceTag, Tag, type TaggedPlace } from '../contract/index.ts'
import { messages } from '../contract/messages.ts'

export type PlaceRow = Row<typeof Place>
export type CategoryRow = Row<typeof Category>
export type TagRow = Row<typeof Tag>
export type PlaceTagRow = Row<typeof PlaceTag>

/** For more ids, all places are read. */
const MOST_IDS = 500

const NEWEST_FIRST = ['created_at desc', 'id desc'] as const

/** The places of a trip, newest first. */
export const listPlaces = (tx: ReadTx, tripId: number): Promise<PlaceRow[]> =>
  tx.list(Place, { trip_id: tripId }, NEWEST_FIRST)

/**
 * The same if they are few, else null: features that process a whole trip share the places of most trips, and read only
 * what they need of trips with thousands.
 */
export async function fewPlaces(tx: ReadTx, tripId: number): Promise<PlaceRow[] | null> {
  const some = await firstPlaces(tx, tripId)
  return some.length > AT_ONCE ? null : some
}

const firstPlaces = (tx: ReadTx, tripId: number): Promise<PlaceRow[]> =>
  tx.list(Place, { trip_id: tripId }, NEWEST_FIRST, AT_ONCE + 1)

/** The places with these ids, as a map. */
export async function placesById(
  tx: ReadTx,
  tripId: number,
  ids: ReadonlySet<number>,
): Promise<ReadonlyMap<number, PlaceRow>> {
  if (!ids.size) return new Map()
  const many = () => (ids.size > MOST_IDS ? listPlaces(tx, tripId) : listPlacesById(tx, tripId, [...ids]))
  return new Map(((await fewPlaces(tx, tripId)) ?? (await many())).map((place) => [place.id, place]))
}

/** All places of a trip that has many, newest first; reads only the page. */
export async function placesInPages(tx: ReadTx, tripId: number): Promise<Listing<PlaceRow>> {
  const first = await firstPlaces(tx, tripId)
  return new Listing(await tx.count(Place, { trip_id: tripId }), {
    indexOf: async (name) => {
      const id = Id.safeParse(name).data
      const place = id === undefined ? null : await tx.find(Place, { id, trip_id: tripId })
      return place ? countBefore(tx, place) : -1
    },
    read: async (start, end) => {
      if (end <= first.length) return first.slice(start, end)
      const rows = await tx.ask('some places', [tripId, end - start, start], (db) =>
        db
          .selectFrom('places')
          .selectAll()
          .where('trip_id', '=', tripId)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(end - start)
          .offset(start),
      )
      return rows.map((row) => decode(Place, row))
    },
  })
}

/** How many places of the trip are newer than this one. */
async function countBefore(tx: ReadTx, { trip_id, created_at, id }: PlaceRow): Promise<number> {
  const [row] = await tx.ask('places before', [trip_id, created_at, id], (db) =>
    db
      .selectFrom('places')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('trip_id', '=', trip_id)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(created_at, id))),
  )
  return Number(row?.count)
}

/** The fields of a place that a filter needs; fields not requested are absent. */
export type PlaceMark = Pick<PlaceRow, 'id'> & Partial<Pick<PlaceRow, MarkField>>
type MarkField = 'name' | 'description' | 'address' | 'category_id'

/** The ids of the places of a trip, newest first, with the fields they are filtered by. */
export async function listPlaceMarks(tx: ReadTx, tripId: number, fields: readonly MarkField[]): Promise<PlaceMark[]> {
  const rows = await tx.ask(`place marks ${fields}`, [tripId], (db) =>
    db
      .selectFrom('places')
      .select(['id', ...fields])
      .where('trip_id', '=', tripId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc'),
  )
  return rows as unknown as PlaceMark[]
}

/** A place of this trip, or `not_found`. */
export async function getPlace(tx: ReadTx, tripId: number, placeId: number): Promise<PlaceRow> {
  const place = await tx.find(Place, { id: placeId, trip_id: tripId })
  if (!place) throw messages.placeNotFound({ id: placeId })
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
  if (!tag) throw messages.tagNotFound({ id: tagId })
  return tag
}

export const findTagByName = (tx: ReadTx, userId: number, name: string): Promise<TagRow | null> =>
  tx.find(Tag, { user_id: userId, name })

export const insertTag = (tx: Tx, values: Values<typeof Tag>): Promise<TagRow> => tx.insert(Tag, values)

export const patchTag = (tx: Tx, tag: TagRow, patch: Values<typeof Tag>): Promise<TagRow> => tx.patch(Tag, tag, patch)

export const removeTag = (tx: Tx, tag: TagRow): Promise<void> => tx.remove(Tag, tag)

/** The tags that one person has put on the places of a trip. */
export const listPlaceTags = (tx: ReadTx, tripId: number, userId: number): Promise<PlaceTagRow[]> =>
  tx.list(PlaceTag, { trip_id: tripId, user_id: userId })

/** The tags on these places; if there are few in all, also those on others. */
async function linksTo(
  tx: ReadTx,
  tripId: number,
  userId: number,
  places: readonly PlaceRow[],
): Promise<PlaceTagRow[]> {
  if (!places.length) return []
  const some = await tx.list(PlaceTag, { trip_id: tripId, user_id: userId }, [], AT_ONCE + 1)
  if (some.length <= AT_ONCE) return some
  return tx.list(PlaceTag, { trip_id: tripId, user_id: userId, place_id: places.map(({ id }) => id) })
}

export const listTagsOnPlace = (tx: ReadTx, tripId: number, placeId: number): Promise<PlaceTagRow[]> =>
  tx.list(PlaceTag, { trip_id: tripId, place_id: placeId })

export const listTagsOnTrip = (tx: ReadTx, tripId: number): Promise<PlaceTagRow[]> =>
  tx.list(PlaceTag, { trip_id: tripId })

export const listUsesOfTag = (tx: ReadTx, tagId: number): Promise<PlaceTagRow[]> => tx.list(PlaceTag, { tag_id: tagId })

export const insertPlaceTag = (tx: Tx, values: Values<typeof PlaceTag>): Promise<PlaceTagRow> =>
  tx.insert(PlaceTag, values)

export const removePlaceTag = (tx: Tx, placeTag: PlaceTagRow): Promise<void> => tx.remove(PlaceTag, placeTag)

/** The places with these ids as this person sees them; reads only the page. */
export const taggedPlaces = (
  tx: ReadTx,
  tripId: number,
  userId: number,
  ids: readonly number[],
): Listing<TaggedPlace> =>
  listingOf(ids, async (some) => withTags(tx, tripId, userId, await listPlacesById(tx, tripId, some)))

/** The places with the tags of this person, by name. */
export async function withTags(
  tx: ReadTx,
  tripId: number,
  userId: number,
  places: readonly PlaceRow[],
): Promise<TaggedPlace[]> {
  const links = await linksTo(tx, tripId, userId, places)
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

declare module '../../../core/data/tx.ts' {
  interface Tables {
    places: PlaceRow
  }
}

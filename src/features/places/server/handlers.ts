import type { ReadTx, Tx } from '../../../core/data/tx.ts'
import { invalidField, type Particulars, type TrekError } from '../../../core/declare/errors.ts'
import type { Input } from '../../../core/declare/operation.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { nearest } from '../../../core/run/input.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { changePlace, createPlace, deletePlace, getPlaces } from './changes.ts'
import { placesOnDays } from './hooks.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  list_places: async (call) => {
    const { tx, input, caller } = call
    const { tripId, search } = input
    const few = await store.fewPlaces(tx, tripId)
    const isWanted = await choice(call)
    if (few) return { places: await store.withTags(tx, tripId, caller.userId, isWanted ? few.filter(isWanted) : few) }
    if (!isWanted) {
      const places = await store.placesInPages(tx, tripId)
      return { places: places.as((some) => store.withTags(tx, tripId, caller.userId, some)) }
    }
    const marks = await store.listPlaceMarks(tx, tripId, ['category_id', ...(search ? SEARCHED : [])])
    const ids = marks.filter(isWanted).map(({ id }) => id)
    return { places: store.taggedPlaces(tx, tripId, caller.userId, ids) }
  },

  create_place: async ({ tx, input: { tripId, tag_ids, ...values }, caller, now }) => {
    const place = await createPlace(tx, tripId, values, now)
    if (!tag_ids) return { place: { ...place, tags: [] } }
    await setTags(tx, place, tag_ids, caller.userId)
    return { place: await taggedPlace(tx, place, caller.userId) }
  },

  update_place: async ({ tx, input: { tripId, placeId, tag_ids, ...patch }, caller }) => {
    const place = await changePlace(tx, await store.getPlace(tx, tripId, placeId), patch)
    if (tag_ids) await setTags(tx, place, tag_ids, caller.userId)
    return { place: await taggedPlace(tx, place, caller.userId) }
  },

  delete_place: async ({ tx, input: { tripId, placeId }, emit }) => {
    await deletePlace({ tx, emit }, await store.getPlace(tx, tripId, placeId))
    return { success: true }
  },

  bulk_update_places: async ({ tx, input: { tripId, placeIds, ...patch } }) => {
    if (Object.values(patch).every((value) => value === undefined)) {
      throw messages.nothingToChange()
    }
    const places = await getPlaces(tx, tripId, placeIds)
    for (const place of places) await changePlace(tx, place, patch)
    return { updated: places.length }
  },

  bulk_delete_places: async ({ tx, input: { tripId, placeIds }, emit }) => {
    const places = await getPlaces(tx, tripId, placeIds)
    for (const place of places) await deletePlace({ tx, emit }, place)
    return { deleted: places.length }
  },

  list_categories: async ({ tx }) => ({ categories: await store.listCategories(tx) }),
  read_categories: async ({ tx }) => ({ categories: await store.listCategories(tx) }),

  create_category: async ({ tx, input }) => {
    await refuseTwin(store.findCategoryByName(tx, input.name), messages.categoryNameTaken, input.name)
    return { category: await store.insertCategory(tx, input) }
  },

  update_category: async ({ tx, input: { categoryId, ...patch } }) => {
    const category = await getCategory(tx, categoryId)
    if (patch.name) {
      const twin = store.findCategoryByName(tx, patch.name)
      await refuseTwin(twin, messages.categoryNameTaken, patch.name, categoryId)
    }
    return { category: await store.patchCategory(tx, category, patch) }
  },

  delete_category: async ({ tx, input: { categoryId } }) => {
    const category = await getCategory(tx, categoryId)
    for (const place of await store.listPlacesOfCategory(tx, categoryId)) {
      await store.patchPlace(tx, place, { category_id: null })
    }
    await store.removeCategory(tx, category)
    return { success: true }
  },

  list_tags: async ({ tx, caller }) => ({ tags: await store.listTags(tx, caller.userId) }),

  create_tag: async ({ tx, input, caller, now }) => {
    await refuseTwin(store.findTagByName(tx, caller.userId, input.name), messages.tagNameTaken, input.name)
    return { tag: await store.insertTag(tx, { ...input, user_id: caller.userId, created_at: now }) }
  },

  update_tag: async ({ tx, input: { tagId, ...patch }, caller }) => {
    const tag = await store.getTag(tx, caller.userId, tagId)
    if (patch.name) {
      const twin = store.findTagByName(tx, caller.userId, patch.name)
      await refuseTwin(twin, messages.tagNameTaken, patch.name, tagId)
    }
    return { tag: await store.patchTag(tx, tag, patch) }
  },

  delete_tag: async ({ tx, input: { tagId }, caller }) => {
    await deleteTag(tx, await store.getTag(tx, caller.userId, tagId))
    return { success: true }
  },
})

/** Removes a tag from its places, then deletes it. */
export async function deleteTag(tx: Tx, tag: store.TagRow): Promise<void> {
  for (const link of await store.listUsesOfTag(tx, tag.id)) await store.removePlaceTag(tx, link)
  await store.removeTag(tx, tag)
}

/** Sets the person's own tags of the place to exactly these. */
async function setTags(tx: Tx, place: store.PlaceRow, tagIds: readonly number[], userId: number): Promise<void> {
  const wanted = new Set(tagIds)
  for (const tagId of wanted) await store.getTag(tx, userId, tagId)
  const links = (await store.listTagsOnPlace(tx, place.trip_id, place.id)).filter((link) => link.user_id === userId)
  for (const link of links) if (!wanted.delete(link.tag_id)) await store.removePlaceTag(tx, link)
  for (const tagId of wanted) {
    await store.insertPlaceTag(tx, { trip_id: place.trip_id, place_id: place.id, tag_id: tagId, user_id: userId })
  }
}

async function taggedPlace(tx: ReadTx, place: store.PlaceRow, userId: number): Promise<contract.TaggedPlace> {
  const [tagged] = await store.withTags(tx, place.trip_id, userId, [place])
  return tagged as contract.TaggedPlace
}

async function getCategory(tx: ReadTx, categoryId: number): Promise<store.CategoryRow> {
  const category = await store.findCategory(tx, categoryId)
  if (!category) throw messages.categoryNotFound({ id: categoryId })
  return category
}

async function refuseTwin(
  found: Promise<{ id: number } | null>,
  nameTaken: (params: { name: string }, particulars: Particulars) => TrekError,
  name: string,
  except?: number,
): Promise<void> {
  const twin = await found
  if (twin && twin.id !== except) throw nameTaken({ name }, { details: { id: twin.id } })
}

/** The id of the category with this id or name; null for no filter. */
async function categoryFilter(tx: ReadTx, wanted: string | undefined): Promise<number | null> {
  if (wanted === undefined) return null
  const categories = await store.listCategories(tx)
  const found = categories.find(({ id, name }) => String(id) === wanted || name.toLowerCase() === wanted.toLowerCase())
  if (found) return found.id
  const names = categories.map(({ name }) => name)
  const near = nearest(wanted, names)
  throw invalidField('category', near ? messages.notCategoryNear({ names, near }) : messages.notCategory({ names }))
}

const SEARCHED = ['name', 'description', 'address'] as const

type Asking = Pick<Call<Input<typeof contract.list_places>, unknown, ReadTx>, 'tx' | 'input' | 'caller' | 'emit'>

/** A filter for the places asked for; null for all. */
async function choice({ tx, input, caller, emit }: Asking): Promise<((place: store.PlaceMark) => boolean) | null> {
  const { tripId, assignment, tag } = input
  const search = input.search?.toLowerCase()
  const onDays = assignment === 'all' ? null : await idsOnDays(emit, tripId)
  const category = await categoryFilter(tx, input.category)
  const tagged = tag === undefined ? null : await idsWithTag(tx, tripId, caller.userId, tag)
  if (!onDays && category === null && !tagged && !search) return null
  return (place) =>
    (onDays === null || onDays.has(place.id) === (assignment === 'assigned')) &&
    (category === null || place.category_id === category) &&
    (tagged === null || tagged.has(place.id)) &&
    (!search || SEARCHED.some((field) => place[field]?.toLowerCase().includes(search)))
}

/** The ids of the places of a trip with a tag of this person, given by id or name. */
async function idsWithTag(tx: ReadTx, tripId: number, userId: number, wanted: string): Promise<Set<number>> {
  const isWanted = ({ id, name }: store.TagRow) => String(id) === wanted || name.toLowerCase() === wanted.toLowerCase()
  const tags = new Set((await store.listTags(tx, userId)).filter(isWanted).map(({ id }) => id))
  const links = tags.size ? await store.listPlaceTags(tx, tripId, userId) : []
  return new Set(links.flatMap(({ place_id, tag_id }) => (tags.has(tag_id) ? [place_id] : [])))
}

/** The ids of the places of a trip that are on any day. */
export async function idsOnDays(emit: Call['emit'], tripId: number): Promise<Set<number>> {
  return new Set((await emit(placesOnDays, { tripId })).flatMap((ids) => [...ids]))
}

import { conflict, invalidField, notFound } from '../../core/errors.ts'
import { type Call, implement } from '../../core/feature.ts'
import { nearest } from '../../core/input.ts'
import type { ReadTx, Tx } from '../../core/tx.ts'
import { getTrip } from '../trips/index.ts'
import * as contract from './contract.ts'
import { placeDeleted, placesOnDays } from './hooks.ts'
import * as store from './store.ts'

export const handlers = implement(contract, {
  list_places: async ({ tx, input, caller, emit }) => {
    const { tripId } = input
    const onDays = input.assignment === 'all' ? null : await idsOnDays(emit, tripId)
    const category = await categoryFilter(tx, input.category)
    const places = (await store.listPlaces(tx, tripId)).filter(
      (place) =>
        (onDays === null || onDays.has(place.id) === (input.assignment === 'assigned')) &&
        (category === null || place.category_id === category) &&
        matches(place, input.search),
    )
    const tagged = await store.withTags(tx, tripId, caller.userId, places)
    return { places: input.tag === undefined ? tagged : tagged.filter((place) => hasTag(place, input.tag as string)) }
  },

  create_place: async ({ tx, input: { tripId, tag_ids, ...values }, caller, now }) => {
    const currency = values.currency ?? (values.price == null ? null : (await getTrip(tx, tripId)).currency)
    await checkPlace(tx, values)
    const place = await store.insertPlace(tx, { ...values, currency, trip_id: tripId, created_at: now })
    if (!tag_ids) return { place: { ...place, tags: [] } }
    await setTags(tx, place, tag_ids, caller.userId)
    return { place: await taggedPlace(tx, place, caller.userId) }
  },

  update_place: async ({ tx, input: { tripId, placeId, tag_ids, ...patch }, caller }) => {
    const before = await store.getPlace(tx, tripId, placeId)
    const priced = patch.price ?? (patch.price === undefined ? before.price : null)
    if (priced !== null && (patch.currency === null || (!patch.currency && !before.currency))) {
      patch.currency = (await getTrip(tx, tripId)).currency
    }
    await checkPlace(tx, { ...before, ...given(patch) })
    const place = await store.patchPlace(tx, before, patch)
    if (tag_ids) await setTags(tx, place, tag_ids, caller.userId)
    return { place: await taggedPlace(tx, place, caller.userId) }
  },

  delete_place: async ({ tx, input: { tripId, placeId }, emit }) => {
    const place = await store.getPlace(tx, tripId, placeId)
    await emit(placeDeleted, { tripId, placeId })
    for (const link of await store.listTagsOnPlace(tx, tripId, placeId)) await store.removePlaceTag(tx, link)
    await store.removePlace(tx, place)
    return { success: true }
  },

  list_categories: async ({ tx }) => ({ categories: await store.listCategories(tx) }),

  create_category: async ({ tx, input }) => {
    await refuseTwin(store.findCategoryByName(tx, input.name), `There is a category ${input.name} already`)
    return { category: await store.insertCategory(tx, input) }
  },

  update_category: async ({ tx, input: { categoryId, ...patch } }) => {
    const category = await getCategory(tx, categoryId)
    if (patch.name) {
      await refuseTwin(
        store.findCategoryByName(tx, patch.name),
        `There is a category ${patch.name} already`,
        categoryId,
      )
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
    await refuseTwin(store.findTagByName(tx, caller.userId, input.name), `You have a tag ${input.name} already`)
    return { tag: await store.insertTag(tx, { ...input, user_id: caller.userId, created_at: now }) }
  },

  update_tag: async ({ tx, input: { tagId, ...patch }, caller }) => {
    const tag = await store.getTag(tx, caller.userId, tagId)
    if (patch.name) {
      await refuseTwin(
        store.findTagByName(tx, caller.userId, patch.name),
        `You have a tag ${patch.name} already`,
        tagId,
      )
    }
    return { tag: await store.patchTag(tx, tag, patch) }
  },

  delete_tag: async ({ tx, input: { tagId }, caller }) => {
    await deleteTag(tx, await store.getTag(tx, caller.userId, tagId))
    return { success: true }
  },
})

/** Removes a tag from its places and then itself. */
export async function deleteTag(tx: Tx, tag: store.TagRow): Promise<void> {
  for (const link of await store.listUsesOfTag(tx, tag.id)) await store.removePlaceTag(tx, link)
  await store.removeTag(tx, tag)
}

const given = <T extends object>(patch: T): T =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as T

type Checked = Partial<Pick<store.PlaceRow, 'lat' | 'lng' | 'place_time' | 'end_time' | 'category_id'>>

/** What must hold between the fields of a place, and that it points at a category there is. */
async function checkPlace(tx: ReadTx, place: { [K in keyof Checked]: Checked[K] | undefined }): Promise<void> {
  if ((place.lat == null) !== (place.lng == null)) {
    throw invalidField(place.lat == null ? 'lat' : 'lng', 'is needed too: a position has both lat and lng')
  }
  if (place.place_time && place.end_time && place.end_time < place.place_time) {
    throw invalidField('end_time', `${place.end_time} is before place_time ${place.place_time}`)
  }
  if (place.category_id != null && !(await store.findCategory(tx, place.category_id))) {
    const categories = (await store.listCategories(tx)).map(({ id, name }) => `${id} ${name}`)
    throw invalidField('category_id', `must be one of ${categories.join(', ')}`)
  }
}

/** Makes these tags, and only these, the person's own tags of the place. */
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
  if (!category) throw notFound(`There is no category ${categoryId}`, { hint: 'list_categories gives the ids.' })
  return category
}

async function refuseTwin(found: Promise<{ id: number } | null>, message: string, except?: number): Promise<void> {
  const twin = await found
  if (twin && twin.id !== except) throw conflict(message, { details: { id: twin.id } })
}

/** The id meant by a category's id or name; null for no filter. */
async function categoryFilter(tx: ReadTx, wanted: string | undefined): Promise<number | null> {
  if (wanted === undefined) return null
  const categories = await store.listCategories(tx)
  const found = categories.find(({ id, name }) => String(id) === wanted || name.toLowerCase() === wanted.toLowerCase())
  if (found) return found.id
  const names = categories.map(({ name }) => name)
  const near = nearest(wanted, names)
  throw invalidField('category', `must be one of ${names.join(', ')}`, near && `Did you mean ${near}?`)
}

const hasTag = ({ tags }: contract.TaggedPlace, wanted: string): boolean =>
  tags.some(({ id, name }) => String(id) === wanted || name.toLowerCase() === wanted.toLowerCase())

function matches({ name, description, address }: store.PlaceRow, search: string | undefined): boolean {
  if (!search) return true
  const wanted = search.toLowerCase()
  return [name, description, address].some((text) => text?.toLowerCase().includes(wanted))
}

/** The ids of the places of a trip that are on some day. */
export async function idsOnDays(emit: Call['emit'], tripId: number): Promise<Set<number>> {
  return new Set((await emit(placesOnDays, { tripId })).flatMap((ids) => [...ids]))
}

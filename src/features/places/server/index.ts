import { feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { userDeleted } from '../../../identity/server/index.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { memberRemoved, tripCopied, tripDeleted } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { sharedCategories, sharedPlaces } from '../contract/shared.ts'
import { seesPlaceTag } from './access.ts'
import { deleteTag, handlers, idsOnDays } from './handlers.ts'
import {
  insertPlace,
  insertPlaceTag,
  listCategories,
  listPlaceMarks,
  listPlaces,
  listPlaceTags,
  listTags,
  listTagsOnTrip,
  removePlace,
  removePlaceTag,
} from './store.ts'

export { createPlace } from './changes.ts'
export * from './hooks.ts'
export {
  fewPlaces,
  getPlace,
  listPlaceMarks,
  listPlacesById,
  type PlaceRow,
  placesById,
  taggedPlaces,
  withTags,
} from './store.ts'
export { idsOnDays }

export const places = feature({
  name: 'places',
  contract,
  handlers,
  instructions: [
    instruction(
      'words',
      'A place is worth going to; it waits in the pool of the trip until an assignment puts it on a day.',
      contract.list_places,
    ),
    instruction('care', 'Deleting a place takes its stops off the days.', contract.delete_place),
  ],
  entities: [rows(contract.Place), rows(contract.Category), rows(contract.Tag), rows(contract.PlaceTag, seesPlaceTag)],
  listeners: [
    onHook(userDeleted, async ({ tx }, { userId }) => {
      for (const tag of await listTags(tx, userId)) await deleteTag(tx, tag)
    }),
    onHook(memberRemoved, async ({ tx }, { tripId, userId }) => {
      for (const link of await listPlaceTags(tx, tripId, userId)) await removePlaceTag(tx, link)
    }),
    onHook(tripCopied, async ({ tx, now }, copy) => {
      // Inserts the oldest first, so that the copy also lists the newest first.
      for (const { id, ...place } of (await listPlaces(tx, copy.from)).reverse()) {
        const copied = await insertPlace(tx, { ...place, trip_id: copy.trip.id, created_at: now })
        copy.became(contract.Place, id, copied.id)
      }
      for (const { id: _, ...link } of await listPlaceTags(tx, copy.from, copy.userId)) {
        const placeId = copy.copyOf(contract.Place, link.place_id)
        if (placeId !== null) await insertPlaceTag(tx, { ...link, trip_id: copy.trip.id, place_id: placeId })
      }
    }),
    showSection(sharedPlaces, listPlaces, contract.list_places),
    // Only categories of the shown places: categories made for other trips are private.
    showSection(
      sharedCategories,
      async (tx, tripId) => {
        const used = new Set((await listPlaceMarks(tx, tripId, ['category_id'])).map(({ category_id }) => category_id))
        return (await listCategories(tx)).filter(({ id }) => used.has(id))
      },
      contract.list_categories,
    ),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const link of await listTagsOnTrip(tx, tripId)) await removePlaceTag(tx, link)
      for (const place of await listPlaces(tx, tripId)) await removePlace(tx, place)
    }),
  ],
})

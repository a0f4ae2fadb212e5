import { answer, feature, rows } from '../../core/feature.ts'
import { userDeleted } from '../../identity/index.ts'
import { memberRemoved, tripDeleted } from '../trips/index.ts'
import { seesPlaceTag } from './access.ts'
import * as contract from './contract.ts'
import { deleteTag, handlers, idsOnDays } from './handlers.ts'
import { listPlaces, listPlaceTags, listTags, listTagsOnTrip, removePlace, removePlaceTag } from './store.ts'

export * from './hooks.ts'
export { getPlace, listPlaces, type PlaceRow, withTags } from './store.ts'
export { idsOnDays }

export const places = feature({
  name: 'places',
  contract,
  handlers,
  entities: [rows(contract.Place), rows(contract.Category), rows(contract.Tag), rows(contract.PlaceTag, seesPlaceTag)],
  answers: [
    answer(userDeleted, async ({ tx }, { userId }) => {
      for (const tag of await listTags(tx, userId)) await deleteTag(tx, tag)
    }),
    answer(memberRemoved, async ({ tx }, { tripId, userId }) => {
      for (const link of await listPlaceTags(tx, tripId, userId)) await removePlaceTag(tx, link)
    }),
    answer(tripDeleted, async ({ tx }, { tripId }) => {
      for (const link of await listTagsOnTrip(tx, tripId)) await removePlaceTag(tx, link)
      for (const place of await listPlaces(tx, tripId)) await removePlace(tx, place)
    }),
  ],
})

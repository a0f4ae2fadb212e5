// Written by `npm run generate` from the contracts of the features.
import { sharedStays } from '../../accommodations/contract/shared.ts'
import { sharedStops } from '../../assignments/contract/shared.ts'
import { shareBudget, sharedBudget } from '../../budget/contract/shared.ts'
import { shareCollab, sharedNotes } from '../../collab/contract/shared.ts'
import { sharedDayNotes } from '../../day-notes/contract/shared.ts'
import { shareMap, sharedDays } from '../../days/contract/shared.ts'
import { sharePacking, sharedPacking } from '../../packing/contract/shared.ts'
import { sharedCategories, sharedPlaces } from '../../places/contract/shared.ts'
import { shareBookings, sharedBookings } from '../../reservations/contract/shared.ts'

/** What the maker of a share link chooses, in order. */
export const OPTIONS = {
  share_map: shareMap,
  share_bookings: shareBookings,
  share_packing: sharePacking,
  share_budget: shareBudget,
  share_collab: shareCollab,
}

/** What a share link shows, in order. */
export const SECTIONS = {
  days: sharedDays,
  stops: sharedStops,
  day_notes: sharedDayNotes,
  places: sharedPlaces,
  categories: sharedCategories,
  bookings: sharedBookings,
  stays: sharedStays,
  packing: sharedPacking,
  budget: sharedBudget,
  notes: sharedNotes,
}

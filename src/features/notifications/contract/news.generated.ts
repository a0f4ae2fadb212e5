// Written by `npm run generate` from the contracts of the features.
import { collabMessage } from '../../collab/contract/news.ts'
import { packingTagged } from '../../packing/contract/news.ts'
import { bookingChange } from '../../reservations/contract/news.ts'
import { todoDue } from '../../todos/contract/news.ts'
import { tripInvite, tripReminder } from '../../trips/contract/news.ts'

/** What people are notified of, in order. */
export const NEWS = {
  trip_invite: tripInvite,
  booking_change: bookingChange,
  trip_reminder: tripReminder,
  todo_due: todoDue,
  collab_message: collabMessage,
  packing_tagged: packingTagged,
}

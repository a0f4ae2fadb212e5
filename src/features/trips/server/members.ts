import { implement } from '../../../core/run/feature.ts'
import { findPersonByIdentifier } from '../../../identity/server/people/store.ts'
import { tripNews } from '../../notifications/server/hooks.ts'
import {
  add_guest,
  add_trip_member,
  list_trip_members,
  member_manage,
  remove_guest,
  remove_trip_member,
  rename_guest,
  transfer_trip_ownership,
} from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { tripInvite } from '../contract/news.ts'
import { addGuest, getMember, membersOf, memberView, removeGuestOf, renameGuestOf, takeOut } from './people.ts'
import * as store from './store.ts'

const contract = {
  list_trip_members,
  add_trip_member,
  remove_trip_member,
  transfer_trip_ownership,
  add_guest,
  rename_guest,
  remove_guest,
}

/** The operations on the members and guests of a trip. */
export const memberHandlers = implement(contract, {
  list_trip_members: async ({ tx, input }) => membersOf(tx, input.tripId),

  add_trip_member: async ({ tx, input, caller, emit, now }) => {
    const person = await findPersonByIdentifier(tx, input.identifier)
    if (!person) throw messages.accountNotFound()
    if (await store.findMember(tx, input.tripId, person.user_id)) {
      throw messages.alreadyInTrip({ name: person.name })
    }
    const member = await store.insertMember(tx, {
      trip_id: input.tripId,
      user_id: person.user_id,
      role: 'member',
      invited_by: caller.userId,
      added_at: now,
    })
    const { title } = await store.getTrip(tx, input.tripId)
    await emit(tripNews, { tripId: input.tripId, event: tripInvite, to: [person.user_id], about: title })
    return { member: memberView(member, person) }
  },

  remove_trip_member: async ({ tx, input: { tripId, memberId }, caller, permits, emit }) => {
    if (memberId !== caller.userId && !permits(member_manage)) {
      throw messages.removingIsOwners()
    }
    const member = await getMember(tx, tripId, memberId)
    if (member.role === 'owner') throw messages.ownerCannotLeave()
    await takeOut({ tx, emit }, member)
    return { success: true }
  },

  transfer_trip_ownership: async ({ tx, input: { tripId, memberId }, caller, member }) => {
    if (member.role !== 'owner') throw messages.givingIsOwners()
    const successor = await getMember(tx, tripId, memberId)
    if (successor.role === 'guest') throw messages.guestCannotOwn()
    const trip = await store.getTrip(tx, tripId)
    if (successor.role === 'owner') return { trip }
    await store.patchMember(tx, await getMember(tx, tripId, caller.userId), { role: 'member' })
    await store.patchMember(tx, successor, { role: 'owner' })
    return { trip: await store.patchTrip(tx, trip, { user_id: memberId }) }
  },

  add_guest: async ({ tx, input: { tripId, name }, caller, now }) => ({
    member: await addGuest(tx, { tripId, name, by: caller.userId, now }),
  }),

  rename_guest: async ({ tx, input: { tripId, guestId, name }, now }) => ({
    member: await renameGuestOf(tx, tripId, guestId, name, now),
  }),

  remove_guest: async (call) => {
    await removeGuestOf(call, call.input.tripId, call.input.guestId)
    return { success: true }
  },
})

import type { FileStore } from '../../../core/data/files.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { SpaceRole } from '../../../core/declare/operation.ts'
import { type Call, implement, prepared } from '../../../core/run/feature.ts'
import { listingOf } from '../../../core/run/paging.ts'
import { findPersonByIdentifier } from '../../../identity/server/people/store.ts'
import { tripNews } from '../../notifications/server/hooks.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { tripInvite } from '../contract/news.ts'
import { tripRoleOf } from '../contract/roles.ts'
import { copyTrip } from './copying.ts'
import { checkCover } from './cover.ts'
import { changedRange, checkedLength, completeRange, daysIn } from './dates.ts'
import { tripCreated, tripDatesChanged, tripDeleted, tripLength } from './hooks.ts'
import {
  addGuest,
  forgetGuest,
  getMember,
  membersOf,
  memberView,
  removeGuestOf,
  renameGuestOf,
  takeOut,
} from './people.ts'
import * as store from './store.ts'

export const tripHandlers = (files: Pick<FileStore, 'known'>) =>
  implement(contract, {
    list_trips: async ({ tx, input, caller, now }) => {
      const inOrder = <T extends store.TripMark>(trips: readonly T[]): T[] =>
        byRelevance(input.include_archived ? trips : trips.filter((trip) => !trip.is_archived), now.slice(0, 10))
      const few = await store.fewTripCards(tx, caller.userId)
      if (few) return { trips: inOrder(few) }
      const ids = inOrder(await store.listTripMarks(tx, caller.userId)).map(({ id }) => id)
      return { trips: listingOf(ids, (some) => store.tripCardsById(tx, caller.userId, some)) }
    },

    get_trip: async ({ tx, input, member }) => ({ trip: await tripCard(tx, input.tripId, member.role) }),

    create_trip: async ({ tx, input, caller, emit, now }) => {
      const { day_count, start_date, end_date, ...values } = input
      const range = completeRange({ start_date, end_date }, day_count)
      const dayCount = checkedLength(range, day_count, caller.way)
      const trip = await store.insertTrip(tx, {
        ...values,
        ...range,
        user_id: caller.userId,
        is_archived: false,
        created_at: now,
      })
      await store.insertMember(tx, {
        trip_id: trip.id,
        user_id: caller.userId,
        role: 'owner',
        invited_by: null,
        added_at: now,
      })
      await emit(tripCreated, { trip, dayCount })
      return { trip }
    },

    update_trip: prepared(contract.update_trip, {
      async prepare({ tripId, cover_image }, _caller, read) {
        if (cover_image) await checkCover(files, read, tripId, cover_image)
      },
      handle: async ({ tx, input, caller, emit }) => {
        const {
          tripId,
          date_shift_mode: shift = 'keep_bookings',
          shrink = 'refuse',
          start_date,
          end_date,
          ...patch
        } = input
        const before = await store.getTrip(tx, tripId)
        if (start_date === undefined && end_date === undefined)
          return { trip: await store.patchTrip(tx, before, patch) }
        const said = { start_date, end_date }
        const range = changedRange(before, said, {
          dayCount: await lengthOf({ tx, emit }, before),
          shifts: shift === 'shift_all',
        })
        checkedLength(range, undefined, caller.way, (backwards) =>
          messages.movesPastEnd({ ...backwards, howToMove: messages.howToMove() }),
        )
        const trip = await store.patchTrip(tx, before, { ...patch, ...range })
        if (trip.start_date !== before.start_date || trip.end_date !== before.end_date) {
          await emit(tripDatesChanged, { trip, shrink, shift })
        }
        return { trip: await store.getTrip(tx, tripId) }
      },
    }),

    delete_trip: async (call) => {
      const { tripId } = call.input
      await deleteTrip(call, tripId)
      return { success: true, tripId }
    },

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
      if (memberId !== caller.userId && !permits(contract.member_manage)) {
        throw messages.removingIsOwners()
      }
      const member = await getMember(tx, tripId, memberId)
      if (member.role === 'owner') throw messages.ownerCannotLeave()
      await takeOut({ tx, emit }, member)
      return { success: true }
    },

    copy_trip: async (call) => {
      const { title, start_date: startDate, with_members: withMembers } = call.input
      const from = await store.getTrip(call.tx, call.input.tripId)
      return { trip: await copyTrip(call, from, { title, startDate, withMembers }) }
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

type Scene = Pick<Call, 'tx' | 'emit'>

/** How many days a trip has; without dates, the number of its day rows. */
async function lengthOf({ emit }: Scene, { id, start_date, end_date }: store.TripRow): Promise<number> {
  if (start_date && end_date) return daysIn(start_date, end_date)
  return (await emit(tripLength, { tripId: id })).reduce((sum, count) => sum + count, 0)
}

/** Removes a trip with everything that features store for it. */
async function deleteTrip(scene: Scene, tripId: number): Promise<void> {
  const { tx, emit } = scene
  const trip = await store.getTrip(tx, tripId)
  await emit(tripDeleted, { tripId })
  const members = await store.listMembers(tx, tripId)
  for (const member of members) await store.removeMember(tx, member)
  await store.removeTrip(tx, trip)
  for (const member of members) if (member.role === 'guest') await forgetGuest(scene, member)
}

/** Removes an account from its trips: deletes those it owns, and takes it out of the others. */
export async function leaveAllTrips(scene: Scene, userId: number): Promise<void> {
  for (const member of await store.listMemberships(scene.tx, userId)) {
    if (member.role === 'owner') await deleteTrip(scene, member.trip_id)
    else await takeOut(scene, member)
  }
  for (const member of await store.listInvitedBy(scene.tx, userId)) {
    await store.patchMember(scene.tx, member, { invited_by: null })
  }
}

/** The trip as in a list, for one of its members. */
export async function tripCard(tx: ReadTx, tripId: number, mine: SpaceRole): Promise<contract.TripCard> {
  const trip = await store.getTrip(tx, tripId)
  return { ...trip, role: tripRoleOf(mine), member_count: await store.countMembers(tx, tripId) }
}

/** Ongoing first, then upcoming by date, then those without dates, then past ones, the latest first. */
function byRelevance<T extends store.TripMark>(trips: readonly T[], today: string): T[] {
  const rank = ({ start_date, end_date }: store.TripMark): number => {
    if (!start_date || !end_date) return 2
    if (end_date < today) return 3
    return start_date <= today ? 0 : 1
  }
  const ranked = trips.map((trip) => ({ trip, rank: rank(trip), date: trip.start_date ?? '' }))
  ranked.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank - b.rank
    if (a.date !== b.date) return (a.date < b.date ? -1 : 1) * (a.rank === 3 ? -1 : 1)
    return b.trip.id - a.trip.id
  })
  return ranked.map(({ trip }) => trip)
}

import type { FileStore } from '../../../core/data/files.ts'
import type { ReadTx } from '../../../core/data/tx.ts'
import type { SpaceRole } from '../../../core/declare/operation.ts'
import { type Call, implement, prepared } from '../../../core/run/feature.ts'
import { listingOf } from '../../../core/run/paging.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { tripRoleOf } from '../contract/roles.ts'
import { copyTrip } from './copying.ts'
import { checkCover } from './cover.ts'
import { changedRange, checkedLength, completeRange, daysIn } from './dates.ts'
import { tripCreated, tripDatesChanged, tripLength } from './hooks.ts'
import { deleteTrip } from './leaving.ts'
import { memberHandlers } from './members.ts'
import { byRelevance } from './relevance.ts'
import * as store from './store.ts'

export const tripHandlers = (files: Pick<FileStore, 'known'>) =>
  implement(contract, {
    ...memberHandlers,

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
        if (start_date === undefined && end_date === undefined) {
          return { trip: await store.patchTrip(tx, before, patch) }
        }
        const range = changedRange(
          before,
          { start_date, end_date },
          {
            dayCount: await lengthOf(emit, before),
            shifts: shift === 'shift_all',
          },
        )
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
      await deleteTrip(call, tripId, { restorable: true })
      return { success: true, tripId }
    },

    copy_trip: async (call) => {
      const { title, start_date: startDate, with_members: withMembers } = call.input
      const from = await store.getTrip(call.tx, call.input.tripId)
      return { trip: await copyTrip(call, from, { title, startDate, withMembers }) }
    },
  })

/** How many days a trip has; without dates, the number of its day rows. */
async function lengthOf(emit: Call['emit'], { id, start_date, end_date }: store.TripRow): Promise<number> {
  if (start_date && end_date) return daysIn(start_date, end_date)
  return (await emit(tripLength, { tripId: id })).reduce((sum, count) => sum + count, 0)
}

/** The trip as in a list, for one of its members. */
export async function tripCard(tx: ReadTx, tripId: number, mine: SpaceRole): Promise<contract.TripCard> {
  const trip = await store.getTrip(tx, tripId)
  return { ...trip, role: tripRoleOf(mine), member_count: await store.countMembers(tx, tripId) }
}

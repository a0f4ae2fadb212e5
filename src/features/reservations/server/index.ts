import { feature, instruction, onHook, rows } from '../../../core/run/feature.ts'
import { sound } from '../../../core/run/sound.ts'
import { Accommodation, list_accommodations } from '../../accommodations/contract/index.ts'
import { stayChanged, stayCreated, stayEnded, staysOf } from '../../accommodations/server/index.ts'
import { Assignment } from '../../assignments/contract/index.ts'
import { stopDeleted } from '../../assignments/server/index.ts'
import { Day } from '../../days/contract/index.ts'
import { dayContents, dayDeleted, daysRedated, listDays } from '../../days/server/index.ts'
import { Place } from '../../places/contract/index.ts'
import { getPlace, placeDeleted } from '../../places/server/index.ts'
import { checkMayMove, dayEntries, entriesPlaced, entryFor } from '../../plan/server/hooks.ts'
import { showSection } from '../../sharing/server/hooks.ts'
import { summarySection, tripCopied, tripDeleted, tripSections } from '../../trips/server/index.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { sharedBookings } from '../contract/shared.ts'
import { bookingsOf, notifyOfBooking, placedBookings } from './bookings.ts'
import { followDates, loseDay } from './follow.ts'
import { forget, handlers } from './handlers.ts'
import { followEnd, KEPT_BY_STAY } from './hotels.ts'
import { entriesOn, entryOn, placeBookings } from './order.ts'
import {
  findReservationOfStay,
  insertReservation,
  listReservations,
  listReservationsOfPlace,
  listReservationsOfStop,
  patchReservation,
  removeReservation,
} from './store.ts'
import { contradictionIn } from './timing.ts'

export { type Endpoint, legsOf } from '../contract/endpoint.ts'
export { bookingsOf } from './bookings.ts'
export * from './hooks.ts'

export const reservations = feature({
  name: 'reservations',
  contract,
  handlers,
  instructions: [
    instruction(
      'words',
      'A reservation is anything booked; a transport is one with endpoints. A hotel reservation and its accommodation are two sides of one booking.',
      contract.list_reservations,
    ),
    instruction(
      'steps',
      'For a hotel, create_reservation with type hotel, place_id, start_day_id and end_day_id makes the stay too. What you book is pending: confirm it when the person says so.',
      contract.create_reservation,
    ),
  ],
  entities: [rows(contract.Reservation)],
  listeners: [
    // A stay is part of the trip and of the bookings, so either right is enough to read it here.
    onHook(tripSections, async ({ tx, barred }, { tripId }) => {
      // People who can read bookings can read the stays in them.
      const [byTrip, byBooking] = [barred(list_accommodations), barred(contract.list_reservations)]
      return {
        name: 'accommodations',
        inSummary: true,
        omitted: byTrip && byBooking && messages.staysBarred({ trip: byTrip, booking: byBooking }).text,
        read: () => staysOf(tx, tripId),
      }
    }),
    summarySection('reservations', contract.list_reservations, placedBookings),
    // Cancelled bookings are not shown.
    showSection(
      sharedBookings,
      async (tx, tripId) => (await bookingsOf(tx, tripId)).filter(({ status }) => status !== 'cancelled'),
      contract.list_reservations,
    ),

    sound('trip', async ({ tx }, tripId) => {
      const days = await listDays(tx, tripId)
      return (await listReservations(tx, tripId)).flatMap((row) => {
        const wrong = contradictionIn(days, row)
        return wrong ? [{ entity: 'reservation', id: row.id, says: `${wrong.field}: ${wrong.says.text}` }] : []
      })
    }),
    onHook(stayCreated, async (call, { stay, place }) => {
      const row = await insertReservation(call.tx, {
        ...KEPT_BY_STAY,
        trip_id: stay.trip_id,
        type: 'hotel',
        title: place.name,
        // What an assistant books is only planned until a person confirms it.
        status: call.caller.way === 'mcp' ? 'pending' : 'confirmed',
        accommodation_id: stay.id,
        created_at: call.now,
      })
      await notifyOfBooking(call, row)
    }),
    onHook(stayChanged, async (call, { before, after }) => {
      const row = await findReservationOfStay(call.tx, after.trip_id, after.id)
      if (!row) return
      const [from, to] = [before.place_id, after.place_id]
      const follows =
        from !== null && to !== null && from !== to && (await getPlace(call.tx, after.trip_id, from)).name === row.title
      const title = follows ? (await getPlace(call.tx, after.trip_id, to)).name : undefined
      await notifyOfBooking(call, await patchReservation(call.tx, row, { title }))
    }),
    onHook(stayEnded, (call, { stay, keepBooking }) =>
      followEnd(call, stay, keepBooking, (row) => forget(call, row, () => removeReservation(call.tx, row))),
    ),

    onHook(dayContents, async ({ tx }, { tripId }) => {
      const counts = new Map<number, Record<string, number>>()
      for (const { day_id, end_day_id } of await listReservations(tx, tripId)) {
        for (const dayId of new Set([day_id, end_day_id])) {
          if (dayId !== null) counts.set(dayId, { bookings: (counts.get(dayId)?.bookings ?? 0) + 1 })
        }
      }
      return counts
    }),
    onHook(daysRedated, ({ tx }, redated) => followDates(tx, redated)),
    onHook(dayDeleted, ({ tx }, { tripId, dayId }) => loseDay(tx, tripId, dayId)),
    onHook(dayEntries, ({ tx }, day) => entriesOn(tx, day)),
    onHook(entryFor, async ({ tx, caller }, { kind, id, ...day }) => {
      if (kind !== 'booking') return null
      checkMayMove('booking', contract.reorder_reservations, caller)
      return entryOn(tx, day, id)
    }),
    onHook(entriesPlaced, ({ tx }, { keys, ...day }) => placeBookings(tx, day, keys)),
    onHook(stopDeleted, async ({ tx }, { tripId, assignmentId }) => {
      for (const row of await listReservationsOfStop(tx, tripId, assignmentId)) {
        await patchReservation(tx, row, { assignment_id: null })
      }
    }),
    onHook(placeDeleted, async ({ tx }, { tripId, placeId }) => {
      for (const row of await listReservationsOfPlace(tx, tripId, placeId)) {
        await patchReservation(tx, row, { place_id: null })
      }
    }),

    onHook(tripCopied, async ({ tx, now }, copy) => {
      for (const { id, day_keys, ...row } of await listReservations(tx, copy.from)) {
        const keys = Object.entries(day_keys).flatMap(([dayId, key]) => {
          const day = copy.copyOf(Day, Number(dayId))
          return day === null ? [] : [[String(day), key] as const]
        })
        const copied = await insertReservation(tx, {
          ...row,
          trip_id: copy.trip.id,
          day_id: copy.copyOf(Day, row.day_id),
          end_day_id: copy.copyOf(Day, row.end_day_id),
          place_id: copy.copyOf(Place, row.place_id),
          assignment_id: copy.copyOf(Assignment, row.assignment_id),
          accommodation_id: copy.copyOf(Accommodation, row.accommodation_id),
          day_keys: Object.fromEntries(keys),
          created_at: now,
        })
        copy.became(contract.Reservation, id, copied.id)
      }
    }),
    onHook(tripDeleted, async ({ tx }, { tripId }) => {
      for (const row of await listReservations(tx, tripId)) await removeReservation(tx, row)
    }),
  ],
})

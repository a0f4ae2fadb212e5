import type { ReadTx } from '../../../core/data/tx.ts'
import { invalidField } from '../../../core/declare/errors.ts'
import { type Call, implement } from '../../../core/run/feature.ts'
import { stayView } from '../../accommodations/server/index.ts'
import { getAssignment } from '../../assignments/server/index.ts'
import { getDay, listDays } from '../../days/server/index.ts'
import { getPlace } from '../../places/server/index.ts'
import { isTransport } from '../contract/booking.ts'
import * as contract from '../contract/index.ts'
import { messages } from '../contract/messages.ts'
import { notifyOfBooking, placedBooking, placedBookings, price, type Scene } from './bookings.ts'
import { detailsAfter } from './details.ts'
import { completed } from './endpoints.ts'
import { reservationDeleted } from './hooks.ts'
import {
  changeStayOf,
  KEPT_BY_STAY,
  partFromStay,
  refuseTimesWithoutStay,
  removeWithStay,
  type StayTimes,
  stayFor,
  stayOf,
} from './hotels.ts'
import { keysLeft, placeBeforeStop } from './order.ts'
import * as store from './store.ts'
import { normalisedTiming } from './timing.ts'

type Row = contract.ReservationRow

export const handlers = implement(contract, {
  list_reservations: async ({ tx, input: { tripId } }) => ({ reservations: await placedBookings(tx, tripId) }),

  create_reservation: async (call) => {
    const { tx, input, now } = call
    const { tripId, price: amount, budget_category, check_in, check_in_end, check_out, ...rest } = input
    const { start_day_id, end_day_id, day_id = start_day_id, place_id, assignment_id, ...values } = rest
    const times = { check_in, check_in_end, check_out }
    checkPrice(amount, budget_category)
    await checkRefs(tx, tripId, { place_id, assignment_id, day_id, end_day_id })
    const fixed = { trip_id: tripId, assignment_id, created_at: now }
    const isStay = values.type === 'hotel' && place_id && start_day_id && end_day_id
    if (!isStay) refuseTimesWithoutStay(values.type, times)
    const row = isStay
      ? await store.insertReservation(tx, {
          ...values,
          ...fixed,
          ...KEPT_BY_STAY,
          accommodation_id: (
            await stayFor(tx, tripId, { ...values, ...times, place_id, start_day_id, end_day_id }, now)
          ).id,
        })
      : await store.insertReservation(tx, {
          ...values,
          ...fixed,
          place_id,
          ...normalisedTiming(await listDays(tx, tripId), {
            day_id,
            end_day_id,
            reservation_time: values.reservation_time,
            reservation_end_time: values.reservation_end_time,
          }),
        })
    return withCost(call, row, amount, budget_category)
  },

  update_reservation: async (call) => {
    const { tx, input } = call
    const { tripId, reservationId, price: amount, budget_category, check_in, check_in_end, check_out, ...rest } = input
    const { start_day_id, ...values } = rest
    const changes = { ...values, day_id: firstDay(values.day_id, start_day_id) }
    checkPrice(amount, budget_category)
    const before = await store.getReservation(tx, tripId, reservationId)
    if (isTransport(before.type)) refuseOfOthers(before, input)
    await checkRefs(tx, tripId, changes)
    const times = { check_in, check_in_end, check_out }
    const stay = await stayOf(tx, before)
    if (stay && (changes.type ?? before.type) === 'hotel') {
      const { day_id, end_day_id, place_id, reservation_time, reservation_end_time, ...rest } = changes
      const { confirmation_number, notes, ...own } = rest
      const ofStay = { place_id, start_day_id: day_id, end_day_id, reservation_time, reservation_end_time }
      await changeStayOf(tx, stay, { ...ofStay, ...times, confirmation_number, notes })
      return changed(call, await store.patchReservation(tx, before, own), amount, budget_category)
    }
    const free = stay ? await partFromStay(call, before, stay) : before
    const after = await store.patchReservation(tx, free, await withTiming(tx, free, changes))
    const isHotel = after.type === 'hotel' && !stay
    const linked = isHotel ? await asStay(call, after, times) : null
    if (!linked) refuseTimesWithoutStay(after.type, times)
    return changed(call, linked ?? after, amount, budget_category)
  },

  delete_reservation: async (call) => {
    await deleteBooking(call, await store.getReservation(call.tx, call.input.tripId, call.input.reservationId))
    return { success: true }
  },

  reorder_reservations: async ({ tx, emit, input: { tripId, positions, dayId } }) => {
    if (dayId !== undefined) await getDay(tx, tripId, dayId)
    if (new Set(positions.map(({ id }) => id)).size < positions.length) {
      throw invalidField('positions', messages.reservationTwice())
    }
    for (const { id, day_plan_position: position } of positions) {
      const row = await store.getReservation(tx, tripId, id)
      await placeBeforeStop({ tx, emit }, { tripId, row, dayId: dayId ?? row.day_id, position })
    }
    return { success: true }
  },

  link_hotel_accommodation: async (call) => {
    const { tx, now } = call
    const { tripId, reservationId, ...changes } = call.input
    const row = await store.getReservation(tx, tripId, reservationId)
    if (row.type !== 'hotel') {
      const operation = isTransport(row.type) ? 'update_transport' : 'update_reservation'
      throw messages.notHotel({ id: row.id, type: row.type, operation })
    }
    const before = await stayOf(tx, row)
    const { confirmation_number, notes } = row
    const stay = before
      ? await changeStayOf(tx, before, changes)
      : await stayFor(tx, tripId, { ...changes, confirmation_number, notes }, now)
    const linked = before ? row : await store.patchReservation(tx, row, { ...KEPT_BY_STAY, accommodation_id: stay.id })
    await notifyOfBooking(call, linked)
    const reservation = await placedBooking(tx, linked)
    return { reservation, accommodation_id: stay.id, accommodation: await stayView(tx, stay) }
  },

  create_transport: async (call) => {
    const { tx, input, now } = call
    const { tripId, price: amount, budget_category, start_day_id: day_id, end_day_id, ...fields } = input
    const { endpoints, metadata: details, ...values } = fields
    checkPrice(amount, budget_category)
    await checkRefs(tx, tripId, { day_id, end_day_id }, 'start_day_id')
    const { reservation_time, reservation_end_time } = values
    const timing = normalisedTiming(
      await listDays(tx, tripId),
      { day_id, end_day_id, reservation_time, reservation_end_time, endpoints: completed(endpoints) },
      undefined,
      { day: 'start_day_id' },
    )
    const { metadata } = detailsAfter(details)
    const row = await store.insertReservation(tx, { ...values, ...timing, metadata, trip_id: tripId, created_at: now })
    return withCost(call, row, amount, budget_category)
  },

  update_transport: async (call) => {
    const { tx, input } = call
    const { tripId, reservationId, price: amount, budget_category, start_day_id: day_id, ...fields } = input
    const { endpoints, metadata: details, ...rest } = fields
    checkPrice(amount, budget_category)
    const before = await store.getReservation(tx, tripId, reservationId)
    if (!isTransport(before.type)) throw notTransport(before, 'update_reservation')
    await checkRefs(tx, tripId, { day_id, end_day_id: rest.end_day_id }, 'start_day_id')
    const changes = { ...rest, day_id, ...(endpoints && { endpoints: completed(endpoints) }) }
    const timed = await withTiming(tx, before, changes, 'start_day_id')
    // Given endpoints include these details already.
    const ends = endpoints ? [] : timed.endpoints
    const detailed = details && detailsAfter(details, { metadata: before.metadata, endpoints: ends })
    const after = await store.patchReservation(tx, before, {
      ...timed,
      ...detailed,
      ...(endpoints && { endpoints: timed.endpoints }),
    })
    return changed(call, after, amount, budget_category)
  },

  delete_transport: async (call) => {
    const row = await store.getReservation(call.tx, call.input.tripId, call.input.reservationId)
    if (!isTransport(row.type)) throw notTransport(row, 'delete_reservation')
    await deleteBooking(call, row)
    return { success: true }
  },
})

const notTransport = ({ id, type }: Row, operation: string) => messages.notTransport({ id, type, operation })

/** Fields that a transport does not have. */
const OF_OTHERS = ['type', 'location', 'place_id', 'assignment_id', 'check_in', 'check_in_end', 'check_out'] as const

function refuseOfOthers({ id, type }: Row, input: Partial<Record<(typeof OF_OTHERS)[number], unknown>>): void {
  const field = OF_OTHERS.find((one) => input[one] != null)
  if (field) throw invalidField(field, messages.notForTransports({ id, type }))
}

/** Makes a hotel a stay if it has a place, a first day and a last day; null if one of them is missing. */
async function asStay({ tx, now }: Pick<Call, 'tx' | 'now'>, row: Row, times: StayTimes): Promise<Row | null> {
  const { place_id, day_id, end_day_id } = row
  if (!place_id || !day_id || !end_day_id) return null
  const stay = await stayFor(tx, row.trip_id, { ...row, ...times, place_id, start_day_id: day_id, end_day_id }, now)
  return store.patchReservation(tx, row, { ...KEPT_BY_STAY, accommodation_id: stay.id })
}

/** Deletes a booking with what belongs to it, including the stay of a hotel. */
export async function deleteBooking(scene: Scene, row: Row): Promise<void> {
  await forget(scene, row, () => removeWithStay(scene, row))
}

/** Removes a booking with its cost, once references to it are cleared, and notifies everybody. */
export async function forget(scene: Scene, row: Row, remove: () => Promise<unknown>): Promise<void> {
  await price(scene, row, null)
  await scene.emit(reservationDeleted, { tripId: row.trip_id, reservationId: row.id })
  await remove()
  await notifyOfBooking(scene, row)
}

async function withCost(call: Scene, row: Row, amount: number | undefined, category: string | undefined) {
  const cost = await price(call, row, amount, category)
  await notifyOfBooking(call, row)
  return { reservation: await placedBooking(call.tx, row), ...cost, note: missingForStay(row) }
}

/** Why a hotel has no stay, and how to give it one. */
function missingForStay({ type, accommodation_id, place_id, day_id, end_day_id }: Row): string | undefined {
  if (type !== 'hotel' || accommodation_id !== null) return undefined
  const missing = [
    place_id === null && messages.placeOfStay(),
    // Only an explicit day of check-in makes a stay at once.
    (day_id === null || (place_id !== null && end_day_id !== null)) && messages.firstDayOfStay(),
    end_day_id === null && messages.lastDayOfStay(),
  ].filter((one) => one !== false)
  return messages.noStay({ missing }).text
}

const changed = withCost

type Said = Partial<Pick<Row, 'day_id' | 'end_day_id' | 'reservation_time' | 'reservation_end_time' | 'endpoints'>>

/** The change with the timing that results from it; drops the keys for days that the booking is no longer on. */
async function withTiming<S extends { [K in keyof Said]?: Said[K] | undefined }>(
  tx: ReadTx,
  before: Row,
  changes: S,
  day: 'day_id' | 'start_day_id' = 'day_id',
) {
  const { day_id, end_day_id, reservation_time, reservation_end_time, endpoints } = changes
  const days = await listDays(tx, before.trip_id)
  const timing = normalisedTiming(
    days,
    { day_id, end_day_id, reservation_time, reservation_end_time, endpoints },
    before,
    {
      day,
    },
  )
  return { ...changes, ...timing, ...keysLeft(before, timing, days) }
}

/** The first day, given under either name. */
function firstDay(day_id: number | null | undefined, start_day_id: number | undefined): number | null | undefined {
  if (day_id !== undefined && start_day_id !== undefined && day_id !== start_day_id) {
    throw invalidField('start_day_id', messages.twoFirstDays({ start: start_day_id, day: day_id ?? 'null' }))
  }
  return day_id === undefined ? start_day_id : day_id
}

function checkPrice(amount: number | undefined, category: string | undefined): void {
  if (category !== undefined && amount === undefined) throw invalidField('budget_category', messages.onlyWithPrice())
}

interface Refs {
  place_id?: number | null | undefined
  assignment_id?: number | null | undefined
  day_id?: number | null | undefined
  end_day_id?: number | null | undefined
}

/** Checks that everything a booking refers to is in the same trip. */
async function checkRefs(tx: ReadTx, tripId: number, refs: Refs, day: 'day_id' | 'start_day_id' = 'day_id') {
  if (refs.place_id) await getPlace(tx, tripId, refs.place_id)
  if (refs.assignment_id) await getAssignment(tx, tripId, refs.assignment_id)
  for (const [field, dayId] of [
    [day, refs.day_id],
    ['end_day_id', refs.end_day_id],
  ] as const) {
    if (!dayId) continue
    await getDay(tx, tripId, dayId).catch(() => {
      throw messages.dayNotFound({ field, id: dayId })
    })
  }
}

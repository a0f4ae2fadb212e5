import { implement } from '../../../core/run/feature.ts'
import { createPlace, getPlace } from '../../places/server/index.ts'
import * as contract from '../contract/index.ts'
import { stayChanged, stayCreated } from './hooks.ts'
import { changeStay, endStay, makeStay, staysOf, stayView, withPlace } from './stays.ts'
import { getStay } from './store.ts'

export const handlers = implement(contract, {
  list_accommodations: async ({ tx, input: { tripId } }) => ({ accommodations: await staysOf(tx, tripId) }),

  create_accommodation: async ({ tx, emit, input: { tripId, ...values }, now }) => {
    const stay = await makeStay(tx, tripId, values, now)
    const place = await getPlace(tx, tripId, values.place_id)
    await emit(stayCreated, { stay, place })
    return { accommodation: withPlace(stay, place) }
  },

  create_place_accommodation: async ({ tx, emit, input, now }) => {
    const { tripId, place_notes, accommodation_notes, ...rest } = input
    const { start_day_id, end_day_id, check_in, check_in_end, check_out, confirmation, ...values } = rest
    const place = await createPlace(tx, tripId, { ...values, notes: place_notes }, now)
    const times = { check_in, check_in_end, check_out }
    const stay = await makeStay(
      tx,
      tripId,
      { place_id: place.id, start_day_id, end_day_id, ...times, confirmation, notes: accommodation_notes },
      now,
    )
    await emit(stayCreated, { stay, place })
    return { place: { ...place, tags: [] }, accommodation: withPlace(stay, place) }
  },

  update_accommodation: async ({ tx, emit, input: { tripId, accommodationId, ...patch } }) => {
    const before = await getStay(tx, tripId, accommodationId)
    const after = await changeStay(tx, before, patch)
    await emit(stayChanged, { before, after })
    return { accommodation: await stayView(tx, after) }
  },

  delete_accommodation: async ({ tx, emit, input: { tripId, accommodationId } }) => {
    const linkedReservationId = await endStay({ tx, emit }, await getStay(tx, tripId, accommodationId))
    return { success: true, linkedReservationId }
  },
})

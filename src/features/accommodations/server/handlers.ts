import { givenIn } from '../../../core/declare/copying.ts'
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
    const { tripId, place_notes, accommodation_notes, start_day_id, end_day_id, ...given } = input
    const place = await createPlace(tx, tripId, { ...contract.placeToStay.of(given), notes: place_notes }, now)
    const values = givenIn(contract.Accommodation, { ...given, notes: accommodation_notes })
    const stay = await makeStay(tx, tripId, { ...values, place_id: place.id, start_day_id, end_day_id }, now)
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

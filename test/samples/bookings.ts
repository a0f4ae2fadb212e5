import { create_accommodation } from '../../src/features/accommodations/contract/index.ts'
import { create_reservation, create_transport } from '../../src/features/reservations/contract/index.ts'
import type { Samples, SampleTrip } from './scene.ts'

export async function bookingSamples({ run, owner, tripId, dayIds, placeId }: SampleTrip): Promise<Samples> {
  const [start_day_id, end_day_id] = [dayIds[0], dayIds[1]]
  const { accommodation } = await run(
    create_accommodation,
    { tripId, place_id: placeId, start_day_id, end_day_id },
    owner,
  )
  // A hotel that is no stay yet, for making it one.
  const { reservation } = await run(create_reservation, { tripId, title: 'Ryokan', type: 'hotel' }, owner)
  const endpoints = [
    { role: 'from', sequence: 0, name: 'Kyoto', lat: 34.9858, lng: 135.7588 },
    { role: 'to', sequence: 1, name: 'Nara', lat: 34.6805, lng: 135.8195 },
  ]
  const train = await run(create_transport, { tripId, title: 'Train to Nara', type: 'train', endpoints }, owner)
  return {
    place_id: placeId,
    start_day_id,
    end_day_id,
    accommodationId: accommodation.id,
    check_in: '15:00',
    reservationId: reservation.id,
    'reservations.type': 'restaurant',
    'transports.reservationId': train.reservation.id,
    'transports.type': 'train',
    positions: [{ id: train.reservation.id, day_plan_position: 1 }],
  }
}

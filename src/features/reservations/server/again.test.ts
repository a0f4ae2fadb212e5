import { beforeAll, expect, test } from 'vitest'
import type { Samples } from '../../../../test/fixtures/samples/scene.ts'
import { makeSamples } from '../../../../test/fixtures/samples.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld, type World } from '../../../../test/harness/rigs/world.ts'
import type { Caller } from '../../../core/data/space.ts'
import { bookingAgain } from '../contract/again.ts'
import {
  create_reservation,
  create_transport,
  delete_reservation,
  list_reservations,
  update_reservation,
} from '../contract/index.ts'

eachDatabase((database) => {
  let world: World
  let owner: Caller
  let samples: Samples
  beforeAll(async () => {
    world = makeWorld(database())
    owner = await makeUser(database(), 'Ana')
    samples = await makeSamples(world, owner)
  })

  /** The rows of a booking before its deletion, and after undoing that. */
  async function undone(make: (trip: Samples) => Promise<{ id: number }>) {
    const { tripId } = samples
    const { id } = await make(samples)
    const find = async (reservationId: number) =>
      (await world.run(list_reservations, { tripId }, owner)).reservations.find(
        (booking) => booking.id === reservationId,
      )
    const before = await find(id)
    if (!before) throw new Error('The booking is missing')
    const { operation, input } = bookingAgain(before)
    await world.run(delete_reservation, { tripId, reservationId: id }, owner)
    const { reservation } = await world.run(operation as typeof create_reservation, input, owner)
    const { id: _, created_at, accommodation_id, ...keptFields } = before
    expect(reservation).toMatchObject(keptFields)
    expect(reservation.accommodation_id === null).toBe(accommodation_id === null)
    return keptFields
  }

  test('a flight is restored with its days, stops and details', async () => {
    const restored = await undone(async ({ tripId }) => {
      const local_date = '2027-04-05'
      const endpoints = [
        { code: 'KIX', local_date, local_time: '09:30', number: 'NH 2', seat: '12A' },
        { code: 'NRT', local_date, local_time: '10:45' },
      ]
      const flight = { tripId, type: 'flight', title: 'To Tokyo', endpoints, metadata: { airline: 'ANA' } }
      return (await world.run(create_transport, { ...flight, needs_review: true }, owner)).reservation
    })
    expect(restored).toMatchObject({ metadata: { airline: 'ANA' }, needs_review: true })
  })

  test('a hotel is restored with its stay', async () => {
    const restored = await undone(async ({ tripId, place_id, start_day_id, end_day_id }) => {
      const hotel = { tripId, type: 'hotel', title: 'Ryokan', place_id, start_day_id, end_day_id }
      const values = {
        check_in: '15:00',
        check_in_end: '19:00',
        check_out: '10:00',
        confirmation_number: 'A1',
        notes: 'B',
      }
      return (await world.run(create_reservation, { ...hotel, ...values, location: 'Gion' }, owner)).reservation
    })
    expect(restored).toMatchObject({ check_in: '15:00', confirmation_number: 'A1', location: 'Gion' })
  })

  test('a tour is restored on its days, with its stop', async () => {
    const restored = await undone(async ({ tripId, assignmentId, placeId, dayId }) => {
      const times = { reservation_time: '2027-04-05T09:00', reservation_end_time: '2027-04-06T12:00' }
      const tour = { tripId, type: 'tour', title: 'Gardens', ...times, place_id: placeId, day_id: dayId }
      const created = (await world.run(create_reservation, { ...tour, assignment_id: assignmentId }, owner)).reservation
      return (await world.run(update_reservation, { tripId, reservationId: created.id, status: 'confirmed' }, owner))
        .reservation
    })
    expect(restored).toMatchObject({ status: 'confirmed', assignment_id: expect.any(Number) })
  })
})

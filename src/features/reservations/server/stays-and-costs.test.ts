import { expect, test } from 'vitest'
import { tripWithBookings } from '../../../../test/fixtures/trip-with-bookings.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { update_accommodation } from '../../accommodations/contract/index.ts'
import { update_budget_item } from '../../budget/contract/index.ts'
import { get_trip_summary } from '../../summary/contract/index.ts'
import * as reservations from '../contract/index.ts'

/** What belongs to a booking in other features: the stay of a hotel, and the cost of a price. */

eachDatabase((database) => {
  const scene = () => tripWithBookings(database())

  test('a hotel with a place and days has a stay, and deleting either deletes both', async () => {
    const { book, place, day, stays, list, run, tripId, ana, watcher } = await scene()
    const place_id = await place()
    const hotel = await book({
      ...{ type: 'hotel', title: 'Ryokan', place_id, start_day_id: day(1), end_day_id: day(3), check_in: '15:00' },
      ...{ confirmation_number: 'AB12', notes: 'Late', reservation_end_time: '2027-04-07T10:00' },
    })
    expect(hotel).toMatchObject({
      ...{
        status: 'pending',
        place_id,
        day_id: day(1),
        end_day_id: day(3),
        confirmation_number: 'AB12',
        notes: 'Late',
      },
      ...{ check_in: '15:00', check_out: '10:00', reservation_time: '2027-04-05T15:00' },
    })
    expect(await stays()).toMatchObject([{ id: hotel.accommodation_id, confirmation: 'AB12', notes: 'Late' }])
    await run(reservations.delete_reservation, { tripId, reservationId: hotel.id }, ana)
    expect([await stays(), await list()]).toEqual([[], []])
    expect(watcher.lines).toEqual([
      ...['insert place', 'insert accommodation', 'insert reservation'],
      ...['remove reservation', 'remove accommodation'],
    ])
  })

  test('changing a hotel or its stay changes both', async () => {
    const { book, place, day, stays, list, change, run, tripId, ana } = await scene()
    const ref = { place_id: await place(), start_day_id: day(1), end_day_id: day(2) }
    const hotel = await book({ type: 'hotel', ...ref })
    const palace = await place('Palace')
    await change(hotel.id, { place_id: palace, day_id: day(2), end_day_id: day(4), check_in: '16:00', notes: 'Quiet' })
    const [stay] = await stays()
    expect(stay).toMatchObject({
      place_id: palace,
      start_day_id: day(2),
      end_day_id: day(4),
      check_in: '16:00',
      notes: 'Quiet',
    })
    await run(update_accommodation, { tripId, accommodationId: stay?.id, check_in: '17:00', confirmation: 'X1' }, ana)
    expect(await list()).toMatchObject([
      { check_in: '17:00', confirmation_number: 'X1', day_id: day(2), notes: 'Quiet' },
    ])
    await expect(change(hotel.id, { reservation_time: '2027-04-05T15:00' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(change(hotel.id, { day_id: null })).rejects.toMatchObject({ code: 'invalid' })
    expect(await change(hotel.id, { type: 'other' })).toMatchObject({
      ...{ accommodation_id: null, place_id: palace, day_id: day(2), end_day_id: day(4), confirmation_number: 'X1' },
    })
    expect(await stays()).toEqual([])
  })

  test('the answer for a hotel without a stay says what is missing, and start_day_id can be changed too', async () => {
    const { place, day, run, tripId, ana } = await scene()
    const book = (values: object) =>
      run(reservations.create_reservation, { tripId, title: 'Ryokan', type: 'hotel', ...values }, ana)
    const change = (reservationId: number, changes: object) =>
      run(reservations.update_reservation, { tripId, reservationId, ...changes }, ana)
    const span = { start_day_id: day(1), end_day_id: day(3) }
    const created = await book(span)
    expect(created.note).toMatch(
      /^No stay was made: the booking still needs a place \(place_id\)\. Add this with update_reservation/,
    )
    expect((await book({})).note).toMatch(/a place .*, a day of check-in \(start_day_id\), a later day/)
    const withoutStartDay = { day_id: day(1), end_day_id: day(3), place_id: await place('Inn') }
    expect((await book(withoutStartDay)).note).toMatch(/needs a day of check-in \(start_day_id\)\./)
    const { id } = created.reservation
    const withPlace = await change(id, { place_id: await place() })
    expect(withPlace).toMatchObject({ reservation: { accommodation_id: expect.any(Number) } })
    expect(withPlace.note).toBeUndefined()
    const moved = await change(id, { start_day_id: day(2) })
    expect(moved.reservation).toMatchObject({ day_id: day(2), end_day_id: day(3) })
    const contradiction = change(id, { start_day_id: day(2), day_id: day(1) })
    await expect(contradiction).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'start_day_id' }] })
    const table = await run(reservations.create_reservation, { tripId, title: 'Kikunoi', type: 'restaurant' }, ana)
    expect(table.note).toBeUndefined()
    expect((await change(table.reservation.id, { start_day_id: day(4) })).reservation).toMatchObject({ day_id: day(4) })
  })

  test('the answer for a booking with a price names its cost and the payer', async () => {
    const { run, tripId, ana } = await scene()
    const created = await run(
      reservations.create_transport,
      { tripId, title: 'Hikari', type: 'train', price: 14_000 },
      ana,
    )
    expect(created).toMatchObject({ budget_item_id: expect.any(Number), payers: [] })
    const reservationId = created.reservation.id
    const paid = { tripId, itemId: created.budget_item_id, payers: [{ user_id: ana.userId, amount: 14_000 }] }
    await run(update_budget_item, paid, ana)
    const dearer = await run(reservations.update_transport, { tripId, reservationId, price: 15_000 }, ana)
    expect(dearer).toMatchObject({
      budget_item_id: created.budget_item_id,
      payers: [{ user_id: ana.userId, amount: 15_000 }],
    })
    const renamed = await run(reservations.update_transport, { tripId, reservationId, title: 'Nozomi' }, ana)
    expect(renamed).toEqual({ reservation: renamed.reservation })
  })

  test('a hotel can get a stay later, other bookings cannot', async () => {
    const { book, place, day, stays, run, tripId, ana } = await scene()
    const hotel = await book({ type: 'hotel', title: 'Ryokan', confirmation_number: 'AB12', day_id: day(3) })
    const ref = { place_id: await place(), start_day_id: day(1), end_day_id: day(2) }
    const link = (reservationId: number, values: object) =>
      run(reservations.link_hotel_accommodation, { tripId, reservationId, ...ref, ...values }, ana)
    const { accommodation_id, reservation } = await link(hotel.id, { check_in: '15:00' })
    expect(reservation).toMatchObject({ accommodation_id, day_id: day(1), confirmation_number: 'AB12' })
    expect(await link(hotel.id, { end_day_id: day(4) })).toMatchObject({
      accommodation_id,
      accommodation: { end_day_id: day(4), check_in: '15:00', confirmation: 'AB12' },
    })
    expect(await stays()).toHaveLength(1)
    await expect(link((await book()).id, {})).rejects.toMatchObject({ code: 'conflict' })
    await expect(link(hotel.id, { end_day_id: 999_999 })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a hotel gets a stay once it has a place and days', async () => {
    const { book, place, day, stays, change } = await scene()
    const hotel = await book({ type: 'hotel', confirmation_number: 'AB12', day_id: day(1) })
    await expect(change(hotel.id, { check_in: '15:00' })).rejects.toThrow(/without a place/)
    expect(await change(hotel.id, { place_id: await place() })).toMatchObject({ accommodation_id: null })
    expect(await change(hotel.id, { end_day_id: day(2), check_in: '15:00' })).toMatchObject({ check_in: '15:00' })
    expect(await stays()).toMatchObject([{ start_day_id: day(1), end_day_id: day(2), confirmation: 'AB12' }])
  })

  test('a price is stored as a cost of the trip, and deleted with the booking', async () => {
    const { book, change, run, tripId, ana } = await scene()
    const costs = async () => (await run(get_trip_summary, { tripId }, ana)).budget?.items
    const dinner = await book({ price: 44000 })
    expect(dinner).not.toHaveProperty('price')
    expect(await costs()).toMatchObject([
      { name: 'Kikunoi', total_price: 44000, currency: 'JPY', category: 'food', reservation_id: dinner.id },
    ])
    await change(dinner.id, { price: 50000, budget_category: 'treats' })
    expect(await costs()).toMatchObject([{ total_price: 50000, category: 'treats' }])
    await run(reservations.delete_reservation, { tripId, reservationId: dinner.id }, ana)
    expect(await costs()).toEqual([])
  })

  test('whatever is wrong with the cost of a booking is reported as a problem of its price', async () => {
    const { book, change, run, tripId, ana } = await scene()
    const refused = { code: 'invalid', issues: [{ path: 'price' }], message: expect.stringMatching(/^price: /) }
    await expect(book({ price: 10.5 })).rejects.toMatchObject(refused)
    const dinner = await book({ price: 300 })
    await expect(change(dinner.id, { price: 10.5 })).rejects.toMatchObject(refused)
    const itemId = (await run(get_trip_summary, { tripId }, ana)).budget?.items[0]?.id
    const shares = [{ user_id: ana.userId, amount: 300 }]
    await run(update_budget_item, { tripId, itemId, shares }, ana)
    await expect(change(dinner.id, { price: 400 })).rejects.toMatchObject(refused)
  })
})

import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { create_accommodation } from '../../accommodations/contract/index.ts'
import { create_and_assign_place, update_assignment_time } from '../../assignments/contract/index.ts'
import { create_day_note } from '../../day-notes/contract/index.ts'
import { update_day } from '../../days/contract/index.ts'
import { create_place } from '../../places/contract/index.ts'
import { create_reservation, create_transport } from '../../reservations/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import { create_trip } from '../../trips/contract/index.ts'
import { export_trip_ics } from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const dates = { start_date: '2027-04-05', end_date: '2027-04-07' }
    const { trip } = await world.run(create_trip, { title: 'Kyoto & Nara', ...dates }, ana)
    const tripId = trip.id
    const dayIds = (await world.run(list_days, { tripId }, ana)).days.map((day) => day.id)
    /** The events of the export, each as a list of lines. */
    const events = async () => {
      const { ics } = await world.run(export_trip_ics, { tripId }, ana)
      const unfolded = ics.replaceAll('\r\n ', '')
      return unfolded
        .split('BEGIN:VEVENT\r\n')
        .slice(1)
        .map((event) => event.split('\r\n'))
    }
    return { ...world, ana, tripId, dayIds, events }
  }

  test('an empty trip is exported as one entry, with a valid file name', async () => {
    const { run, ana, tripId, events } = await scene()
    const [wholeTrip, ...more] = await events()
    expect(wholeTrip).toEqual(
      expect.arrayContaining(['SUMMARY:Kyoto & Nara', 'DTSTART;VALUE=DATE:20270405', 'DTEND;VALUE=DATE:20270408']),
    )
    expect(more).toEqual([])
    const { filename, omitted } = await run(export_trip_ics, { tripId }, ana)
    expect({ filename, omitted }).toEqual({ filename: 'kyoto-nara.ics', omitted: [] })
  })

  test('a visit has the time of its place; one without a time is listed in the entry of its day', async () => {
    const { run, ana, tripId, dayIds, events } = await scene()
    const dayFields = { tripId, dayId: dayIds[1] }
    const kinkaku = { name: 'Kinkaku-ji', lat: 35.0394, lng: 135.7292 }
    const { assignment } = await run(create_and_assign_place, { ...dayFields, ...kinkaku }, ana)
    const time = { place_time: '09:00', end_time: '10:15' }
    await run(update_assignment_time, { tripId, assignmentId: assignment.id, ...time }, ana)
    await run(create_and_assign_place, { ...dayFields, name: 'Somewhere for lunch' }, ana)
    await run(create_day_note, { ...dayFields, text: 'Buy bus tickets', time: 'Morning' }, ana)
    await run(update_day, { ...dayFields, title: 'Golden temples' }, ana)
    const [, day, visit] = await events()
    expect(day).toEqual(
      expect.arrayContaining([
        'SUMMARY:Day 2: Golden temples',
        'DTSTART;VALUE=DATE:20270406',
        'DESCRIPTION:Somewhere for lunch\\nMorning: Buy bus tickets',
      ]),
    )
    expect(visit).toEqual(
      expect.arrayContaining([
        'SUMMARY:Kinkaku-ji',
        'DTSTART;TZID=Asia/Tokyo:20270406T090000',
        'DTEND;TZID=Asia/Tokyo:20270406T101500',
        'GEO:35.0394;135.7292',
      ]),
    )
  })

  test('entries without a time are listed in the entry of their day, in the order of the plan', async () => {
    const { run, ana, tripId, dayIds, events } = await scene()
    const dayFields = { tripId, dayId: dayIds[1] }
    const { assignment } = await run(create_and_assign_place, { ...dayFields, name: 'Somewhere for lunch' }, ana)
    await run(create_day_note, { ...dayFields, text: 'Buy bus tickets', before: `stop:${assignment.id}` }, ana)
    await run(create_and_assign_place, { ...dayFields, name: 'A garden', after: `stop:${assignment.id}` }, ana)
    const [, day] = await events()
    expect(day).toContain('DESCRIPTION:Buy bus tickets\\nSomewhere for lunch\\nA garden')
  })

  test('bookings, flights and stays are exported once each', async () => {
    const { run, ana, tripId, dayIds, events } = await scene()
    const { place } = await run(create_place, { tripId, name: 'Hotel', lat: 34.9924, lng: 135.7597 }, ana)
    const stay = { place_id: place.id, start_day_id: dayIds[0], end_day_id: dayIds[2], check_in: '15:00' }
    await run(create_accommodation, { tripId, ...stay }, ana)
    const dinner = { title: 'Dinner', type: 'restaurant', reservation_time: '2027-04-06T19:00', place_id: place.id }
    await run(create_reservation, { tripId, ...dinner }, ana)
    const endpoints = [
      { role: 'from', sequence: 0, name: 'Zürich', code: 'ZRH', local_date: '2027-04-04', local_time: '13:00' },
      { role: 'to', sequence: 1, name: 'Osaka', code: 'KIX', local_date: '2027-04-05', local_time: '09:40' },
    ]
    const flight = { type: 'flight', title: 'LX160', status: 'confirmed', start_day_id: dayIds[0], endpoints }
    await run(create_transport, { tripId, ...flight }, ana)
    const allEvents = await events()
    const titles = allEvents.map((event) => event.find((line) => line.startsWith('SUMMARY:')))
    expect(titles.filter((title) => title !== 'SUMMARY:Kyoto & Nara').sort()).toEqual([
      'SUMMARY:Dinner',
      'SUMMARY:Hotel',
      'SUMMARY:LX160: ZRH → KIX',
    ])
    expect(allEvents.find((event) => event.includes('SUMMARY:LX160: ZRH → KIX'))).toEqual(
      expect.arrayContaining([
        'DTSTART;TZID=Europe/Zurich:20270404T130000',
        'DTEND;TZID=Europe/Zurich:20270405T024000',
        'STATUS:CONFIRMED',
      ]),
    )
    expect(allEvents.find((event) => event.includes('SUMMARY:Dinner'))).toEqual(
      expect.arrayContaining(['DTSTART;TZID=Asia/Tokyo:20270406T190000', 'STATUS:TENTATIVE']),
    )
  })

  test('a transport whose endpoints are only names has the time zone of its day', async () => {
    const { run, ana, tripId, dayIds, events } = await scene()
    await run(create_and_assign_place, { tripId, dayId: dayIds[1], name: 'Temple', lat: 35.0394, lng: 135.7292 }, ana)
    const endpoints = [
      { name: 'Kyoto', local_date: '2027-04-06', local_time: '09:30' },
      { name: 'Nara', local_date: '2027-04-06', local_time: '10:15' },
    ]
    await run(create_transport, { tripId, type: 'train', title: 'Miyakoji', endpoints }, ana)
    const train = (await events()).find((event) => event.includes('SUMMARY:Miyakoji: Kyoto → Nara'))
    expect(train).toEqual(
      expect.arrayContaining(['DTSTART;TZID=Asia/Tokyo:20270406T093000', 'DTEND;TZID=Asia/Tokyo:20270406T101500']),
    )
    expect(train?.join()).not.toContain('GEO:')
  })

  test('a caller who may not read bookings gets the rest, with a note', async () => {
    const { run, ana, tripId } = await scene()
    const caller = { ...ana, scopes: new Set(['trips:read']) }
    const { ics, omitted } = await run(export_trip_ics, { tripId }, caller)
    expect(ics).toContain('SUMMARY:Kyoto & Nara')
    expect(omitted).toEqual([{ section: 'bookings', reason: 'needs the scope reservations:read' }])
  })
})

import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { assign_place_to_day } from '../../assignments/contract/index.ts'
import { create_place, list_places } from '../../places/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import { copy_trip, create_trip, get_trip } from '../../trips/contract/index.ts'
import * as days from '../contract/index.ts'

eachDatabase((database) => {
  async function scene(more: object = { start_date: '2027-04-05', end_date: '2027-04-07' }) {
    const world = makeWorld(database())
    const ana = await makeUser(database(), 'Ana')
    const { trip } = await world.run(create_trip, { title: 'Kyoto', ...more }, ana)
    const tripId = trip.id
    const list = async () => (await world.run(list_days, { tripId }, ana)).days
    const dates = async () => (await list()).map(({ day_number, date }) => `${day_number} ${date}`)
    const create = async (values: object) => (await world.run(days.create_day, { tripId, ...values }, ana)).day
    return { ...world, ana, tripId, list, dates, create }
  }

  test('adding a day directly before or after the trip extends it; any other date outside is refused', async () => {
    const { create, dates, run, tripId, ana } = await scene()
    await create({ date: '2027-04-08' })
    await create({ date: '2027-04-04', title: 'Arrival' })
    expect(await dates()).toEqual(['1 2027-04-04', '2 2027-04-05', '3 2027-04-06', '4 2027-04-07', '5 2027-04-08'])
    expect((await run(get_trip, { tripId }, ana)).trip).toMatchObject({
      start_date: '2027-04-04',
      end_date: '2027-04-08',
    })
    await expect(create({ date: '2027-04-20' })).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'date' }] })
    await expect(create({ date: '2027-04-05' })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a day without a date goes last, and a trip without dates refuses a dated day', async () => {
    const { create, dates, list } = await scene({ day_count: 1 })
    const day = await create({ notes: 'If it rains' })
    expect(day).toMatchObject({ day_number: 2, date: null })
    expect((await list())[1]?.notes).toMatchObject([{ day_id: day.id, text: 'If it rains' }])
    await expect(create({ date: '2027-04-05' })).rejects.toMatchObject({ code: 'invalid' })
    expect(await dates()).toEqual(['1 null', '2 null'])
  })

  test('deleting a day deletes its stops, keeps the places and renumbers the other days', async () => {
    const { list, dates, run, tripId, ana } = await scene()
    const dayId = (await list())[1]?.id
    const { place } = await run(create_place, { tripId, name: 'Gion' }, ana)
    await run(assign_place_to_day, { tripId, dayId, placeId: place.id }, ana)
    await run(days.delete_day, { tripId, dayId }, ana)
    expect(await dates()).toEqual(['1 2027-04-05', '2 2027-04-07'])
    expect((await run(list_places, { tripId, assignment: 'unassigned' }, ana)).places).toHaveLength(1)
    await run(days.create_day, { tripId, date: '2027-04-06' }, ana)
    expect(await dates()).toEqual(['1 2027-04-05', '2 2027-04-06', '3 2027-04-07'])
  })

  test('deleting the first or last day shortens a trip, and its copy is as short', async () => {
    const { list, create, run, tripId, ana } = await scene({ start_date: '2027-04-05', end_date: '2027-04-08' })
    const ends = async (id = tripId) => {
      const { start_date, end_date } = (await run(get_trip, { tripId: id }, ana)).trip
      return [start_date, end_date].map((date) => date?.slice(-2))
    }
    const remove = async (number: number) => {
      const day = (await list()).find(({ day_number }) => day_number === number)
      await run(days.delete_day, { tripId, dayId: day?.id }, ana)
    }
    await remove(4)
    expect(await ends()).toEqual(['05', '07'])
    await remove(2)
    expect(await ends()).toEqual(['05', '07'])
    await remove(1)
    expect(await ends()).toEqual(['07', '07'])
    await create({})
    await run(days.delete_day, { tripId, dayId: (await list())[1]?.id }, ana)
    expect(await ends()).toEqual(['07', '07'])
    const { trip: copy } = await run(copy_trip, { tripId }, ana)
    expect(await ends(copy.id)).toEqual(['07', '07'])
    await remove(1)
    // Without dated days, only the dates of the trip itself remain.
    expect(await ends()).toEqual(['07', '07'])
    await create({ date: '2027-04-08' })
    expect(await ends()).toEqual(['08', '08'])
  })

  test('reordering days moves their content, while the dates stay', async () => {
    const { list, run, tripId, ana } = await scene()
    const ids = (await list()).map((day) => day.id)
    await run(days.update_day, { tripId, dayId: ids[0], title: 'Temples' }, ana)
    const reorder = (dayIds: number[]) => run(days.reorder_days, { tripId, dayIds }, ana)
    await reorder(ids.toReversed())
    expect((await list()).map(({ date, title }) => [date, title])).toEqual([
      ['2027-04-05', null],
      ['2027-04-06', null],
      ['2027-04-07', 'Temples'],
    ])
    await expect(reorder(ids.slice(1))).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a day moves before another one, or to the end; concurrent moves by two people both apply', async () => {
    const { list, run, tripId, ana } = await scene({ start_date: '2027-04-05', end_date: '2027-04-08' })
    const [a, b, c, d] = (await list()).map((day) => day.id)
    const move = (dayId: unknown, before: unknown) => run(days.move_day, { tripId, dayId, before }, ana)
    const daysNow = async () => (await list()).map(({ id, date }) => [id, date?.slice(-2)])
    await move(d, a)
    expect(await daysNow()).toEqual([
      [d, '05'],
      [a, '06'],
      [b, '07'],
      [c, '08'],
    ])
    await Promise.all([move(d, null), move(c, a)])
    expect((await daysNow()).map(([id]) => id)).toEqual([c, a, b, d])
    expect((await move(a, a)).days.map(({ id }) => id)).toEqual([c, a, b, d])
    await expect(move(a, 987_654)).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'before' }] })
    await expect(move(987_654, a)).rejects.toMatchObject({ code: 'not_found' })
  })
})

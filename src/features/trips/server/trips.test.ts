import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { delete_user } from '../../admin/contract/index.ts'
import { assign_place_to_day } from '../../assignments/contract/index.ts'
import { create_packing_item } from '../../packing/contract/index.ts'
import { create_place } from '../../places/contract/index.ts'
import { create_reservation } from '../../reservations/contract/index.ts'
import { get_trip_summary, list_days } from '../../summary/contract/index.ts'
import * as trips from '../contract/index.ts'

eachDatabase((database) => {
  async function scene(more: object = { start_date: '2027-04-05', end_date: '2027-04-08' }) {
    const world = makeWorld(database())
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    const username = async (userId: number) =>
      (
        await database()
          .kysely.selectFrom('users')
          .select('username')
          .where('id', '=', userId)
          .executeTakeFirstOrThrow()
      ).username
    const { trip } = await world.run(trips.create_trip, { title: 'Kyoto', ...more }, ana)
    const tripId = trip.id
    const days = async () => (await world.run(list_days, { tripId }, ana)).days
    const update = (change: object, caller = ana) => world.run(trips.update_trip, { tripId, ...change }, caller)
    const stopOn = async (dayId: number | undefined) => {
      const { place } = await world.run(create_place, { tripId, name: 'Kinkaku-ji', lat: 0, lng: 0 }, ana)
      return (await world.run(assign_place_to_day, { tripId, dayId, placeId: place.id }, ana)).assignment
    }
    const join = async (caller = ben) =>
      world.run(trips.add_trip_member, { tripId, identifier: await username(caller.userId) }, ana)
    return { ...world, ana, ben, trip, tripId, days, update, stopOn, join }
  }
  const dates = (days: { date: string | null }[]) => days.map((day) => day.date)

  test('a trip has a day for each date, including the first and the last', async () => {
    const { trip, days } = await scene()
    expect(trip).toMatchObject({
      title: 'Kyoto',
      currency: 'EUR',
      is_archived: false,
      reminder_days: 3,
      description: null,
    })
    expect((await days()).map(({ day_number, date }) => [day_number, date])).toEqual([
      [1, '2027-04-05'],
      [2, '2027-04-06'],
      [3, '2027-04-07'],
      [4, '2027-04-08'],
    ])
  })

  test.each([
    [{ start_date: '2027-04-05' }, '2027-04-05', '2027-04-11', 7],
    [{ end_date: '2028-03-01' }, '2028-02-24', '2028-03-01', 7],
    [{}, null, null, 7],
    [{ day_count: 3 }, null, null, 3],
    [{ start_date: '2027-07-01', day_count: 10 }, '2027-07-01', '2027-07-10', 10],
    [{ end_date: '2027-07-10', day_count: 10 }, '2027-07-01', '2027-07-10', 10],
  ])('a trip created with %j lasts from %s to %s, %i days', async (more, start, end, count) => {
    const { trip, days } = await scene(more)
    expect([trip.start_date, trip.end_date]).toEqual([start, end])
    expect(await days()).toHaveLength(count)
  })

  test('a trip that ends before it starts, is too long or has an impossible date is refused, and nothing is written', async () => {
    const { run, ana } = await scene()
    const before = (await run(trips.list_trips, {}, ana)).trips.length
    const create = (more: object, caller = ana) => run(trips.create_trip, { title: 'x', ...more }, caller)
    await expect(create({ start_date: '2027-04-05', end_date: '2027-04-04' })).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(create({ start_date: '2027-02-30' })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'start_date', message: 'must be a date that exists in the calendar' }],
    })
    await expect(create({ start_date: '2027-01-01', end_date: '2028-01-01' })).rejects.toMatchObject({
      code: 'invalid',
    })
    await expect(
      create({ start_date: '2027-01-01', end_date: '2027-04-01' }, { ...ana, way: 'mcp' }),
    ).rejects.toMatchObject({ code: 'invalid' })
    await create({ start_date: '2027-01-01', end_date: '2027-03-31' }, { ...ana, way: 'mcp' })
    expect((await run(trips.list_trips, {}, ana)).trips).toHaveLength(before + 1)
  })

  test('new dates keep the content of the days, in order', async () => {
    const { days, stopOn, update } = await scene()
    const [first] = await days()
    const stop = await stopOn(first?.id)
    await update({ start_date: '2027-05-01', end_date: '2027-05-05' })
    const after = await days()
    expect(dates(after)).toEqual(['2027-05-01', '2027-05-02', '2027-05-03', '2027-05-04', '2027-05-05'])
    expect(after[0]?.assignments.map((one) => one.id)).toEqual([stop.id])
  })

  test('dates that leave no room for content are refused with a list of what would be deleted', async () => {
    const { days, stopOn, update, tripId, run, ana } = await scene()
    const last = (await days())[3]
    await stopOn(last?.id)
    const before = await run(get_trip_summary, { tripId }, ana)
    await expect(update({ end_date: '2027-04-06' })).rejects.toMatchObject({
      code: 'conflict',
      details: { days: [{ day_id: last?.id, day_number: 4, date: '2027-04-08', holds: { stops: 1 } }] },
    })
    expect(await run(get_trip_summary, { tripId }, ana)).toEqual(before)
    await update({ end_date: '2027-04-06', shrink: 'keep_undated' })
    expect((await days()).map(({ date, assignments }) => [date, assignments.length])).toEqual([
      ['2027-04-05', 0],
      ['2027-04-06', 0],
      [null, 1],
    ])
    await update({ end_date: '2027-04-07' })
    expect((await days()).map(({ day_number, date, assignments }) => [day_number, date, assignments.length])).toEqual([
      [1, '2027-04-05', 0],
      [2, '2027-04-06', 0],
      [3, '2027-04-07', 1],
    ])
    await update({ end_date: '2027-04-05', shrink: 'delete' })
    expect(dates(await days())).toEqual(['2027-04-05'])
  })

  test.each([
    [{ start_date: '2027-07-01' }, '2027-07-01', '2027-07-10'],
    [{ end_date: '2027-07-10' }, '2027-07-01', '2027-07-10'],
    [{ start_date: '2027-07-01', end_date: null }, '2027-07-01', '2027-07-10'],
    [{ start_date: '2027-07-01', end_date: '2027-07-12' }, '2027-07-01', '2027-07-12'],
  ])('a trip of ten days without dates, given %j, lasts from %s to %s', async (change, start, end) => {
    const { days, stopOn, update } = await scene({ day_count: 10 })
    const ids = (await days()).map(({ id }) => id)
    const stop = await stopOn(ids[9])
    const { trip } = await update(change)
    expect([trip.start_date, trip.end_date]).toEqual([start, end])
    const after = await days()
    expect(after.slice(0, 10).map(({ id }) => id)).toEqual(ids)
    expect([after[0]?.date, after.at(-1)?.date]).toEqual([start, end])
    expect(after[9]).toMatchObject({ date: '2027-07-10', assignments: [{ id: stop.id }] })
  })

  test('a trip without dates keeps its number of days when it gets one date', async () => {
    const { days, update } = await scene()
    await update({ start_date: null })
    expect((await update({ start_date: '2027-06-01' })).trip.end_date).toBe('2027-06-04')
    expect(await days()).toHaveLength(4)
  })

  test('with shift_all a new first day moves the whole trip; without it the last day stays', async () => {
    const { run, ana, tripId, days, stopOn, update } = await scene()
    const dinner = { tripId, title: 'Dinner', type: 'restaurant', reservation_time: '2027-04-06T19:00' }
    await run(create_reservation, dinner, ana)
    const stop = await stopOn((await days())[3]?.id)
    const before = await run(get_trip_summary, { tripId }, ana)
    const onward = expect.stringContaining('start_date alone with date_shift_mode "shift_all"')
    await expect(update({ start_date: '2027-04-12' })).rejects.toMatchObject({
      issues: [{ path: 'end_date', message: 'must not be before start_date: 2027-04-08 is before 2027-04-12' }],
      hint: onward,
    })
    await expect(update({ start_date: '2027-04-07' })).rejects.toMatchObject({ code: 'conflict', hint: onward })
    await expect(update({ end_date: '2027-04-07' })).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.not.stringContaining('shift_all'),
    })
    expect(await run(get_trip_summary, { tripId }, ana)).toEqual(before)

    const movedTrip = await update({ start_date: '2027-04-12', date_shift_mode: 'shift_all' })
    expect([movedTrip.trip.start_date, movedTrip.trip.end_date]).toEqual(['2027-04-12', '2027-04-15'])
    const { reservations } = await run(get_trip_summary, { tripId }, ana)
    expect(reservations).toMatchObject([{ reservation_time: '2027-04-13T19:00' }])
    expect((await days())[3]).toMatchObject({ date: '2027-04-15', assignments: [{ id: stop.id }] })

    await update({ start_date: '2027-04-11' })
    expect(dates(await days())).toHaveLength(5)
    await update({ end_date: '2027-04-16', date_shift_mode: 'shift_all' })
    expect(dates(await days())).toHaveLength(6)
  })

  test('clearing the dates keeps every day', async () => {
    const { days, update } = await scene()
    const { trip } = await update({ start_date: null })
    expect([trip.start_date, trip.end_date]).toEqual([null, null])
    expect(dates(await days())).toEqual([null, null, null, null])
  })

  test('members can access a trip, others cannot; only the owner changes and deletes it', async () => {
    const { run, ana, ben, tripId, join, update } = await scene()
    await expect(run(trips.get_trip, { tripId }, ben)).rejects.toMatchObject({ code: 'not_found' })
    await join()
    expect((await run(trips.get_trip, { tripId }, ben)).trip).toMatchObject({ role: 'member', member_count: 2 })
    expect((await run(trips.list_trips, {}, ben)).trips.map((trip) => trip.id)).toEqual([tripId])
    await expect(join()).rejects.toMatchObject({ code: 'conflict' })
    await expect(update({ title: 'Osaka' }, ben)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(update({ is_archived: true }, ben)).rejects.toMatchObject({
      code: 'forbidden',
      details: { permission: 'trip_archive' },
    })
    await expect(run(trips.delete_trip, { tripId }, ben)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(run(trips.remove_trip_member, { tripId, memberId: ana.userId }, ben)).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(run(trips.remove_trip_member, { tripId, memberId: ana.userId }, ana)).rejects.toMatchObject({
      code: 'conflict',
    })
    await run(trips.remove_trip_member, { tripId, memberId: ben.userId }, ben)
    await expect(run(trips.get_trip, { tripId }, ben)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('an administrator who is not a member cannot access the trip', async () => {
    const { run, tripId } = await scene()
    const admin = await makeUser(database(), 'Root', { admin: true })
    await expect(run(trips.get_trip, { tripId }, admin)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('an added or removed member receives the change in their own space', async () => {
    const { run, ben, tripId, join, watch } = await scene()
    const own = await watch({ space: 'user', id: ben.userId }, ben)
    await join()
    await run(trips.remove_trip_member, { tripId, memberId: ben.userId }, ben)
    // They also get a notification, which is deleted when they leave.
    expect(own.lines.filter((line) => line.endsWith('trip_member'))).toEqual([
      'insert trip_member',
      'remove trip_member',
    ])
  })

  test('deleting a trip deletes all its rows, each with an entry in the change log', async () => {
    const { run, ana, tripId, days, stopOn, join, database: db, catalogue } = await scene()
    await join()
    await stopOn((await days())[0]?.id)
    await run(create_packing_item, { tripId, name: 'Tent' }, ana)
    await run(trips.delete_trip, { tripId }, ana)
    const log = await db.changesSince({ space: 'trip', id: tripId }, 0)
    const rowsLeft = new Map<string, number>()
    for (const { entity, action } of log.flatMap((batch) => batch.changes)) {
      rowsLeft.set(entity, (rowsLeft.get(entity) ?? 0) + (action === 'insert' ? 1 : action === 'remove' ? -1 : 0))
    }
    expect(Object.fromEntries(rowsLeft)).toEqual({
      trip: 0,
      trip_member: 0,
      day: 0,
      place: 0,
      assignment: 0,
      packing_item: 0,
    })
    for (const { entity } of catalogue.entitiesOf('trip')) {
      const rows = await db.read((tx) => tx.list(entity, { [entity.spaceKey as string]: tripId }))
      expect(rows).toEqual([])
    }
  })

  test('deleting an account deletes its trips and leaves other trips intact', async () => {
    const { run, ana, ben, tripId, join } = await scene()
    await join()
    const admin = await makeUser(database(), 'Root', { admin: true, way: 'cli' })
    const { trip: own } = await run(trips.create_trip, { title: 'Alone' }, ben)
    const pack = async (name: string, visibility: string) => run(create_packing_item, { tripId, name, visibility }, ben)
    await pack('Tent', 'common')
    await pack('Diary', 'personal')
    await run(delete_user, { userId: ben.userId }, admin)
    await expect(run(trips.get_trip, { tripId: own.id }, ben)).rejects.toMatchObject({ code: 'not_found' })
    const { packing, members } = await run(get_trip_summary, { tripId }, ana)
    expect(packing?.items.map(({ name, owner_id }) => [name, owner_id])).toEqual([['Tent', ana.userId]])
    expect(members?.collaborators).toEqual([])
  })

  test('a summary names what it leaves out, and why', async () => {
    const { run, ana, tripId } = await scene()
    const only = (...scopes: string[]) => run(get_trip_summary, { tripId }, { ...ana, scopes: new Set(scopes) })
    expect(await only('packing:read')).toMatchObject({
      trip: { id: tripId, title: 'Kyoto' },
      packing: { items: [], total: 0, checked: 0 },
      omitted: expect.arrayContaining([
        { section: 'members', reason: 'needs the scope trips:read' },
        { section: 'days', reason: 'needs the scope trips:read' },
        { section: 'unassigned_places', reason: 'needs the scope places:read' },
      ]),
    })
    const { omitted } = await only('trips:share', 'places:write')
    expect(omitted).toContainEqual({ section: 'packing', reason: 'needs the scope packing:read' })
    expect(omitted.map(({ section }) => section)).not.toContain('days')
  })

  test('a huge trip still fits into one answer, which names what is missing', async () => {
    const { run, ana, tripId } = await scene()
    const name = 'Somewhere with quite a long name '.repeat(5).trim()
    for (let count = 0; count < 300; count++)
      await run(create_place, { tripId, name, description: name.repeat(3) }, ana)
    const summary = await run(get_trip_summary, { tripId }, ana)
    expect(JSON.stringify(summary).length).toBeLessThan(60_000)
    expect(summary.omitted).toEqual([
      {
        section: 'unassigned_places',
        reason: expect.stringMatching(/^\d+ of 300 are left out for size: call read_trip_section with \{/),
      },
    ])
    expect(summary.days).toHaveLength(4)
  })
})

import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { create_day_note } from '../../day-notes/contract/index.ts'
import { update_day } from '../../days/contract/index.ts'
import { create_place, create_tag, delete_place, list_places } from '../../places/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import {
  add_trip_member,
  copy_trip,
  create_trip,
  list_trip_members,
  remove_trip_member,
} from '../../trips/contract/index.ts'
import * as assignments from '../contract/index.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    const { trip } = await world.run(create_trip, { title: 'Kyoto', day_count: 3 }, ana)
    const tripId = trip.id
    const { username } = await database()
      .kysely.selectFrom('users')
      .select('username')
      .where('id', '=', ben.userId)
      .executeTakeFirstOrThrow()
    await world.run(add_trip_member, { tripId, identifier: username }, ana)
    const days = (await world.run(list_days, { tripId }, ana)).days
    const [one, two] = [days[0]?.id as number, days[1]?.id as number]
    const place = async (name: string, more: object = {}) =>
      (await world.run(create_place, { tripId, name, ...more }, ana)).place.id
    const addStop = async (placeId: number, dayId = one, more: object = {}) =>
      (await world.run(assignments.assign_place_to_day, { tripId, dayId, placeId, ...more }, ana)).assignment
    /** The stops of each day, after checking that their positions have no gaps. */
    const plan = async () =>
      (await world.run(list_days, { tripId }, ana)).days.map(({ assignments: stops }) => {
        expect(stops.map((stop) => stop.order_index)).toEqual(stops.map((_, index) => index))
        return stops.map((stop) => stop.place.name)
      })
    return { ...world, ana, ben, tripId, one, two, place, addStop, plan }
  }

  test('stops are appended, move between days and leave no gaps', async () => {
    const { place, addStop, plan, run, tripId, one, two, ana } = await scene()
    const stops = []
    for (const name of ['a', 'b', 'c', 'd']) stops.push(await addStop(await place(name)))
    const [a, b, c, d] = stops.map((stop) => stop.id)
    expect(await plan()).toEqual([['a', 'b', 'c', 'd'], [], []])
    const move = (assignmentId: number | undefined, newDayId: number, more: object = {}, oldDayId = one) =>
      run(assignments.move_assignment, { tripId, assignmentId, newDayId, oldDayId, ...more }, ana)
    await move(b, two)
    await move(a, two, { orderIndex: 99 })
    expect(await plan()).toEqual([['c', 'd'], ['b', 'a'], []])
    await move(d, one, { orderIndex: 0 })
    expect(await plan()).toEqual([['d', 'c'], ['b', 'a'], []])
    await move(c, one, { orderIndex: 0 })
    expect(await plan()).toEqual([['c', 'd'], ['b', 'a'], []])
    await move(c, one)
    expect(await plan()).toEqual([['d', 'c'], ['b', 'a'], []])
    await expect(move(a, one)).rejects.toMatchObject({ code: 'conflict', details: { day_id: two } })
    await run(assignments.unassign_place, { tripId, dayId: two, assignmentId: b }, ana)
    expect(await plan()).toEqual([['d', 'c'], ['a'], []])
  })

  test('a new order must name every stop exactly once', async () => {
    const { place, addStop, plan, run, tripId, one, ana } = await scene()
    const ids = []
    for (const name of ['a', 'b', 'c']) ids.push((await addStop(await place(name))).id)
    const reorder = (assignmentIds: number[]) =>
      run(assignments.reorder_day_assignments, { tripId, dayId: one, assignmentIds }, ana)
    await reorder(ids.toReversed())
    expect(await plan()).toEqual([['c', 'b', 'a'], [], []])
    for (const wrong of [ids.slice(1), [...ids, 999_999], [ids[0], ids[0], ids[1]]]) {
      await expect(reorder(wrong as number[])).rejects.toMatchObject({
        code: 'invalid',
        issues: [{ path: 'assignmentIds' }],
      })
    }
    expect(await plan()).toEqual([['c', 'b', 'a'], [], []])
  })

  test('deleting a place removes all its stops from every day', async () => {
    const { place, addStop, plan, run, tripId, two, ana, watch } = await scene()
    const [a, b] = [await place('a'), await place('b')]
    for (const [id, day] of [[a], [b], [a], [a, two], [b, two]] as const) await addStop(id, day)
    const watcher = await watch({ space: 'trip', id: tripId }, ana)
    await run(delete_place, { tripId, placeId: a }, ana)
    expect(await plan()).toEqual([['b'], ['b'], []])
    expect(watcher.lines.filter((line) => line.startsWith('remove'))).toEqual([
      'remove assignment',
      'remove assignment',
      'remove assignment',
      'remove place',
    ])
  })

  test('times are checked against each other and against those of the place, and null clears them', async () => {
    const { place, addStop, run, tripId, ana } = await scene()
    const stop = await addStop(await place('a', { place_time: '10:00' }))
    const set = async (more: object) =>
      (await run(assignments.update_assignment_time, { tripId, assignmentId: stop.id, ...more }, ana)).assignment
    await expect(set({ end_time: '09:00' })).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'end_time' }] })
    expect(await set({ place_time: '08:00', end_time: '09:00' })).toMatchObject({
      place_time: '08:00',
      end_time: '09:00',
    })
    await expect(set({ place_time: '09:30', end_time: '09:00' })).rejects.toMatchObject({ code: 'invalid' })
    expect(await set({ end_time: null })).toMatchObject({ place_time: '08:00', end_time: null })
    expect(await set({ place_time: null })).toMatchObject({ place_time: null, end_time: null })
  })

  test('a moved stop takes the position of its time, which may be set with the move, otherwise the last', async () => {
    const { place, addStop, plan, run, tripId, one, two, ana } = await scene()
    for (const [name, place_time] of [['early', '09:00'], ['late', '15:00'], ['some time']]) {
      await addStop(await place(name as string), two, { place_time })
    }
    const [timed, free] = [
      await addStop(await place('timed'), one, { place_time: '10:00' }),
      await addStop(await place('free')),
    ]
    const move = (assignmentId: number, newDayId: number, oldDayId: number, more: object = {}) =>
      run(assignments.move_assignment, { tripId, assignmentId, newDayId, oldDayId, ...more }, ana)
    await move(timed.id, two, one)
    await move(free.id, two, one)
    expect(await plan()).toEqual([[], ['early', 'timed', 'late', 'some time', 'free'], []])
    const { assignment } = await move(timed.id, two, two, { place_time: '16:00', end_time: '17:00' })
    expect(assignment).toMatchObject({ place_time: '16:00', end_time: '17:00', order_index: 2 })
    await move(free.id, two, two, { place_time: '8:30' })
    expect(await plan()).toEqual([[], ['free', 'early', 'late', 'timed', 'some time'], []])
    const movedBack = await move(timed.id, one, two, { place_time: '9:15' })
    expect(movedBack.assignment).toMatchObject({ place_time: '09:15', end_time: '10:15', order_index: 0 })
    await expect(move(timed.id, one, one, { end_time: '08:00' })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('changing only the start keeps the duration of a visit', async () => {
    const { place, addStop, run, tripId, ana } = await scene()
    const set = async (id: number, more: object) =>
      (await run(assignments.update_assignment_time, { tripId, assignmentId: id, ...more }, ana)).assignment
    const stop = await addStop(await place('a'), undefined, { place_time: '10:00', end_time: '11:30' })
    expect(await set(stop.id, { place_time: '14:45' })).toMatchObject({ place_time: '14:45', end_time: '16:15' })
    expect(await set(stop.id, { place_time: '9:00' })).toMatchObject({ place_time: '09:00', end_time: '10:30' })
    expect(await set(stop.id, { notes: 'Tea' })).toMatchObject({ place_time: '09:00', end_time: '10:30' })
    await expect(set(stop.id, { place_time: '23:00' })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'place_time' }],
      hint: expect.stringContaining('end_time'),
    })
    expect(await set(stop.id, { place_time: '23:00', end_time: null })).toMatchObject({ end_time: null })
    const usual = await addStop(await place('b', { place_time: '10:00', end_time: '12:00' }))
    expect(await set(usual.id, { place_time: '15:00' })).toMatchObject({ place_time: '15:00', end_time: '17:00' })
    expect(await set(usual.id, { place_time: null, end_time: null })).toMatchObject({
      place_time: null,
      end_time: null,
    })
  })

  test('only members can be participants, and leaving the trip removes a participant', async () => {
    const { place, addStop, run, tripId, ana, ben } = await scene()
    const stranger = await makeUser(database(), 'Sam')
    const stop = await addStop(await place('a'))
    const set = (userIds: number[]) =>
      run(assignments.set_assignment_participants, { tripId, assignmentId: stop.id, userIds }, ana)
    await expect(set([stranger.userId])).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'userIds' }] })
    expect((await set([ben.userId, ben.userId])).participants.map((person) => person.name)).toEqual(['Ben'])
    await run(remove_trip_member, { tripId, memberId: ben.userId }, ana)
    const { participants } = await run(assignments.get_assignment_participants, { tripId, assignmentId: stop.id }, ana)
    expect(participants).toEqual([])
  })

  test('a place is created and put on a day in one step, or not at all', async () => {
    const { addStop, place, plan, run, tripId, one, ana, watch } = await scene()
    await addStop(await place('a'))
    const watcher = await watch({ space: 'trip', id: tripId }, ana)
    const make = (more: object, dayId = one) =>
      run(assignments.create_and_assign_place, { tripId, dayId, name: 'Gion', ...more }, ana)
    const created = await make({
      ...{ price: 0, place_notes: 'At dusk', assignment_notes: 'With Ben' },
      ...{ place_time: '9:00', end_time: '10:30' },
    })
    expect(created).toMatchObject({
      place: { name: 'Gion', price: 0, notes: 'At dusk', transport_mode: 'walking', tags: [] },
      assignment: {
        ...{ day_id: one, order_index: 1, notes: 'With Ben', place_time: '09:00', end_time: '10:30' },
        place: { name: 'Gion', place_time: null },
      },
    })
    expect(watcher.lines).toEqual(['insert place', 'insert assignment'])
    await expect(make({ lat: 35 })).rejects.toMatchObject({ code: 'invalid', issues: [{ path: 'lng' }] })
    await expect(make({ place_time: '10:00', end_time: '09:00' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(make({}, 999_999)).rejects.toMatchObject({ code: 'not_found' })
    expect(await plan()).toEqual([['a', 'Gion'], [], []])
    expect(watcher.lines).toHaveLength(2)
  })

  test('a copy of a trip has the same days, places, stops and notes, and the tags of its author', async () => {
    const { run, tripId, one, two, ana, ben, addStop } = await scene()
    const { tag } = await run(create_tag, { name: 'Must see' }, ana)
    const { tag: tagOfBen } = await run(create_tag, { name: 'Food' }, ben)
    const values = {
      name: 'Gion',
      lat: 35,
      lng: 135.78,
      price: 0,
      currency: 'JPY',
      notes: 'At dusk',
      website: 'https://gion.example',
    }
    const { place } = await run(create_place, { tripId, ...values, tag_ids: [tag.id] }, ana)
    await run(create_place, { tripId, name: 'Nara', tag_ids: [tagOfBen.id] }, ben)
    await run(update_day, { tripId, dayId: one, title: 'Temples' }, ana)
    await addStop(place.id, two)
    const stop = await addStop(place.id, one, { place_time: '09:00', end_time: '10:00', notes: 'Tea' })
    await run(
      assignments.set_assignment_participants,
      { tripId, assignmentId: stop.id, userIds: [ana.userId, ben.userId] },
      ana,
    )
    await run(create_day_note, { tripId, dayId: one, text: 'Take the bus', time: '08:30', icon: '🚌' }, ana)
    const before = (await run(list_days, { tripId }, ana)).days
    const { trip } = await run(copy_trip, { tripId }, ana)
    const after = (await run(list_days, { tripId: trip.id }, ana)).days
    const { members } = await run(list_trip_members, { tripId: trip.id }, ana)
    const guest = members.find((member) => member.name === 'Ben')?.user_id
    expect(guest).not.toBe(ben.userId)
    const anew = { id: expect.any(Number), trip_id: trip.id, created_at: expect.any(String) }
    const { created_at: _, ...dayAnew } = anew
    expect(after).toEqual(
      before.map((day, index) => ({
        ...day,
        ...dayAnew,
        assignments: day.assignments.map((stop) => ({
          ...stop,
          ...anew,
          day_id: after[index]?.id,
          place_id: expect.any(Number),
          place: { ...stop.place, id: expect.any(Number) },
          participant_ids: stop.participant_ids.length ? [ana.userId, guest as number].sort((a, b) => a - b) : [],
        })),
        notes: day.notes.map((note) => ({ ...note, ...anew, day_id: after[index]?.id })),
      })),
    )
    const list = async (id: number) => (await run(list_places, { tripId: id }, ana)).places
    expect(await list(trip.id)).toEqual((await list(tripId)).map((place) => ({ ...place, ...anew })))
    expect((await list(trip.id)).map(({ name, tags }) => [name, tags.map((tag) => tag.name)])).toEqual([
      ['Nara', []],
      ['Gion', ['Must see']],
    ])
    const hisView = await run(list_places, { tripId, tag: 'Food' }, ben)
    expect(hisView.places).toHaveLength(1)
  })

  test('fifty stops added to one day concurrently all get different positions', async () => {
    const { place, addStop, plan } = await scene()
    const id = await place('a')
    await Promise.all(Array.from({ length: 50 }, () => addStop(id)))
    expect((await plan())[0]).toHaveLength(50)
  })
})

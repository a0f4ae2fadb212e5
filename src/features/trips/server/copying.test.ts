import { expect, test } from 'vitest'
import { PIXEL, uploaded } from '../../../../test/fixtures/samples/files.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { update_permission } from '../../admin/contract/index.ts'
import { assign_place_to_day, set_assignment_participants } from '../../assignments/contract/index.ts'
import { upload_trip_cover } from '../../files/contract/index.ts'
import { create_packing_item, list_packing_items } from '../../packing/contract/index.ts'
import { create_place } from '../../places/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import * as trips from '../contract/index.ts'

eachDatabase((database) => {
  async function scene(more: object = { start_date: '2027-04-05', end_date: '2027-04-07' }) {
    const world = makeWorld(database())
    const { run } = world
    const [ana, ben, cleo] = [
      await makeUser(database(), 'Ana'),
      await makeUser(database(), 'Ben'),
      await makeUser(database(), 'Cleo'),
    ]
    const { trip } = await run(trips.create_trip, { title: 'Kyoto', reminder_days: 5, currency: 'JPY', ...more }, ana)
    const tripId = trip.id
    for (const one of [ben, cleo]) {
      const { username } = await database()
        .kysely.selectFrom('users')
        .select('username')
        .where('id', '=', one.userId)
        .executeTakeFirstOrThrow()
      await run(trips.add_trip_member, { tripId, identifier: username }, ana)
    }
    const { member: guest } = await run(trips.add_guest, { tripId, name: 'Gina' }, ana)
    const { place } = await run(create_place, { tripId, name: 'Kinkaku-ji', lat: 35, lng: 135 }, ana)
    const days = async (id = tripId, caller = ana) => (await run(list_days, { tripId: id }, caller)).days
    const [first] = await days()
    const { assignment } = await run(
      assign_place_to_day,
      { tripId, dayId: first?.id, placeId: place.id, place_time: '09:00', notes: 'Early' },
      ana,
    )
    const addMembers = (...userIds: number[]) =>
      run(set_assignment_participants, { tripId, assignmentId: assignment.id, userIds }, ana)
    const copy = async (more: object = {}, caller = ben) =>
      (await run(trips.copy_trip, { tripId, ...more }, caller)).trip
    const people = async (id: number, caller = ben) => {
      const { owner, members } = await run(trips.list_trip_members, { tripId: id }, caller)
      return [owner, ...members].map(({ name, role }) => `${name} ${role}`)
    }
    const nameOf = async (id: number, userId: number | undefined) => {
      const { owner, members } = await run(trips.list_trip_members, { tripId: id }, ben)
      return [owner, ...members].find(({ user_id }) => user_id === userId)?.name
    }
    return { ...world, ana, ben, cleo, guest, trip, tripId, days, addMembers, copy, people, nameOf, place }
  }

  test('a copy belongs to its author and has the plan of the original, which stays unchanged', async () => {
    const { run, ana, ben, trip, tripId, days, copy, people, watch, place, services } = await scene()
    await run(trips.update_trip, { tripId, is_archived: true }, ana)
    const file = await uploaded(services.files, PIXEL, 'kyoto.gif')
    const { cover_image } = (await run(upload_trip_cover, { tripId, file }, ana)).trip
    await run(create_packing_item, { tripId, name: 'Tent', checked: true }, ana)
    await run(create_packing_item, { tripId, name: 'Diary', visibility: 'personal' }, ana)
    const before = await days()
    const [watcherOfTrip, own] = [
      await watch({ space: 'trip', id: tripId }, ana),
      await watch({ space: 'user', id: ben.userId }, ben),
    ]
    const copied = await copy()
    expect(copied).toEqual({
      ...trip,
      id: copied.id,
      title: 'Copy of Kyoto',
      user_id: ben.userId,
      cover_image,
      is_archived: false,
      created_at: expect.any(String),
    })
    expect(await people(copied.id)).toEqual(['Ben owner'])
    const after = await days(copied.id, ben)
    expect(after.map(({ date, day_number }) => [date, day_number])).toEqual(
      before.map(({ date, day_number }) => [date, day_number]),
    )
    const [stop] = after[0]?.assignments ?? []
    expect(stop).toMatchObject({ place_time: '09:00', notes: 'Early', place: { name: 'Kinkaku-ji' } })
    expect(stop?.place.id).not.toBe(place.id)
    // Personal items of others are not copied, and nothing is packed yet.
    const { items } = await run(list_packing_items, { tripId: copied.id }, ben)
    expect(items.map(({ name, checked, owner_id }) => [name, checked, owner_id])).toEqual([['Tent', false, ben.userId]])
    expect(await days()).toEqual(before)
    expect(watcherOfTrip.lines).toEqual([])
    expect(own.lines).toEqual(['insert trip_member'])
  })

  test('a named person who is not copied along becomes one guest with their name, and only if named', async () => {
    const { ana, ben, cleo, guest, days, addMembers, copy, people, nameOf } = await scene()
    await addMembers(ana.userId, ben.userId, guest.user_id)
    const { id } = await copy({ title: 'Again' })
    expect(await people(id)).toEqual(['Ben owner', 'Ana guest', 'Gina guest'])
    const [stop] = (await days(id, ben))[0]?.assignments ?? []
    expect(stop?.participant_ids).toContain(ben.userId)
    for (const stranger of [ana.userId, cleo.userId, guest.user_id]) {
      expect(stop?.participant_ids).not.toContain(stranger)
    }
    const names = await Promise.all((stop?.participant_ids ?? []).map((userId) => nameOf(id, userId)))
    expect(names.toSorted()).toEqual(['Ana', 'Ben', 'Gina'])
  })

  test('copied with its members, a trip has the same members and new guests', async () => {
    const { run, ana, cleo, guest, days, addMembers, copy, people } = await scene()
    await addMembers(ana.userId, guest.user_id)
    const { id } = await copy({ with_members: true })
    expect(await people(id)).toEqual(['Ben owner', 'Ana member', 'Cleo member', 'Gina guest'])
    expect((await run(trips.get_trip, { tripId: id }, cleo)).trip.role).toBe('member')
    const [stop] = (await days(id))[0]?.assignments ?? []
    expect(stop?.participant_ids).toHaveLength(2)
    expect(stop?.participant_ids).toContain(ana.userId)
    expect(stop?.participant_ids).not.toContain(guest.user_id)
  })

  test('a new first day shifts everything; a trip without dates has nothing to shift', async () => {
    const { days, copy, ben } = await scene()
    const movedCopy = await copy({ start_date: '2028-02-28' })
    expect([movedCopy.start_date, movedCopy.end_date]).toEqual(['2028-02-28', '2028-03-01'])
    const after = await days(movedCopy.id, ben)
    expect(after.map(({ date }) => date)).toEqual(['2028-02-28', '2028-02-29', '2028-03-01'])
    expect(after[0]?.assignments).toHaveLength(1)
    const undated = await scene({ day_count: 2 })
    await expect(undated.copy({ start_date: '2028-02-28' })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'start_date' }],
    })
    expect(await undated.days((await undated.copy()).id, undated.ben)).toHaveLength(2)
  })

  test('a long title is shortened without splitting a character', async () => {
    const { copy } = await scene({ title: '👩‍👩‍👧‍👦'.repeat(18) })
    const { title } = await copy()
    expect(title.length).toBeLessThanOrEqual(200)
    expect(title).toBe(`Copy of ${'👩‍👩‍👧‍👦'.repeat(17)}…`)
  })

  test('only a member who may create trips can copy a trip', async () => {
    const { run, copy, ben } = await scene()
    const [stranger, root] = [
      await makeUser(database(), 'Sam'),
      await makeUser(database(), 'Root', { admin: true, way: 'cli' }),
    ]
    await expect(copy({}, stranger)).rejects.toMatchObject({ code: 'not_found' })
    await expect(copy({}, root)).rejects.toMatchObject({ code: 'not_found' })
    await run(update_permission, { name: 'trip_create', level: 'admin' }, root)
    await expect(copy()).rejects.toMatchObject({ code: 'forbidden' })
    await run(update_permission, { name: 'trip_create', level: 'everybody' }, root)
    expect((await run(trips.list_trips, {}, ben)).trips).toHaveLength(1)
  })
})

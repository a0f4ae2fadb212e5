import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { services } from '../../../../test/harness/network/outside-address.ts'
import { eachInstance, PASSWORD } from '../../../../test/harness/rigs/accounts.ts'
import { makeUser, makeWorld } from '../../../../test/harness/rigs/world.ts'
import { Catalogue } from '../../../core/run/catalogue.ts'
import { feature, onHook } from '../../../core/run/feature.ts'
import { Pipeline } from '../../../core/run/pipeline.ts'
import { User } from '../../../identity/contract/index.ts'
import {
  delete_user,
  list_users,
  set_user_password,
  update_permission,
  update_user,
} from '../../admin/contract/index.ts'
import {
  assign_place_to_day,
  get_assignment_participants,
  set_assignment_participants,
} from '../../assignments/contract/index.ts'
import { features } from '../../index.ts'
import { type News, tripNews } from '../../notifications/server/hooks.ts'
import { create_place } from '../../places/contract/index.ts'
import { list_days } from '../../summary/contract/index.ts'
import * as trips from '../contract/index.ts'
import { tripInvite } from '../contract/news.ts'

eachDatabase((database) => {
  async function scene() {
    const world = makeWorld(database())
    const { run } = world
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    const root = await makeUser(database(), 'Root', { admin: true, way: 'cli' })
    const { trip } = await run(trips.create_trip, { title: 'Kyoto', start_date: '2027-04-05' }, ana)
    const tripId = trip.id
    const findUser = (id: number) => database().read((tx) => tx.find(User, { id }))
    const join = async (caller = ben) => {
      const identifier = (await findUser(caller.userId))?.username
      return run(trips.add_trip_member, { tripId, identifier }, ana)
    }
    const addGuest = async (name = 'Gina', caller = ana) =>
      (await run(trips.add_guest, { tripId, name }, caller)).member.user_id
    const people = async (caller = ana) => {
      const { owner, members } = await run(trips.list_trip_members, { tripId }, caller)
      return [owner, ...members].map(({ name, role }) => `${name} ${role}`)
    }
    const { days } = await run(list_days, { tripId }, ana)
    const stop = async () => {
      const { place } = await run(create_place, { tripId, name: 'Kinkaku-ji' }, ana)
      const { assignment } = await run(assign_place_to_day, { tripId, dayId: days[0]?.id, placeId: place.id }, ana)
      return assignment.id
    }
    return { ...world, ana, ben, root, tripId, findUser, join, addGuest, people, stop }
  }

  test('a guest is one of the people of a trip, and all members are sent the change', async () => {
    const { run, ana, ben, tripId, join, addGuest, people, watch, stop } = await scene()
    await join()
    const [watcherOfTrip, own] = [
      await watch({ space: 'trip', id: tripId }, ben),
      await watch({ space: 'user', id: ana.userId }, ana),
    ]
    const guestId = await addGuest()
    expect(await people(ben)).toEqual(['Ana owner', 'Ben member', 'Gina guest'])
    expect((await run(trips.get_trip, { tripId }, ana)).trip.member_count).toBe(3)
    expect(watcherOfTrip.lines).toEqual(['insert trip_member'])
    await run(trips.rename_guest, { tripId, guestId, name: 'Georgina' }, ana)
    expect(await people()).toEqual(['Ana owner', 'Ben member', 'Georgina guest'])
    expect(watcherOfTrip.rows.at(-1)).toMatchObject({
      action: 'patch',
      entity: 'trip_member',
      row: { user_id: guestId, role: 'guest', guest_name: 'Georgina' },
    })
    expect(own.lines).toEqual([])
    const assignmentId = await stop()
    const { participants } = await run(set_assignment_participants, { tripId, assignmentId, userIds: [guestId] }, ben)
    expect(participants.map(({ name }) => name)).toEqual(['Georgina'])
  })

  test('removing a guest deletes them from all rows and from the accounts', async () => {
    const { run, ana, tripId, findUser, addGuest, people, stop, watch } = await scene()
    const [guestId, other] = [await addGuest(), await addGuest('Otto')]
    const assignmentId = await stop()
    await run(set_assignment_participants, { tripId, assignmentId, userIds: [guestId, other] }, ana)
    const watcher = await watch({ space: 'trip', id: tripId }, ana)
    await run(trips.remove_guest, { tripId, guestId }, ana)
    expect(await people()).toEqual(['Ana owner', 'Otto guest'])
    expect(watcher.lines).toEqual(['patch assignment', 'remove trip_member'])
    const { participants } = await run(get_assignment_participants, { tripId, assignmentId }, ana)
    expect(participants.map(({ user_id }) => user_id)).toEqual([other])
    expect(await findUser(guestId)).toBeNull()
    // remove_trip_member removes guests too, because an assistant has no other tool for it.
    await run(trips.remove_trip_member, { tripId, memberId: other }, ana)
    expect(await findUser(other)).toBeNull()
  })

  test('only those who may manage members manage guests, and a member cannot be handled as a guest', async () => {
    const { run, ana, ben, root, tripId, join, addGuest, people } = await scene()
    await join()
    const guestId = await addGuest()
    for (const attempt of [
      () => run(trips.add_guest, { tripId, name: 'Gerd' }, ben),
      () => run(trips.rename_guest, { tripId, guestId, name: 'Gerd' }, ben),
      () => run(trips.remove_guest, { tripId, guestId }, ben),
      () => run(trips.remove_trip_member, { tripId, memberId: guestId }, ben),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' })
    }
    for (const id of [ben.userId, ana.userId, 999_999]) {
      await expect(run(trips.remove_guest, { tripId, guestId: id }, ana)).rejects.toMatchObject({ code: 'not_found' })
      await expect(run(trips.rename_guest, { tripId, guestId: id, name: 'x' }, ana)).rejects.toMatchObject({
        code: 'not_found',
      })
    }
    for (const name of ['', ' ', 'x'.repeat(51)]) {
      await expect(run(trips.add_guest, { tripId, name }, ana)).rejects.toMatchObject({ code: 'invalid' })
    }
    expect(await people()).toEqual(['Ana owner', 'Ben member', 'Gina guest'])
    await run(update_permission, { name: 'member_manage', level: 'member' }, root)
    await run(trips.remove_guest, { tripId, guestId }, ben)
    await run(update_permission, { name: 'member_manage', level: 'owner' }, root)
    expect(await people()).toEqual(['Ana owner', 'Ben member'])
  })

  test('operations on accounts do not find guests', async () => {
    const { run, ana, root, tripId, findUser, addGuest } = await scene()
    const guestId = await addGuest()
    const guest = await findUser(guestId)
    expect(guest).toMatchObject({ name: 'Gina', role: 'user', is_guest: true })
    expect(guest?.username).toMatch(/^guest-[0-9a-f]{32}$/)
    expect(guest?.email).toBe(`${guest?.username}@guests.invalid`)
    const { trip: another } = await run(trips.create_trip, { title: 'Osaka' }, ana)
    for (const identifier of [guest?.username, guest?.email]) {
      const attempt = run(trips.add_trip_member, { tripId: another.id, identifier }, ana)
      await expect(attempt).rejects.toMatchObject({ code: 'not_found' })
    }
    expect((await run(list_users, { limit: 1000 }, root)).users.map(({ id }) => id)).not.toContain(guestId)
    const input = { userId: guestId }
    for (const attempt of [
      () => run(update_user, { ...input, role: 'admin' }, root),
      () => run(set_user_password, { ...input, password: PASSWORD }, root),
      () => run(delete_user, input, root),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' })
    }
    await expect(run(trips.get_trip, { tripId }, { ...ana, userId: guestId })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('deleting a trip, or the account of its owner, deletes its guests', async () => {
    const { run, ana, root, tripId, findUser, addGuest } = await scene()
    const first = await addGuest()
    await run(trips.delete_trip, { tripId }, ana)
    expect(await findUser(first)).toBeNull()
    const { trip } = await run(trips.create_trip, { title: 'Osaka' }, ana)
    const { member } = await run(trips.add_guest, { tripId: trip.id, name: 'Gina' }, ana)
    await run(delete_user, { userId: ana.userId }, root)
    expect(await findUser(member.user_id)).toBeNull()
  })

  test('only the owner can transfer a trip to another member', async () => {
    const { run, ana, ben, root, tripId, join, addGuest, people, watch } = await scene()
    await join()
    await join(root)
    const guestId = await addGuest()
    const transfer = (memberId: number, caller = ana) =>
      run(trips.transfer_trip_ownership, { tripId, memberId }, caller)
    await expect(transfer(ben.userId, ben)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(transfer(root.userId, root)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(transfer(guestId)).rejects.toMatchObject({ code: 'conflict' })
    await expect(transfer(999_999)).rejects.toMatchObject({ code: 'not_found' })
    const watcher = await watch({ space: 'trip', id: tripId }, ben)
    expect((await transfer(ana.userId)).trip.user_id).toBe(ana.userId)
    expect(watcher.lines).toEqual([])
    expect((await transfer(ben.userId)).trip.user_id).toBe(ben.userId)
    expect(watcher.lines).toEqual(['patch trip_member', 'patch trip_member', 'patch trip'])
    expect(await people()).toEqual(['Ben owner', 'Ana member', 'Root member', 'Gina guest'])
    await run(trips.update_trip, { tripId, title: 'Ben’s' }, ben)
    await expect(run(trips.update_trip, { tripId, title: 'Ana’s' }, ana)).rejects.toMatchObject({ code: 'forbidden' })
    await run(trips.remove_trip_member, { tripId, memberId: ana.userId }, ana)
    expect(await people(ben)).toEqual(['Ben owner', 'Root member', 'Gina guest'])
  })

  test('a person added to a trip is notified, a guest is not', async () => {
    const { ana, ben, tripId, pipeline, findUser } = await scene()
    const newsHeard: News[] = []
    const listener = feature({
      name: 'listener',
      contract: {},
      handlers: {},
      listeners: [onHook(tripNews, async (_, news) => void newsHeard.push(news))],
    })
    const listening = new Pipeline({
      ...pipeline.parts,
      catalogue: new Catalogue([...features(services), listener]),
    })
    const identifier = (await findUser(ben.userId))?.username
    await listening.run(trips.add_guest, { tripId, name: 'Gina' }, ana)
    await listening.run(trips.add_trip_member, { tripId, identifier }, ana)
    const invite = { event: tripInvite, to: [ben.userId] }
    expect(newsHeard).toEqual([{ ...invite, tripId, about: 'Kyoto' }])
    const copy = async (with_members: boolean) =>
      (await listening.run(trips.copy_trip, { tripId, with_members }, ana)).trip.id
    await copy(false)
    const copyId = await copy(true)
    expect(newsHeard.slice(1)).toEqual([{ ...invite, tripId: copyId, about: 'Copy of Kyoto' }])
  })
})

eachInstance(({ withServer }) => {
  test('a guest cannot log in', () =>
    withServer(async ({ pipeline, database, newUser, logIn }) => {
      const owner = await newUser()
      const ana = { ...(await makeUser(database, 'Ana')), userId: owner.id }
      const { trip } = await pipeline.run(trips.create_trip, { title: 'Kyoto' }, ana)
      const { member } = await pipeline.run(trips.add_guest, { tripId: trip.id, name: 'Gina' }, ana)
      const { username } = member
      const attempts = [username, `${username}@guests.invalid`].flatMap((identifier) =>
        ['', PASSWORD].map((password) => logIn(identifier, password)),
      )
      for (const answered of await Promise.all(attempts)) {
        expect(answered.statusCode).toBeGreaterThanOrEqual(400)
        expect(answered.cookies).toEqual([])
      }
      // Not even if they had a password.
      const { password, ...credential } = await database.kysely
        .selectFrom('credentials')
        .selectAll()
        .where('user_id', '=', owner.id)
        .executeTakeFirstOrThrow()
      const { id: _, ...values } = {
        ...credential,
        password,
        user_id: member.user_id,
        account_id: String(member.user_id),
      }
      await database.kysely.insertInto('credentials').values(values).execute()
      expect((await logIn(owner.username, PASSWORD)).statusCode).toBe(200)
      for (const identifier of [username, `${username}@guests.invalid`]) {
        const answered = await logIn(identifier, PASSWORD)
        expect(answered.statusCode).toBe(403)
        expect(answered.cookies).toEqual([])
      }
    }))
})

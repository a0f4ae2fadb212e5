import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeSamples } from '../../../../test/fixtures/samples.ts'
import { eachDatabase } from '../../../../test/harness/database/databases.ts'
import { services } from '../../../../test/harness/network/outside-address.ts'
import { commandLine } from '../../../../test/harness/rigs/accounts.ts'
import { daysLater } from '../../../../test/harness/rigs/days-later.ts'
import { makeUser, makeWorld, type World } from '../../../../test/harness/rigs/world.ts'
import type { Caller } from '../../../core/data/space.ts'
import { delete_user, update_permission } from '../../admin/contract/index.ts'
import { create_budget_item, list_budget_items } from '../../budget/contract/index.ts'
import { create_packing_item, list_packing_items } from '../../packing/contract/index.ts'
import {
  add_guest,
  add_trip_member,
  create_trip,
  delete_trip,
  list_trip_members,
  list_trips,
  transfer_trip_ownership,
  update_trip,
} from '../../trips/contract/index.ts'
import { list_deleted_trips, restore_trip, undo_changes } from '../contract/index.ts'

const DAY = 24 * 3600 * 1000

eachDatabase((database) => {
  let world: World
  let ana: Caller
  let ben: Caller
  let root: Caller

  beforeAll(async () => {
    world = makeWorld(database(), services)
    ana = await makeUser(database(), 'Ana')
    ben = await makeUser(database(), 'Ben')
    root = await makeUser(database(), 'Root', { admin: true })
  })

  const usernameOf = async ({ userId }: Caller) =>
    (await database().kysely.selectFrom('users').select('username').where('id', '=', userId).executeTakeFirstOrThrow())
      .username
  const join = async (tripId: number, who: Caller) =>
    world.run(add_trip_member, { tripId, identifier: await usernameOf(who) }, ana)
  const tripOfTwo = async (title = 'Kyoto') => {
    const { trip } = await world.run(create_trip, { title, start_date: '2027-04-05', end_date: '2027-04-07' }, ana)
    await join(trip.id, ben)
    return trip.id
  }
  const remove = (tripId: number, who = ana) => world.run(delete_trip, { tripId }, who)
  const restore = (deletedTripId: number, who = ana) => world.run(restore_trip, { deletedTripId }, who)
  const deleted = async (who: Caller) => (await world.run(list_deleted_trips, {}, who)).trips
  const titles = async (who: Caller) => (await world.run(list_trips, {}, who)).trips.map(({ title }) => title)

  /** All rows of tables with an entity, as stored, without those that give access. */
  async function allRows(): Promise<Record<string, unknown[]>> {
    const rows: Record<string, unknown[]> = {}
    for (const { entity } of world.catalogue.entities.values()) {
      if (entity.givesAccess) continue
      const found = await sql`select * from ${sql.table(entity.table)} order by id`.execute(database().kysely)
      rows[entity.name] = found.rows
    }
    return rows
  }

  /** The tables that contain a text. */
  async function tablesWith(mark: string): Promise<string[]> {
    const tables = await database().kysely.introspection.getTables({ withInternalKyselyTables: true })
    const found = []
    for (const { name } of tables) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(database().kysely)
      if (JSON.stringify(rows).includes(mark)) found.push(name)
    }
    return found
  }

  const keptSecrets = async (tripId: number) => {
    const kept = database().kysely.selectFrom('kept_secrets').select('entity').where('space', '=', 'trip')
    return (await kept.where('space_id', '=', tripId).execute()).map(({ entity }) => entity)
  }

  describe('a restored trip', () => {
    test('has all of its rows again, to the last column, and its files have their bytes', async () => {
      const { tripId } = (await makeSamples(world, ana, ben)) as { tripId: number }
      const before = await allRows()
      const key = (before.trip_file as { trip_id: number; key: string }[]).find((file) => file.trip_id === tripId)?.key
      await remove(tripId)
      expect(await keptSecrets(tripId)).toEqual(['trip_file'])
      expect((await allRows()).place).not.toEqual(before.place)
      await services.files.quarantine(key as string, new Date())
      const { trip, ...rest } = await restore(tripId)
      expect(rest).toEqual({ links_ended: true, people_gone: 0, left: [] })
      expect(trip).toMatchObject({ id: tripId, title: 'Kyoto', cover_image: expect.stringMatching(/^\/api\/covers\//) })
      expect(await allRows()).toEqual(before)
      expect(await services.files.read(key as string)).not.toBeNull()
    })

    test('has no share link, and can be deleted and restored again', async () => {
      const tripId = await tripOfTwo('Again')
      await remove(tripId)
      await restore(tripId)
      await world.run(update_trip, { tripId, title: 'Again and again' }, ana)
      await remove(tripId)
      expect((await deleted(ana))[0]).toMatchObject({ id: tripId, title: 'Again and again' })
      expect(await restore(tripId)).toMatchObject({ trip: { title: 'Again and again' }, links_ended: false })
    })

    test('is there again for all members at once, and its restoration can be undone', async () => {
      const tripId = await tripOfTwo('Live')
      const heard = await world.watch({ space: 'user', id: ben.userId }, ben)
      await remove(tripId)
      expect(await titles(ben)).not.toContain('Live')
      await restore(tripId)
      expect(await titles(ben)).toContain('Live')
      expect(heard.lines.filter((line) => line.endsWith('trip_member'))).toEqual([
        'remove trip_member',
        'insert trip_member',
      ])
      heard.stop()
      const { commit_id } = await database()
        .kysely.selectFrom('changes')
        .select('commit_id')
        .where('operation', '=', 'restore_trip')
        .orderBy('at', 'desc')
        .executeTakeFirstOrThrow()
      await world.run(undo_changes, { commits: [commit_id] }, ana)
      expect(await titles(ben)).not.toContain('Live')
      expect((await restore(tripId)).trip.title).toBe('Live')
      expect(await titles(ben)).toContain('Live')
    })

    test('cannot be restored twice', async () => {
      const tripId = await tripOfTwo('Twice')
      await remove(tripId)
      await restore(tripId)
      await expect(restore(tripId)).rejects.toMatchObject({
        code: 'conflict',
        message: '“Twice” is not deleted, or has been restored already',
      })
    })
  })

  describe('whose deleted trips', () => {
    test('are listed: those of the owner, with who deleted them and until when they can be restored', async () => {
      const tripId = await tripOfTwo('Listed')
      await remove(tripId)
      const [first] = await deleted(ana)
      expect(first).toMatchObject({ id: tripId, title: 'Listed', start_date: '2027-04-05', end_date: '2027-04-07' })
      expect(first?.deleted_by).toBe('Ana')
      const until = Date.parse(first?.restorable_until ?? '') - Date.parse(first?.deleted_at ?? '')
      expect(until).toBe(30 * DAY)
      for (const other of [ben, root]) expect(await deleted(other)).toEqual([])
      await restore(tripId)
      expect((await deleted(ana)).map(({ id }) => id)).not.toContain(tripId)
    })

    test('are restored by nobody but the owner: members, strangers and administrators do not find them', async () => {
      const tripId = await tripOfTwo('Whose')
      await join(tripId, root)
      await remove(tripId)
      const stranger = await makeUser(database(), 'Stranger')
      for (const other of [ben, root, stranger]) {
        await expect(restore(tripId, other)).rejects.toMatchObject({ code: 'not_found' })
        await expect(restore(999_999, other)).rejects.toMatchObject({ code: 'not_found' })
      }
      expect(await titles(ben)).not.toContain('Whose')
    })

    test('belong to who owned them at the end', async () => {
      const tripId = await tripOfTwo('Given away')
      await world.run(transfer_trip_ownership, { tripId, memberId: ben.userId }, ana)
      await remove(tripId, ben)
      expect((await deleted(ana)).map(({ id }) => id)).not.toContain(tripId)
      await expect(restore(tripId, ana)).rejects.toMatchObject({ code: 'not_found' })
      expect(await restore(tripId, ben)).toMatchObject({ trip: { user_id: ben.userId } })
    })

    test('stay deleted for owners who may not delete trips', async () => {
      const tripId = await tripOfTwo('Not allowed')
      await remove(tripId)
      const allow = (level: string) => world.run(update_permission, { name: 'trip_delete', level }, root)
      await allow('admin')
      await expect(restore(tripId)).rejects.toMatchObject({ code: 'forbidden' })
      await allow('owner')
      const grant = { ...ana, scopes: new Set(['trips:write']) }
      await expect(restore(tripId, grant)).rejects.toMatchObject({ code: 'forbidden' })
      await restore(tripId)
    })
  })

  describe('travellers', () => {
    test('whose account was deleted meanwhile stay out, and what names them goes to the others', async () => {
      const gone = await makeUser(database(), 'Gone')
      const tripId = await tripOfTwo('Without one')
      await join(tripId, gone)
      const { member } = await world.run(add_guest, { tripId, name: 'Gina' }, ana)
      const payers = [{ user_id: gone.userId, amount: 60 }]
      await world.run(create_budget_item, { tripId, name: 'Dinner', total_price: 60, payers }, ana)
      await world.run(create_packing_item, { tripId, name: 'Tent' }, gone)
      await world.run(create_packing_item, { tripId, name: 'Ring', visibility: 'personal' }, gone)
      await remove(tripId)
      await world.run(delete_user, { userId: gone.userId }, commandLine)
      expect(await tablesWith('"Ring"')).toEqual([])
      expect(await restore(tripId)).toMatchObject({ people_gone: 1, left: [] })
      const { members } = await world.run(list_trip_members, { tripId }, ana)
      expect(members.map(({ name }) => name)).toEqual(['Ben', 'Gina'])
      expect(members.map(({ user_id }) => user_id)).toContain(member.user_id)
      const { items } = await world.run(list_budget_items, { tripId }, ana)
      expect(items).toMatchObject([{ name: 'Dinner', total_price: 60, payers: [{ user_id: ana.userId, amount: 60 }] }])
      const packed = (await world.run(list_packing_items, { tripId }, ana)).items
      expect(packed.map(({ name }) => name)).toEqual(['Tent'])
      const accounts = database().kysely.selectFrom('users').select('id').where('id', '=', gone.userId)
      expect(await accounts.execute()).toEqual([])
    })
  })

  describe('after 30 days', () => {
    test('a deleted trip is found no more, and its content is nowhere', async () => {
      const mark = `mark${randomUUID().replaceAll('-', '')}`
      const { tripId } = (await makeSamples(world, ana, ben)) as { tripId: number }
      await world.run(update_trip, { tripId, title: mark }, ana)
      await world.run(add_guest, { tripId, name: `${mark}x` }, ana)
      await world.pipeline.call(update_trip, { tripId, description: `${mark}y` }, ana, { key: randomUUID() })
      await remove(tripId)
      const before = await daysLater(world, 29).run(list_deleted_trips, {}, ana)
      expect(before.trips.map(({ id }) => id)).toContain(tripId)
      await daysLater(world, 29).endUndo()
      expect(await keptSecrets(tripId)).toEqual(['trip_file'])
      const { run, endUndo } = daysLater(world, 31)
      expect((await run(list_deleted_trips, {}, ana)).trips).toEqual([])
      const restoring = run(restore_trip, { deletedTripId: tripId }, ana)
      await expect(restoring).rejects.toMatchObject({ code: 'not_found' })
      expect(await tablesWith(mark)).toEqual(expect.arrayContaining(['calls', 'changes']))
      await endUndo()
      expect(await tablesWith(mark)).toEqual([])
      expect(await keptSecrets(tripId)).toEqual([])
      const log = await database()
        .kysely.selectFrom('changes')
        .select(['before', 'after', 'user_id'])
        .where('space', '=', 'trip')
        .where('space_id', '=', tripId)
        .execute()
      expect(log.filter(({ before, after }) => before !== null || after !== null)).toEqual([])
      expect(log.some(({ user_id }) => user_id === ana.userId)).toBe(true)
      await expect(restore(tripId)).rejects.toMatchObject({ code: 'not_found' })
    })

    test('others get their turn while a long history is erased', async () => {
      const tripId = await tripOfTwo('Long')
      const ref = { space: 'trip', id: tripId }
      const { kysely } = database()
      const log = kysely.selectFrom('changes').selectAll().where('space', '=', 'trip').where('space_id', '=', tripId)
      const change = await log.limit(1).executeTakeFirstOrThrow()
      const head = await database().head(ref)
      const more = Array.from({ length: 10_000 }, (_, at) => ({
        ...change,
        seq: head + 1 + at,
        commit_id: randomUUID(),
      }))
      for (let at = 0; at < more.length; at += 500) {
        await kysely
          .insertInto('changes')
          .values(more.slice(at, at + 500))
          .execute()
      }
      await kysely
        .updateTable('spaces')
        .set({ seq: head + more.length })
        .where('space', '=', 'trip')
        .where('id', '=', tripId)
        .execute()
      await remove(tripId)
      const ended: string[] = []
      const erasing = daysLater(world, 31).endUndo()
      const writing = world.run(create_trip, { title: 'Meanwhile' }, ben)
      await Promise.all([erasing.then(() => ended.push('erasing')), writing.then(() => ended.push('writing'))])
      expect(ended).toEqual(['writing', 'erasing'])
      expect((await log.execute()).filter(({ before, after }) => before !== null || after !== null)).toEqual([])
    })

    test('a trip that was restored keeps its history', async () => {
      const mark = `mark${randomUUID().replaceAll('-', '')}`
      const tripId = await tripOfTwo(mark)
      await remove(tripId)
      await restore(tripId)
      await daysLater(world, 31).endUndo()
      expect(await tablesWith(mark)).toEqual(expect.arrayContaining(['changes', 'trips']))
      await remove(tripId)
      expect(await restore(tripId)).toMatchObject({ trip: { title: mark } })
    })
  })
})

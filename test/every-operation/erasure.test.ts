import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { commitAs } from '../../src/core/data/commit.ts'
import type { Author } from '../../src/core/data/database.ts'
import type { Caller, SpaceRef } from '../../src/core/data/space.ts'
import type { Tx } from '../../src/core/data/tx.ts'
import type { AnyEntity, Field } from '../../src/core/declare/entity.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'
import { create_user, delete_user } from '../../src/features/admin/contract/index.ts'
import {
  create_collab_note,
  create_collab_poll,
  send_collab_message,
  update_collab_note,
  vote_collab_poll,
} from '../../src/features/collab/contract/index.ts'
import { Notification } from '../../src/features/notifications/contract/index.ts'
import {
  create_packing_item,
  delete_packing_item,
  set_packing_category_assignees,
  update_packing_item,
} from '../../src/features/packing/contract/index.ts'
import { create_place } from '../../src/features/places/contract/index.ts'
import { set_todo_category_assignees } from '../../src/features/todos/contract/index.ts'
import {
  add_guest,
  add_trip_member,
  create_trip,
  delete_trip,
  remove_guest,
  rename_guest,
  update_trip,
} from '../../src/features/trips/contract/index.ts'
import { User } from '../../src/identity/contract/index.ts'
import { makeKeys, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { commandLine } from '../harness/rigs/accounts.ts'
import { daysLater } from '../harness/rigs/days-later.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

type Row = Record<string, unknown> & { id: number }

const newMark = () => `mark${randomUUID().replaceAll('-', '')}`

/** The columns of all tables that contain a text, with the number of occurrences. */
async function columnsWithMark({ kysely }: OpenDatabase, mark: string): Promise<string[]> {
  const tables = await kysely.introspection.getTables({ withInternalKyselyTables: true })
  const hits = new Set<string>()
  for (const { name, columns } of tables) {
    const rows = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(kysely)
    for (const row of rows.rows) {
      for (const column of columns) {
        if (String(row[column.name] ?? '').includes(mark)) hits.add(`${name}.${column.name}`)
      }
    }
  }
  return [...hits].sort()
}

/** Puts the mark into every text of these rows; returns the fields that accepted it. */
async function plant(tx: Tx, entity: AnyEntity, rows: readonly Row[], mark: string): Promise<string[]> {
  const planted: string[] = []
  for (const [at, row] of rows.entries()) {
    const patch: Record<string, unknown> = {}
    for (const [key, { schema, mode }] of Object.entries(entity.fields as Record<string, Field>)) {
      if (mode === 'secret' || /^(id|.*_at|hash|token|client_id)$/.test(key)) continue
      const one = `${mark}x${row.id}x${at}`
      const candidates = [one, [one, `${one}y`], `${one}@example.org`, `https://${one}.example.org/`]
      const valid = candidates.find((candidate) => (schema as z.ZodType).safeParse(candidate).success)
      if (valid === undefined) continue
      patch[key] = valid
      planted.push(`${entity.name}.${key}`)
    }
    await tx.patch(entity, row as never, patch as never)
  }
  return planted
}

const authorOf = ({ userId, name }: Caller): Author => ({
  ...{ user_id: userId, name, way: 'rest', client: null, grant: null },
  operation: 'planting',
})

const rowsIn = (tx: Tx, entity: AnyEntity, where: object) => tx.list(entity, where as never) as Promise<Row[]>

/** Puts the mark into every text of every row of a space. */
async function plantIn(world: World, ref: SpaceRef, by: Caller, mark: string): Promise<Set<string>> {
  const planted = new Set<string>()
  await commitAs(world, ref, authorOf(by), async (tx) => {
    for (const { entity, key } of world.catalogue.entitiesOf(ref.space)) {
      if (key === null) continue
      const rows = await rowsIn(tx, entity, { [key]: ref.id })
      for (const field of await plant(tx, entity, rows, mark)) planted.add(field)
    }
  })
  return planted
}

const usernameOf = async ({ database }: World, { userId }: Caller) =>
  (await database.kysely.selectFrom('users').select('username').where('id', '=', userId).executeTakeFirstOrThrow())
    .username

const logOf = ({ database }: World, ref: SpaceRef) =>
  (database.kysely as unknown as Kysely<Record<string, Record<string, unknown>>>)
    .selectFrom('changes')
    .selectAll()
    .where('space', '=', ref.space)
    .where('space_id', '=', ref.id)
    .orderBy('seq')
    .execute()

eachDatabase((database, place) => {
  const scene = async () => {
    const world = makeWorld(database())
    const [ana, ben] = [await makeUser(database(), 'Ana'), await makeUser(database(), 'Ben')]
    return { world, ana, ben, mark: newMark(), erase: () => daysLater(world, 31).endUndo() }
  }

  describe('a trip that was deleted 30 days ago', () => {
    test('leaves none of the texts of its entities anywhere', async () => {
      const { world, ana, ben, mark, erase } = await scene()
      const tripId = (await makeSamples(world, ana, ben)).tripId as number
      const trip = { space: 'trip', id: tripId }
      const assigned = { tripId, categoryName: 'Papers', userIds: [ben.userId] }
      await world.run(set_packing_category_assignees, assigned, ana)
      await world.run(set_todo_category_assignees, assigned, ana)
      const planted = await plantIn(world, trip, ana, mark)
      await commitAs(world, { space: 'user', id: ben.userId }, authorOf(ana), async (tx) => {
        const news = await rowsIn(tx, Notification, { trip_id: tripId })
        expect(news.length).toBeGreaterThan(0)
        for (const field of await plant(tx, Notification, news, mark)) planted.add(field)
      })
      const withText = world.catalogue.entitiesOf('trip').map(({ entity }) => entity.name)
      const without = new Set(['assignment', 'place_tag', 'settlement', 'share_link', 'credential'])
      const names = new Set([...planted].map((field) => field.split('.')[0]))
      expect(withText.filter((name) => !names.has(name) && !without.has(name))).toEqual([])
      // The stored answers of calls with an idempotency key, also of one that creates a trip.
      const title = `${mark} by a key`
      await world.pipeline.call(update_trip, { tripId, title }, ana, { key: randomUUID() })
      await world.pipeline.call(update_trip, { tripId, title }, ana, { key: randomUUID() })
      expect(await columnsWithMark(database(), mark)).toEqual(expect.arrayContaining(['calls.answer', 'changes.after']))

      const before = await logOf(world, trip)
      const key = randomUUID()
      await world.pipeline.call(delete_trip, { tripId }, ana, { key })
      const repeated = await world.pipeline.call(delete_trip, { tripId }, ana, { key })
      expect(repeated).toMatchObject({ output: { success: true, tripId }, replay: { lost: false } })
      await erase()
      expect(await columnsWithMark(database(), mark)).toEqual([])
      const after = await logOf(world, trip)
      expect(after.slice(0, before.length)).toEqual(before.map((row) => ({ ...row, before: null, after: null })))
      expect(after.filter((row) => row.before !== null || row.after !== null)).toEqual([])
    })

    test('created under an idempotency key leaves nothing of the stored answer, and other trips keep theirs', async () => {
      const { world, ana, mark, erase } = await scene()
      const make = (title: string, key: string) => world.pipeline.call(create_trip, { title }, ana, { key })
      const [gone, stays] = [randomUUID(), randomUUID()]
      const { trip } = (await make(mark, gone)).output
      await make('Nara', stays)
      await world.run(delete_trip, { tripId: trip.id }, ana)
      await erase()
      expect(await columnsWithMark(database(), mark)).toEqual([])
      expect((await make('Nara', stays)).replay).not.toBeNull()
    })

    test('was sent in full to followers, and makes returning followers load a new snapshot', async () => {
      const { world, ana, ben, erase } = await scene()
      const { trip } = await world.run(create_trip, { title: 'Kyoto' }, ana)
      await world.run(add_trip_member, { tripId: trip.id, identifier: await usernameOf(world, ben) }, ana)
      const ref = { space: 'trip', id: trip.id }
      const own = { space: 'user', id: ben.userId }
      const epoch = await database().epoch()
      const [seq, ownSeq] = [await database().head(ref), await database().head(own)]
      const watcher = await world.watch(ref, ben)
      await world.run(delete_trip, { tripId: trip.id }, ana)
      expect(watcher.lines).toContain('remove trip')
      watcher.stop()
      await erase()
      const changesHeard: unknown[] = []
      const follow = (space: SpaceRef, from: number) =>
        world.feed.follow(
          space,
          { epoch, seq: from },
          (batch) => changesHeard.push(batch),
          () => changesHeard.push('lost'),
        )
      expect(await follow(ref, seq)).toBeNull()
      expect(await follow(own, ownSeq)).toBeNull()
      expect(changesHeard).toEqual([])
      const stop = await follow(own, await database().head(own))
      expect(stop).not.toBeNull()
      stop?.()
      expect(world.failures).toEqual([])
    })
  })

  describe('a deleted person', () => {
    const newcomer = async (world: World, mark: string): Promise<Caller> => {
      const account = { username: mark, name: mark, email: `${mark}@example.org`, password: 'walnut-lantern-42' }
      const { user } = await world.run(create_user, { ...account, role: 'user' }, commandLine)
      return { ...(await makeUser(database(), 'Model')), userId: user.id, name: mark }
    }

    test('leaves nothing of a trip that they had deleted and could have restored', async () => {
      const { world, ben, mark } = await scene()
      const cleo = await newcomer(world, mark)
      const { tripId } = (await makeSamples(world, cleo, ben)) as { tripId: number }
      await world.run(add_guest, { tripId, name: `${mark} guest` }, cleo)
      await plantIn(world, { space: 'trip', id: tripId }, cleo, mark)
      await commitAs(world, { space: 'user', id: ben.userId }, authorOf(cleo), async (tx) => {
        await plant(tx, Notification, await rowsIn(tx, Notification, { trip_id: tripId }), mark)
      })
      await world.pipeline.call(update_trip, { tripId, title: `${mark} by ben` }, cleo, { key: randomUUID() })
      await world.run(delete_trip, { tripId }, cleo)
      expect(await columnsWithMark(database(), mark)).toEqual(
        expect.arrayContaining(['calls.answer', 'changes.before']),
      )
      await world.run(delete_user, { userId: cleo.userId }, commandLine)
      expect(await columnsWithMark(database(), mark)).toEqual([])
      const kept = database().kysely.selectFrom('kept_secrets').select('entity')
      expect(await kept.where('space', '=', 'trip').where('space_id', '=', tripId).execute()).toEqual([])
    })

    test('leaves nothing of their own data, and others keep theirs', async () => {
      const { world, ben, mark } = await scene()
      const cleo = await newcomer(world, mark)
      const samples = await makeSamples(world, cleo, ben)
      await makeKeys(world, cleo, mark)
      await plantIn(world, { space: 'user', id: cleo.userId }, cleo, mark)
      await plantIn(world, { space: 'trip', id: samples.tripId as number }, cleo, mark)
      await commitAs(world, { space: 'user', id: cleo.userId }, authorOf(cleo), async (tx) => {
        await plant(tx, User, (await rowsIn(tx, User, { id: cleo.userId })) as Row[], mark)
      })
      const { trip } = await world.run(create_trip, { title: 'Nara' }, ben)
      const tripId = trip.id
      await world.run(add_trip_member, { tripId, identifier: await usernameOf(world, cleo) }, ben)
      // Three personal items: one that exists, one that was deleted before, and one that became common.
      const pack = (name: string) => world.run(create_packing_item, { tripId, name, visibility: 'personal' }, cleo)
      await pack(`${mark} is there`)
      const itemId = (await pack(`${mark} was deleted`)).item.id
      await world.run(delete_packing_item, { tripId, itemId }, cleo)
      const shared = (await pack(`${mark} while it was private`)).item.id
      await world.run(update_packing_item, { tripId, itemId: shared, name: `${mark} still private` }, cleo)
      await world.run(update_packing_item, { tripId, itemId: shared, name: 'Tent stays', visibility: 'common' }, cleo)
      // Rows that the others keep.
      await world.run(create_place, { tripId, name: 'Todai-ji stays' }, cleo)
      await world.run(send_collab_message, { tripId, text: 'Hello stays' }, cleo)
      const question = 'Deer stays'
      const { poll } = await world.run(create_collab_poll, { tripId, question, options: ['Yes', 'No'] }, ben)
      await world.run(vote_collab_poll, { tripId, pollId: poll.id, optionIndex: 0 }, cleo)
      await world.run(vote_collab_poll, { tripId, pollId: poll.id, optionIndex: 1 }, ben)
      const note = { tripId, title: `${mark} by a key` }
      const created = await world.pipeline.call(create_collab_note, note, cleo, { key: randomUUID() })
      expect(await columnsWithMark(database(), mark)).toContain('calls.answer')
      const noteId = created.output.note.id
      await world.run(update_collab_note, { tripId, noteId, title: 'Visa stays' }, ben)

      await world.run(delete_user, { userId: cleo.userId }, commandLine)
      // Texts that every member could read before they were changed stay in the history of the remaining rows.
      expect(await columnsWithMark(database(), mark)).toEqual(['changes.after', 'changes.before'])
      const log = await logOf(world, { space: 'trip', id: tripId })
      const rowsWithMark = log.filter((row) => JSON.stringify([row.before, row.after]).includes(mark))
      expect(new Set(rowsWithMark.map(({ entity }) => entity))).toEqual(new Set(['collab_note']))
      const text = JSON.stringify(log)
      for (const stays of ['Tent stays', 'Todai-ji stays', 'Hello stays', 'Deer stays', 'Visa stays'])
        expect(text).toContain(stays)
      const messages = log.filter(({ entity }) => entity === 'collab_message' || entity === 'collab_poll')
      expect(messages.length).toBeGreaterThan(3)
      const named = new RegExp(`"(author_id|user_id)":${cleo.userId}\\b`)
      for (const { before, after } of messages) expect(`${before} ${after}`).not.toMatch(named)
      expect(log.some(({ user_id }) => user_id === cleo.userId)).toBe(true)
      expect(await logOf(world, { space: 'user', id: cleo.userId })).toEqual(
        (await logOf(world, { space: 'user', id: cleo.userId })).map((row) => ({ ...row, before: null, after: null })),
      )
    })

    test('a guest leaves no name', async () => {
      const { world, ana, mark } = await scene()
      const { trip } = await world.run(create_trip, { title: 'Kyoto' }, ana)
      const inTrip = { tripId: trip.id }
      const { member } = await world.run(add_guest, { ...inTrip, name: mark }, ana)
      const guest = { ...inTrip, guestId: member.user_id }
      await world.pipeline.call(rename_guest, { ...guest, name: `${mark}2` }, ana, { key: randomUUID() })
      await world.run(remove_guest, guest, ana)
      expect(await columnsWithMark(database(), mark)).toEqual([])
    })
  })

  test('the database file does not contain erased texts either', async () => {
    if (database().dialect.name !== 'sqlite') return
    const { world, ana, mark, erase } = await scene()
    const { trip } = await world.run(create_trip, { title: mark, description: mark.repeat(40) }, ana)
    for (let count = 0; count < 40; count++) {
      await world.run(create_place, { tripId: trip.id, name: mark, notes: mark.repeat(50) }, ana)
    }
    const bytes = () => ['', '-wal'].filter((side) => readFileSync(place().target + side).includes(mark))
    expect(bytes()).not.toEqual([])
    await world.run(delete_trip, { tripId: trip.id }, ana)
    await erase()
    await database().confirmEpoch()
    expect(bytes()).toEqual([])
  })
})

import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import type { Caller, SpaceRef } from '../../src/core/data/space.ts'
import type { AnyOperation } from '../../src/core/declare/operation.ts'
import { delete_accommodation } from '../../src/features/accommodations/contract/index.ts'
import { create_budget_item } from '../../src/features/budget/contract/index.ts'
import { trash_file } from '../../src/features/files/contract/index.ts'
import { restore_trip, undo_changes } from '../../src/features/history/contract/index.ts'
import { mark_notification_read } from '../../src/features/notifications/contract/index.ts'
import { create_packing_item } from '../../src/features/packing/contract/index.ts'
import { create_todo } from '../../src/features/todos/contract/index.ts'
import { delete_trip, update_trip } from '../../src/features/trips/contract/index.ts'
import type { Samples } from '../fixtures/samples/scene.ts'
import { inputOf, makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { services } from '../harness/network/outside-address.ts'
import { everyOperation, named } from '../harness/operations.ts'
import { makeUser, makeWorld, type World } from '../harness/rigs/world.ts'

/** Every write can be undone to the last column, and the undo can be undone. */

const undoable = named(
  everyOperation.filter(({ operation }) => operation.effect !== 'read' && /^(rows|whole|own)$/.test(operation.undo)),
)

/** Where the smallest input changes nothing: what must be there first, and the rest of the input. */
const MORE: Record<string, (world: World, samples: Samples, caller: Caller) => Promise<Record<string, unknown>>> = {
  update_assignment_time: async () => ({ place_time: '09:00', end_time: '10:30' }),
  mark_notification_unread: async ({ run }, { notificationId }, caller) => {
    await run(mark_notification_read, { notificationId }, caller)
    return {}
  },
  mark_country_visited: async () => ({ country_code: 'IS' }),
  restore_file: async ({ run }, { tripId, fileId }, caller) => {
    await run(trash_file, { tripId, fileId }, caller)
    return {}
  },
  empty_trash: async ({ run }, { tripId, fileId }, caller) => {
    await run(trash_file, { tripId, fileId }, caller)
    return {}
  },
  reorder_todos: async ({ run }, { tripId, 'todos.itemId': id }, caller) => {
    const { item } = await run(create_todo, { tripId, name: 'Buy yen' }, caller)
    return { orderedIds: [item.id, id] }
  },
  reorder_packing_items: async ({ run }, { tripId, 'packing.itemId': id }, caller) => {
    const { item } = await run(create_packing_item, { tripId, name: 'Umbrella' }, caller)
    return { orderedIds: [item.id, id] }
  },
  reorder_budget_items: async ({ run }, { tripId, 'budget.itemId': id }, caller) => {
    const { item } = await run(create_budget_item, { tripId, name: 'Tea', total_price: 4 }, caller)
    return { orderedIds: [item.id, id] }
  },
  move_budget_category: async ({ run }, { tripId }, caller) => {
    await run(create_budget_item, { tripId, name: 'Tea', total_price: 4, category: 'Drinks' }, caller)
    return {}
  },
  refresh_budget_rates: async ({ run }, { tripId }, caller) => {
    await run(update_trip, { tripId, currency: 'CHF' }, caller)
    return {}
  },
  move_day: async ({ run }, { tripId, accommodationId }, caller) => {
    await run(delete_accommodation, { tripId, accommodationId }, caller)
    return {}
  },
  reorder_days: async ({ run }, { tripId, accommodationId }, caller) => {
    await run(delete_accommodation, { tripId, accommodationId }, caller)
    return {}
  },
}

/** Every currency has the same rate. */
const rates = { known: true, find: async () => ({ value: 1.25, date: '2027-01-01', source: 'test' }) }

eachDatabase((database) => {
  let world: World
  let ana: Caller
  beforeAll(async () => {
    world = makeWorld(database(), { ...services, rates })
    ana = await makeUser(database(), 'Ana', { admin: true })
  })

  /** All rows of tables with an entity, as stored. */
  async function allRows(): Promise<Record<string, unknown[]>> {
    const rows: Record<string, unknown[]> = {}
    for (const { entity } of world.catalogue.entities.values()) {
      if (entity.givesAccess) continue
      const rowsFound = await sql`select * from ${sql.table(entity.table)} order by id`.execute(database().kysely)
      rows[entity.name] = rowsFound.rows
    }
    return rows
  }

  async function lastCommit(): Promise<{ id: string; space: SpaceRef }> {
    const row = await database()
      .kysely.selectFrom('changes')
      .select(['commit_id', 'home_space', 'home_id'])
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    return { id: row.commit_id, space: { space: row.home_space, id: row.home_id } }
  }

  /** Undoes a commit. Returns the commit that did it. */
  async function undo({ id, space: { space, id: homeId } }: Awaited<ReturnType<typeof lastCommit>>) {
    const trip = space === 'trip' && { tripId: homeId }
    const { undone } = await world.run(undo_changes, { ...trip, commits: [id] }, ana)
    expect(undone).toMatchObject([{ refused: null, left: [] }])
    return lastCommit()
  }

  /** Nobody is in a deleted trip who could undo anything there. */
  async function restore(deletedTripId: number) {
    expect(await world.run(restore_trip, { deletedTripId }, ana)).toMatchObject({ left: [] })
    return lastCommit()
  }

  test.each(undoable)('%s is undone to the last column, and done again', async (_, operation: AnyOperation) => {
    const samples = await makeSamples(world, ana)
    const more = await MORE[operation.name]?.(world, samples, ana)
    const before = await allRows()
    await world.run(operation, { ...inputOf(operation, samples), ...more }, ana)
    const rowsAfterwards = await allRows()
    const commit = await lastCommit()
    expect(rowsAfterwards, 'The samples change nothing').not.toEqual(before)
    const undone = operation === delete_trip ? await restore(commit.space.id) : await undo(commit)
    expect(await allRows()).toEqual(before)
    await undo(undone)
    expect(await allRows()).toEqual(rowsAfterwards)
  })
})

import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSamples } from '../fixtures/samples.ts'
import { eachDatabase } from '../harness/database/databases.ts'
import { type Running, startRunning } from '../harness/rigs/running.ts'
import { makeWorldOf, type World } from '../harness/rigs/world.ts'
import { defectsIn } from './checker.ts'

/** Damage that no server causes: each in SQL, past the product, with its repair. */
const DAMAGES: readonly [what: string, damage: string, repair: string, said: RegExp][] = [
  [
    'a missing row',
    `update todos set trip_id = -trip_id where id = (select max(id) from todos)`,
    `update todos set trip_id = -trip_id where trip_id < 0`,
    /todo \d+ is undefined, and \{/,
  ],
  [
    'a changed row',
    `update packing_items set name = name || '!'`,
    `update packing_items set name = replace(name, '!', '')`,
    /packing_item \d+ is \{.*!.*by the log/,
  ],
  [
    'a missing change in the log',
    `update changes set space_id = -space_id where space = 'trip' and seq = 7`,
    `update changes set space_id = -space_id where space_id < 0`,
    /change 7 of the log has the number 8/,
  ],
  [
    'a counter that is ahead',
    `update spaces set seq = seq + 1 where space = 'trip'`,
    `update spaces set seq = seq - 1 where space = 'trip'`,
    /the counter says \d+, and the log has \d+ changes/,
  ],
  [
    'a torn commit',
    `update changes set commit_id = commit_id || 'x' where space = 'trip' and seq = 1`,
    `update changes set commit_id = replace(commit_id, 'x', '') where space = 'trip' and seq = 1`,
    /change 1 and \d+ are not of one commit/,
  ],
  [
    'a reference to a missing row',
    `update todos set assigned_user_id = 4711 where id = (select max(id) from todos)`,
    `update todos set assigned_user_id = null where assigned_user_id = 4711`,
    /there is no member 4711/,
  ],
]

eachDatabase((database, place) => {
  let running: Running
  let world: World
  beforeAll(async () => {
    running = await startRunning(place().target)
    world = makeWorldOf(running)
    const [ana, ben] = [await running.person('Ana'), await running.person('Ben')]
    await makeSamples(world, ana.caller, ben.caller)
  })
  afterAll(async () => {
    // All planted damage is repaired, and nothing else was ever damaged.
    expect(await defectsIn(world)).toEqual([])
    await running.close()
  })

  const unguarded = async (statement: string) => {
    const { kysely, dialect } = database()
    await kysely.connection().execute(async (db) => {
      const guard = dialect.name === 'sqlite' ? 'pragma foreign_keys =' : 'set session_replication_role ='
      await sql.raw(`${guard} ${dialect.name === 'sqlite' ? 'off' : 'replica'}`).execute(db)
      await sql.raw(statement).execute(db)
      await sql.raw(`${guard} ${dialect.name === 'sqlite' ? 'on' : 'origin'}`).execute(db)
    })
  }

  test.each(DAMAGES)('finds %s', async (_, damage, repair, problem) => {
    expect(await defectsIn(world)).toEqual([])
    await unguarded(damage)
    expect((await defectsIn(world)).join('\n')).toMatch(problem)
    await unguarded(repair)
  })
})

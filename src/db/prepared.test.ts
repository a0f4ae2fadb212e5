import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { create_crate, create_thing, list_things, Thing } from '../../test/fixtures/toy/contract/index.ts'
import { eachDatabase } from '../../test/harness/database/databases.ts'
import { openToy, TOY_OWNER } from '../../test/harness/rigs/toy-rig.ts'

/** Enough calls to prepare each statement on every connection that runs it. */
const OFTEN = 20

eachDatabase((database, place) => {
  test('reads and writes continue when another process changes a table with prepared statements', async () => {
    const toy = await openToy(place().target)
    try {
      const { crate } = await toy.pipeline.run(create_crate, { label: 'Tools' }, TOY_OWNER)
      const crateId = crate.id
      const runOnBoth = async (name: string) => {
        await toy.pipeline.run(create_thing, { crateId, name }, TOY_OWNER)
        return (await toy.pipeline.run(list_things, { crateId }, TOY_OWNER)).things.length
      }
      for (let times = 1; times <= OFTEN; times++) expect(await runOnBoth(`Thing ${times}`)).toBe(times)
      await sql`alter table ${sql.table(Thing.table)} add column added_by_a_later_release text`.execute(
        database().kysely,
      )
      for (let times = OFTEN + 1; times <= 2 * OFTEN; times++) expect(await runOnBoth(`Thing ${times}`)).toBe(times)
      expect(await toy.database.head({ space: 'crate', id: crateId })).toBe(2 * OFTEN + 1)
    } finally {
      await toy.close()
    }
    expect(toy.failures).toEqual([])
  })
})

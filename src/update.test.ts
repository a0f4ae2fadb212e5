import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ENGINES } from '../test/harness/database/databases.ts'
import { createInstanceWithTrip, placeOn, rowsOf } from '../test/harness/processes/instances.ts'
import { end } from '../test/harness/processes/serving.ts'
import { trek } from '../test/harness/processes/trek.ts'
import { readConfig } from './config/index.ts'
import { alongside } from './core/data/migration.ts'
import type { Migrations } from './db/migrate.ts'
import { openInstance } from './instance.ts'
import { MIGRATIONS } from './migrations.generated.ts'

const NOTE: Migrations = {
  '9000_note': alongside(async (db) => {
    await db.schema.alterTable('places').addColumn('note_of_later', 'text').execute()
  }),
}
const CHANGE: Migrations = {
  '9001_change': async (db) => {
    await db.schema.alterTable('places').renameColumn('note_of_later', 'note').execute()
  },
}
const BROKEN: Migrations = {
  async '9002_broken'(db) {
    await db.schema.createTable('half').addColumn('id', 'integer').execute()
    throw new Error('no such thing')
  },
}

describe.each(ENGINES)('on $engine', (engine) => {
  test('an older server continues while it can, and a failed update keeps the rows', async () => {
    const instance = await placeOn(engine)
    const { serving, assistant, tripId } = await createInstanceWithTrip(instance)
    const backups = () => readdirSync(join(instance.dataDir, 'updates'))
    const warnings: string[] = []
    const start = (...laterMigrations: Migrations[]) =>
      openInstance(
        readConfig(instance.env),
        { warn: (warning) => void warnings.push(warning), newInstance: false },
        Object.assign({}, MIGRATIONS, ...laterMigrations),
      )

    // An added column does not disturb the older server, which still writes to that table.
    for (let times = 0; times < 10; times++) await assistant.tool('create_place', { tripId, name: `Before ${times}` })
    const younger = await start(NOTE)
    expect(warnings.join()).toMatch(/What it was before is kept in .*updates.trek-/)
    expect(backups()).toHaveLength(1)
    for (let times = 0; times < 10; times++) await assistant.tool('create_place', { tripId, name: `After ${times}` })
    expect(await assistant.tool('list_places', { tripId, limit: 200 })).toContain('After 9')
    await younger.close()

    // A change that it cannot work with waits until it is stopped.
    await expect(start(NOTE, CHANGE)).rejects.toThrow(/Another server of this instance is running.*9001_change/s)
    expect(await assistant.tool('list_places', { tripId, limit: 200 })).toContain('After 9')
    await end(serving)
    await (await start(NOTE, CHANGE)).close()
    expect(backups()).toHaveLength(2)

    const rows = await rowsOf(instance)
    await expect(start(NOTE, CHANGE, BROKEN)).rejects.toThrow(
      /The migration 9002_broken of .* failed.*Start the version of TREK that ran before.*updates.trek-/s,
    )
    expect(await rowsOf(instance)).toEqual(rows)
    const last = join(instance.dataDir, 'updates', backups().sort().at(-1) as string)
    // The backup is of the later version, as the error says.
    expect(await trek(instance.env, 'rehearse', last)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/newer TREK/),
    })
    const [first = ''] = backups().sort()
    expect(await trek(instance.env, 'rehearse', join(instance.dataDir, 'updates', first))).toMatchObject({ code: 0 })

    // The same rows are not saved again, and later ones take no backup of another version its place.
    const saved = backups().sort()
    await expect(start(NOTE, CHANGE, BROKEN)).rejects.toThrow(/9002_broken/)
    expect(backups().sort()).toEqual(saved)
    for (let times = 0; times < 4; times++) {
      const before = await start(NOTE, CHANGE)
      await before.kysely
        .updateTable('places')
        .set({ name: `Renamed ${times}` })
        .execute()
      await before.close()
      await expect(start(NOTE, CHANGE, BROKEN)).rejects.toThrow(/9002_broken/)
    }
    expect(backups()).toEqual(expect.arrayContaining(saved.slice(0, 2)))
    expect(backups()).toHaveLength(5)
  }, 120_000)

  test('a command of the command line updates nothing', async () => {
    const instance = await placeOn(engine)
    await (await openInstance(readConfig(instance.env), { warn: () => {}, newInstance: false })).close()
    await expect(openInstance(readConfig(instance.env), null, { ...MIGRATIONS, ...NOTE })).rejects.toThrow(
      /Start the server first/,
    )
  })
})

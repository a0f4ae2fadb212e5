import { describe, expect, test } from 'vitest'
import { makeSamples } from '../../test/fixtures/samples.ts'
import { ENGINES } from '../../test/harness/database/databases.ts'
import { unsoundRows } from '../../test/harness/database/sound.ts'
import { makeUser, makeWorld } from '../../test/harness/rigs/world.ts'
import { create_trip, list_trips } from '../features/trips/contract/index.ts'
import { openDatabase } from './connect.ts'
import { contentsOf, differencesOf, transfer } from './transfer.ts'

for (const { engine, place: makeSource } of ENGINES) {
  describe(`from ${engine}`, () => {
    for (const { engine: other, place: makeTarget } of ENGINES) {
      test(`to ${other} every row of every table is copied, and new ids continue after the old ones`, async () => {
        const places = [await makeSource({ migrated: true }), await makeTarget({ migrated: true })]
        const [source, target] = places.map(({ target: location }) => openDatabase(location))
        if (!source || !target) throw new Error('there are two')
        try {
          const before = makeWorld(source)
          const ana = await makeUser(source, 'Ana')
          await makeSamples(before, ana)
          const { trip: last } = await before.run(create_trip, { title: 'The last id' }, ana)

          const copiedRows = await transfer(source, target)
          expect(differencesOf(copiedRows, await contentsOf(source))).toEqual([])
          expect(differencesOf(copiedRows, await contentsOf(target))).toEqual([])
          expect(Object.values(copiedRows).filter(({ rows }) => rows > 0).length).toBeGreaterThan(25)

          const after = makeWorld(target)
          expect(await after.run(list_trips, {}, ana)).toEqual(await before.run(list_trips, {}, ana))
          expect((await after.run(create_trip, { title: 'The next id' }, ana)).trip.id).toBe(last.id + 1)
          const ref = { space: 'trip', id: last.id - 1 }
          expect(await target.read((tx) => unsoundRows(after, tx, ref))).toEqual([])
          expect(differencesOf(await contentsOf(source), await contentsOf(target))).toContain('trips')
        } finally {
          await source.close()
          await target.close()
          for (const place of places) await place.remove()
        }
      })
    }
  })
}

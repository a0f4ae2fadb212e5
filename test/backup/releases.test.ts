import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config/index.ts'
import { Trip } from '../../src/features/trips/contract/index.ts'
import { openProduct } from '../../src/product.ts'
import { ENGINES } from '../harness/database/databases.ts'
import { unsoundRows } from '../harness/database/sound.ts'
import { filesOf, placeOn } from '../harness/processes/instances.ts'
import { assistantOf, end, serve } from '../harness/processes/serving.ts'
import { trek } from '../harness/processes/trek.ts'
import { makeWorldOf } from '../harness/rigs/world.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/releases')
const RELEASES = readdirSync(FOLDER).filter((name) => name.endsWith('.tar.zst'))

test('the fixtures contain a backup of a release', () => {
  expect(RELEASES).toContain('0.1.0.tar.zst')
})

describe.each(ENGINES)('on $engine', (engine) => {
  test.each(RELEASES)(
    'data entered with %s is restored, sound and served',
    async (release) => {
      const instance = await placeOn(engine)
      expect(await trek(instance.env, 'restore', join(FOLDER, release))).toMatchObject({ code: 0, stderr: '' })
      expect(Object.keys(filesOf(instance)).length).toBeGreaterThan(0)
      const serving = await serve(instance)
      await assistantOf(serving)
      await end(serving)
      const product = await openProduct(readConfig(instance.env), {
        onError: (error) => expect.unreachable(String(error)),
      })
      const world = makeWorldOf(product)
      await product.database.read(async (tx) => {
        const trips = await tx.list(Trip, {})
        expect(trips.map(({ title }) => title)).toContain('Kyoto')
        for (const { id } of trips) expect(await unsoundRows(world, tx, { space: 'trip', id })).toEqual([])
      })
      await product.close()
    },
    60_000,
  )
})

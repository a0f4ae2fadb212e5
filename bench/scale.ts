import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config/index.ts'
import { openProduct } from '../src/product.ts'
import { inputOf, makeSamples } from '../test/fixtures/samples.ts'
import { everyOperation } from '../test/harness/operations.ts'
import { makeUser, makeWorldOf } from '../test/harness/rigs/world.ts'
import { fillLargeTrip, LARGE } from './large-trip.ts'
import { median } from './measure.ts'

/**
 * The cost of each read of a very large trip, compared with the same read of a small one in the same run:
 * `node bench/scale.ts`. It calls the operations in this process, without HTTP.
 */
const folder = mkdtempSync(join(tmpdir(), 'trek-scale-'))
const product = await openProduct(readConfig({ DATA_DIR: folder }), {
  onError: console.error,
  server: { warn: console.error, newInstance: false },
})
const { database } = product
const world = makeWorldOf(product)
const [ana, ben] = [await makeUser(database, 'Ana'), await makeUser(database, 'Ben')]
const small = await makeSamples(world, ana, ben)
const large = await makeSamples(world, ana, ben)
await fillLargeTrip(database, large.tripId as number, [ana.userId, ben.userId])

console.log(`${LARGE.places} places, ${LARGE.stops} stops, ${LARGE.expenses} expenses, ${LARGE.messages} messages`)
for (const { operation, space } of everyOperation) {
  if (space?.name !== 'trip' || operation.effect !== 'read' || operation.download) continue
  const time = (samples: Record<string, unknown>) =>
    median(15, () => world.run(operation, inputOf(operation, samples), ana).catch(() => null))
  const [few, many] = [await time(small), await time(large)]
  console.log(
    `${operation.name.padEnd(34)} ${few.toFixed(2).padStart(8)} ms ${many.toFixed(1).padStart(8)} ms ${(many / few).toFixed(0).padStart(5)} ×`,
  )
}
await product.close()
rmSync(folder, { recursive: true, force: true })

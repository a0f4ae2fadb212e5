import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Feed } from '../src/core/data/feed.ts'
import { Catalogue } from '../src/core/run/catalogue.ts'
import { Pipeline } from '../src/core/run/pipeline.ts'
import { Settings } from '../src/core/run/settings.ts'
import { openDatabase } from '../src/db/connect.ts'
import { migrate } from '../src/db/migrate.ts'
import { features } from '../src/features/index.ts'
import { create_packing_item, update_packing_item } from '../src/features/packing/contract/index.ts'
import { create_trip } from '../src/features/trips/contract/index.ts'
import { MIGRATIONS } from '../src/migrations.generated.ts'
import { services } from '../test/harness/network/outside-address.ts'
import { makeUser } from '../test/harness/rigs/world.ts'
import { middle } from './measure.ts'

/**
 * The cost that a key and a base add to a write: the CPU time of one small write on SQLite with each of them, and its ratio to
 * a write with neither. `node bench/writes.ts`.
 */
const ROUNDS = 7
const WRITES = 1000
/** The number of changes of other rows that a caller with an old base has not seen. */
const BEHIND = 1000

const folder = mkdtempSync(join(tmpdir(), 'trek-bench-'))
const database = openDatabase(join(folder, 'trek.db'))
await migrate(database, MIGRATIONS)
const pipeline = new Pipeline({
  catalogue: new Catalogue(features(services)),
  database,
  settings: new Settings(database),
  feed: new Feed(database, () => {}),
  checkOutput: false,
})
const ana = await makeUser(database, 'Ana', { way: 'web' })
const { trip } = await pipeline.run(create_trip, { title: 'Kyoto' }, ana)
const tripId = trip.id
const items: number[] = []
for (let at = 0; at < BEHIND; at++) {
  items.push((await pipeline.run(create_packing_item, { tripId, name: `Item ${at}` }, ana)).item.id)
}
const head = () => database.head({ space: 'trip', id: tripId })

const PAGE = randomUUID()
const WAYS = {
  'with neither': async () => ({}),
  'with a key': async () => ({ key: randomUUID() }),
  'with a base that is up to date': async () => ({ base: { seq: await head(), epoch: null } }),
  'with a base that is behind': async () => ({
    base: { seq: (await head()) - BEHIND, epoch: null },
  }),
} as const

let count = 0
/** The CPU time of one write, in milliseconds. */
async function cost(particulars: () => Promise<object>): Promise<number> {
  const before = process.cpuUsage()
  for (let at = 0; at < WRITES; at++) {
    const input = { tripId, itemId: items[at % items.length] as number, name: `Item ${++count}` }
    await pipeline.call(update_packing_item, input, ana, { instance: PAGE, ...(await particulars()) })
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / WRITES
}

const found = new Map<string, number[]>(Object.keys(WAYS).map((way) => [way, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [way, particulars] of Object.entries(WAYS)) {
    const milliseconds = await cost(particulars)
    // The first round warms up.
    if (round) found.get(way)?.push(milliseconds)
  }
}
const plain = middle(found.get('with neither') ?? [])
for (const [way, all] of found) {
  console.log(`a write ${way}: ${(middle(all) * 1000).toFixed(0)} µs of CPU, ${(middle(all) / plain).toFixed(2)} ×`)
}
await database.close()
rmSync(folder, { recursive: true, force: true })
